"""Rule sets are read, dated, and refused in one sentence that names file, row and reason."""

import os
from datetime import date
from pathlib import Path

import pytest

from core.errors import InvalidInput
from core.images import Check, RuleSet
from storage.rulebooks import Rulebook, read_rules
from tests.storage.drawn import as_png, strip
from tests.storage.pictures import kept
from vocero.office import SHIPPED_RULES

TODAY = date(2026, 11, 24)
HEAD = 'version = "{version}"\nfrom = {start}\n'
ROW = """
[[rule]]
id = "peso"
check = "bytes"
most = 900
severity = "block"
from = 2026-01-01
source = "la oficina"
read = 2026-01-01
"""


def written(
    folder: Path, name: str = "a.toml", text: str = ROW, version: str = "v1", start: str = "2026-01-01"
) -> Path:
    folder.mkdir(exist_ok=True)
    return kept(folder / name, (HEAD.format(version=version, start=start) + text).encode())


def test_what_ships_is_sound_and_names_a_source_for_every_row() -> None:
    rules = Rulebook(SHIPPED_RULES).on(TODAY)
    assert rules.version == "2026-01"
    assert {rule.check for rule in rules.rules} >= set(Check) - {Check.TYPES, Check.FRAMES, Check.DURATION}
    assert all(rule.source and rule.read_on for rule in rules.rules)
    assert rules.templates == ()
    assert Rulebook(SHIPPED_RULES).on(date(2025, 12, 31)) == RuleSet()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ROW.replace('"bytes"', '"peso"'), "fila 1, «peso».*check no puede ser «peso»"),
        (ROW.replace("most = 900", "most = -1"), "most debe ser un número de cero o más"),
        (ROW.replace("most = 900", "most = nan"), "most debe ser un número"),
        (ROW.replace("most = 900", "least = 9\nmost = 3"), "least es mayor que most"),
        (ROW.replace("most = 900", ""), "necesita least, most o ambos"),
        (ROW.replace("most = 900", "moust = 900"), "no se conoce «moust» .¿quiso decir most.."),
        (ROW.replace('"block"', '"fix"'), "no se puede corregir sola"),
        (ROW.replace('source = "la oficina"', ""), "falta source"),
        (ROW.replace("read = 2026-01-01", 'read = "2026-01-01"'), "read debe ser una fecha sin comillas"),
        (ROW + "to = 2025-01-01\n", "to es anterior a from"),
        (ROW + 'networks = ["myspace"]\n', "no se conoce la red «myspace»"),
        (ROW + 'template = "franja.png"\n', "template es solo de «strip»"),
        (ROW + ROW, "fila 2, «peso».*ya hay otra fila con ese id"),
        (ROW.replace('"bytes"', '"size"').replace("most = 900", 'values = ["grande"]'), "tamaños como 1080x1350"),
        (
            ROW.replace('"bytes"', '"strip"').replace("most = 900", 'least = 1\ntemplate = "no.png"'),
            "no existe la franja",
        ),
        (
            ROW.replace('"bytes"', '"strip"').replace("most = 900", 'least = 1\ntemplate = "../no.png"'),
            "no existe la franja",
        ),
        ("", "no tiene ninguna fila"),
        ("[[rule]\n", "línea .*error de escritura"),
    ],
)
def test_a_broken_file_is_told_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path / "reglas", text=text)
    with pytest.raises(InvalidInput, match=said) as told:
        read_rules(path)
    assert str(path) in told.value.sentence
    assert told.value.sentence.count("\n") == 0


def test_what_is_no_text_or_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="UTF-8"):
        read_rules(kept(tmp_path / "a.toml", b"\xff\xfe"))
    with pytest.raises(InvalidInput, match="No se puede leer"):
        read_rules(tmp_path / "no.toml")
    with pytest.raises(InvalidInput, match="No existe la carpeta"):
        Rulebook(SHIPPED_RULES, tmp_path / "no").on(TODAY)


def test_the_day_chooses_and_the_offices_own_come_first(tmp_path: Path) -> None:
    own = tmp_path / "reglas"
    written(own, "a.toml", version="una", start="2026-06-01")
    written(own, "b.toml", version="otra", start="2026-12-01")
    book = Rulebook(SHIPPED_RULES, own)
    days = (date(2026, 5, 31), date(2026, 6, 1), date(2026, 11, 30), date(2026, 12, 1))
    assert [book.on(day).version for day in days] == ["2026-01", "una", "una", "otra"]


def test_a_row_has_dates_of_its_own(tmp_path: Path) -> None:
    rules = read_rules(written(tmp_path / "r", text=ROW + "to = 2026-06-30\n"))
    assert [len(rules.on(day)) for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), TODAY)] == [
        0,
        1,
        1,
        0,
    ]


def test_a_file_that_changes_is_read_again_and_a_spoilt_one_leaves_the_last_good(tmp_path: Path) -> None:
    own = tmp_path / "reglas"
    path = written(own)
    book = Rulebook(SHIPPED_RULES, own)
    assert book.on(TODAY).rules[0].most == 900
    path.write_text(HEAD.format(version="v2", start="2026-01-01") + ROW.replace("900", "700"))
    os.utime(path, ns=(1, 1))
    assert book.on(TODAY).rules[0].most == 700
    path.write_text("version = ")
    assert (book.on(TODAY).version, "no sirve" in book.trouble) == ("v2", True)
    with pytest.raises(InvalidInput):
        Rulebook(SHIPPED_RULES, own).on(TODAY)


def test_a_strip_lies_beside_its_file(tmp_path: Path) -> None:
    text = ROW.replace('"bytes"', '"strip"').replace("most = 900", 'least = 0.7\ntemplate = "franja.png"')
    path = written(tmp_path / "reglas", text=text)
    kept(tmp_path / "reglas" / "franja.png", as_png(strip()))
    [(name, sha256)] = read_rules(path).templates
    assert (name, len(sha256)) == ("franja.png", 64)
