"""The office's work through the command line, and what programs read of it."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from openpyxl import load_workbook
from PIL import Image
from pypdf import PdfReader

from core.events import Event
from core.lima import shown
from policy.permissions import Act
from sandbox.server import SandboxServer
from tests.vocero.cli_office import (
    APPROVED,
    DRAFT,
    IN_REVIEW,
    RETURNED,
    SCHEDULED,
    OfficeOnDisk,
    entry,
    first_slot,
    through,
    week_of_posts,
    write_workbook,
)
from vocero.cli.record import event_line

WRITER, HEAD, ADMIN = ("--as", "redactora"), ("--as", "jefa"), ("--as", "admin")
CHECKED = ("posts", "checklist", "1", "--conforms", "message,wording,design")
IMPORT = (*WRITER, "programme", "import", "semana.xlsx", "--media", "imagenes")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")


# ── the programme ──


def test_a_programme_comes_in_as_drafts(office: OfficeOnDisk) -> None:
    dry = office.call(*IMPORT, "--dry-run")
    assert (dry.code, dry.out, dry.err) == (0, "2 entradas, sin problemas.\n", "")
    before = office.trace()
    told = office.call(*IMPORT, "--dry-run", "--json").json
    assert told == {"entries": 2, "posts": [], "problems": []}
    assert office.trace() == before
    done = office.run(*IMPORT)
    first = shown(first_slot() + timedelta(hours=20))
    assert done.code == 0
    assert done.out.splitlines()[0].startswith(f"✓ Borrador 6 · {first} · semana.xlsx, Programa!")
    assert done.out.splitlines()[-1] == "Se hicieron 2 borradores."
    assert [post["state"] for post in office.call("posts", "list", "--json").json if post["id"] > 5] == ["draft"] * 2


def test_what_is_good_comes_in_when_that_is_wished(office: OfficeOnDisk) -> None:
    write_workbook(office.folder / "semana.xlsx", entry(20, images=("nada.jpg",)), entry(21))
    done = office.call(*IMPORT, "--partial", "--json")
    assert done.code == 0
    assert done.json["entries"] == 2
    [post] = done.json["posts"]
    assert set(post) == {"id", "publish_at", "source"}
    assert _INSTANT.fullmatch(post["publish_at"])
    [problem] = done.json["problems"]
    assert set(problem) == {"sheet", "cell", "reason"}


def test_an_export_comes_in_again_and_the_pdf_can_be_read(office: OfficeOnDisk) -> None:
    week = week_of_posts().name
    done = office.call("programme", "export", "--week", week, "--out", "salida")
    assert done.code == 0
    assert done.out.splitlines() == [f"salida/programa-{week}.xlsx", f"salida/programa-{week}.pdf"]
    pages = PdfReader(office.folder / "salida" / f"programa-{week}.pdf").pages
    words = " ".join(page.extract_text() for page in pages)
    assert "Texto de la publicación 4." in words
    assert "Programada" in words
    again = (*WRITER, "programme", "import", f"salida/programa-{week}.xlsx", "--media", "imagenes", "--json")
    refused = office.call(*again)
    assert [problem["reason"].partition(" en el programa")[0] for problem in refused.json["problems"]] == [
        "Esta entrada ya está"
    ] * len(refused.json["problems"])
    for post in (DRAFT, IN_REVIEW, APPROVED, SCHEDULED, RETURNED):
        assert office.call(*HEAD, "posts", "cancel", str(post), "--reason", "se repite").code == 0
    assert len(office.call(*again).json["posts"]) == 5


def test_only_one_format_is_written_where_one_is_wished(office: OfficeOnDisk) -> None:
    week = week_of_posts().name
    assert office.call("programme", "export", "--week", week, "--format", "XLSX").code == 0
    assert [path.name for path in office.folder.glob(f"programa-{week}.*")] == [f"programa-{week}.xlsx"]


def test_the_template_is_an_empty_programme(office: OfficeOnDisk) -> None:
    done = office.call("programme", "template", "nueva.xlsx", "--week", week_of_posts().name)
    assert (done.code, done.out) == (0, "nueva.xlsx\n")
    assert load_workbook(office.folder / "nueva.xlsx").sheetnames == ["Programa", "Lista", "Instrucciones"]
    assert office.call(*WRITER, "programme", "import", "nueva.xlsx", "--json").json["posts"] == []


# ── posts ──


def test_posts_are_listed_by_their_hour(office: OfficeOnDisk) -> None:
    lines = office.call("posts", "list").out.splitlines()
    assert lines[0].split() == ["N.°", "Sale", "Estado", "Redes", "Comienza"]
    assert [line.split()[0] for line in lines[1:]] == ["1", "2", "3", "4", "5"]
    assert shown(first_slot() + timedelta(hours=1)) in lines[1]
    assert "Facebook, Página web" in lines[1]
    for state in ("draft", "Borrador"):
        assert [post["id"] for post in office.call("posts", "list", "--state", state, "--json").json] == [DRAFT]
    assert len(office.call("posts", "list", "--week", week_of_posts().name, "--json").json) == 5
    empty = office.call("posts", "list", "--week", "2020-W10")
    assert (empty.code, empty.out) == (0, "No hay ninguna así.\n")
    assert office.call("posts", "list", "--week", "2020-W10", "--json").json == []


def test_a_post_is_shown_with_its_way(office: OfficeOnDisk) -> None:
    out = office.call("posts", "show", str(SCHEDULED)).out
    for said in ("Publicación 4 · Aprobada", "Título 4", "Código:", "Aprobada por jefa para Facebook", "Programada"):
        assert said in out
    assert "redactora  importó el borrador" in out
    assert not re.search(r"[a-z]_[a-z]|in_review|scheduled|draft", out), "a raw code"


@pytest.mark.parametrize("act", [act for act in Act if act.endswith(("_post", "_programme", "_unknown"))])
def test_every_act_on_a_post_has_words_for_people(act: Act) -> None:
    event = Event(datetime(2026, 11, 23, 15, tzinfo=UTC), "jefa", "office_head", act, "post:1", "draft", "in_review")
    assert "_" not in event_line(event, {})
    assert event_line(event, {}).startswith("lun 23/11/2026 10:00  jefa  ")


def test_a_post_is_read_by_programs(office: OfficeOnDisk) -> None:
    post = office.call("posts", "show", str(SCHEDULED), "--json").json
    assert set(post) == {
        "id",
        "state",
        "publish_at",
        "source",
        "code",
        "revision",
        "author",
        "title",
        "text",
        "link",
        "media",
        "findings",
        "classification",
        "thread",
        "tags",
        "options",
        "window",
        "targets",
        "approvals",
        "outcome",
        "deliveries",
    }
    assert _INSTANT.fullmatch(post["publish_at"])
    assert [target["platform"] for target in post["targets"]] == ["facebook", "website"]
    assert {approval["approver"] for approval in post["approvals"]} == {"jefa"}
    assert [approval["digest"] for approval in post["approvals"]] == [target["digest"] for target in post["targets"]]
    assert {delivery["state"] for delivery in post["deliveries"]} == {"scheduled"}
    with_image = office.call("posts", "show", str(DRAFT), "--json").json["media"]
    assert [set(medium) for medium in with_image] == [{"sha256", "file_name", "alt_text", "role", "language"}]


def test_a_post_goes_from_draft_to_its_hour(office: OfficeOnDisk) -> None:
    Image.new("RGB", (720, 720), "olive").save(office.folder / "nueva.png")
    words = ("--text", "Otro texto.", "--title", "Otro", "--link", "https://www.gob.pe/inpe")
    edited = office.call(
        *WRITER, "posts", "edit", "1", *words, "--image", "nueva.png=Un cuadrado", "--text-for", "facebook=Solo aquí."
    )
    assert (edited.code, edited.out) == (0, "Publicación 1: versión 2.\n")
    assert "8.9" in office.call(*WRITER, "posts", "submit", "1").err, "an edit voids the signed checklist"
    assert office.call(*WRITER, *CHECKED).out == "Publicación 1: lista de verificación firmada, versión 2.\n"
    assert office.call(*WRITER, "posts", "submit", "1").out == "Publicación 1: en revisión.\n"
    code = office.call("posts", "show", "1", "--json").json["code"]
    approved = office.call(*HEAD, "posts", "approve", "1", "--code", code)
    assert approved.out.splitlines()[-1] == "Publicación 1: aprobada."
    assert "Texto en Facebook" in approved.out
    later = shown(first_slot() + timedelta(hours=2))
    at = (first_slot() + timedelta(hours=2) - timedelta(hours=5)).strftime("%Y-%m-%d %H:%M")
    scheduled = office.call(*WRITER, "posts", "schedule", "1", "--at", at)
    assert (scheduled.code, scheduled.out.count(later)) == (0, 2)
    post = office.call("posts", "show", "1", "--json").json
    assert (post["state"], post["revision"], post["title"]) == ("approved", 2, "Otro")
    assert [target["text"] for target in post["targets"]] == ["Solo aquí.", None]
    assert [medium["alt_text"] for medium in post["media"]] == ["Un cuadrado"]


def test_an_edit_takes_an_approval_back_and_says_so(office: OfficeOnDisk) -> None:
    edited = office.call(*WRITER, "posts", "edit", str(SCHEDULED), "--text", "-", stdin="Desde la entrada.")
    assert "La aprobación anterior quedó sin efecto" in edited.out
    post = office.call("posts", "show", str(SCHEDULED), "--json").json
    assert (post["state"], post["approvals"], post["text"]) == ("in_review", [], "Desde la entrada.")
    assert {delivery["state"] for delivery in post["deliveries"]} == {"cancelled"}


def test_a_post_is_returned_and_another_cancelled(office: OfficeOnDisk) -> None:
    returned = office.call(*HEAD, "posts", "return", str(IN_REVIEW), "--reason", "Falta el lugar.")
    assert returned.out == f"Publicación {IN_REVIEW}: devuelta para corregir.\n"
    assert "Falta el lugar." in office.call("posts", "show", str(IN_REVIEW)).out
    cancelled = office.call(*HEAD, "posts", "cancel", str(SCHEDULED), "--reason", "Se postergó.")
    assert cancelled.out == f"Publicación {SCHEDULED}: anulada; envíos retirados del programa: 2.\n"
    assert office.call("posts", "show", str(SCHEDULED), "--json").json["state"] == "cancelled"


def test_a_whole_week_is_done_at_once(office: OfficeOnDisk) -> None:
    week = ("--week", week_of_posts().name)
    assert office.call(*WRITER, "posts", "submit", *week).out.count("en revisión") == 2
    assert office.call(*HEAD, "posts", "approve", *week, "--yes").out.count("aprobada.") == 3
    scheduled = office.call(*HEAD, "posts", "schedule", *week)
    assert scheduled.code == 3, "one of the week's was scheduled already"
    assert scheduled.err == f"Publicación {SCHEDULED}: Ya está programada o publicada en todas sus redes.\n"
    assert scheduled.out.count("Envío") == 8


# ── accounts, people, record ──


def test_accounts_are_listed_checked_paused_and_resumed(office: OfficeOnDisk, platforms: SandboxServer) -> None:
    listed = office.call("accounts", "list", "--json").json
    assert [account["platform"] for account in listed] == ["facebook", "website"]
    assert set(listed[0]) == {
        "id",
        "platform",
        "handle",
        "name",
        "remote_id",
        "address",
        "state",
        "state_reason",
        "waits_until",
        "credentials_expire_at",
        "connect_again_before",
    }
    checked = office.call("accounts", "check", env=through(platforms))
    assert (checked.code, checked.out.count("✓")) == (0, 2)
    told = office.call("accounts", "check", "--json", env=through(platforms)).json
    assert [account["ok"] for account in told] == [True, True]
    paused = office.call(*HEAD, "accounts", "pause", "1", "--reason", "Crisis")
    assert paused.out.endswith(" está en pausa.\n")
    assert "En pausa: Crisis" in office.call("accounts", "list").out
    assert office.call(*HEAD, "accounts", "resume", "1").code == 0
    assert {account["state"] for account in office.call("accounts", "list", "--json").json} == {"active"}


def test_an_account_that_does_not_answer_is_told(office: OfficeOnDisk) -> None:
    checked = office.call("accounts", "check")
    assert checked.code == 1
    assert checked.out.count("✗") == 2
    assert checked.out.count("revise si los ajustes dejan salir hacia esa red (only_routed, routes)") == 2


def test_an_account_is_given_credentials_from_a_file(office: OfficeOnDisk, platforms: SandboxServer) -> None:
    world = platforms.sandbox.world.facebook
    words = (*ADMIN, "accounts", "connect", "facebook", "--id", world.page_id, "--credentials", "-")
    given = json.dumps({"page_token": world.page_token})
    done = office.run(*words, stdin=given, env=through(platforms))
    assert (done.code, done.out) == (0, f"Cuenta 1 conectada: {world.page_name} en Facebook.\n")
    before = office.trace()
    wrong = json.dumps({"page_token": world.other_page_token})
    refused = office.call(*words, stdin=wrong, env=through(platforms))
    assert refused.code == 3
    assert refused.err.startswith(f"Error: Esas credenciales abren la cuenta {world.other_page_id}")
    assert world.other_page_token not in refused.err
    assert office.trace() == before


def test_people_are_added_and_listed(office: OfficeOnDisk) -> None:
    done = office.call(*ADMIN, "people", "add", "lia.c", "--role", "community_agent", "--name", "Lía Ccori")
    assert done.out == "Se agregó a Lía Ccori (Gestión de comunidad).\n"
    people = office.call("people", "list", "--json").json
    assert {"login": "lia.c", "name": "Lía Ccori", "role": "community_agent", "active": True} in people
    assert "Gestión de comunidad" in office.call("people", "list").out


def test_who_acts_can_be_a_setting(office: OfficeOnDisk) -> None:
    assert office.call("posts", "submit", "1", env={"VOCERO_ACTOR": "redactora"}).code == 0


def test_nothing_is_uncertain_at_first(office: OfficeOnDisk) -> None:
    assert office.call("unknown", "list").out == "No hay resultados inciertos.\n"
    assert office.call("unknown", "list", "--json").json == []


def test_what_is_uncertain_is_shown_and_settled(office: OfficeOnDisk) -> None:
    office.write_sql("UPDATE deliveries SET state = 'unknown', due_at = NULL WHERE id = 1")
    office.write_sql(
        "INSERT INTO attempts (delivery_id, step, worker, fence, started_at, outcome, detail)"
        " SELECT 1, 'publish', 'w', 1, created_at, 'OutcomeUnknown', 'x' FROM posts WHERE id = 1"
    )
    out = office.call("unknown", "list").out
    assert "Resultado incierto" in out
    assert "publicar: La red no confirmó el resultado." in out
    [told] = office.call("unknown", "list", "--json").json
    assert [attempt["step"] for attempt in told["attempts"]] == ["publish"]
    done = office.call(*HEAD, "unknown", "settle", "1", "--published", "https://www.facebook.com/1/posts/2")
    assert (done.code, done.out) == (0, "El envío 1 queda «Publicada».\n")
    cancelled = office.call(*HEAD, "posts", "cancel", str(SCHEDULED), "--reason", "Se postergó.")
    assert "Lo que ya salió sigue publicado:" in cancelled.out


def test_the_record_is_whole_until_somebody_changes_it(office: OfficeOnDisk) -> None:
    told = office.call("audit", "verify", "--json")
    assert told.code == 0
    assert set(told.json) == {"ok", "events", "hash", "broken_at", "damages", "more"}
    assert (told.json["ok"], told.json["broken_at"]) == (True, None)
    assert "Registro íntegro" in office.call("audit", "verify").out
    for name in _triggers(office):
        office.write_sql(f"DROP TRIGGER {name}")
    office.write_sql("UPDATE events SET actor = 'jefb' WHERE number = 12")
    told = office.call("audit", "verify", "--json")
    assert told.code == 1
    assert (told.json["ok"], told.json["broken_at"]) == (False, 12)
    shown_to_people = office.run("audit", "verify")
    assert (shown_to_people.code, shown_to_people.err) == (1, "")
    assert shown_to_people.out.splitlines()[1:] == [
        "  el suceso 12 fue cambiado: lo que dice ya no da su huella",
    ]


def _triggers(office: OfficeOnDisk) -> list[str]:
    return re.findall(r"CREATE TRIGGER (\w+)", "\n".join(office.trace()[0]))
