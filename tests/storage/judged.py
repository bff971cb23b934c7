"""Whether a case of image_cases got its verdict; every claim is checked on the bytes that would be kept."""

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from core.errors import InvalidInput
from storage.media import previewed
from tests.storage.image_cases import SECRET, Case


def wrong(case: Case, folder: Path) -> str:
    """Return what is wrong with the verdict on the case; empty where it is right."""
    path = folder / case.name
    path.write_bytes(case.data)
    try:
        preview = previewed(path)
    except InvalidInput as error:
        if not case.refused:
            return f"refused: {error.sentence}"
        return "" if case.refused in error.sentence else f"refused otherwise: {error.sentence}"
    if case.refused:
        return "taken in"
    original = preview.taken.original
    changes = frozenset(original.changes) if original else frozenset()
    if changes != case.changes:
        return f"changes: {sorted(changes)}"
    kept = case.data if preview.data is None else preview.data
    if not case.changes and kept != case.data:
        return "altered without a word"
    if SECRET in kept or b"Exif\0\0" in kept or b"GPSLatitude" in kept:
        return "still holds metadata"
    with Image.open(BytesIO(kept)) as image:
        if getattr(image, "n_frames", 1) != case.frames or preview.taken.medium.frames != case.frames:
            return "another number of frames"
        if (preview.taken.medium.width, preview.taken.medium.height) != image.size:
            return "another size"
        case.check(image)
        if case.same_pixels:
            with Image.open(BytesIO(case.data)) as before:
                for frame in range(case.frames):
                    before.seek(frame)
                    image.seek(frame)
                    if not np.array_equal(np.asarray(before.convert("RGBA")), np.asarray(image.convert("RGBA"))):
                        return "other pixels"
    return ""
