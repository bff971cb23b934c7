"""A post's case file: what it tells, what it keeps back, and that a bare Python finds every harm done to it."""

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from core.deliveries import Step
from core.errors import InvalidInput, NotAllowed, NotFound, StorageError
from core.media import Attachment
from core.people import Role
from core.posts import Content, Post
from core.requests import Channel, RequestState
from storage.database import Database
from tests.databases import Clock
from tests.storage.rows import DETAILS
from tests.vocero.desk import ActingOffice
from vocero.actions.cases import ExportCase, ExportWholeCase
from vocero.actions.posts import CancelPost
from vocero.casefile import pack, read_case
from vocero.casefile.reserving import RESERVED, Names

TOKEN = "subida-secreta-1234"  # what a stage may hold


@dataclass
class Casework:
    """An office with a post that went out on one of two accounts, asked for by somebody of an area."""

    desk: ActingOffice
    folder: Path
    post: Post

    def export(self, name: str = "caso", *, who: Role = Role.OFFICE_HEAD, whole: bool = False) -> Path:
        kind = ExportWholeCase if whole else ExportCase
        kind(
            self.desk.office, self.desk.people[who], post_id=self.post.id, out=self.folder / name, zipped=False
        ).run()  # fmt: skip
        return self.folder / name


def verified(case: Path, *more: str | Path) -> tuple[int, list[str]]:
    """Run the case file's own verifier in a bare Python, as somebody without Vocero does."""
    script = case / "verificar.py" if case.is_dir() else case
    command = [sys.executable, "-I", "-S", str(script), *map(str, more)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def record_of(case: Path) -> Any:
    return json.loads((case / "expediente.json").read_text(encoding="utf-8"))


@pytest.fixture
def work(database: Database, clock: Clock, tmp_path: Path) -> Casework:
    desk = ActingOffice.open(database, clock, tmp_path)
    photo = tmp_path / "taller.png"
    Image.new("RGB", (1200, 630), "teal").save(photo)
    [medium] = desk.office.media.keep_all([photo])
    content = Content(
        text="Feria productiva.\nVea más: {enlace-web}",
        title="Feria 🎉",
        attachments=(Attachment(medium, "Un taller"),),
    )
    requester = desk.people[Role.REQUESTER]
    with database.write() as transaction:
        asked = transaction.requests.add(
            DETAILS, state=RequestState.IN_PRODUCTION, created_by=requester.id, now=transaction.now
        )
        transaction.requests.decide(
            asked.id,
            accepted=True,
            decided_by="Presidencia",
            decided_at=clock.now,
            channel=Channel.MOBILE,
            written_by=desk.head.id,
            reason="Llamó desde el 987 654 321",
            ratify_before=clock.now + timedelta(hours=24),
            now=transaction.now,
        )
    post = desk.scheduled(content=content)
    with database.write() as transaction:
        transaction._connection.exec_driver_sql(f"UPDATE posts SET request_id = {asked.id} WHERE id = {post.id}")
        [delivery] = [each for each in transaction.deliveries.of_post(post.id) if each.account_id == desk.site.id]
        transaction._connection.exec_driver_sql(
            f"UPDATE deliveries SET stage_token = '{json.dumps({'url': TOKEN})}', state = 'published',"
            f" url = 'https://site.example/feria' WHERE id = {delivery.id}"
        )
        attempt = transaction.deliveries.begin(delivery, Step.PUBLISH, worker="pc-de-ana:77", now=clock.now)
        detail = f'{{"access_token":"{TOKEN}"}} 200'
        transaction.deliveries.end(attempt, outcome="published", detail=detail, now=clock.now)
    return Casework(desk, tmp_path, desk.post(post.id))


def test_the_case_file_tells_all_and_a_bare_python_finds_it_whole(work: Casework) -> None:
    case = work.export()
    assert sorted(path.relative_to(case).as_posix() for path in case.rglob("*") if path.is_file()) == [
        "LEAME.txt",
        "caratula.pdf",
        "expediente.json",
        "manifiesto.json",
        f"media/{record_of(case)['media'][0]['sha256']}.png",
        "verificar.py",
    ]
    code, said = verified(case)
    assert (code, said[0]) == (
        0,
        f"El expediente está íntegro: 1 archivo(s), 2 aprobación(es), {len(record_of(case)['events'])} suceso(s).",
    )
    manifest = hashlib.sha256((case / "manifiesto.json").read_bytes()).hexdigest()
    assert manifest in said[1]
    record = record_of(case)
    assert said[2].endswith(f"{record['chain']['number']}:{record['chain']['hash']}")
    assert {each["network"] for each in record["accounts"]} == {"Página web", "Facebook"}
    assert [each["decided_by"] for each in record["requests"][0]["decisions"]] == ["Presidencia"]
    [checklist] = record["revisions"][0]["checklists"]
    assert checklist["signed_by"] == work.desk.owner.login
    assert [each["url"] for each in record["deliveries"] if each["state"] == "published"] == [
        "https://site.example/feria"
    ]
    # the record says who was given what
    last = work.desk.events(f"post:{work.post.id}")[-1].event
    assert (last.action, last.actor, last.digest) == ("export_case", work.desk.head.login, manifest)


def test_the_cover_says_who_asked_wrote_approved_and_what_went_where(work: Casework) -> None:
    case = work.export()
    reader = PdfReader(case / "caratula.pdf")
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).replace("\u200b", "").split())
    record = record_of(case)
    for words in (
        f"Expediente de la publicación N.° {work.post.id}",
        "Oficina Regional Lima",
        "Solicitud de un área usuaria",
        f"{work.desk.owner.name} (Responsable del contenido)",
        f"{work.desk.head.name} (Jefatura de OPII)",
        "Presidencia aceptó",
        "https://site.example/feria",
        record["approvals"][0]["digest"][:32],
        record["media"][0]["sha256"][32:],
        record["chain"]["hash"],
        "taller.png",
        "aprobó",
        "reservados (Ley 29733)",
    ):
        assert words in text, words
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages} == {(595, 842)}


