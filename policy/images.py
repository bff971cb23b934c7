"""Whether images and films are as the office's rules want them (procedure 8.10, 8.14)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from core.images import (
    Box,
    Change,
    Check,
    Finding,
    Look,
    Note,
    NoteKind,
    Original,
    Placement,
    Rule,
    Severity,
    StripMatch,
)
from core.media import Attachment, AttachmentRole, MediaKind, Medium
from core.platforms import Platform
from core.posts import Content
from core.texts import _
from policy.reasons import Reason
from policy.sentences import CHANGES, number

_SAME_SHAPE = 0.03  # of a recommended size's ratio
_SAME_SCREEN = 0.05
_BUSY = 0.5  # of the busiest part: as busy is what the interface would cover
_EMPTY = 0.04  # detail below this is no content
_FIXED_BY = {
    Change.TURNED: Check.ORIENTATION,
    Change.TO_SRGB: Check.COLOUR,
    Change.FROM_CMYK: Check.COLOUR,
    Change.TO_EIGHT_BITS: Check.COLOUR,
    Change.PROFILE: Check.COLOUR,
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A file with all that is known of it. `look`: None where nobody has looked yet, or it is no image."""

    medium: Medium
    look: Look | None = None
    original: Original | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return self.medium.file_name or self.medium.sha256[:12]


@dataclass(frozen=True, slots=True)
class _Case:
    """One file before one rule, in one place."""

    seen: Seen
    rule: Rule
    network: str
    placement: Placement

    @property
    def where(self) -> str:
        if self.is_everywhere:
            return _("las redes")
        return f"{Platform(self.network).label} ({self.placement.label})"

    @property
    def is_everywhere(self) -> bool:
        return not self.rule.networks and not self.rule.placements

    def found(
        self, sentence: str, advice: str, *, box: Box | None = None, lifted_by: NoteKind | None = None
    ) -> Finding:
        return Finding(
            rule=self.rule.id,
            severity=self.rule.severity,
            sentence=sentence,
            advice=self.rule.why or advice,
            box=box,
            network="" if self.is_everywhere else self.network,
            placement=None if self.is_everywhere else self.placement,
            file_name=self.seen.name,
            sha256=self.seen.medium.sha256,
            lifted_by=lifted_by,
        )


def check_file(seen: Seen, rules: Sequence[Rule], places: Iterable[tuple[str, Placement]]) -> list[Finding]:
    """Return what the rules find in the file, in each of these places (network, placement); each finding once."""
    findings = list(_done(seen, rules))
    for network, placement in places:
        for rule in rules:
            if rule.holds_for(network, placement, seen.medium.kind):
                findings.extend(_CHECKS[rule.check](_Case(seen, rule, network, placement)))
    return list(dict.fromkeys(findings))


def check_images(
    content: Content,
    networks: Iterable[str],
    rules: Sequence[Rule],
    *,
    looks: Mapping[str, Look],
    originals: Mapping[str, Original],
    notes: Sequence[Note],
) -> list[Finding]:
    """Return what the rules find in the files of a post; with each what a person signed about it."""
    networks = list(networks)
    signed = {(note.sha256, note.rule, note.kind): note for note in notes}
    findings: list[Finding] = []
    for attachment in content.attachments:
        medium = attachment.medium
        if medium.kind is MediaKind.CAPTIONS:
            continue
        placement = placement_of(attachment, content)
        seen = Seen(medium, looks.get(medium.sha256), originals.get(medium.sha256))
        for each in check_file(seen, rules, [(network, placement) for network in networks]):
            note = signed.get((each.sha256, each.rule, each.lifted_by)) if each.lifted_by else None
            findings.append(replace(each, note=note))
    return list(dict.fromkeys(findings))


def placement_of(attachment: Attachment, content: Content) -> Placement:
    """Return where the file is seen: the post itself, or the still picture of its video or link."""
    if attachment.role is not AttachmentRole.THUMBNAIL:
        return Placement.FEED
    return Placement.LINK_CARD if content.link and not content.shown else Placement.THUMBNAIL


