"""Bad input ends in one sentence and an exit code, and changes nothing."""

import json
import shlex
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image

from core.lima import Week, to_lima
from scheduler.programme.annex import write_grid
from scheduler.programme.entries import ProgrammeCell
from tests.vocero.cli_office import (
    APPROVED,
    DRAFT,
    IN_REVIEW,
    NEVER,
    RETURNED,
    SCHEDULED,
    OfficeOnDisk,
    entry,
    write_workbook,
)
from tests.vocero.cli_refusals import check_plain, check_refused

Spoil = Callable[[OfficeOnDisk], None]

LATER = (datetime.now(UTC) + timedelta(days=300)).strftime("%Y-%m-%d 08:00")

# words of the command; exit code; part of the sentence
TYPED: dict[str, tuple[str, int, str]] = {
    "no such command": ("publicar", 2, "No existe la orden «publicar». Vea cuáles hay con: vocero --help"),
    "a command misspelt": ("postz", 2, "¿Quiso decir posts?"),
    "no such command in a group": ("posts lst", 2, "¿Quiso decir list? Vea cuáles hay con: vocero posts --help"),
    "no such option": ("posts list --stat", 2, "No existe la opción --stat. ¿Quiso decir --state?"),
    "no such option of all": ("--nada posts list", 2, "No existe la opción --nada."),
    "an option without its value": ("posts list --state", 2, "Falta el valor de la opción --state."),
    "a flag with a value": ("posts list --json=1", 2, "La opción --json no lleva ningún valor."),
    "a missing argument": ("posts show", 2, "Falta N."),
    "a missing option": ("programme export", 2, "Falta --week."),
    "one argument too many": ("posts show 1 2", 2, "Sobra lo que está al final: «2»."),
    "a word for a number": ("posts show uno", 2, "El valor de N no sirve: debe ser un número entero de 1 a 999999999."),
    "a number out of range": ("run --port 99999", 2, "debe ser un número entero de 0 a 65535."),
    "a negative number": ("deliver --patience -1", 2, "debe ser un número entero desde 0."),
    "a negative id as an option": ("posts show -5", 2, "No existe la opción -5."),
    "a negative id": ("posts show -- -5", 2, "El valor de N no sirve: debe ser un número entero de 1 a 999999999."),
    "an id beyond every table": ("posts show 99999999999999999999999", 2, "debe ser un número entero de 1 a"),
    "an id beyond every table among others": ("--as jefa posts submit 1 99999999999", 2, "debe ser un número entero"),
    "nobody acts": (f"posts submit {DRAFT}", 2, "Diga quién es usted"),
    "an unknown person acts": (f"--as nadie posts submit {DRAFT}", 4, "«nadie»"),
    "no post": (f"posts show {NEVER}", 4, f"No existe la publicación {NEVER}."),
    "no post to submit": (f"--as redactora posts submit {NEVER}", 4, f"No existe la publicación {NEVER}."),
    "no posts said": ("--as redactora posts submit", 2, "Diga los números de las publicaciones, o --week."),
    "posts and a week": (f"--as redactora posts submit {DRAFT} --week 2026-W48", 2, "Diga los números"),
    "a week that is none": ("posts list --week mañana", 2, "«mañana» no es una semana."),
    "a week without a week": ("programme export --week=", 2, "«» no es una semana."),
    "a week that no year has": ("posts list --week 2026-W60", 2, "«2026-W60» no es una semana."),
    "a week without posts": ("--as redactora posts submit --week 2020-W10", 2, "En esa semana no hay ninguna"),
    "a state that is none": ("posts list --state lista", 2, "No existe el estado «lista»."),
    "an hour that is none": (f"--as jefa posts schedule {APPROVED} --at mañana", 2, "«mañana» no es una hora."),
    "an hour outside what was approved": (
        f"--as jefa posts schedule {APPROVED} --at '{LATER}'",
        3,
        "fuera del tiempo aprobado",
    ),
    "an hour in the past": (f"--as redactora posts edit {DRAFT} --at '2020-01-01 08:00'", 3, "ya pasó"),
    "an hour before all time": (f"--as redactora posts edit {DRAFT} --at '0001-01-01 00:00'", 3, "ya pasó"),
    "an hour after all time": (f"--as redactora posts edit {DRAFT} --at '9999-12-31 23:59'", 2, "no es una hora"),
    "an edit of nothing": (f"--as redactora posts edit {DRAFT}", 2, "Diga qué cambia"),
    "an empty text": (f"--as redactora posts edit {DRAFT} --text ''", 3, "Falta el texto"),
    "a link that is none": (f"--as redactora posts edit {DRAFT} --link www", 3, "no es una dirección web"),
    "no network left": (
        f"--as redactora posts edit {DRAFT} --remove web --remove facebook",
        3,
        "no tiene ninguna red",
    ),
    "an unknown network": (f"--as redactora posts edit {DRAFT} --remove orkut", 2, "No se conoce la red «orkut»."),
    "a network of other posts": (f"--as redactora posts edit {DRAFT} --remove flickr", 2, "no va a Flickr"),
    "a text for no network": (f"--as redactora posts edit {DRAFT} --text-for hola", 2, "NOMBRE=TEXTO"),
    "an image without its text": (f"--as redactora posts edit {DRAFT} --image imagenes/taller.jpg", 2, "NOMBRE=TEXTO"),
    "an image with an empty text": (
        f"--as redactora posts edit {DRAFT} --image imagenes/taller.jpg=",
        3,
        "texto alternativo",
    ),
    "a role that may not": (f"--as redactora posts approve {IN_REVIEW} --yes", 3, "corresponde a: Jefatura de OPII"),
    "a role that may nothing": (f"--as auditora posts submit {DRAFT}", 3, "no puede hacer esto"),
    "an admin who would publish": (f"--as admin posts schedule {APPROVED}", 3, "no puede hacer esto"),
    "an approval of a draft": (f"--as jefa posts approve {DRAFT} --yes", 3, "está «Borrador»"),
    "an approval with another code": (
        f"--as jefa posts approve {IN_REVIEW} --code 00000000",
        2,
        "cambió. Léala otra vez.",
    ),
    "an approval that nobody confirms": (f"--as jefa posts approve {IN_REVIEW}", 2, "--code CÓDIGO"),
    "a code for many": (f"--as jefa posts approve {IN_REVIEW} {DRAFT} --code 00000000", 2, "una sola publicación"),
    "a schedule of what was not approved": (f"--as jefa posts schedule {DRAFT}", 3, "solo se programa lo aprobado"),
    "a second schedule": (f"--as jefa posts schedule {SCHEDULED}", 3, "Ya está programada"),
    "a cancel without a reason": (f"--as jefa posts cancel {SCHEDULED}", 3, "Diga el motivo con --reason."),
    "a return without a reason": (f"--as jefa posts return {IN_REVIEW}", 3, "--reason"),
    "a return of what was returned": (f"--as jefa posts return {RETURNED} --reason x", 3, "está «No conforme»"),
    "a pause without a reason": ("--as jefa accounts pause 1", 3, "--reason"),
    "a pause of no account": (f"--as jefa accounts pause {NEVER} --reason x", 4, "No existe la cuenta"),
    "a resume of what runs": ("--as jefa accounts resume 1", 3, "no está en pausa"),
    "a network that nobody knows": ("--as admin accounts connect orkut --id 1", 2, "No se conoce la red «orkut»."),
    "no credentials": ("--as admin accounts connect facebook --id 1", 2, "Dé las credenciales"),
    "credentials of no file": (
        "--as admin accounts connect facebook --id 1 --credentials nada.json",
        2,
        "No se puede leer «nada.json».",
    ),
    "credentials of a folder": (
        "--as admin accounts connect facebook --id 1 --credentials imagenes",
        2,
        "No se puede leer «imagenes».",
    ),
    "credentials that are a picture": (
        "--as admin accounts connect facebook --id 1 --credentials imagenes/taller.jpg",
        2,
        "un objeto JSON con: ",
    ),
    "a person there is": ("--as admin people add jefa --role auditor", 3, "Ya hay alguien con el usuario «jefa»."),
    "a login that is none": ("--as admin people add 'La Jefa' --role auditor", 2, "no sirve como usuario"),
    "a role that is none": ("--as admin people add nueva --role reina", 2, "No existe el papel «reina»."),
    "a settling of nothing": (f"--as jefa unknown settle {NEVER} --absent", 4, "No existe el envío"),
    "a settling of what is known": ("--as jefa unknown settle 1 --absent", 3, "no es incierto"),
    "a settling both ways": ("--as jefa unknown settle 1 --absent --published https://x.pe", 2, "Diga una de las dos"),
    "a settling neither way": ("--as jefa unknown settle 1", 2, "Diga una de las dos"),
    "an import of no file": ("--as redactora programme import nada.xlsx", 2, "No existe el archivo"),
    "an import of a folder": ("--as redactora programme import imagenes", 2, "«imagenes»"),
    "an import of a picture": ("--as redactora programme import imagenes/taller.jpg", 2, "no es un libro de Excel"),
    "an export into a file": (
        "programme export --week 2026-W48 --out semana.xlsx",
        6,
        "No se puede escribir en «semana.xlsx».",
    ),
    "an export in no format": ("programme export --week 2026-W48 --format doc", 2, "El formato «doc» no existe."),
    "a template over a file": ("programme template semana.xlsx --week 2026-W48", 2, "«semana.xlsx» ya existe"),
    "a template in no folder": ("programme template nada/a.xlsx --week 2026-W48", 6, "No se pudo escribir «a.xlsx»."),
    "no settings file": ("--settings nada.toml posts list", 2, "No se puede leer el archivo de ajustes «nada.toml»."),
    "settings that are a picture": ("--settings imagenes/taller.jpg posts list", 2, "No se puede leer el archivo"),
    "a rehearsal in a file": ("run --rehearsal --folder semana.xlsx --port 0", 6, "No se puede preparar la carpeta"),
    "a fault plan of no file": ("sandbox serve --port 0 --faults nada.json", 2, "No se puede leer el plan de fallas"),
    "an init in a file": ("init --file semana.xlsx/vocero.toml --login ana", 6, "No se puede escribir"),
}
# what is shown before the refusal: the post that was to be approved
_SHOWN_FIRST = "posts approve"


