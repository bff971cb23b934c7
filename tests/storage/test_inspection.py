"""What a file really is, whatever its name says."""

import os
import random
from pathlib import Path

import pytest
from PIL import Image

from core.errors import InvalidInput
from core.media import MediaKind
from storage.inspection import LARGEST_IMAGE_PIXELS, inspected
from tests.storage.pictures import MP4, animated, kept, noisy_jpeg, picture, png_header


@pytest.mark.parametrize(
    ("kind", "mime_type"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("GIF", "image/gif"),
        ("WEBP", "image/webp"),
        ("BMP", "image/bmp"),
        ("TIFF", "image/tiff"),
    ],
)
def test_an_image_is_known_by_its_bytes(tmp_path: Path, kind: str, mime_type: str) -> None:
    content = picture(kind, (64, 48))
    found = inspected(kept(tmp_path / "foto.doc", content))
    assert (found.kind, found.mime_type, found.size) == (MediaKind.IMAGE, mime_type, len(content))
    assert (found.width, found.height, found.frames, found.file_name) == (64, 48, 1, "foto.doc")
    assert found.as_medium("ab").sha256 == "ab"


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animated_image_is_known(tmp_path: Path, kind: str) -> None:
    assert inspected(kept(tmp_path / "a.gif", animated(kind))).frames == 3


def test_a_phones_double_jpeg_is_a_plain_jpeg(tmp_path: Path) -> None:
    path = tmp_path / "foto.jpg"
    first, second = Image.new("RGB", (64, 64), "red"), Image.new("RGB", (64, 64), "blue")
    first.save(path, "MPO", save_all=True, append_images=[second])
    found = inspected(path)
    assert (found.mime_type, found.frames) == ("image/jpeg", 1)


@pytest.mark.parametrize(("brand", "mime_type"), [(b"mp42", "video/mp4"), (b"qt  ", "video/quicktime")])
def test_a_film_is_known_by_its_first_box(tmp_path: Path, brand: bytes, mime_type: str) -> None:
    found = inspected(kept(tmp_path / "a", MP4.replace(b"mp42", brand, 1)))
    assert (found.kind, found.mime_type) == (MediaKind.VIDEO, mime_type)


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"avif", b"M4A "])
def test_a_photograph_or_sound_in_a_films_box_is_no_film(tmp_path: Path, brand: bytes) -> None:
    with pytest.raises(InvalidInput, match="no es una imagen"):
        inspected(kept(tmp_path / "IMG_0001.HEIC", MP4.replace(b"mp42", brand, 1)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vacío"),
        (b"hola", "no es una imagen"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no es una imagen"),
        (b"<!doctype html><script>alert(1)</script>" * 9, "no es una imagen"),
        (b"%PDF-1.7\n" * 9, "no es una imagen"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n" * 9, "no es una imagen"),
        (b"PK\x03\x04" * 20, "no es una imagen"),
        (noisy_jpeg()[:3000], "dañada"),
        (picture("PNG", (300, 300))[:-60], "dañada"),
        (picture("GIF", (300, 300))[:40], "dañada"),
        (png_header(10_000, 10_001), "demasiado grande"),
        (png_header(LARGEST_IMAGE_PIXELS + 1, 1), "demasiado grande"),
        (png_header(60_000, 60_000), "demasiado grande"),
    ],
)
def test_what_is_no_usable_image_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        inspected(kept(tmp_path / "foto.jpg", content))


def test_what_is_no_file_is_refused_and_nothing_hangs(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tubo.jpg")
    (tmp_path / "carpeta.jpg").mkdir()
    (tmp_path / "nadie.jpg").symlink_to(tmp_path / "no-hay")
    (tmp_path / "cero.jpg").symlink_to("/dev/zero")
    for name in ("tubo.jpg", "carpeta.jpg", "nadie.jpg", "cero.jpg", "no-hay.jpg"):
        with pytest.raises(InvalidInput, match="No existe"):
            inspected(tmp_path / name)


def test_a_link_to_an_image_is_that_image(tmp_path: Path) -> None:
    kept(tmp_path / "foto.png", picture())
    (tmp_path / "otra.png").symlink_to(tmp_path / "foto.png")
    assert inspected(tmp_path / "otra.png").width == 64


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"])
def test_damage_anywhere_is_refused_or_harmless_and_never_a_crash(tmp_path: Path, kind: str) -> None:
    dice = random.Random(kind)
    whole = animated(kind) if kind in ("GIF", "WEBP", "TIFF") else picture(kind)
    path = tmp_path / "foto"
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(dice.randint(1, 6)):
            content[dice.randrange(len(content))] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)))
        path.write_bytes(content[: dice.choice((len(content), dice.randrange(1, len(content))))])
        try:
            found = inspected(path)
        except InvalidInput:
            continue
        assert found.size == path.stat().st_size
