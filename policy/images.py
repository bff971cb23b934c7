"""Whether images and films are as the office's rules want them (procedure 8.10, 8.14)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from core.findings import Severity
from core.images import Change, Check, Finding, Look, Note, NoteKind, Original, Placement, Rule
from core.media import Attachment, AttachmentRole, MediaKind, Medium
from core.posts import Content
from core.texts import _
from policy.image_case import Case, Judge, Seen, between, pixels, within
from policy.reasons import Reason
from policy.sentences import CHANGES, number
from policy.strips import safe_area, strip, strip_clear, strip_is, strip_place, strip_shape, strip_width

_SAME_SHAPE = 0.03  # of a recommended size's ratio
_FIXED_BY = {
    Change.TURNED: Check.ORIENTATION,
    Change.TO_SRGB: Check.COLOUR,
    Change.FROM_CMYK: Check.COLOUR,
    Change.TO_EIGHT_BITS: Check.COLOUR,
    Change.PROFILE: Check.COLOUR,
}


def check_file(seen: Seen, rules: Sequence[Rule], places: Iterable[tuple[str, Placement]]) -> list[Finding]:
    """Return what the rules find in the file, in each of these places (network, placement); each finding once."""
    findings = list(_done(seen, rules))
    for network, placement in places:
        for rule in rules:
            if rule.holds_for(network, placement, seen.medium.kind):
                findings.extend(_CHECKS[rule.check](Case(seen, rule, network, placement)))
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


def _size(case: Case) -> Iterator[Finding]:
    width, height = case.seen.medium.width, case.seen.medium.height
    if not width or not height:
        return
    wanted = [pixels(each) for each in case.rule.values]
    if any(width >= w and height >= h and abs(width / height - w / h) <= _SAME_SHAPE * w / h for w, h in wanted):
        return
    yield case.found(
        _("«{name}» mide {w} × {h} y para verse con claridad en {where} se recomienda {sizes}.").format(
            name=case.seen.name, w=width, h=height, where=case.where, sizes=" o ".join(f"{w} × {h}" for w, h in wanted)
        ),
        _("Expórtela en uno de esos tamaños, o compruebe que se lee bien en un teléfono."),
    )


def _bounds(value: Callable[[Medium], float | None], what: str, unit: str, advice: str) -> Judge:
    def judge(case: Case) -> Iterator[Finding]:
        found = value(case.seen.medium)
        if found is None or within(found, case.rule):
            return
        yield case.found(
            _("«{name}» tiene {what} de {value}{unit} y en {where} se admite {bounds}.").format(
                name=case.seen.name,
                what=what,
                value=number(found),
                unit=unit,
                where=case.where,
                bounds=between(case.rule, unit),
            ),
            advice,
        )

    return judge


def _types(case: Case) -> Iterator[Finding]:
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


def _sharpness(case: Case) -> Iterator[Finding]:
    look = case.seen.look
    if look and not within(look.sharpness, case.rule):
        yield case.found(
            _("«{name}» parece borrosa (nitidez {value}, se espera {bounds}).").format(
                name=case.seen.name, value=number(look.sharpness), bounds=between(case.rule, "")
            ),
            _("Mírela a tamaño completo y, si está borrosa, use otra toma."),
        )


def _contrast(case: Case) -> Iterator[Finding]:
    look = case.seen.look
    if look and not within(look.contrast, case.rule):
        yield case.found(
            _("«{name}» tiene poco contraste ({value} de 1, se espera {bounds}).").format(
                name=case.seen.name, value=number(look.contrast), bounds=between(case.rule, "")
            ),
            _("Separe más el texto del fondo: hay quien no podrá leerla."),
        )


def _faces(case: Case) -> Iterator[Finding]:
    look = case.seen.look
    for face in look.faces if look and not within(len(look.faces), case.rule) else ():
        yield case.found(
            _("En «{name}» parece haber un rostro.").format(name=case.seen.name),
            _(
                "Confirme el consentimiento de quien sale, o que no es un rostro: "
                "vocero posts sign N --rule {rule} --reason …"
            ).format(rule=case.rule.id),
            box=face,
            lifted_by=NoteKind.CONSENT,
        )


def _nothing(_case: Case) -> Iterator[Finding]:
    return iter(())


def _short(medium: Medium) -> float | None:
    return min(medium.width, medium.height) if medium.width and medium.height else None


def _long(medium: Medium) -> float | None:
    return max(medium.width, medium.height) if medium.width and medium.height else None


def _ratio(medium: Medium) -> float | None:
    return round(medium.width / medium.height, 4) if medium.width and medium.height else None


_LARGER = _("Expórtelo más grande desde el original; agrandar uno pequeño no sirve.")
_CROP = _("Recórtelo a otra proporción.")
_CHECKS: dict[Check, Judge] = {
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
    Check.STRIP: strip,
    Check.STRIP_WIDTH: strip_is(strip_width, _("Agrándela o achíquela como manda el manual.")),
    Check.STRIP_PLACE: strip_is(strip_place, _("Muévala a donde manda el manual.")),
    Check.STRIP_CLEAR: strip_is(strip_clear, _("Deje libre un cuarto de su alto por cada lado.")),
    Check.STRIP_SHAPE: strip_is(strip_shape, _("Use la franja original, sin deformarla.")),
    Check.SAFE_AREA: safe_area,
}