def test_personal_data_are_kept_back_unless_who_may_asks_and_the_record_says_so(work: Casework) -> None:
    requester = work.desk.people[Role.REQUESTER]
    reserved = work.export("reservado")
    everything = b"".join(path.read_bytes() for path in reserved.rglob("*.*") if path.suffix != ".pdf").decode(
        "utf-8", "ignore"
    )
    for personal in (requester.login, requester.name, DETAILS.event, "987 654 321"):
        assert personal not in everything
    request = record_of(reserved)["requests"][0]
    assert (request["event"], request["created_by"]) == (RESERVED, f"solicitante-{requester.id}")
    assert request["decisions"][0]["reason"] == f"Llamó desde el {RESERVED}"
    refused = ExportWholeCase(
        work.desk.office, work.desk.head, post_id=work.post.id, out=work.folder / "todo", zipped=False
    )
    work.desk.refuses(refused, "role")
    assert not (work.folder / "todo").exists()
    whole = work.export("todo", who=Role.PRIVACY_OFFICER, whole=True)
    assert verified(whole)[0] == 0
    assert whole.stat().st_mode & 0o077 == 0  # for whoever asked for it alone
    request = record_of(whole)["requests"][0]
    assert (request["event"], request["created_by"]) == (DETAILS.event, requester.login)
    events = [each.event for each in work.desk.events(f"post:{work.post.id}")][-2:]
    assert [each.action for each in events] == ["export_case", "export_personal_data"]


def test_neither_credentials_nor_what_was_prepared_is_in_it(work: Casework) -> None:
    case = work.export(who=Role.AUDITOR, whole=True)
    with work.desk.office.database.read() as transaction:
        sealed = transaction.accounts.sealed_credentials(work.desk.site.id)
    for path in case.rglob("*"):
        if path.is_file():
            assert TOKEN.encode() not in path.read_bytes()
            assert sealed not in path.read_bytes()
            assert b"pc-de-ana" not in path.read_bytes()
    [delivery] = [each for each in record_of(case)["deliveries"] if each["attempts"]]
    assert not {"stage", "stage_token"} & set(delivery)
    [attempt] = delivery["attempts"]
    assert (attempt["step"], attempt["outcome"], attempt["detail"]) == (
        "publish",
        "published",
        '{"access_token":"[oculto]"} 200',
    )


def test_what_a_requester_did_keeps_its_links_though_not_its_hash(work: Casework) -> None:
    with work.desk.office.database.write() as transaction:
        from core.events import Event

        for reason in ("Soy Juana, DNI 40123456", "Escriba a juana@correo.pe"):
            transaction.tell(
                Event(
                    at=transaction.now,
                    actor=work.desk.people[Role.REQUESTER].login,
                    role=Role.REQUESTER,
                    action="submit_request",
                    subject=f"request:{work.post.request_id}",
                    reason=reason,
                    data={"decided_by": "Ana, 987654321", "origin": "user_area"},
                )
            )
    case = work.export()
    record = record_of(case)
    kept = [each for each in record["events"] if each["reserved"]]
    assert [(each["reason"], each["reserved"]) for each in kept] == [(RESERVED, ["actor", "data", "reason"])] * 2
    assert kept[0]["data"] == {"decided_by": f"Ana, {RESERVED}", "origin": "user_area"}
    code, said = verified(case)
    assert (code, said[0][:26]) == (0, "AVISO expediente.json: 2 s")
    kept[1]["previous"] = "0" * 64
    harm_record(case, record)
    assert any("no continúa del suceso anterior" in line for line in verified(case)[1])


