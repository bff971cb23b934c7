"""What a file really is: by its bytes, before anything else trusts it."""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from core.errors import InvalidInput
from core.media import MediaKind, Medium
from core.texts import _
from storage.films import Film, film_of

# [default] Above this an image is no photograph for a press office but an attack or a mistake: decoding it would need
# more than 150 MB. The platforms' own limits are lower and belong to their capabilities.
LARGEST_IMAGE_PIXELS = 50_000_000

LARGEST_ANIMATION_PIXELS = 400_000_000  # of all its frames together [default]

_IMAGE_TYPES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # what some phones write: a JPEG with a second picture behind it
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
}
# A film's first box also begins photographs (HEIC, as iPhones take them; AVIF) and sound: MP4RA's brands [memory]
_NO_VIDEO = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
    | {b"avif", b"avis", b"crx ", b"M4A ", b"M4B "}
)
_HEAD = 512  # bytes that tell what a file is
# a number, then the hours between which it is shown: SubRip has no other mark of its own
_SRT = re.compile(r"\s*\d+[ \t]*\r?\n\d{1,3}:\d{2}:\d{2}[,.]\d{1,3} +--> +\d{1,3}:\d{2}:\d{2}[,.]\d{1,3}")
_OPENED = [name for name in _IMAGE_TYPES if name != "MPO"]  # Pillow opens it as a JPEG


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a file is, before its digest is known."""

    kind: MediaKind
    mime_type: str
    size: int
    file_name: str
    width: int | None = None
    height: int | None = None
    frames: int = 1
    duration: float | None = None

    def as_medium(self, sha256: str) -> Medium:
        """Return the medium with that digest."""
        return Medium(
            sha256=sha256,
            kind=self.kind,
            mime_type=self.mime_type,
            size=self.size,
            width=self.width,
            height=self.height,
            frames=self.frames,
            duration=self.duration,
            file_name=self.file_name,
        )


def inspected(path: Path) -> Inspected:
    """Return what the file is.

    Raises InvalidInput for what is missing, empty, damaged, too large or of no known type.
    """
    name = path.name
    try:
        if not path.is_file():
            raise InvalidInput(_("No existe el archivo «{name}».").format(name=name))
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEAD)
            film = film_of(path) if head[4:8] == b"ftyp" else Film()
    except OSError as error:
        raise InvalidInput(
            _("No se puede leer el archivo «{name}»: revise los permisos.").format(name=name), diagnostic=str(error)
        ) from error
    if size == 0:
        raise InvalidInput(_("El archivo «{name}» está vacío (0 bytes).").format(name=name))
    if head[4:8] == b"ftyp":
        if head[8:12] in _NO_VIDEO:
            raise InvalidInput(_of_no_use(name))
        mime_type = "video/quicktime" if head[8:12] == b"qt  " else "video/mp4"
        return Inspected(
            kind=MediaKind.VIDEO,
            mime_type=mime_type,
            size=size,
            file_name=name,
            width=film.width,
            height=film.height,
            duration=film.duration,
        )
    captions = _captions_type(head)
    if captions:
        return Inspected(kind=MediaKind.CAPTIONS, mime_type=captions, size=size, file_name=name)
    return _inspected_image(path, size)


@contextmanager
def opened(path: Path | BytesIO) -> Iterator[Image.Image]:
    """Open the image, of the types that we know, and only of its own type."""
    with warnings.catch_warnings():
        # large: we set a bound of our own; side notes (EXIF) that are damaged: the picture itself is judged
        warnings.simplefilter("ignore")
        with Image.open(path, formats=_OPENED) as image:
            yield image


def _captions_type(head: bytes) -> str:
    """Return the type of a captions file by its first lines, empty for anything else."""
    text = head.decode("utf-8", errors="replace").removeprefix("\ufeff")
    if text.startswith("WEBVTT"):
        return "text/vtt"
    return "application/x-subrip" if _SRT.match(text) else ""


def _inspected_image(path: Path, size: int) -> Inspected:
    name = path.name
    try:
        with opened(path) as image:
            width, height = image.size
            kind = _IMAGE_TYPES[image.format or ""]
            frames = 1
            if width * height <= LARGEST_IMAGE_PIXELS:
                frames = 1 if image.format == "MPO" else int(getattr(image, "n_frames", 1))
                image.draft("RGB", (max(width // 8, 1), max(height // 8, 1)))  # a JPEG is decoded small, but whole
                image.load()
    except Image.DecompressionBombError as error:
        raise InvalidInput(_too_large(name)) from error
    except UnidentifiedImageError as error:
        raise InvalidInput(_of_no_use(name)) from error
    except Exception as error:  # a damaged file makes Pillow's readers stumble in any way (TypeError, KeyError…)
        raise InvalidInput(
            _("La imagen «{name}» está dañada o incompleta. Consiga otra copia.").format(name=name),
            diagnostic=str(error),
        ) from error
    if width * height > LARGEST_IMAGE_PIXELS:
        raise InvalidInput(_too_large(name, width, height))
    if width * height * frames > LARGEST_ANIMATION_PIXELS:
        raise InvalidInput(
            _("La animación «{name}» es demasiado grande: {frames} cuadros de {width} × {height}. Redúzcala.").format(
                name=name, frames=frames, width=width, height=height
            )
        )
    return Inspected(
        kind=MediaKind.IMAGE,
        mime_type=kind,
        size=size,
        file_name=name,
        width=width,
        height=height,
        frames=frames,
    )


def _of_no_use(name: str) -> str:
    return _("«{name}» no es una imagen ni un video que se pueda publicar (JPEG, PNG, GIF, WebP o MP4).").format(
        name=name
    )


def _too_large(name: str, width: int = 0, height: int = 0) -> str:
    most = LARGEST_IMAGE_PIXELS // 1_000_000
    if width:
        return _(
            "La imagen «{name}» es demasiado grande: {width} × {height} píxeles ({mega} megapíxeles; se aceptan "
            "hasta {most}). Redúzcala."
        ).format(name=name, width=width, height=height, mega=width * height // 1_000_000, most=most)
    return _("La imagen «{name}» es demasiado grande: se aceptan hasta {most} megapíxeles. Redúzcala.").format(
        name=name, most=most
    )
