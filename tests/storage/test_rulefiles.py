"""Files of rules that the office edits: what is wrong is said with file and row, and a spoilt one changes nothing."""

import os
from datetime import date
from pathlib import Path

import pytest

import policy
from core.errors import InvalidInput
from storage.holidays import read_holidays
from storage.textrules import TextRulebook, read_text_rules

SHIPPED = Path(policy.__file__).parent / "rules"
DAY = date(2026, 11, 24)
HEAD = 'version = "1"\nfrom = 2026-01-01\n'
ROW = (
    '[[rule]]\nid = "a"\ncheck = "forbidden"\nseverity = "block"\nvalues = ["x"]\n'
    'from = 2026-01-01\nsource = "s"\nread = 2026-01-01\n'
)
HOLIDAY = '[[holiday]]\nname = "Día"\nmonth = 6\nday = 7\nfrom = 2024-01-01\nsource = "Ley"\nread = 2026-01-01\n'

BAD = {
    "nothing": ("", "falta from"),
    "no rows": (HEAD, "no tiene ninguna fila [[rule]]"),
    "no TOML": (HEAD + "x\n", "línea 3, columna 2"),
    "no version": ("from = 2026-01-01\n" + ROW, "falta version"),
    "an unknown name": (HEAD + 'titel = "x"\n' + ROW, "no se conoce «titel» (¿quiso decir title?)"),
    "an unknown name in a row": (HEAD + ROW + 'value = ["x"]\n', "(fila 1, «a») no sirve: no se conoce «value»"),
    "a bad id": (HEAD + ROW.replace('"a"', '"Á"'), "id solo lleva minúsculas"),
    "an id twice": (HEAD + ROW + ROW, "(fila 2, «a») no sirve: ya hay otra fila con ese id"),
    "an unknown check": (HEAD + ROW.replace("forbidden", "regex"), "check no puede ser «regex»; puede ser: forbidden"),
    "an unknown severity": (HEAD + ROW.replace("block", "fatal"), "severity no puede ser «fatal»"),
    "a fix": (HEAD + ROW.replace("block", "fix"), "un texto no se corrige solo"),
    "no values": (HEAD + ROW.replace('values = ["x"]', "values = []"), "«forbidden» necesita values"),
    "an empty value": (HEAD + ROW.replace('["x"]', '[" "]'), "ninguno vacío"),
    "a long value": (HEAD + ROW.replace('["x"]', f'["{"x" * 301}"]'), "hasta 300 caracteres"),
    "no source": (HEAD + ROW.replace('source = "s"\n', ""), "falta source"),
    "a date in quotes": (
        HEAD + ROW.replace("read = 2026-01-01", 'read = "2026"'),
        "read debe ser una fecha sin comillas",
    ),
    "an end before the start": (HEAD + ROW + "to = 2025-01-01\n", "to es anterior a from"),
    "an unknown network": (HEAD + ROW + 'networks = ["orkut"]\n', "no se conoce la red «orkut»"),
    "an unknown class": (HEAD + ROW + 'classes = ["local"]\n', "classes no puede ser «local»"),
    "least elsewhere": (HEAD + ROW + "least = 3\n", "least es solo de «alt_text»"),
    "no host": (HEAD + ROW.replace("forbidden", "links"), "y «x» no lo es"),
    "no truth": (HEAD + ROW + "default = 1\n", "default debe ser true o false"),
}
BAD_HOLIDAYS = {
    "no day": (HEAD + HOLIDAY.replace("day = 7\n", ""), "lleva month y day, o from_easter"),
    "both": (HEAD + HOLIDAY + "from_easter = 1\n", "lleva month y day, o from_easter"),
    "a day that no month has": (HEAD + HOLIDAY.replace("day = 7", "day = 31"), "ese mes no tiene tantos días"),
    "no month": (HEAD + HOLIDAY.replace("month = 6", "month = 13"), "month debe ser un número entero de 1 a 12"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_with_rules_is_said(tmp_path: Path, case: str) -> None:
    written, says = BAD[case]
    file = tmp_path / "reglas.toml"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(InvalidInput) as told:
        read_text_rules(file)
    assert says in told.value.sentence
    assert "reglas.toml" in told.value.sentence


@pytest.mark.parametrize("case", BAD_HOLIDAYS)
def test_what_is_wrong_with_holidays_is_said(tmp_path: Path, case: str) -> None:
    written, says = BAD_HOLIDAYS[case]
    file = tmp_path / "feriados.toml"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(InvalidInput) as told:
        read_holidays(file)
    assert says in told.value.sentence
    assert "(fila 1, «Día»)" in told.value.sentence


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="No se puede leer"):
        read_text_rules(tmp_path / "nada.toml")
    (tmp_path / "foto.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidInput, match="UTF-8"):
        read_text_rules(tmp_path / "foto.toml")


def test_the_offices_set_of_the_day_comes_before_what_ships(tmp_path: Path) -> None:
    book = TextRulebook(SHIPPED / "texts", tmp_path)
    assert book.on(DAY).version == "2026-01"
    for version, start in (("v1", "2026-11-01"), ("v2", "2026-11-24")):
        head = f'version = "{version}"\nfrom = {start}\n'
        (tmp_path / f"{version}.toml").write_text(head + ROW, encoding="utf-8")
    assert [book.on(date(2026, 11, day)).version for day in (23, 24)] == ["v1", "v2"]
    assert book.on(date(2026, 10, 31)).version == "2026-01"
    assert [each.version for each in book.all()] == ["v1", "v2", "2026-01"]
    assert TextRulebook(None, tmp_path / "nada").on(DAY).rules == ()


def test_a_file_that_is_spoilt_leaves_the_last_good_rules_in_force(tmp_path: Path) -> None:
    file = tmp_path / "v1.toml"
    file.write_text(HEAD + ROW, encoding="utf-8")
    book = TextRulebook(SHIPPED / "texts", tmp_path)
    assert book.on(DAY).version == "1"
    file.write_text("x", encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert book.on(DAY).version == "1"
    assert "v1.toml" in book.trouble
    file.write_text(HEAD.replace('"1"', '"2"') + ROW, encoding="utf-8")
    os.utime(file, ns=(2, 2))
    assert (book.on(DAY).version, book.trouble) == ("2", "")
    file.write_text("x", encoding="utf-8")
    with pytest.raises(InvalidInput):
        TextRulebook(SHIPPED / "texts", tmp_path).all()


def test_two_sets_of_one_version_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text(HEAD + ROW, encoding="utf-8")
    with pytest.raises(InvalidInput, match="hay otro archivo con la versión 1"):
        TextRulebook(None, tmp_path).all()
