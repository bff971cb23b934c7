"""The record from the command line: judged, searched, signed, and worked out again by hand."""

import hashlib
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vocero.cli_office import APPROVED, DRAFT, NEVER, SCHEDULED, OfficeOnDisk

DOCUMENT = (Path(__file__).parents[2] / "docs/reference/audit-chain.md").read_text(encoding="utf-8")


def unguard(office: OfficeOnDisk) -> None:
    for name in re.findall(r"CREATE TRIGGER (\w+)", "\n".join(office.trace()[0])):
        office.write_sql(f"DROP TRIGGER {name}")


def test_the_document_s_example_is_right() -> None:
    [command] = re.findall(r"^printf .*$", DOCUMENT, re.MULTILINE)
    _printf, _form, previous, canonical, *_rest = shlex.split(command)
    assert hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest() in DOCUMENT
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] in DOCUMENT


def test_the_document_s_program_works_out_the_chain_of_an_office(office: OfficeOnDisk, tmp_path: Path) -> None:
    [program] = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    exported = tmp_path / "registro.json"
    exported.write_text(office.call("audit", "show", "--limit", "100000", "--json").out, encoding="utf-8")

    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-W", "ignore", "-c", program, str(exported)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == office.call("audit", "head").out.splitlines()[0]
    events = json.loads(exported.read_text(encoding="utf-8"))
    events[4]["reason"] = "otro"
    exported.write_text(json.dumps(events), encoding="utf-8")
    assert (run().returncode, run().stderr.strip()) == (1, "El suceso 5 no coincide.")


def test_every_kind_of_damage_is_in_the_document() -> None:
    from core.chain import DamageKind
    from vocero.cli.damaged import _ONE, damage_line

    assert set(_ONE) == set(DamageKind)
    for kind in DamageKind:
        assert f"`{kind}`" in DOCUMENT
    from core.chain import Damage

    assert damage_line(Damage(DamageKind.CHANGED, 4512, 4512)).startswith("el suceso 4\u202f512 fue cambiado")
    assert "los sucesos que llevan los números 3 a 9 eran los 4 a 10" in damage_line(Damage(DamageKind.MOVED, 3, 9, 4))


def test_several_faults_are_told_one_by_one(office: OfficeOnDisk) -> None:
    unguard(office)
    office.write_sql("UPDATE events SET reason = 'otro' WHERE number = 3")
    office.write_sql("UPDATE events SET data = '{' WHERE number = 5")
    office.write_sql("UPDATE events SET at = CAST(x'ff' AS TEXT) WHERE number = 7")
    office.write_sql("DELETE FROM events WHERE number BETWEEN 9 AND 11")
    told = office.call("audit", "verify")
    assert (told.code, told.err) == (1, "")
    assert told.out.splitlines()[1:] == [
        "  el suceso 3 fue cambiado: lo que dice ya no da su huella",
        "  el suceso 5 fue cambiado: no se puede leer (los datos)",
        "  el suceso 7 fue cambiado: no se puede leer (la hora)",
        "  faltan los sucesos 9 a 11: fueron quitados",
    ]
    found = office.call("audit", "verify", "--json").json
    assert [each["kind"] for each in found["damages"]] == ["changed", "unreadable", "unreadable", "removed"]


def test_a_head_kept_outside_shows_what_the_chain_alone_cannot(office: OfficeOnDisk) -> None:
    head = office.call("audit", "head").out.splitlines()[0]
    said = office.call("audit", "head", "--json").json
    assert head == f"{said['number']}:{said['hash']}"
    fine = office.call("audit", "verify", "--head", head)
    assert (fine.code, fine.out.splitlines()[1:]) == (0, ["Coincide con 1 huella guardada."])
    unguard(office)
    office.write_sql("DELETE FROM events WHERE number > 10")
    office.write_sql("UPDATE chain SET number = 10, hash = (SELECT hash FROM events WHERE number = 10)")
    assert office.call("audit", "verify").code == 0
    cut = office.call("audit", "verify", "--head", head)
    assert cut.code == 1
    assert "no tiene la huella que se guardó fuera" in cut.out
    assert office.call("audit", "verify", "--head", "12").code == 2


