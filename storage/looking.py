"""Looks at an image's pixels, on a small copy: sharpness, contrast, faces (found, never identified), the logo strip.

OpenCV is read only when an image is looked at; a worker judges by what was kept of it (storage/looks.py).
The cascade is the one that OpenCV ships (haarcascade_frontalface_alt2); nobody is compared with anybody.
"""

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from core.errors import InvalidInput
from core.images import Box, Look, StripMatch
from core.texts import _
from storage.inspection import opened

_WIDTH = 1000  # pixels of the longer side that is looked at
_FACES_WIDTH = 480
_COARSE_WIDTH = 320
_BANDS = 32
_LEAST_FACE = 20  # pixels of the small copy: a face of 4 % of the longer side
_NEIGHBOURS = 4  # detections that must agree before they count as a face
_STRIP_WIDTHS = (0.15, 1.0)  # of the image's
_STEP = 1.07
_STRETCHES = (0.85, 0.92, 1.0, 1.08, 1.15)
_CLEAR_SHARE = 0.25  # of the strip's height: the space around it that is looked at
_SAME = 24  # levels of grey
_LEAST_TEMPLATE = (40, 8)
_turn = threading.Lock()  # OpenCV's detectors keep state


@dataclass(frozen=True, slots=True)
class Template:
    """A logo strip as the office supplies it."""

    name: str
    sha256: str
    grey: Any


def template_of(path: Path) -> Template:
    """Read a logo strip. Raises InvalidInput for one that nothing could be compared with."""
    import numpy as np  # noqa: PLC0415  (see the module)

    try:
        content = path.read_bytes()
        with opened(path) as image:
            flat = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA")).convert("L")
    except Exception as error:
        raise InvalidInput(
            _("No se puede leer la franja «{name}»: dé un PNG o JPEG.").format(name=path.name), diagnostic=str(error)
        ) from error
    grey = np.asarray(flat)
    if flat.width < _LEAST_TEMPLATE[0] or flat.height < _LEAST_TEMPLATE[1] or grey.std() < 5:
        raise InvalidInput(
            _("La franja «{name}» es demasiado pequeña o de un solo color para buscarla.").format(name=path.name)
        )
    return Template(path.name, hashlib.sha256(content).hexdigest(), grey)


def look_at(source: Path | bytes, templates: Sequence[Template] = ()) -> Look:
    """Return what is seen. The image is one that was inspected: it can be decoded."""
    with opened(source if isinstance(source, Path) else BytesIO(source)) as image:
        width, height = image.size
        scale = min(_WIDTH / max(image.size), 1)
        image.draft("L", (max(round(width * scale), 1), max(round(height * scale), 1)))
        grey = _grey(image)
        grey.thumbnail((_WIDTH, _WIDTH), Image.Resampling.BILINEAR, reducing_gap=2.0)
    return _measured(grey, width, height, templates)