def blocking(findings: Iterable[Finding]) -> list[Reason]:
    """Return the findings that stand in the way as reasons."""
    return [Reason("image_rule", f"{each.sentence} {each.advice}") for each in findings if each.blocks]


def unseen(rules: Sequence[Rule]) -> list[Rule]:
    """Return the rules in force that cannot be evaluated: the office has given no logo strip."""
    return [rule for rule in rules if rule.check is Check.STRIP and not rule.template]


def _done(seen: Seen, rules: Sequence[Rule]) -> Iterator[Finding]:
    """Yield what was put right when the file was taken in."""
    for change in seen.original.changes if seen.original else ():
        check = _FIXED_BY.get(change, Check.METADATA)
        rule = next((each for each in rules if each.check is check), None)
        severity = rule.severity if rule else Severity.FIX
        if change is Change.OTHER_NAME:
            severity = Severity.WARN
        elif change is Change.ENCODED_ANEW:
            severity = Severity.FIX
        sentence, advice = CHANGES[change]
        if severity is Severity.BLOCK:
            advice = _(
                "Las reglas de la oficina no lo aceptan así: corríjalo en el programa de diseño y súbalo otra vez."
            )
        yield Finding(
            rule=rule.id if rule else str(change),
            severity=severity,
            sentence=sentence.format(name=seen.name, type=seen.medium.mime_type),
            advice=advice,
            file_name=seen.name,
            sha256=seen.medium.sha256,
        )


def _size(case: _Case) -> Iterator[Finding]:
    width, height = case.seen.medium.width, case.seen.medium.height
    if not width or not height:
        return
    wanted = [_pixels(each) for each in case.rule.values]
    if any(width >= w and height >= h and abs(width / height - w / h) <= _SAME_SHAPE * w / h for w, h in wanted):
        return
    yield case.found(
        _("«{name}» mide {w} × {h} y para verse con claridad en {where} se recomienda {sizes}.").format(
            name=case.seen.name, w=width, h=height, where=case.where, sizes=" o ".join(f"{w} × {h}" for w, h in wanted)
        ),
        _("Expórtela en uno de esos tamaños, o compruebe que se lee bien en un teléfono."),
    )


def _bounds(value: Callable[[Medium], float | None], what: str, unit: str, advice: str) -> "_Judge":
    def judge(case: _Case) -> Iterator[Finding]:
        found = value(case.seen.medium)
        if found is None or _within(found, case.rule):
            return
        yield case.found(
            _("«{name}» tiene {what} de {value}{unit} y en {where} se admite {bounds}.").format(
                name=case.seen.name,
                what=what,
                value=number(found),
                unit=unit,
                where=case.where,
                bounds=_between(case.rule, unit),
            ),
            advice,
        )

    return judge


def _types(case: _Case) -> Iterator[Finding]:
    if case.seen.medium.mime_type not in case.rule.values:
        yield case.found(
            _("«{name}» es {type} y en {where} se admite {types}.").format(
                name=case.seen.name,
                type=case.seen.medium.mime_type,
                where=case.where,
                types=", ".join(case.rule.values),
            ),
            _("Expórtelo en otro formato."),
        )


def _sharpness(case: _Case) -> Iterator[Finding]:
    look = case.seen.look
    if look and not _within(look.sharpness, case.rule):
        yield case.found(
            _("«{name}» parece borrosa (nitidez {value}, se espera {bounds}).").format(
                name=case.seen.name, value=number(look.sharpness), bounds=_between(case.rule, "")
            ),
            _("Mírela a tamaño completo y, si está borrosa, use otra toma."),
        )


def _contrast(case: _Case) -> Iterator[Finding]:
    look = case.seen.look
    if look and not _within(look.contrast, case.rule):
        yield case.found(
            _("«{name}» tiene poco contraste ({value} de 1, se espera {bounds}).").format(
                name=case.seen.name, value=number(look.contrast), bounds=_between(case.rule, "")
            ),
            _("Separe más el texto del fondo: hay quien no podrá leerla."),
        )