@pytest.mark.parametrize("case", TYPED)
def test_what_is_typed_wrong_is_refused(office: OfficeOnDisk, case: str) -> None:
    words, code, says = TYPED[case]
    before = office.trace()
    ended = office.call(*shlex.split(words))
    check_refused(office, ended, code=code, says=says)
    if _SHOWN_FIRST not in words:
        assert ended.out == ""
    assert office.trace() == before


def test_nobody_approves_what_they_wrote(office: OfficeOnDisk) -> None:
    assert office.call("--as", "jefa", "posts", "edit", str(IN_REVIEW), "--title", "Otro").code == 0
    before = office.trace()
    ended = office.call("--as", "jefa", "posts", "approve", str(IN_REVIEW), "--yes")
    check_refused(office, ended, code=3, says="debe aprobarla otra persona")
    assert office.trace() == before


def test_a_code_is_stale_once_the_post_changed(office: OfficeOnDisk) -> None:
    code = office.call("posts", "show", str(IN_REVIEW), "--json").json["code"]
    assert office.call("--as", "redactora", "posts", "edit", str(IN_REVIEW), "--text", "Otra cosa.").code == 0
    before = office.trace()
    ended = office.call("--as", "jefa", "posts", "approve", str(IN_REVIEW), "--code", code)
    check_refused(office, ended, code=2, says="cambió. Léala otra vez.")
    assert office.trace() == before


