"""The fields of an entry as staff type them, read and judged one by one, for the grid and the list alike."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from urllib.parse import urlsplit

from core.lima import shown
from core.permalink import PLACEHOLDER
from core.platforms import Platform
from core.texts import _
from scheduler.programme.entries import CellPlace, Problem, ProgrammeCaptions, ProgrammeEntry, ProgrammeImage

_BETWEEN_NETWORKS = re.compile(r"[,;/+&|\n]|\s+[ye]\s+")
_FORBIDDEN_IN_NAMES = re.compile(r'[\\/:*?"<>|;]')
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_MAX_NAME_BYTES = 255
_MAX_QUOTED = 60


class Fault(Exception):
    """What is wrong with a field, as a Spanish reason with the way out."""


@dataclass(slots=True)
class Draft:
    """An entry while it is being read: what was understood, and the faults of the rest."""

    platforms: tuple[Platform, ...] = ()
    has_unknown_platform: bool = False
    hour: time | None = None
    title: str | None = None
    text: str = ""
    images: list[ProgrammeImage] = field(default_factory=list)
    link: str | None = None
    thread: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    thumbnail: str | None = None
    captions: list[ProgrammeCaptions] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def clean(text: str) -> str:
    """Return the text as it is kept: NFC, with line feeds for line ends. Raises Fault on control characters."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    for sign in plain:
        if sign not in "\n\t" and (unicodedata.category(sign) in ("Cc", "Cs") or sign in "\ufffe\uffff"):
            raise Fault(
                _("hay un carácter invisible no permitido (U+{code:04X}); escriba el texto de nuevo").format(
                    code=ord(sign)
                )
            )
    return plain


def one_line(text: str) -> str:
    """Return the text on one line: line breaks and repeated spaces become one space."""
    return " ".join(text.split())


def without_outer_blank_lines(text: str) -> str:
    """Return the text from its first to its last line that says something; inside nothing changes."""
    lines = text.split("\n")
    said = [number for number, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[said[0] : said[-1] + 1]) if said else ""


def read_platforms(words: str) -> tuple[Platform, ...]:
    """Return the platforms that the words name, each once, in their order. Raises Fault on an unknown one."""
    names = [one_line(name).strip(".") for name in _BETWEEN_NETWORKS.split(words)]
    found: list[Platform] = []
    for name in filter(None, names):
        platform = Platform.named(name)
        if platform is None:
            raise Fault(
                _("no se conoce la red «{name}»; use: {known}").format(
                    name=quoted(name), known=", ".join(known.label for known in Platform)
                )
            )
        if platform not in found:
            found.append(platform)
    return tuple(found)


def read_link(text: str) -> str:
    """Return the address, or the mark of the site's own. Raises Fault where it is none that a browser opens."""
    link = text.strip()
    if link == PLACEHOLDER:
        return link
    try:
        parts = urlsplit(link)
        good = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        good = False
    if not good or any(sign.isspace() for sign in link):
        raise Fault(
            _("el enlace «{link}» no sirve; debe empezar con https:// y no tener espacios").format(link=quoted(link))
        )
    return link


def read_image(name: str, alt_text: str) -> ProgrammeImage:
    """Return the image. Raises Fault where the name is no bare file name or the alternative text is missing."""
    name, alt_text = read_file_name(name), one_line(alt_text)
    if not alt_text:
        raise Fault(
            _("la imagen «{name}» no tiene texto alternativo; describa en una frase lo que se ve").format(
                name=quoted(name)
            )
        )
    return ProgrammeImage(file_name=name, alt_text=alt_text)


def read_file_name(name: str) -> str:
    """Return the bare name of a file. Raises Fault where it is none."""
    name = name.strip()
    if not name:
        raise Fault(_("falta el nombre del archivo de la imagen; escriba «Imagen: archivo.jpg | descripción»"))
    if _FORBIDDEN_IN_NAMES.search(name) or name in (".", "..") or "\n" in name or "\t" in name:
        raise Fault(
            _("el nombre de imagen «{name}» no se permite; escriba solo el nombre del archivo, sin carpetas").format(
                name=quoted(name)
            )
        )
    if len(name.encode()) > _MAX_NAME_BYTES:
        raise Fault(_("el nombre de imagen «{name}» es demasiado largo; acórtelo").format(name=quoted(name)))
    return name