def _faces(case: _Case) -> Iterator[Finding]:
    look = case.seen.look
    for face in look.faces if look and not _within(len(look.faces), case.rule) else ():
        yield case.found(
            _("En «{name}» parece haber un rostro.").format(name=case.seen.name),
            _(
                "Confirme el consentimiento de quien sale, o que no es un rostro: "
                "vocero posts sign N --rule {rule} --reason …"
            ).format(rule=case.rule.id),
            box=face,
            lifted_by=NoteKind.CONSENT,
        )


def _strip(case: _Case) -> Iterator[Finding]:
    rule, look = case.rule, case.seen.look
    if not rule.template:
        return
    if look is None or rule.template_sha256 not in look.templates:
        yield case.found(
            _("No se ha buscado la franja institucional en «{name}».").format(name=case.seen.name),
            _("Haga que se mire la imagen con: vocero posts findings N"),
            lifted_by=NoteKind.WAIVER,
        )
        return
    match = look.strip
    if match is None or match.score < (rule.least or 0):
        yield case.found(
            _("En «{name}» no se encuentra la franja institucional (parecido {score}, se pide {least}).").format(
                name=case.seen.name, score=number(match.score if match else 0), least=number(rule.least or 0)
            ),
            _(
                "Póngala como manda el manual, o pida a la jefatura una excepción: vocero posts sign N --rule {rule}"
            ).format(rule=rule.id),
            box=match.box if match else None,
            lifted_by=NoteKind.WAIVER,
        )


def _strip_is(judge: Callable[[Rule, Look, StripMatch], str], advice: str) -> "_Judge":
    """Return the check of a strip that was found; one that was not is another rule's."""

    def check(case: _Case) -> Iterator[Finding]:
        look = case.seen.look
        if look is None or look.strip is None or look.strip.score < _SURE:
            return
        sentence = judge(case.rule, look, look.strip)
        if sentence:
            yield case.found(
                sentence.format(name=case.seen.name), advice, box=look.strip.box, lifted_by=NoteKind.WAIVER
            )

    return check


def _strip_width(rule: Rule, look: Look, match: StripMatch) -> str:
    share = match.box.width / look.width
    if _within(share, rule):
        return ""
    return _("En «{{name}}» la franja ocupa {share} % del ancho.").format(share=round(share * 100))


def _strip_place(rule: Rule, look: Look, match: StripMatch) -> str:
    across, down = (
        (match.box.left + match.box.right) / 2 / look.width,
        (match.box.top + match.box.bottom) / 2 / look.height,
    )
    is_at = {"top": down <= 1 / 3, "bottom": down >= 2 / 3, "left": across <= 1 / 3, "right": across >= 2 / 3}
    if any(is_at[place] for place in rule.values):
        return ""
    places = _(" o ").join(_SIDES[place] for place in rule.values)
    return _("En «{{name}}» la franja no está {places}.").format(places=places)


def _strip_clear(rule: Rule, _look: Look, match: StripMatch) -> str:
    if _within(match.clear, rule):
        return ""
    return _("En «{name}» hay algo pegado a la franja: le falta espacio alrededor.")


def _strip_shape(rule: Rule, _look: Look, match: StripMatch) -> str:
    if _within(match.stretch, rule):
        return ""
    return _("En «{name}» la franja está estirada o aplastada.")


def _safe_area(case: _Case) -> Iterator[Finding]:
    """Judge that nothing that matters lies where the interface covers the image, whatever the image's own size."""
    look = case.seen.look
    width, height = _pixels(case.rule.values[0])
    if look is None or abs(look.width / look.height - width / height) > _SAME_SCREEN * width / height:
        return
    top, right, bottom, left = (int(each) for each in case.rule.values[1].split(","))
    across, down = look.width / width, look.height / height
    safe = Box(
        round(left * across),
        round(top * down),
        round((width - left - right) * across),
        round((height - top - bottom) * down),
    )
    boxes = [*look.faces, *([look.strip.box] if look.strip and look.strip.score >= _SURE else [])]
    advice = _("Lleve lo importante hacia el centro: ahí lo tapan los botones y el nombre de la cuenta.")
    said = _("«{name}» tiene algo importante en el borde que {where} cubre.").format(
        name=case.seen.name, where=case.where
    )
    covered = [box for box in boxes if not _holds(safe, box)]
    for box in covered:
        yield case.found(said, advice, box=box)
    if not covered:
        busy = _busy_edge(look, safe)
        if busy is not None:
            yield case.found(said, advice, box=busy)


