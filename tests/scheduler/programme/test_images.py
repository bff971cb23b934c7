from pathlib import Path

import pytest

from core.errors import InvalidInput
from scheduler.programme.images import resolve_image


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    for name in ("taller.jpg", "Visita.PNG", "reinsercio\u0301n.jpg", "uno.jpg", "UNO.jpg"):
        (folder / name).write_bytes(b"x")
    (folder / "carpeta.jpg").mkdir()
    (tmp_path / "secreto.jpg").write_bytes(b"x")
    (folder / "fuera.jpg").symlink_to(tmp_path / "secreto.jpg")
    (folder / "perdida.jpg").symlink_to(tmp_path / "no-esta.jpg")
    (folder / "dentro.jpg").symlink_to(folder / "taller.jpg")
    return folder


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("taller.jpg", "taller.jpg"),
        ("TALLER.jpg", "taller.jpg"),
        ("visita.png", "Visita.PNG"),
        ("reinserci\u00f3n.jpg", "reinsercio\u0301n.jpg"),
        ("UNO.jpg", "UNO.jpg"),
        ("dentro.jpg", "taller.jpg"),
    ],
)
def test_image_is_found(media: Path, name: str, file: str) -> None:
    assert resolve_image(media, name) == (media / file).resolve()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("taler.jpg", "¿quiso decir «taller.jpg»?"),
        ("xyz.gif", "no está la imagen «xyz.gif» en la carpeta; cópiela"),
        ("Uno.jpg", "puede ser «UNO.jpg», «uno.jpg»"),
        ("fuera.jpg", "es un acceso directo a otra carpeta"),
        ("perdida.jpg", "es un acceso directo a otra carpeta"),
        ("carpeta.jpg", "no es un archivo de imagen"),
        ("../secreto.jpg", "sin carpetas"),
        ("..", "sin carpetas"),
        ("/etc/passwd", "sin carpetas"),
    ],
)
def test_image_is_refused(media: Path, name: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        resolve_image(media, name)
    assert reason in refused.value.sentence


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no se puede leer la carpeta de imágenes «nada»"):
        resolve_image(tmp_path / "nada", "a.jpg")