def harm_record(case: Path, record: Any) -> None:
    """Write another record and make the manifest fit: only what the record itself says can betray it then."""
    raw = json.dumps(record, ensure_ascii=False, sort_keys=True, indent=2).encode() + b"\n"
    (case / "expediente.json").write_bytes(raw)
    manifest = json.loads((case / "manifiesto.json").read_text(encoding="utf-8"))
    manifest["files"]["expediente.json"] = {"sha256": hashlib.sha256(raw).hexdigest(), "size": len(raw)}
    exact = json.dumps(manifest["files"], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    manifest["sha256"] = hashlib.sha256(exact).hexdigest()
    (case / "manifiesto.json").write_text(
        json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=2) + "\n", encoding="utf-8"
    )


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_one_byte_of_any_file_is_found_and_the_file_is_named(work: Casework) -> None:
    case = work.export()
    for path in sorted(path for path in case.rglob("*") if path.is_file()):
        name, whole = path.relative_to(case).as_posix(), path.read_bytes()
        # in verificar.py within its first sentence: the program must still run to tell
        for place in (10,) if name == "verificar.py" else (0, len(whole) // 3, len(whole) - 1):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            code, said = verified(case)
            assert code == 1
            assert any(line.startswith(f"FALLA {name}") for line in said), (name, place, said)
        path.unlink()
        if name != "verificar.py":
            assert any(line.startswith(f"FALLA {name}: ") for line in verified(case)[1])
        path.write_bytes(whole)
    (case / "media" / "otra.png").write_bytes(b"x")
    assert "FALLA media/otra.png: no es parte del expediente; alguien lo añadió." in verified(case)[1]
    (case / "media" / "otra.png").unlink()
    assert verified(case)[0] == 0


@pytest.mark.parametrize("database_kind", ["sqlite"])
def test_a_record_that_was_changed_together_with_its_manifest_is_found(work: Casework) -> None:
    case = work.export()
    whole = record_of(case)

    def said_of(change: Any) -> list[str]:
        record = json.loads(json.dumps(whole))
        change(record)
        harm_record(case, record)
        return verified(case)[1]

    def set_in(*path: Any, value: Any) -> Any:
        def change(record: Any) -> None:
            for step in path[:-1]:
                record = record[step]
            record[path[-1]] = value

        return change

    first = whole["events"][0]["number"]
    approval = whole["approvals"][0]["id"]
    for change, sentence in (
        (set_in("events", 0, "reason", value="otro"), f"FALLA expediente.json, suceso {first}: lo que dice no da"),
        (set_in("events", 0, "hash", value="0" * 64), f"FALLA expediente.json, suceso {first}: lo que dice no da"),
        (
            set_in("approvals", 0, "bound", "text", value="otro"),
            f"FALLA expediente.json, aprobación {approval}: la hue",
        ),
        (set_in("approvals", 0, "digest", value="0" * 64), f"FALLA expediente.json, aprobación {approval}: la huella"),
        (set_in("approvals", 0, "account", value=whole["approvals"][1]["account"]), "es de otra cuenta"),
        (set_in("revisions", 0, "media", value=[]), "sus archivos no son los de la versión"),
        (set_in("revisions", 0, "text", value="otro"), "el texto aprobado no es el de la versión"),
        (set_in("approvals", value=[]), "no está la aprobación que lo permitió"),
        (set_in("chain", "number", value=1), "es posterior al final del registro"),
        (set_in("events", value=whole["events"][::-1]), "está fuera de orden o repetido"),
        (set_in("events", value=None), "le falta algo o tiene otra forma"),
    ):
        assert any(sentence in line for line in said_of(change)), sentence
    assert said_of(lambda _record: None)[0].startswith("El expediente está íntegro")


def test_the_same_data_give_the_same_bytes(work: Casework) -> None:
    office = work.desk.office
    with office.database.read() as transaction:
        cases = [read_case(transaction, work.post.id, whole=False) for _ in range(2)]
    packed = [pack(each, office.media, work.folder / f"{n}.zip", zipped=True) for n, each in enumerate(cases)]
    for each in packed:
        each.keep()
    assert packed[0].digest == packed[1].digest
    assert (work.folder / "0.zip").read_bytes() == (work.folder / "1.zip").read_bytes()
    with zipfile.ZipFile(work.folder / "0.zip") as archive:
        archive.extractall(work.folder / "abierto")
    assert verified(work.folder / "abierto" / f"expediente-{work.post.id}")[0] == 0


def test_a_place_that_is_taken_is_refused_and_nothing_is_told(work: Casework) -> None:
    taken = work.folder / "ocupada"
    taken.mkdir()
    (taken / "nota.txt").write_text("mía")
    before = work.desk.events(f"post:{work.post.id}")
    with pytest.raises(InvalidInput, match="no está vacía"):
        work.export("ocupada")
    with pytest.raises(InvalidInput, match="No existe la carpeta"):
        work.export("falta/caso")
    with pytest.raises(NotFound):
        ExportCase(
            work.desk.office, work.desk.head, post_id=99, out=work.folder / "x", zipped=False
        ).run()  # fmt: skip
    with pytest.raises(NotAllowed):
        work.export("x", who=Role.DESIGNER)
    assert [path.name for path in taken.iterdir()] == ["nota.txt"]
    assert work.desk.events(f"post:{work.post.id}") == before
    assert {path.name for path in work.folder.iterdir()} == {"media", "ocupada", "taller.png"}
    (work.folder / "vacía").mkdir()
    assert verified(work.export("vacía"))[0] == 0


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("zipped", [False, True])
def test_a_disk_that_refuses_leaves_nothing(work: Casework, monkeypatch: pytest.MonkeyPatch, zipped: bool) -> None:
    before = work.desk.events(f"post:{work.post.id}")
    listed = {path.name for path in work.folder.iterdir()}

    def full(path: Path, data: bytes) -> int:
        if path.name == "manifiesto.json":
            raise OSError(28, os.strerror(28))
        return real(path, data)

    real = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StorageError, match="No queda espacio"):
        ExportCase(
            work.desk.office, work.desk.head, post_id=work.post.id, out=work.folder / "caso", zipped=zipped
        ).run()  # fmt: skip
    assert {path.name for path in work.folder.iterdir()} == listed
    assert work.desk.events(f"post:{work.post.id}") == before


