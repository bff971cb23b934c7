"""The calendar, the electoral list and the rules about words, from the command line."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest

from core.lima import to_lima
from tests.vocero.cli_office import APPROVED, DRAFT, SCHEDULED, OfficeOnDisk, first_slot, week_of_posts
from tests.vocero.cli_refusals import check_refused

DAY = to_lima(first_slot()).date()
RULES = (
    'version = "v1"\nfrom = 2026-01-01\n[[rule]]\nid = "lema"\ncheck = "required"\nseverity = "{severity}"\n'
    'values = ["El lema"]\nfrom = 2026-01-01\nsource = "D.S. 1"\nread = 2026-01-01\n'
)


def as_(office: OfficeOnDisk, login: str, *words: str | Path) -> str:
    ended = office.call("--as", login, *words)
    assert (ended.code, ended.err) == (0, ""), ended
    return ended.out


def test_a_week_shows_its_days_and_what_bars_them(office: OfficeOnDisk) -> None:
    as_(office, "admin", "calendar", "add-holiday", str(DAY), "--name", "Puente", "--basis", "D.S. 1")
    as_(office, "admin", "calendar", "add-embargo", "--from", str(DAY), "--until", str(DAY), "--reason", "Traslado")
    as_(office, "jefa", "calendar", "add-electoral-period", "--name", "EG", "--from", str(DAY), "--basis", "D.S. 2")
    shown = office.call("calendar", "show", "--week", week_of_posts().name)
    assert (shown.code, shown.err) == (0, "")
    line = next(each for each in shown.out.splitlines() if f"{DAY:%d/%m}" in each)
    assert "Puente" in line
    assert "Facebook 5 (!)" in line  # more than a day should have
    assert shown.out.count("Embargo 1 (todo)") == 1
    assert shown.out.count("Periodo electoral 1 (EG)") == 6  # from Tuesday on
    assert "Horas de silencio: 22:00-06:00" in shown.out
    days = office.call("calendar", "show", "--week", week_of_posts().name, "--json").json["days"]
    assert [len(each["embargoes"]) for each in days] == [0, 1, 0, 0, 0, 0, 0]
    assert (days[1]["working"], days[1]["load"]) == (False, {"facebook": 5, "website": 5})
    assert office.call("calendar", "show").code == 0


def test_what_was_entered_is_listed_and_ended(office: OfficeOnDisk) -> None:
    assert "No hay embargos" in office.call("calendar", "list").out
    entered = json.loads(
        as_(office, "admin", "calendar", "add-embargo", "--unit", "Penal", "--reason", "Traslado", "--json")
    )
    assert (entered["unit"], entered["until"]) == ("Penal", None)
    as_(office, "admin", "calendar", "add-electoral-period", "--name", "EG", "--basis", "D.S. 2")
    as_(office, "jefa", "calendar", "add-holiday", "2999-12-24", "--name", "Puente", "--basis", "D.S. 1")
    listed = office.call("calendar", "list").out
    assert all(each in listed for each in ("Embargo 1 (Penal)", "Periodo electoral 1 (EG)", "24/12/2999: Puente"))
    assert "lo terminó jefa: pasó" in as_(office, "jefa", "calendar", "end-embargo", "1", "--reason", "pasó")
    yesterday = str(DAY - timedelta(days=30))
    check_refused(
        office,
        office.call("--as", "jefa", "calendar", "end-electoral-period", "1", "--on", yesterday, "--reason", "x"),
        code=3,
        says="No puede terminar antes de comenzar",
    )
    as_(office, "admin", "calendar", "end-electoral-period", "1", "--reason", "Res. 1")
    as_(office, "jefa", "calendar", "remove-holiday", "2999-12-24", "--reason", "error")
    every = office.call("calendar", "list", "--all", "--json").json
    assert [len(every[each]) for each in ("embargoes", "electoral_periods", "declared_days")] == [1, 1, 0]
    assert office.call("calendar", "list", "--json").json["embargoes"] == []


def test_a_post_is_classified_signed_and_then_scheduled(office: OfficeOnDisk) -> None:
    post = str(APPROVED)
    as_(office, "admin", "calendar", "add-electoral-period", "--name", "EG", "--basis", "D.S. 2")
    refused = office.call("--as", "jefa", "posts", "schedule", post)
    check_refused(office, refused, code=3, says="no está clasificada")
    assert "no está clasificada" in office.call("posts", "classify", post).out
    said = as_(office, "redactora", "posts", "classify", post, "--class", "Utilidad pública", "--reason", "Vacunas")
    assert "Utilidad pública · Vacunas · clasificó redactora · sin firma" in said
    check_refused(
        office,
        office.call("--as", "redactora", "posts", "classify", post, "--sign"),
        code=3,
        says="corresponde a: Jefatura",
    )
    assert "firmó jefa" in as_(office, "jefa", "posts", "classify", post, "--sign")
    as_(office, "jefa", "posts", "schedule", post)
    shown = office.call("posts", "show", post)
    assert "Periodo electoral: Utilidad pública · Vacunas" in shown.out
    assert "firmó la clasificación electoral" in shown.out
    assert office.call("posts", "show", post, "--json").json["classification"]["signed_by"] == "jefa"


def test_the_list_of_an_electoral_period_can_go_into_a_spreadsheet(office: OfficeOnDisk) -> None:
    as_(office, "admin", "calendar", "add-electoral-period", "--name", "EG", "--from", "2026-01-01", "--basis", "D.S.")
    assert "No salió nada" in office.call("electoral", "list", "--period", "1").out
    as_(office, "redactora", "posts", "classify", str(SCHEDULED), "--class", "public_utility", "--reason", "=1+1")
    office.write_sql(
        "UPDATE deliveries SET state = 'published', published_at = publish_at, url = 'https://x.example/1' WHERE id = 1"
    )
    shown = office.call("electoral", "list", "--period", "1").out
    assert "Utilidad pública" in shown
    assert "https://x.example/1" in shown
    [row] = csv.DictReader(io.StringIO(office.call("electoral", "list", "--period", "1", "--format", "csv").out))
    assert (row["clasificación"], row["justificación"], row["firmó"]) == ("Utilidad pública", "'=1+1", "")
    assert (row["fecha"], row["publicación"]) == (str(DAY), str(SCHEDULED))
    [told] = office.call("electoral", "list", "--period", "1", "--json").json
    assert (told["justification"], told["url"]) == ("=1+1", "https://x.example/1")
    words = ("electoral", "list", "--period", "1", "--format", "csv", "--out", "lista.csv")
    assert office.call(*words).out == "Escrito en lista.csv.\n"
    assert (office.folder / "lista.csv").read_bytes().startswith(b"\xef\xbb\xbfenv")
    check_refused(office, office.call(*words), code=2, says="ya existe")


@pytest.mark.parametrize("severity", ["warn", "block"])
def test_the_offices_rules_about_words_are_heeded(office: OfficeOnDisk, severity: str) -> None:
    folder = office.folder / "reglas" / "texts"
    folder.mkdir(parents=True)
    (folder / "v1.toml").write_text(RULES.format(severity=severity), encoding="utf-8")
    own = {"VOCERO_RULES_DIR": "reglas"}
    listed = office.call("wording", "list", "--json", env=own).json
    assert [(each["version"], each["in_force"]) for each in listed] == [("v1", True), ("2026-01", False)]
    assert "lema: required El lema · toda red" in office.call("wording", "show", env=own).out
    found = office.call("posts", "findings", str(DRAFT), env=own)
    assert (found.code, "Falta decir" in found.out) == (int(severity == "block"), True)
    assert "lema" in office.call("posts", "show", str(DRAFT), "--json", env=own).out
    submitted = office.call("--as", "redactora", "posts", "submit", str(DRAFT), env=own)
    assert submitted.code == (3 if severity == "block" else 0)


def test_a_file_of_rules_is_checked_before_it_is_used(office: OfficeOnDisk) -> None:
    (office.folder / "a.toml").write_text(RULES.format(severity="warn"), encoding="utf-8")
    assert office.call("wording", "check", "a.toml").out == "a.toml: sirve. Versión v1, 1 reglas.\n"
    (office.folder / "a.toml").write_text(RULES.format(severity="fatal"), encoding="utf-8")
    check_refused(office, office.call("wording", "check", "a.toml"), code=2, says="severity no puede ser «fatal»")
    (office.folder / "b.toml").write_text(RULES.format(severity="block"), encoding="utf-8")
    (office.folder / "c.toml").write_text(RULES.format(severity="warn").replace("El lema", "Otro"), encoding="utf-8")
    changed = office.call("wording", "diff", "b.toml", "c.toml")
    assert (changed.code, changed.out) == (1, "~ lema: severity block → warn\n~ lema: values El lema → Otro\n")
    assert office.call("wording", "diff", "b.toml", "b.toml").out == "Piden lo mismo.\n"
    check_refused(office, office.call("wording", "show", "v9"), code=4, says="vocero wording list")


def test_links_are_asked_and_nothing_leaves_a_rehearsal(office: OfficeOnDisk) -> None:
    assert office.call("posts", "check-links", str(DRAFT)).out == "No tiene enlaces.\n"
    as_(
        office,
        "redactora",
        "posts",
        "edit",
        str(DRAFT),
        "--text",
        "Vea https://www.gob.example/inpe y www.otro.example",
    )
    before = office.trace()
    ended = office.call("posts", "check-links", str(DRAFT), "--json")
    assert (ended.code, ended.err) == (1, "")
    assert [(each["address"], each["alive"]) for each in ended.json] == [
        ("https://www.gob.example/inpe", False),
        ("www.otro.example", False),
    ]
    assert office.trace() == before


REFUSED = {
    "a day that is none": ("--as admin calendar add-holiday mañana --name x --basis x", 2, "«mañana» no es una fecha."),
    "an hour that is none": ("--as admin calendar add-embargo --from 2026-11-24T99 --reason x", 2, "no es una hora"),
    "no reason": ("--as admin calendar add-embargo", 3, "Diga el motivo"),
    "no basis": ("--as admin calendar add-electoral-period --name x", 3, "qué norma"),
    "a class that is none": (
        f"--as redactora posts classify {DRAFT} --class urgente",
        2,
        "No existe la clase «urgente»",
    ),
    "class and signature": (f"--as jefa posts classify {DRAFT} --class public_utility --sign", 2, "no firma"),
    "no such period": ("electoral list --period 9", 4, "No existe el periodo electoral 9"),
    "no such format": ("electoral list --period 9 --format xls", 2, "El formato «xls» no existe"),
    "a file without csv": ("electoral list --period 9 --out a.csv", 2, "--out sirve con --format csv"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_typed_wrong_is_refused(office: OfficeOnDisk, case: str) -> None:
    words, code, says = REFUSED[case]
    before = office.trace()
    check_refused(office, office.call(*words.split()), code=code, says=says)
    assert office.trace() == before
