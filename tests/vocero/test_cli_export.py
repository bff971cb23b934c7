"""`vocero audit export`: a folder, a zip, or only a look at what it would be."""

import hashlib
import subprocess
import sys
import zipfile

from tests.vocero.cli_office import NEVER, SCHEDULED, OfficeOnDisk

HEAD, AUDITOR = ("--as", "jefa"), ("--as", "auditora")


def test_a_dry_run_lists_what_is_then_written(office: OfficeOnDisk) -> None:
    words = ("audit", "export", str(SCHEDULED), "--out", "caso", "--json")
    before = office.trace()
    looked = office.call(*HEAD, *words, "--dry-run")
    assert (looked.code, looked.err) == (0, "")
    assert not (office.folder / "caso").exists()
    assert office.trace() == before
    assert "LEAME.txt" in office.call(*HEAD, *words[:-1], "--dry-run").out
    done = office.call(*HEAD, *words).json
    assert done["files"] == looked.json["files"]
    case = office.folder / "caso"
    assert {each["name"]: each["size"] for each in done["files"]} == {
        path.relative_to(case).as_posix(): path.stat().st_size for path in case.rglob("*") if path.is_file()
    }
    assert done["digest"] == hashlib.sha256((case / "manifiesto.json").read_bytes()).hexdigest()
    again = office.call(*HEAD, *words)
    assert (again.code, "«caso» ya existe y no está vacía" in again.err) == (2, True)
    [event] = office.call("audit", "show", "--action", "export_case", "--json").json
    assert (event["actor"], event["digest"]) == ("jefa", done["digest"])


def test_a_zip_opens_and_its_verifier_runs_from_any_folder(office: OfficeOnDisk) -> None:
    done = office.call(*AUDITOR, "audit", "export", str(SCHEDULED), "--out", "caso", "--zip", "--with-personal-data")
    assert (done.code, done.err) == (0, "")
    with zipfile.ZipFile(office.folder / "caso.zip") as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        archive.extractall(office.folder / "abierto")
    case = office.folder / "abierto" / f"expediente-{SCHEDULED}"
    command = [sys.executable, "-I", "-S", str(case / "verificar.py")]
    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, cwd="/")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "El expediente está íntegro" in ran.stdout
    assert "completos" not in (case / "LEAME.txt").read_text(encoding="utf-8")
    assert "contiene datos personales" in (case / "LEAME.txt").read_text(encoding="utf-8")
    taken = office.call(*AUDITOR, "audit", "export", str(SCHEDULED), "--out", "caso.zip", "--zip")
    assert taken.code == 2


def test_who_may_not_and_what_is_not_there(office: OfficeOnDisk) -> None:
    words = ("audit", "export", str(SCHEDULED), "--out", "caso")
    assert office.call("--as", "redactora", *words).code == 3
    assert office.call("--as", "redactora", *words, "--dry-run").code == 3
    assert office.call(*HEAD, *words, "--with-personal-data").code == 3
    assert office.call(*HEAD, "audit", "export", str(NEVER), "--out", "caso").code == 4
    assert office.call(*HEAD, "audit", "export", str(SCHEDULED), "--out", "no/hay/caso").code == 2
    assert not (office.folder / "caso").exists()
    assert not list(office.folder.glob(".*"))