def test_of_many_posts_the_refused_are_told_and_the_rest_is_done(office: OfficeOnDisk) -> None:
    ended = office.call("--as", "redactora", "posts", "submit", str(NEVER), str(APPROVED), str(DRAFT))
    assert ended.code == 3
    assert ended.out == f"Publicación {DRAFT}: en revisión.\n"
    assert [line.partition(":")[0] for line in ended.err.splitlines()] == [
        f"Publicación {NEVER}",
        f"Publicación {APPROVED}",
    ]
    check_plain(office, ended.err)


# ── files ──

IN_A_PROCESS = frozenset({"broken", "missing image", "an image of 100 megapixels"})
"""Given to the real program, in a process of its own; the rest to its `main`, which is the same without the start."""


def _broken(office: OfficeOnDisk) -> None:
    path = office.folder / "semana.xlsx"
    path.write_bytes(path.read_bytes()[:3000])


def _empty(office: OfficeOnDisk) -> None:
    (office.folder / "semana.xlsx").write_bytes(b"")


def _page(office: OfficeOnDisk) -> None:
    (office.folder / "semana.xlsx").write_text("<html><table><tr><td>Lunes</td></tr></table></html>", encoding="utf-8")


WORKBOOKS: dict[str, tuple[Spoil, str]] = {
    "broken": (_broken, "dañado"),
    "0 bytes": (_empty, "está vacío (0 bytes)"),
    "a web page": (_page, "página web"),
}