def _busy_edge(look: Look, safe: Box) -> Box | None:
    """Return the covered part above or below that is as full of detail as what is seen; None where both are calm."""
    most = max(look.detail, default=0)
    if most < _EMPTY:
        return None
    tall = look.height / len(look.detail)
    for begin, end in ((0, safe.top), (safe.bottom, look.height)):
        inside = [value for row, value in enumerate(look.detail) if row * tall >= begin and (row + 1) * tall <= end]
        if inside and max(inside) >= max(_BUSY * most, _EMPTY):
            return Box(0, begin, look.width, end - begin)
    return None


def _nothing(_case: _Case) -> Iterator[Finding]:
    return iter(())


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )


def _within(value: float, rule: Rule) -> bool:
    return (rule.least is None or value >= rule.least) and (rule.most is None or value <= rule.most)


def _pixels(written: str) -> tuple[int, int]:
    width, height = written.split("x")
    return int(width), int(height)


def _between(rule: Rule, unit: str) -> str:
    if rule.least is not None and rule.most is not None:
        return _("entre {least} y {most}{unit}").format(least=number(rule.least), most=number(rule.most), unit=unit)
    if rule.most is not None:
        return _("hasta {most}{unit}").format(most=number(rule.most), unit=unit)
    return _("desde {least}{unit}").format(least=number(rule.least or 0), unit=unit)


def _short(medium: Medium) -> float | None:
    return min(medium.width, medium.height) if medium.width and medium.height else None


def _long(medium: Medium) -> float | None:
    return max(medium.width, medium.height) if medium.width and medium.height else None


def _ratio(medium: Medium) -> float | None:
    return round(medium.width / medium.height, 4) if medium.width and medium.height else None


_SURE = 0.7  # below this a strip that was found best is none
_SIDES = {"top": _("arriba"), "bottom": _("abajo"), "left": _("a la izquierda"), "right": _("a la derecha")}
_Judge = Callable[[_Case], Iterator[Finding]]
_LARGER = _("Expórtelo más grande desde el original; agrandar uno pequeño no sirve.")
_CROP = _("Recórtelo a otra proporción.")
_CHECKS: dict[Check, _Judge] = {
    Check.SIZE: _size,
    Check.SHORT_SIDE: _bounds(_short, _("un lado menor"), _(" píxeles"), _LARGER),
    Check.LONG_SIDE: _bounds(_long, _("un lado mayor"), _(" píxeles"), _LARGER),
    Check.RATIO: _bounds(_ratio, _("una proporción (ancho ÷ alto)"), "", _CROP),
    Check.BYTES: _bounds(lambda medium: medium.size, _("un peso"), _(" bytes"), _("Expórtelo con menos peso.")),
    Check.TYPES: _types,
    Check.FRAMES: _bounds(lambda medium: medium.frames, _("una animación"), _(" cuadros"), _("Acórtela.")),
    Check.DURATION: _bounds(lambda medium: medium.duration, _("una duración"), _(" segundos"), _("Acórtelo.")),
    Check.COLOUR: _nothing,
    Check.ORIENTATION: _nothing,
    Check.METADATA: _nothing,
    Check.SHARPNESS: _sharpness,
    Check.CONTRAST: _contrast,
    Check.FACES: _faces,
    Check.STRIP: _strip,
    Check.STRIP_WIDTH: _strip_is(_strip_width, _("Agrándela o achíquela como manda el manual.")),
    Check.STRIP_PLACE: _strip_is(_strip_place, _("Muévala a donde manda el manual.")),
    Check.STRIP_CLEAR: _strip_is(_strip_clear, _("Deje libre un cuarto de su alto por cada lado.")),
    Check.STRIP_SHAPE: _strip_is(_strip_shape, _("Use la franja original, sin deformarla.")),
    Check.SAFE_AREA: _safe_area,
}
