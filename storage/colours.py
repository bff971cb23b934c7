"""Colour as every screen understands it: 8-bit sRGB, by the image's own ICC profile."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageCms

# greys, the six corners and some between: what does not move them, to a step or two, is sRGB whatever it calls itself
_PROBE = [(v, v, v) for v in range(0, 256, 17)] + [
    (r, g, b) for r in (0, 90, 180, 255) for g in (0, 90, 180, 255) for b in (0, 90, 180, 255)
]
_STEP = 3


def is_srgb(profile: bytes) -> bool:
    """Tell whether the profile says of colours what sRGB says; False for one that cannot be read."""
    probe = Image.new("RGB", (len(_PROBE), 1))
    probe.putdata(_PROBE)
    try:
        shown = _transformed(probe, profile)
    except (OSError, ImageCms.PyCMSError, ValueError):
        return False
    before, after = probe.tobytes(), shown.tobytes()
    return len(before) == len(after) and all(abs(a - b) <= _STEP for a, b in zip(before, after, strict=True))


def as_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the image in sRGB, transparency kept. Without a readable profile that fits, CMYK is converted plainly."""
    alpha = image.getchannel("A") if image.mode in ("RGBA", "LA", "PA") else None
    if image.mode in ("P", "PA", "1"):
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
        alpha = image.getchannel("A") if image.mode == "RGBA" else alpha
    colours = image if image.mode in ("CMYK", "LAB", "L") else image.convert("L" if image.mode == "LA" else "RGB")
    try:
        converted = _transformed(colours, profile) if profile else colours.convert("RGB")
    except (OSError, ImageCms.PyCMSError, ValueError):
        converted = colours.convert("RGB")
    if alpha is not None:
        converted.putalpha(alpha)
    return converted


def _transformed(image: Image.Image, profile: bytes) -> Image.Image:
    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    result: Any = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    if result is None:
        raise ValueError("nothing was converted")
    converted: Image.Image = result
    return converted
