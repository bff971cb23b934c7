"""Draws findings on an image, so that a person sees at a glance where they are."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from PIL import ImageDraw, ImageFont

from core.errors import StorageError
from core.findings import Severity
from core.images import Finding
from core.texts import _
from storage.inspection import opened

_WIDEST = 1600  # pixels of the drawing
_COLOURS = {Severity.BLOCK: "#d4002a", Severity.WARN: "#e08700", Severity.FIX: "#0067c5"}


def draw(source: Path | BytesIO, findings: Sequence[Finding], target: Path) -> None:
    """Write a PNG of the image with a frame and the rule's name at each place. Raises StorageError."""
    with opened(source) as image:
        width = image.width
        image.draft("RGB", (_WIDEST, _WIDEST))
        picture = image.convert("RGB")
    picture.thumbnail((_WIDEST, _WIDEST))
    scale = picture.width / width
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=max(picture.width // 50, 12))
    for each in findings:
        if each.box is None:
            continue
        colour = _COLOURS[each.severity]
        left, top = each.box.left * scale, each.box.top * scale
        pen.rectangle((left, top, each.box.right * scale, each.box.bottom * scale), outline=colour, width=4)
        place = pen.textbbox((left, top), each.rule, font=font)
        pen.rectangle(place, fill=colour)
        pen.text((left, top), each.rule, fill="white", font=font)
    try:
        picture.save(target, "PNG")
    except OSError as error:
        raise StorageError(
            _("No se puede escribir «{target}». Revise la carpeta y los permisos.").format(target=target),
            diagnostic=str(error),
        ) from error