def _grey(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image.thumbnail((_WIDTH * 2, _WIDTH * 2), reducing_gap=2.0)
        clear = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("L")
    return image.copy() if image.mode == "L" else image.convert("L")


def _measured(small: Image.Image, width: int, height: int, templates: Sequence[Template]) -> Look:
    import cv2  # noqa: PLC0415  (see the module)
    import numpy as np  # noqa: PLC0415

    cv2.setNumThreads(1)  # many threads would only take memory: the copies are small
    grey = np.ascontiguousarray(small)
    low, high = np.percentile(grey, (2, 98))
    edges = (
        cv2.convertScaleAbs(cv2.Sobel(grey, cv2.CV_16S, 0, 1)) // 2
        + cv2.convertScaleAbs(cv2.Sobel(grey, cv2.CV_16S, 1, 0)) // 2
    )
    bands = np.array_split(edges, min(_BANDS, len(edges)))
    across, down = width / grey.shape[1], height / grey.shape[0]
    strip = _strip(grey, templates)
    return Look(
        width=width,
        height=height,
        sharpness=float(cv2.Laplacian(grey, cv2.CV_32F).var()),
        contrast=float(high - low) / 255,
        faces=tuple(_sized(face, across, down) for face in _faces(grey)),
        templates=tuple(template.sha256 for template in templates),
        strip=strip
        and StripMatch(strip.template, strip.score, _sized(strip.box, across, down), strip.stretch, strip.clear),
        detail=tuple(float(band.mean()) / 255 for band in bands),
    )


def _sized(box: Box, across: float, down: float) -> Box:
    return Box(round(box.left * across), round(box.top * down), round(box.width * across), round(box.height * down))


@cache
def _cascade() -> Any:
    import cv2  # noqa: PLC0415  (see the module)

    data: Any = getattr(cv2, "data")  # noqa: B009  (its types say nothing of it)
    return cv2.CascadeClassifier(data.haarcascades + "haarcascade_frontalface_alt2.xml")


def _faces(grey: Any) -> list[Box]:
    import cv2  # noqa: PLC0415  (see the module)

    scale = min(_FACES_WIDTH / max(grey.shape), 1)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    if min(small.shape) < _LEAST_FACE:
        return []
    with _turn:
        found = _cascade().detectMultiScale(
            cv2.equalizeHist(small), 1.15, _NEIGHBOURS, minSize=(_LEAST_FACE, _LEAST_FACE)
        )
    boxes = sorted(tuple(int(side) for side in each) for each in found)
    return [_sized(Box(*each), 1 / scale, 1 / scale) for each in boxes]


def _strip(grey: Any, templates: Sequence[Template]) -> StripMatch | None:
    """Return where one of the templates is seen best: every width on a coarse copy, then the best ones closely."""
    best: StripMatch | None = None
    for template in templates:
        match = _found(grey, template)
        if match is not None and (best is None or match.score > best.score):
            best = match
    return best


def _found(grey: Any, template: Template) -> StripMatch | None:
    import cv2  # noqa: PLC0415  (see the module)

    coarse_scale = min(_COARSE_WIDTH / max(grey.shape), 1)
    coarse = cv2.resize(grey, None, fx=coarse_scale, fy=coarse_scale, interpolation=cv2.INTER_AREA)
    seen: list[tuple[float, float, Box]] = []
    share = _STRIP_WIDTHS[0]
    while share <= _STRIP_WIDTHS[1] + 1e-9:
        score, box = _match(coarse, template, share * coarse.shape[1], 1.0)
        if box is not None:
            seen.append((score, share, box))
        share *= _STEP
    if not seen:
        return None
    best: tuple[float, float, Box] | None = None
    for _score, share, box in sorted(seen, key=lambda each: -each[0])[:3]:
        left, top = int(box.left / coarse_scale), int(box.top / coarse_scale)
        reach = max(int(box.width / coarse_scale * 0.15), 12)
        y0, x0 = max(top - reach, 0), max(left - reach, 0)
        near = grey[
            y0 : top + int(box.height / coarse_scale) + reach, x0 : left + int(box.width / coarse_scale) + reach
        ]
        for step in range(-3, 4):
            for stretch in _STRETCHES:
                width = share * grey.shape[1] * (1 + step * 0.02)
                score, close = _match(near, template, width, stretch)
                if close is not None and (best is None or score > best[0]):
                    best = score, stretch, Box(close.left + x0, close.top + y0, close.width, close.height)
    if best is None:
        return None
    score, stretch, box = best
    return StripMatch(template.name, max(min(score, 1.0), 0.0), box, stretch, _clear(grey, box))


def _match(grey: Any, template: Template, width: float, stretch: float) -> tuple[float, Box | None]:
    import cv2  # noqa: PLC0415  (see the module)

    wide = round(width)
    tall = round(width * template.grey.shape[0] / template.grey.shape[1] * stretch)
    if wide < _LEAST_TEMPLATE[0] // 2 or tall < 4 or wide > grey.shape[1] or tall > grey.shape[0]:
        return 0.0, None
    sized = cv2.resize(template.grey, (wide, tall), interpolation=cv2.INTER_AREA)
    scores = cv2.matchTemplate(grey, sized, cv2.TM_CCOEFF_NORMED)
    _least, most, _where_least, (left, top) = cv2.minMaxLoc(scores)
    return (float(most) if most <= 1.001 else 0.0), Box(int(left), int(top), wide, tall)


def _clear(grey: Any, box: Box) -> float:
    """Return how much of the space around the strip is of one colour. What lies outside the image counts as clear."""
    import numpy as np  # noqa: PLC0415  (see the module)

    reach = max(round(box.height * _CLEAR_SHARE), 1)
    top, left = max(box.top - reach, 0), max(box.left - reach, 0)
    around = grey[top : box.bottom + reach, left : box.right + reach]
    ring = np.ones(around.shape, dtype=bool)
    ring[box.top - top : box.bottom - top, box.left - left : box.right - left] = False
    pixels = around[ring]
    if not pixels.size:
        return 1.0
    return float((np.abs(pixels.astype(int) - int(np.median(pixels))) <= _SAME).mean())
