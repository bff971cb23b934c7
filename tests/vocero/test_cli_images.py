"""`vocero media`, `vocero rules` and the findings of a post, as people and programs meet them."""

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.storage.drawn import as_png, face
from tests.storage.image_cases import FAMILIES, case
from tests.storage.pictures import kept, picture
from tests.storage.test_looking import paper
from tests.storage.test_rulebooks import ROW, written
from tests.vocero.cli_office import OfficeOnDisk

WRITER = ("--as", "redactora")


@pytest.fixture
def empty(tmp_path: Path) -> OfficeOnDisk:
    """Return a folder without an office: a file can be checked anywhere."""
    return OfficeOnDisk(tmp_path)


def test_a_file_is_checked_without_an_office_and_drawn(empty: OfficeOnDisk, tmp_path: Path) -> None:
    path = kept(tmp_path / "personas.png", as_png(face(paper((1080, 1350), 150), (500, 700), 200)))
    ended = empty.call("media", "check", str(path), "--network", "Instagram", "--picture", str(tmp_path / "o.png"))
    assert (ended.code, ended.err) == (1, "")
    assert "[Impide] En «personas.png» parece haber un rostro." in ended.out
    assert "regla rostros · en x " in ended.out
    assert "Franja institucional: no evaluada" in ended.out
    with Image.open(tmp_path / "o.png") as drawn:
        assert drawn.size == (1080, 1350)
        assert (212, 0, 42) in {drawn.getpixel((x, 700)) for x in range(1080)}
    told = json.loads(empty.call("media", "check", str(path), "--json").out)
    [found] = [each for each in told["findings"] if each["rule"] == "rostros"]
    assert found["box"]["left"] < 500 < found["box"]["left"] + found["box"]["width"]
    assert (found["blocks"], found["lifted_by"], told["rules"]) == (True, "consent", "2026-01")


def test_what_would_be_put_right_is_told(empty: OfficeOnDisk, tmp_path: Path) -> None:
    turned = next(each for each in map(case, range(FAMILIES)) if each.family == "turned")
    ended = empty.call("media", "check", str(kept(tmp_path / turned.name, turned.data)))
    assert "se enderezó" in ended.out
    assert "se codificó otra vez" in ended.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("media", "check", "no.jpg"), "No existe el archivo"),
        (("media", "check", "a.png", "--placement", "techo"), "No se conoce el lugar «techo»"),
        (("media", "check", "a.png", "--network", "myspace"), "No se conoce la red «myspace»"),
        (("media", "check", "a.png", "--day", "ayer"), "«ayer» no es una fecha"),
        (("rules", "check", "no.toml"), "No se puede leer el archivo de reglas"),
        (("rules", "show", "1999"), "No hay reglas de la versión «1999»"),
    ],
)
def test_what_cannot_be_done_is_told(empty: OfficeOnDisk, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    kept(tmp_path / "a.png", picture(size=(640, 480)))
    given = [str(tmp_path / word) if "." in word and not word.startswith("-") else word for word in words]
    ended = empty.call(*given)
    assert ended.code in (2, 4)
    assert said in ended.err


def test_rules_are_listed_shown_checked_and_compared(empty: OfficeOnDisk, tmp_path: Path) -> None:
    own = tmp_path / "reglas"
    one = written(own, "a.toml", version="una")
    two = written(own, "b.toml", text=ROW.replace("900", "700"), version="otra", start="2030-01-01")
    environment = {"VOCERO_RULES_DIR": str(own)}
    listed = json.loads(empty.call("rules", "list", "--json", env=environment).out)
    assert {each["version"]: each["in_force"] for each in listed} == {"una": True, "otra": False, "2026-01": False}
    assert "bytes ≤ 900" in empty.call("rules", "show", env=environment).out
    assert "bytes ≤ 700" in empty.call("rules", "show", "--day", "2030-01-01", env=environment).out
    assert "no evaluada" in empty.call("rules", "show", "2026-01", "--network", "x", env=environment).out
    assert "sirve. Versión una, 1 reglas" in empty.call("rules", "check", str(one)).out
    different = empty.call("rules", "diff", "una", "otra", env=environment)
    assert (different.code, different.out) == (1, "~ peso: most 900 → 700\n")
    assert empty.call("rules", "diff", "una", str(one), env=environment).code == 0
    two.write_text("version = ")
    broken = empty.call("rules", "list", env=environment)
    assert (broken.code, "b.toml" in broken.err, broken.err.count("\n")) == (2, True, 1)


def test_the_findings_of_a_post_are_shown_and_signed(office: OfficeOnDisk) -> None:
    path = kept(office.folder / "personas.png", as_png(face(paper((1080, 1350), 150), (500, 700), 200)))
    assert office.call(*WRITER, "posts", "edit", "1", "--image", f"{path}=Un taller").code == 0
    assert office.call(*WRITER, "posts", "checklist", "1", "--conforms", "message,wording,design").code == 0
    assert office.call(*WRITER, "posts", "submit", "1").code == 3
    shown = office.call("posts", "findings", "1", "--picture", str(office.folder / "o.png"))
    assert (shown.code, "rostro" in shown.out) == (1, True)
    assert (office.folder / "o.png").stat().st_size > 1000
    assert office.call(*WRITER, "posts", "sign", "1", "--rule", "nada", "--reason", "x").code == 2
    assert office.call(*WRITER, "posts", "sign", "1", "--rule", "rostros", "--reason", "Consta autorización").code == 0
    assert office.call(*WRITER, "posts", "submit", "1").code == 0
    assert "Firmado por redactora: Consta autorización" in office.call("posts", "show", "1").out
    approved = office.call("--as", "jefa", "posts", "approve", "1", "--yes")
    assert (approved.code, "Firmado por redactora" in approved.out) == (0, True)
    told = json.loads(office.call("posts", "show", "1", "--json").out)
    assert [each["note"]["author"] for each in told["findings"] if each["rule"] == "rostros"] == ["redactora"]
