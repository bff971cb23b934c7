"""What a film tells of itself, from its header alone; what it does not tell, or tells wrongly, is not known."""

import struct
from pathlib import Path

import pytest

from core.errors import InvalidInput
from core.media import MediaKind
from storage.films import Film, film_of
from storage.inspection import inspected


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def mvhd(scale: int, length: int, *, long: bool = False) -> bytes:
    times = struct.pack(">QQIQ", 0, 0, scale, length) if long else struct.pack(">IIII", 0, 0, scale, length)
    return box(b"mvhd", bytes([long, 0, 0, 0]) + times + bytes(80))


def trak(handler: bytes, width: int, height: int, *, turned: bool = False, long: bool = False) -> bytes:
    matrix = (
        (0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30) if turned else (1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    )
    before = bytes([long, 0, 0, 0]) + bytes(48 if long else 36)
    tkhd = box(b"tkhd", before + struct.pack(">9i", *matrix) + struct.pack(">II", width << 16, height << 16))
    return box(b"trak", tkhd + box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(12))))


FTYP = box(b"ftyp", b"isom" + bytes(4))
SOUND = trak(b"soun", 0, 0)
FILMS: dict[str, tuple[bytes, Film]] = {
    "plain": (FTYP + box(b"moov", mvhd(1000, 6500) + SOUND + trak(b"vide", 1080, 1920)), Film(1080, 1920, 6.5)),
    "64-bit header": (
        FTYP + box(b"moov", mvhd(90000, 90000 * 7200, long=True) + trak(b"vide", 640, 360, long=True)),
        Film(640, 360, 7200.0),
    ),
    "filmed upright": (
        FTYP + box(b"moov", mvhd(600, 600) + trak(b"vide", 1920, 1080, turned=True)),
        Film(1080, 1920, 1.0),
    ),
    "moov at the end": (
        FTYP + box(b"mdat", bytes(100_000)) + box(b"moov", mvhd(1, 3) + trak(b"vide", 10, 20)),
        Film(10, 20, 3.0),
    ),
    "a 64-bit box before it": (
        FTYP + struct.pack(">I4sQ", 1, b"mdat", 16 + 50) + bytes(50) + box(b"moov", mvhd(1, 3)),
        Film(None, None, 3.0),
    ),
    "no moov": (FTYP + box(b"mdat", bytes(50)), Film()),
    "length not known": (FTYP + box(b"moov", mvhd(1000, (1 << 32) - 1)), Film()),
    "scale of nothing": (FTYP + box(b"moov", mvhd(0, 5)), Film()),
    "sound only": (FTYP + box(b"moov", mvhd(1, 5) + SOUND), Film(None, None, 5.0)),
    "cut off": (FTYP + box(b"moov", mvhd(1, 5))[:20], Film()),
    "boxes of no size": (FTYP + struct.pack(">I4s", 4, b"free") + bytes(40), Film()),
    "only its mark": (FTYP, Film()),
}


@pytest.mark.parametrize("what", FILMS)
def test_what_a_film_tells(what: str, tmp_path: Path) -> None:
    data, film = FILMS[what]
    (tmp_path / "a.mp4").write_bytes(data)
    assert film_of(tmp_path / "a.mp4") == film
    seen = inspected(tmp_path / "a.mp4")
    assert (seen.kind, seen.width, seen.height, seen.duration) == (
        MediaKind.VIDEO,
        film.width,
        film.height,
        film.duration,
    )


@pytest.mark.parametrize(
    ("text", "mime_type"),
    [
        ("1\n00:00:00,000 --> 00:00:02,500\nHola\n", "application/x-subrip"),
        ("\ufeff1\r\n00:00:00,000 --> 00:00:02,500\r\nHola\r\n", "application/x-subrip"),
        ("WEBVTT\n\n00:00.000 --> 00:02.000\nHola\n", "text/vtt"),
        ("WEBVTT - título\n", "text/vtt"),
    ],
)
def test_captions_are_known_by_their_first_lines(text: str, mime_type: str, tmp_path: Path) -> None:
    (tmp_path / "charla.txt").write_text(text, encoding="utf-8", newline="")
    seen = inspected(tmp_path / "charla.txt")
    assert (seen.kind, seen.mime_type) == (MediaKind.CAPTIONS, mime_type)


@pytest.mark.parametrize("text", ["Hola", "1\nHola", "00:00:00 --> 00:00:02", "<script>WEBVTT</script>"])
def test_other_text_is_of_no_use(text: str, tmp_path: Path) -> None:
    (tmp_path / "charla.srt").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput):
        inspected(tmp_path / "charla.srt")
