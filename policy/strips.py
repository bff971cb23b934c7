"""Where things are in an image: the logo strip, and what the interface of a network would cover."""

from collections.abc import Callable, Iterator

from core.images import Box, Finding, Look, NoteKind, Rule, StripMatch
from core.texts import _
from policy.image_case import Case, Judge, pixels, within
from policy.sentences import number

_SURE = 0.7  # below this a strip that was found best is none
_SAME_SCREEN = 0.05
_BUSY = 0.5  # of the busiest part: as busy is what the interface would cover
_EMPTY = 0.04  # detail below this is no content
_SIDES = {"top": _("arriba"), "bottom": _("abajo"), "left": _("a la izquierda"), "right": _("a la derecha")}


def strip(case: Case) -> Iterator[Finding]:
    """Judge that the strip is there, and that somebody looked for it."""
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


def strip_is(judge: Callable[[Rule, Look, StripMatch], str], advice: str) -> Judge:
    """Return the check of a strip that was found; one that was not is another rule's."""

    def check(case: Case) -> Iterator[Finding]:
        look = case.seen.look
        if look is None or look.strip is None or look.strip.score < _SURE:
            return
        sentence = judge(case.rule, look, look.strip)
        if sentence:
            yield case.found(
                sentence.format(name=case.seen.name), advice, box=look.strip.box, lifted_by=NoteKind.WAIVER
            )

    return check


def strip_width(rule: Rule, look: Look, match: StripMatch) -> str:
    """Return what is wrong with its width, empty where nothing is."""
    share = match.box.width / look.width
    if within(share, rule):
        return ""
    return _("En «{{name}}» la franja ocupa {share} % del ancho.").format(share=round(share * 100))


def strip_place(rule: Rule, look: Look, match: StripMatch) -> str:
    """Return what is wrong with its place, empty where nothing is."""
    across, down = (
        (match.box.left + match.box.right) / 2 / look.width,
        (match.box.top + match.box.bottom) / 2 / look.height,
    )
    is_at = {"top": down <= 1 / 3, "bottom": down >= 2 / 3, "left": across <= 1 / 3, "right": across >= 2 / 3}
    if any(is_at[place] for place in rule.values):
        return ""
    places = _(" o ").join(_SIDES[place] for place in rule.values)
    return _("En «{{name}}» la franja no está {places}.").format(places=places)


def strip_clear(rule: Rule, _look: Look, match: StripMatch) -> str:
    """Return what is wrong with the space around it, empty where nothing is."""
    if within(match.clear, rule):
        return ""
    return _("En «{name}» hay algo pegado a la franja: le falta espacio alrededor.")


def strip_shape(rule: Rule, _look: Look, match: StripMatch) -> str:
    """Return what is wrong with its shape, empty where nothing is."""
    if within(match.stretch, rule):
        return ""
    return _("En «{name}» la franja está estirada o aplastada.")


def safe_area(case: Case) -> Iterator[Finding]:
    """Judge that nothing that matters lies where the interface covers the image, whatever the image's own size."""
    look = case.seen.look
    width, height = pixels(case.rule.values[0])
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


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and inner.right <= outer.right
        and inner.bottom <= outer.bottom
    )
