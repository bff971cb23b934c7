"""Files as WordPress keeps them: allowed types, names, derived sizes (sheet sections 2.1 and 5)."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps

from sandbox.media import Medium, picture, video_type
from sandbox.wordpress.state import SiteState

BIG = 2560
"""JPEG with a longer side is replaced by a `-scaled` copy (sheet 2.1 [memory])."""
_IMAGES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
}
_NAME_OF_IMAGE = {mime: ending for ending, mime in _IMAGES.items() if ending != "jpeg"}
_OTHERS = {
    "heic": ("image/heic", (4, b"ftyp")),
    "pdf": ("application/pdf", (0, b"%PDF")),
    "mp4": ("video/mp4", None),
    "mov": ("video/quicktime", None),
    "webm": ("video/webm", None),
    "avi": ("video/avi", None),
    "zip": ("application/zip", (0, b"PK")),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (0, b"PK")),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (0, b"PK")),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", (0, b"PK")),
    "odt": ("application/vnd.oasis.opendocument.text", (0, b"PK")),
    "mp3": ("audio/mpeg", (0, b"ID3")),
    "csv": ("text/csv", (0, b"")),
    "ics": ("text/calendar", (0, b"")),
}
_SIZES = {
    "thumbnail": (150, 150),
    "medium": (300, 300),
    "medium_large": (768, 0),
    "large": (1024, 1024),
    "1536x1536": (1536, 1536),
    "2048x2048": (2048, 2048),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """What a received file is: its type and the ending it gets; pixels for images."""

    mime: str
    ending: str
    width: int = 0
    height: int = 0


def kind_of(name: str, medium: Medium) -> Kind | None:
    """Return what the file is by name and bytes, or None: not allowed, or a false image."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in _IMAGES:
        seen = picture(medium.path, whole=False)
        if seen is None or seen.mime not in _NAME_OF_IMAGE:
            return None
        right = ending if _IMAGES[ending] == seen.mime else _NAME_OF_IMAGE[seen.mime]
        return Kind(seen.mime, right, seen.width, seen.height)
    if ending not in _OTHERS:
        return None
    mime, mark = _OTHERS[ending]
    if mark is None:
        return Kind(mime, ending) if video_type(medium.path) else None
    with medium.path.open("rb") as file:
        head = file.read(16)
    return Kind(mime, ending) if head[mark[0] : mark[0] + len(mark[1])] == mark[1] else None


def free_name(state: SiteState, folder: str, stem: str, ending: str) -> str:
    """Return the name, or with -1, -2…, that no file of the folder has, derived sizes included."""
    taken = set()
    for attachment in state.attachments.values():
        if attachment.file.rpartition("/")[0] == folder:
            taken |= {attachment.file.rpartition("/")[2], attachment.original}
            taken |= {size[0] for size in attachment.sizes.values()}
    name, number = f"{stem}.{ending}", 0
    while name in taken:
        number += 1
        name = f"{stem}-{number}.{ending}"
    return name


def derived_sizes(name: str, kind: Kind) -> dict[str, tuple[str, int, int]]:
    """Return the smaller copies that WordPress makes: size name to (file name, width, height)."""
    stem, _, ending = name.rpartition(".")
    out = {}
    for size, (most_wide, most_high) in _SIZES.items():
        if size == "thumbnail":
            wide, high = min(kind.width, most_wide), min(kind.height, most_high)
        else:
            wide, high = fitted(kind.width, kind.height, most_wide, most_high)
        if kind.width - wide > 1 or kind.height - high > 1:
            out[size] = (f"{stem}-{wide}x{high}.{ending}", wide, high)
    return out


def fitted(width: int, height: int, most_wide: int, most_high: int) -> tuple[int, int]:
    """Return the largest size of the same shape within the bounds; 0: no bound. Never larger."""
    ratio = min(1.0, most_wide / width, most_high / height if most_high else 1.0)
    return max(1, round(width * ratio)), max(1, round(height * ratio))


def resized(source: Path, target: Path, size: tuple[int, int], mime: str) -> Path:
    """Return the file with that size of an image, made on first use."""
    if target.exists():
        return target
    with Image.open(source) as image:
        small = ImageOps.fit(image, size)
        form = mime.partition("/")[2].upper()
        if form == "JPEG" and small.mode not in {"RGB", "L"}:
            small = small.convert("RGB")
        half_made = target.with_suffix(".part")
        small.save(half_made, format=form)
    shutil.move(half_made, target)
    return target