@pytest.mark.parametrize("case", WORKBOOKS)
def test_a_workbook_that_is_none_is_refused(office: OfficeOnDisk, case: str) -> None:
    spoil, says = WORKBOOKS[case]
    spoil(office)
    before = office.trace()
    give = office.run if case in IN_A_PROCESS else office.call
    ended = give("--as", "redactora", "programme", "import", "semana.xlsx", "--media", "imagenes")
    check_refused(office, ended, code=2, says=says)
    assert ended.out == ""
    assert office.trace() == before


def _no_image(office: OfficeOnDisk) -> None:
    (office.folder / "imagenes" / "taller.jpg").unlink()


def _text_as_image(office: OfficeOnDisk) -> None:
    (office.folder / "imagenes" / "taller.jpg").write_text("no soy una imagen", encoding="utf-8")


def _empty_image(office: OfficeOnDisk) -> None:
    (office.folder / "imagenes" / "taller.jpg").write_bytes(b"")


def _cut_image(office: OfficeOnDisk) -> None:
    path = office.folder / "imagenes" / "taller.jpg"
    path.write_bytes(path.read_bytes()[:400])


def _huge_image(office: OfficeOnDisk) -> None:
    Image.new("1", (10_000, 10_000)).save(office.folder / "imagenes" / "taller.jpg", format="PNG")


def _past_week(office: OfficeOnDisk) -> None:
    long_ago = datetime(2024, 5, 14, 15, tzinfo=UTC)
    cells = [ProgrammeCell(replace(entry(1), publish_at=long_ago))]
    write_grid(cells, week=Week.of(to_lima(long_ago).date()), path=office.folder / "semana.xlsx")


def _unknown_network(office: OfficeOnDisk) -> None:
    book = load_workbook(office.folder / "semana.xlsx")
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and "taller.jpg" in cell.value:
                cell.value = cell.value.replace("Facebook", "Orkut")
    book.save(office.folder / "semana.xlsx")


def _same_again(office: OfficeOnDisk) -> None:
    write_workbook(office.folder / "semana.xlsx", entry(DRAFT))


PROGRAMMES: dict[str, tuple[Spoil, str]] = {
    "missing image": (_no_image, "no está la imagen «taller.jpg» en la carpeta"),
    "an image that is none": (_text_as_image, "«taller.jpg» no es una imagen"),
    "an image of 0 bytes": (_empty_image, "«taller.jpg» está vacío (0 bytes)"),
    "half an image": (_cut_image, "«taller.jpg» está dañada o incompleta"),
    "an image of 100 megapixels": (_huge_image, "10000 × 10000 píxeles"),
    "a date in the past": (_past_week, "ya pasó"),
    "an unknown network": (_unknown_network, "no se conoce la red «Orkut»"),
    "an entry that is there already": (_same_again, "ya está en el programa"),
}