def test_a_file_that_the_office_lost_is_told_and_fails_nothing(work: Casework) -> None:
    [medium] = work.desk.revision(work.post).content.attachments
    work.desk.office.media.path(medium.medium.sha256).unlink()
    case = work.export()
    code, said = verified(case)
    assert code == 0
    assert said[0].endswith("faltaba en la oficina cuando se exportó; no está en el expediente.")


def test_the_whole_history_stays_after_the_post_was_cancelled(work: Casework) -> None:
    post = work.desk.scheduled()
    CancelPost(work.desk.office, work.desk.head, post_id=post.id, reason="Se suspende.").run()
    case = work.folder / "anulada"
    ExportCase(work.desk.office, work.desk.head, post_id=post.id, out=case, zipped=False).run()
    record = record_of(case)
    assert {each["revoked_at"] is None for each in record["approvals"]} == {False}
    assert verified(case)[0] == 0


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("llame al +51 987-654-321", f"llame al {RESERVED}"),
        ("a juana.perez@correo.gob.pe.", f"a {RESERVED}."),
        ("DNI 40123456", f"DNI {RESERVED}"),
        ("el 24/11/2026 a las 15:04, oficio 123-2026", "el 24/11/2026 a las 15:04, oficio 123-2026"),
    ],
)
def test_what_looks_like_personal_data_is_kept_back_in_reasons(text: str, kept: str) -> None:
    assert Names([], whole=False).told(text) == kept
    assert Names([], whole=True).told(text) == text


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("zipped", [False, True])
def test_what_appeared_in_its_place_meanwhile_is_not_touched(work: Casework, zipped: bool) -> None:
    office = work.desk.office
    with office.database.read() as transaction:
        case = read_case(transaction, work.post.id, whole=False)
    place = work.folder / "caso.zip"
    packed = pack(case, office.media, place, zipped=zipped)
    place.write_text("ajeno")
    with pytest.raises(StorageError, match="ya está anotada"):
        packed.keep()
    assert place.read_text() == "ajeno"
    assert not packed.part.exists()
