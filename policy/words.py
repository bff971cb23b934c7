"""Whether the words of a post are as the office's rules want them: phrases, hashtags, links, alternative texts."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from urllib.parse import urlsplit

from core.findings import Span, TextCheck, TextFinding, TextRule
from core.media import AttachmentRole
from core.permalink import PLACEHOLDER
from core.platforms import Platform
from core.posts import Content
from core.texts import _
from policy.folding import folded, phrase
from policy.reasons import Reason

_HASHTAG = re.compile(r"(?<![\w/#&])#(\w+)")
_LONG_HASHTAG = 12  # letters, all of one case: most likely several words
_AROUND = "«»“”‘’\"'()[]{}<>¿¡!?.,;:…*_"  # what stands round an address in a sentence
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_COULD_BE = re.compile(r"\w\.\w|https?://|www\.", re.IGNORECASE)  # most words of a text are no address
_PIECE = re.compile(r"[^,;:|()\[\]{}<>«»\"'“”]+")  # of what stands without a scheme
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_LAST_LABEL = re.compile(r"[^\W\d_]{2,63}|xn--[a-z0-9-]{1,59}")
_IPV4 = re.compile(r"\d{1,3}(\.\d{1,3}){3}")


@dataclass(frozen=True, slots=True)
class Part:
    """Some words of a post, and what people call their place."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class _Case:
    """One rule before one copy."""

    rule: TextRule
    content: Content
    network: str

    @property
    def where(self) -> str:
        return Platform(self.network).label if self.network else _("la publicación")

    def found(
        self, sentence: str, advice: str, *, part: Part | None = None, place: tuple[int, int] = (0, 0)
    ) -> TextFinding:
        span = None
        if part is not None:
            start, end = place
            span = Span(part.name, start, end, part.words.count("\n", 0, start) + 1)
        return TextFinding(
            rule=self.rule.id,
            severity=self.rule.severity,
            sentence=sentence,
            advice=self.rule.why or advice,
            span=span,
            network=self.network if self.rule.networks else "",
        )


def check_words(
    content: Content, rules: Iterable[TextRule], *, network: str, event_class: str = ""
) -> list[TextFinding]:
    """Return what the rules find in what one network would show; each finding once, in the rules' order."""
    return list(_found(content, tuple(rules), network, event_class))


@lru_cache(maxsize=256)  # the gate asks of one content several times
def _found(content: Content, rules: tuple[TextRule, ...], network: str, event_class: str) -> tuple[TextFinding, ...]:
    found: list[TextFinding] = []
    for rule in rules:
        if rule.holds_for(network, event_class):
            found.extend(_CHECKS[rule.check](_Case(rule, content, network)))
    return tuple(dict.fromkeys(found))


def blocking_words(findings: Iterable[TextFinding]) -> list[Reason]:
    """Return the findings that stand in the way as reasons."""
    return [Reason("text_rule", f"{each.sentence} {each.advice}") for each in findings if each.blocks]


def parts_of(content: Content) -> list[Part]:
    """Return all that is to be read, part by part; those without a word are left out."""
    parts = [
        Part(_("título"), content.title),
        Part(_("texto"), content.text),
        *(Part(_("mensaje {n} del hilo").format(n=n), each) for n, each in enumerate(content.thread, 2)),
        Part(_("extracto"), content.excerpt),
        *(Part(_("etiqueta {n}").format(n=n), each) for n, each in enumerate(content.tags, 1)),
        *(Part(_("categoría {n}").format(n=n), each) for n, each in enumerate(content.categories, 1)),
        *(Part(_("opción {name}").format(name=name), chosen) for name, chosen in content.options),
    ]
    parts += [
        Part(_("texto alternativo de «{name}»").format(name=each.medium.file_name), each.alt_text)
        for each in content.attachments
    ]
    return [part for part in parts if part.words]


@dataclass(frozen=True, slots=True)
class Address:
    """A web address as it stands in a post: where, and the host that it leads to (empty: it cannot be opened).

    `is_whole`: it begins with http(s) or www; others only look like one (`host.pe/page`, a full stop without a space).
    """

    part: Part
    place: tuple[int, int]
    written: str
    host: str
    is_whole: bool


def addresses_of(content: Content) -> list[Address]:
    """Return every address in the post: those with http(s) or www, and bare ones such as `host.pe/page`."""
    parts = parts_of(content)
    if content.link and content.link != PLACEHOLDER:
        parts.append(Part(_("enlace"), content.link))
    return [address for part in parts for address in _addresses(part)]


def _addresses(part: Part) -> Iterator[Address]:
    for match in re.finditer(r"\S+", part.words):
        word = match.group().replace("\\", "/")  # a browser takes the one for the other
        if PLACEHOLDER in word or not _COULD_BE.search(word):
            continue
        starts = [each.start() for each in _SCHEME.finditer(word)]
        head = word[: starts[0]] if starts else word
        pieces = [(each.start(), each.group()) for each in _PIECE.finditer(head)]
        pieces += [(start, word[start:end]) for start, end in zip(starts, [*starts, len(word)][1:], strict=True)]
        for start, piece in pieces:
            written = piece.strip(_AROUND)
            is_whole = bool(_SCHEME.match(written)) or written[:4].lower() == "www."
            host = _host(written if _SCHEME.match(written) else f"https://{written}")
            if is_whole or (host and "@" not in written):
                begin = match.start() + start + piece.index(written)
                yield Address(part, (begin, begin + len(written)), written, host, is_whole)