@pytest.mark.parametrize("case", PROGRAMMES)
def test_a_programme_with_a_bad_cell_is_refused_whole(office: OfficeOnDisk, case: str) -> None:
    spoil, says = PROGRAMMES[case]
    spoil(office)
    before = office.trace()
    give = office.run if case in IN_A_PROCESS else office.call
    ended = give("--as", "redactora", "programme", "import", "semana.xlsx", "--media", "imagenes")
    assert ended.code == 2
    assert ended.out == ""
    *places, end = ended.err.splitlines()
    assert places
    assert all(place.startswith("✗ hoja «Programa», celda ") for place in places)
    assert says in places[0]
    assert "no se importó nada" in end
    check_plain(office, ended.err)
    assert office.trace() == before
    told = office.call("--as", "redactora", "programme", "import", "semana.xlsx", "--media", "imagenes", "--json")
    assert told.code == 2
    assert told.json["posts"] == []
    assert says in told.json["problems"][0]["reason"]
    assert told.err == ""
    assert office.trace() == before


IMAGES: dict[str, tuple[Spoil, str]] = {
    "missing": (_no_image, "No existe el archivo «taller.jpg»."),
    "none": (_text_as_image, "«taller.jpg» no es una imagen"),
    "0 bytes": (_empty_image, "está vacío (0 bytes)"),
    "100 megapixels": (_huge_image, "10000 × 10000 píxeles"),
}


@pytest.mark.parametrize("case", IMAGES)
def test_a_post_is_not_given_a_bad_image_nor_the_good_one_before_it(office: OfficeOnDisk, case: str) -> None:
    spoil, says = IMAGES[case]
    spoil(office)
    Image.new("RGB", (60, 60), "navy").save(office.folder / "buena.png")
    before = office.trace()
    words = ("--image", "buena.png=Azul", "--image", "imagenes/taller.jpg=Un taller")
    ended = office.call("--as", "redactora", "posts", "edit", str(DRAFT), *words)
    check_refused(office, ended, code=2, says=says)
    assert office.trace() == before


def test_a_refused_edit_leaves_no_image_behind(office: OfficeOnDisk) -> None:
    Image.new("RGB", (60, 60), "navy").save(office.folder / "buena.png")
    before = office.trace()
    words = ("--image", "buena.png=Azul", "--at", "2020-01-01 08:00")
    ended = office.call("--as", "redactora", "posts", "edit", str(DRAFT), *words)
    check_refused(office, ended, code=3, says="ya pasó")
    assert office.trace() == before


def test_a_text_that_is_too_long_is_refused(office: OfficeOnDisk) -> None:
    before = office.trace()
    ended = office.run("--as", "redactora", "posts", "edit", str(DRAFT), "--text", "-", stdin="ñ" * 63_207)
    check_refused(office, ended, code=3, says="El texto tiene 63207 caracteres y Facebook admite 63206.")
    assert office.trace() == before


def test_credentials_of_another_account_are_refused_and_never_shown(office: OfficeOnDisk) -> None:
    secret = {"page_token": "EAAG-secreto-de-prueba"}
    before = office.trace()
    words = ("--as", "admin", "accounts", "connect", "facebook", "--id", "1", "--credentials", "-")
    ended = office.run(*words, stdin=json.dumps({**secret, "sobra": "1"}))
    check_refused(office, ended, code=2, says="Las credenciales deben ser un objeto JSON con: ")
    ended = office.call(*words, stdin=json.dumps(secret))
    check_refused(office, ended, code=2, says="")
    assert secret["page_token"] not in ended.err + ended.out
    assert office.trace() == before


def test_a_fault_plan_that_is_none_is_refused(office: OfficeOnDisk, tmp_path: Path) -> None:
    plan = tmp_path / "fallas.json"
    plan.write_text("{no", encoding="utf-8")
    check_refused(office, office.call("sandbox", "serve", "--port", "0", "--faults", plan), code=2, says="no sirve")