def test_a_signed_head_is_checked_with_the_public_key(office: OfficeOnDisk) -> None:
    key, signed = office.folder / "var/audit.key", office.folder / "final.json"
    env = {"VOCERO_AUDIT_KEY_PASSPHRASE": "una frase larga"}
    made = office.call("audit", "keygen", "--json", env=env)
    assert made.code == 0
    assert key.stat().st_mode & 0o777 == 0o600
    assert b"ENCRYPTED" in key.read_bytes()
    assert office.call("audit", "keygen", env=env).code == 2, "an old key was overwritten"
    assert office.call("audit", "sign", "--out", signed).code == 2, "signed without the passphrase"
    assert office.call("audit", "sign", "--out", signed, env={"VOCERO_AUDIT_KEY_PASSPHRASE": "otra"}).code == 2
    assert office.call("audit", "sign", "--out", signed, env=env).code == 0
    assert office.call("audit", "sign", "--out", signed, env=env).code == 2, "what was kept was overwritten"
    check = ("audit", "verify", "--signed", signed, "--public-key", f"{key}.pub")
    assert office.call(*check).code == 0
    assert office.call(*check[:4]).code == 2, "no public key"
    document = json.loads(signed.read_text(encoding="utf-8"))
    assert document["public_key"] == made.json["fingerprint"]
    document["claim"]["number"] -= 1
    signed.write_text(json.dumps(document), encoding="utf-8")
    refused = office.call(*check)
    assert (refused.code, refused.out) == (2, "")
    assert "La firma" in refused.err
    signed.write_text("[]", encoding="utf-8")
    assert office.call(*check).code == 2


def test_a_key_without_a_passphrase_works_too(office: OfficeOnDisk) -> None:
    assert "no tiene frase" in office.call("audit", "keygen").out
    document = office.call("audit", "sign").json
    assert document["claim"]["number"] == office.call("audit", "head", "--json").json["number"]
    assert office.call("audit", "sign", env={"VOCERO_AUDIT_KEY_PASSPHRASE": "x"}).code == 2


def test_the_record_is_searched(office: OfficeOnDisk) -> None:
    found = office.call("audit", "show", str(APPROVED), "--json").json
    assert {each["subject"] for each in found} == {f"post:{APPROVED}"}
    by_head = office.call("audit", "show", "--actor", "jefa", "--action", "approve_post", "--json").json
    assert {(each["actor"], each["action"]) for each in by_head} == {("jefa", "approve_post")}
    assert office.call("audit", "show", "--since", "2999-01-01", "--json").json == []
    assert "No hay ningún suceso así." in office.call("audit", "show", "delivery:99").out
    last = office.call("audit", "show", "--limit", "2")
    assert len(last.out.splitlines()) == 4
    assert "Solo los 2 más nuevos" in last.out
    assert office.call("audit", "show", "--since", "ayer").code == 2


@pytest.mark.parametrize("network", ["fb", "web", "1"])
def test_a_digest_is_worked_out_by_hand(office: OfficeOnDisk, network: str) -> None:
    raw = office.run("audit", "digest", str(APPROVED), "--account", network, "--raw")
    [said] = office.call("audit", "digest", str(APPROVED), "--account", network, "--json").json
    assert hashlib.sha256(raw.out.encode()).hexdigest() == said["digest"] == said["approved"]
    assert raw.out == said["text"]
    assert json.loads(raw.out)["text"] == f"Texto de la publicación {APPROVED}."
    assert "Es la que se aprobó." in office.call("audit", "digest", str(APPROVED)).out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("approval:1",), 0),
        (("delivery:1",), 0),
        (("version:1",), 0),
        ((str(DRAFT), "--raw"), 2),
        ((str(NEVER),), 4),
        (("approval:999",), 4),
        (("post",), 2),
        ((str(DRAFT), "--account", "flickr"), 2),
    ],
)
def test_what_a_digest_is_asked_of(office: OfficeOnDisk, words: tuple[str, ...], code: int) -> None:
    ended = office.call("audit", "digest", *words)
    assert ended.code == code, ended
    if words == (str(DRAFT),):
        assert "Sin aprobación en vigor." in ended.out


def test_a_delivery_s_digest_is_the_one_that_the_record_holds(office: OfficeOnDisk) -> None:
    [said] = office.call("audit", "digest", "delivery:1", "--json").json
    events = office.call("audit", "show", str(SCHEDULED), "--action", "approve_post", "--json").json
    assert said["digest"] in {each["digest"] for each in events}