def _host(address: str) -> str:
    """Return the host of a whole address, in small letters; empty where it is none: no host, a password, a bad port."""
    try:
        parts = urlsplit(address)
        host, _port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    if parts.username is not None or parts.password is not None:
        return ""
    labels = host.split(".")
    if _IPV4.fullmatch(host):
        return host
    is_name = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels) and _LAST_LABEL.fullmatch(labels[-1])
    return host if is_name else ""


def _forbidden(case: _Case) -> Iterator[TextFinding]:
    for part in parts_of(case.content):
        words = folded(part.words)
        for value in case.rule.values:
            for place in words.find(phrase(value)):
                yield case.found(
                    _("Dice «{said}» ({part}), y no debe decirse «{value}».").format(
                        said=part.words[slice(*place)][:80], part=part.name, value=value
                    ),
                    _("Dígalo de otra manera."),
                    part=part,
                    place=place,
                )


def _required(case: _Case) -> Iterator[TextFinding]:
    wanted = [phrase(value) for value in case.rule.values]
    if any(folded(part.words).find(each) for part in parts_of(case.content) for each in wanted):
        return
    yield case.found(
        _("Falta decir, en {where}: {values}.").format(
            where=case.where, values=_(" o ").join(f"«{value}»" for value in case.rule.values)
        ),
        _("Agréguelo al texto."),
    )


def _hashtags(case: _Case) -> Iterator[TextFinding]:
    exempt = {phrase(value).lstrip("#") for value in case.rule.values}
    for part in parts_of(case.content):
        for match in _HASHTAG.finditer(part.words):
            tag = match[1]
            letters = [each for each in tag if each.isalpha()]
            is_flat = tag.islower() or tag.isupper()
            if is_flat and ("_" in tag.strip("_") or len(letters) >= _LONG_HASHTAG) and phrase(tag) not in exempt:
                yield case.found(
                    _("La etiqueta #{tag} parece de varias palabras y no distingue dónde comienza cada una.").format(
                        tag=tag
                    ),
                    _("Ponga mayúscula a cada palabra, como #CadaPalabra: así la dicen bien los lectores de pantalla."),
                    part=part,
                    place=match.span(),
                )


def _links(case: _Case) -> Iterator[TextFinding]:
    for address in addresses_of(case.content):
        barred = next((host for host in case.rule.values if _is_under(address.host, host)), None)
        if barred is not None:
            yield case.found(
                _("El enlace «{written}» lleva a {host}, que la oficina no admite.").format(
                    written=address.written[:100], host=barred
                ),
                _("Ponga la dirección completa de la página a la que lleva."),
                part=address.part,
                place=address.place,
            )
        elif not address.host:
            yield case.found(
                _("El enlace «{written}» no es una dirección web que se pueda abrir.").format(
                    written=address.written[:100]
                ),
                _("Cópielo otra vez de la barra del navegador, desde https://"),
                part=address.part,
                place=address.place,
            )


def _is_under(host: str, barred: str) -> bool:
    return bool(host) and (host == barred or host.endswith(f".{barred}"))


def _alt_text(case: _Case) -> Iterator[TextFinding]:
    if not case.content.attachments:
        return
    useless = {_bare(value) for value in case.rule.values}
    for attachment in case.content.attachments:
        said = attachment.alt_text.strip()
        if attachment.role is not AttachmentRole.SHOWN or not said:
            continue  # that one is there at all is for the network's own limits to say
        name = attachment.medium.file_name
        bare = _bare(said)
        if bare in {_bare(name), _bare(PurePath(name).stem)}:
            why = _("es el nombre del archivo")
        elif bare in useless or bare.rstrip("0123456789").strip() in useless or not bare:
            why = _("no dice qué se ve")
        elif len(said) < case.rule.least:
            why = _("es muy corto")
        else:
            continue
        part = Part(_("texto alternativo de «{name}»").format(name=name), attachment.alt_text)
        yield case.found(
            _("El texto alternativo «{said}» de «{name}» {why}.").format(said=said[:80], name=name, why=why),
            _("Describa en una oración lo que se ve, para quien no puede verlo."),
            part=part,
            place=(0, len(attachment.alt_text)),
        )


def _bare(words: str) -> str:
    """Return the words as letters and digits with single spaces."""
    return " ".join("".join(c if c.isalnum() else " " for c in folded(words).text).split())


def shown_place(span: Span) -> str:
    """Return where in the post it is, for people; characters count from 1."""
    if span.line > 1:
        where = _("{part}, línea {line}, caracteres {start} a {end}")
    else:
        where = _("{part}, caracteres {start} a {end}")
    return where.format(part=span.part, line=span.line, start=span.start + 1, end=span.end)


def in_order(findings: Sequence[TextFinding]) -> list[TextFinding]:
    """Return what stands in the way first."""
    return sorted(findings, key=lambda each: not each.blocks)


_CHECKS: dict[TextCheck, Callable[[_Case], Iterator[TextFinding]]] = {
    TextCheck.FORBIDDEN: _forbidden,
    TextCheck.REQUIRED: _required,
    TextCheck.HASHTAGS: _hashtags,
    TextCheck.LINKS: _links,
    TextCheck.ALT_TEXT: _alt_text,
}