def read_captions(said: str) -> ProgrammeCaptions:
    """Return the captions file and its language, Spanish where none is said. Raises Fault."""
    name, _bar, language = said.partition("|")
    language = language.strip() or "es"
    if not _LANGUAGE.fullmatch(language):
        raise Fault(
            _("no se entiende el idioma «{language}»; escriba por ejemplo es o qu").format(language=quoted(language))
        )
    return ProgrammeCaptions(read_file_name(name), language)


def read_option(said: str) -> tuple[str, str]:
    """Return an option, `platform.name`, and what was chosen. Raises Fault."""
    key, _equals, value = said.partition("=")
    network, dot, name = key.strip().partition(".")
    platform = Platform.named(network)
    if platform is None or not dot or not name.strip() or not value.strip():
        raise Fault(
            _("no se entiende la opción «{option}»; escriba por ejemplo flickr.license = 11").format(
                option=quoted(said)
            )
        )
    return f"{platform}.{name.strip()}", one_line(value)


def read_tags(said: str) -> list[str]:
    """Return the tags between commas, semicolons or lines, without the mark # before them, each once."""
    parts = (one_line(part).lstrip("#").strip() for part in re.split(r"[,;\n]", said))
    return list(dict.fromkeys(part for part in parts if part))


def quoted(text: str) -> str:
    """Return the text short enough to be named in a sentence."""
    line = one_line(text)
    return line if len(line) <= _MAX_QUOTED else line[: _MAX_QUOTED - 1] + "…"


def settled(
    draft: Draft, *, publish_at: datetime | None, place: CellPlace, now: datetime, label: str = ""
) -> ProgrammeEntry | list[Problem]:
    """Return the entry of a draft, or every problem that it has; `label` says which of a cell's entries it is.

    Without `publish_at` the instant's own problem has been told already, and only the draft's are returned.
    """
    reasons = list(draft.faults)
    if not draft.platforms and not draft.has_unknown_platform:
        reasons.append(_("falta la red; escriba por ejemplo «[Facebook, Web]» al comienzo o llene la columna Redes"))
    if not draft.text:
        reasons.append(_("falta el texto de la publicación; escríbalo o borre la entrada"))
    if publish_at is not None and publish_at <= now:
        reasons.append(_("la fecha y hora ({when}) ya pasó; elija una posterior").format(when=shown(publish_at)))
    if reasons or publish_at is None:
        return [Problem(place.sheet, place.cell, label + reason) for reason in reasons]
    return ProgrammeEntry(
        publish_at=publish_at,
        platforms=draft.platforms,
        title=draft.title,
        text=draft.text,
        images=tuple(draft.images),
        link=draft.link,
        place=place,
        thread=tuple(draft.thread),
        tags=tuple(draft.tags),
        thumbnail=draft.thumbnail,
        captions=tuple(draft.captions),
        options=tuple(sorted(draft.options.items())),
    )


_BETWEEN_MESSAGES = re.compile(r"[ \t]*[-–—_]{3,}[ \t]*")


def read_thread(said: str) -> list[str]:
    """Return the messages between lines of three dashes; a line of a message that looks so has a backslash before it.

    Raises Fault where one is empty.
    """
    messages: list[list[str]] = [[]]
    for line in said.split("\n") if said.strip() else []:
        if _BETWEEN_MESSAGES.fullmatch(line):
            messages.append([])
        else:
            messages[-1].append(line.removeprefix("\\"))
    thread = [without_outer_blank_lines("\n".join(lines)) for lines in messages]
    if thread == [""]:
        return []
    if "" in thread:
        raise Fault(_("el hilo tiene un mensaje vacío; escríbalo o borre esa línea de guiones"))
    return thread


def write_thread(messages: Sequence[str]) -> str:
    """Return the messages as `read_thread` reads them."""
    return "\n---\n".join(
        "\n".join(
            f"\\{line}" if line.startswith("\\") or _BETWEEN_MESSAGES.fullmatch(line) else line
            for line in message.split("\n")
        )
        for message in messages
    )
