"""A machine that refuses: settings, keys, databases and disks. One sentence, an exit code, and nothing changed."""

import contextlib
import os
import pty
import re
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from PIL import Image

from tests.vocero.cli_office import DRAFT, IN_REVIEW, PROGRAM, OfficeOnDisk, clean_environment, entry, write_workbook
from tests.vocero.cli_refusals import check_refused

only_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root may mount a small or read-only disk"
)

IMPORT = ("--as", "redactora", "programme", "import", "semana.xlsx", "--media", "imagenes")
SUBMIT = ("--as", "redactora", "posts", "submit", str(DRAFT))


# ── settings ──

SETTINGS: dict[str, tuple[dict[str, str], int, str]] = {
    "unknown": ({"VOCERO_DATABSE_URL": "x"}, 2, "No existe el ajuste VOCERO_DATABSE_URL"),
    "malformed routes": ({"VOCERO_ROUTES": '{"https://graph.facebook.com": '}, 2, "El ajuste routes no sirve"),
    "routes that are a list": ({"VOCERO_ROUTES": "[]"}, 2, "El ajuste routes no sirve"),
    "routes to nowhere": ({"VOCERO_ROUTES": '{"graph.facebook.com": "x"}'}, 2, "«graph.facebook.com»"),
    "a number that is none": ({"VOCERO_READ_SECONDS": "mucho"}, 2, "El ajuste read_seconds no sirve"),
    "a number below zero": ({"VOCERO_IN_HAND": "-1"}, 2, "El ajuste in_hand no sirve"),
    "a lease shorter than a call": ({"VOCERO_LEASE_SECONDS": "10"}, 2, "lease_seconds"),
    "waits that are none": ({"VOCERO_LOOKS_SECONDS": "1,dos"}, 2, "El ajuste looks_seconds no sirve"),
    "a log level that is none": ({"VOCERO_LOG_LEVEL": "ALTO"}, 2, "El ajuste log_level no sirve"),
    "a key that is none": ({"VOCERO_SECRET_KEY": "clave-secreta"}, 2, "no es una clave válida"),
    "a database address that is none": ({"VOCERO_DATABASE_URL": "vocero.db"}, 2, "no se entiende"),
    "a database of another kind": ({"VOCERO_DATABASE_URL": "mysql://u:clave-secreta@h/d"}, 2, "SQLite o PostgreSQL"),
    "a key file that is a folder": ({"VOCERO_SECRET_KEY_FILE": "imagenes"}, 6, "«imagenes»"),
    "a database that is a folder": ({"VOCERO_DATABASE_URL": "sqlite:///imagenes"}, 6, "«imagenes»"),
    "a database in a file": ({"VOCERO_DATABASE_URL": "sqlite:///semana.xlsx/v.db"}, 6, "No existe la base de datos"),
    "a database that is a workbook": ({"VOCERO_DATABASE_URL": "sqlite:///semana.xlsx"}, 6, "no es una base de datos"),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_a_setting_that_cannot_be_used_is_told(office: OfficeOnDisk, case: str) -> None:
    environment, code, says = SETTINGS[case]
    before = office.trace()
    ended = office.call("posts", "list", env=environment)
    check_refused(office, ended, code=code, says=says)
    assert ended.out == ""
    assert "clave-secreta" not in ended.err
    assert office.trace() == before


def test_an_unknown_setting_in_the_file_is_told_with_the_one_meant(office: OfficeOnDisk) -> None:
    file = office.folder / "vocero.toml"
    file.write_text(file.read_text(encoding="utf-8") + 'databse_url = "x"\n', encoding="utf-8")
    ended = office.run("posts", "list")
    check_refused(
        office, ended, code=2, says="No existe el ajuste databse_url (en vocero.toml). ¿Quiso decir database_url?"
    )


def test_a_settings_file_with_a_slip_is_told(office: OfficeOnDisk) -> None:
    (office.folder / "vocero.toml").write_text("database_url = sqlite", encoding="utf-8")
    ended = office.call("posts", "list")
    check_refused(office, ended, code=2, says="El archivo de ajustes «vocero.toml» tiene un error")


def test_another_key_does_not_open_the_credentials(office: OfficeOnDisk) -> None:
    other = Fernet.generate_key().decode()
    before = office.trace()
    ended = office.call("accounts", "check", env={"VOCERO_SECRET_KEY": other})
    check_refused(office, ended, code=6, says="no abre las credenciales guardadas")
    assert other not in ended.err
    assert office.trace() == before


# ── databases ──


def test_a_damaged_database_is_told_and_left_as_it_is(office: OfficeOnDisk) -> None:
    content = bytearray(office.database.read_bytes())
    content[100 : len(content) // 2] = b"\xff" * (len(content) // 2 - 100)
    office.database.write_bytes(content)
    ended = office.run("posts", "list")
    check_refused(office, ended, code=6, says="está dañada. Restaure una copia.")
    assert office.database.read_bytes() == content


def test_a_database_of_a_newer_version_is_told(office: OfficeOnDisk) -> None:
    office.write_sql("UPDATE alembic_version SET version_num = 'v9999'")
    before = office.trace()
    check_refused(office, office.call(*SUBMIT), code=6, says="de una versión más nueva de Vocero")
    assert office.trace() == before


def test_a_postgresql_that_is_not_there_is_told_without_its_password(office: OfficeOnDisk) -> None:
    with socket.socket() as taken:  # bound and not listening: nobody else gets it, and it refuses
        taken.bind(("127.0.0.1", 0))
        url = f"postgresql://vocero:clave-secreta@127.0.0.1:{taken.getsockname()[1]}/vocero"
        ended = office.call("posts", "list", env={"VOCERO_DATABASE_URL": url})
    check_refused(office, ended, code=6, says="No se puede conectar con la base de datos")
    assert "clave-secreta" not in ended.err


def test_a_database_that_somebody_writes_is_waited_for_and_then_told(office: OfficeOnDisk) -> None:
    before = office.trace()
    with contextlib.closing(sqlite3.connect(office.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ended = office.run(*SUBMIT, env={"VOCERO_BUSY_SECONDS": "0.2"})
        check_refused(office, ended, code=6, says="está ocupada por otro programa. Espere un momento")
        assert office.call("posts", "list").code == 0, "reading needs no lock"
        other.execute("ROLLBACK")
    assert office.trace() == before
    assert office.call(*SUBMIT).code == 0


# ── disks ──


@pytest.fixture
def small_disk(office: OfficeOnDisk) -> Iterator[Path]:
    """Mount a disk of 1 MB in the office."""
    folder = office.folder / "disco"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if done.returncode:
        pytest.skip("this user may not mount")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@only_root
def test_a_full_disk_for_media_is_told_and_nothing_is_kept(office: OfficeOnDisk, small_disk: Path) -> None:
    for number in range(3):  # the first two would fit
        noise = os.urandom(400 * 300 * 3)
        Image.frombytes("RGB", (400, 300), noise).save(office.folder / "imagenes" / f"ruido{number}.png")
    write_workbook(office.folder / "semana.xlsx", *(entry(20 + n, images=(f"ruido{n}.png",)) for n in range(3)))
    before = office.trace()
    ended = office.run(*IMPORT, env={"VOCERO_MEDIA_DIR": str(small_disk / "media")})
    check_refused(office, ended, code=6, says="No queda espacio en el disco")
    assert ended.out == ""
    assert office.trace() == before
    assert [path for path in small_disk.rglob("*") if path.is_file()] == []


@only_root
def test_a_full_disk_for_the_database_is_told_and_nothing_is_changed(office: OfficeOnDisk, small_disk: Path) -> None:
    moved = OfficeOnDisk(small_disk)
    for name in ("vocero.db", "vocero.toml", "secret.key"):
        shutil.copy(office.folder / name, small_disk / name)
    (small_disk / "media").mkdir()
    with contextlib.suppress(OSError), (small_disk / "relleno").open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(4096))
    check_refused(moved, moved.run(*SUBMIT), code=6, says="disco")
    (small_disk / "relleno").unlink()
    assert moved.trace()[0] == office.trace()[0]
    assert moved.call(*SUBMIT).code == 0


@only_root
def test_a_read_only_disk_is_told(office: OfficeOnDisk, small_disk: Path) -> None:
    moved = OfficeOnDisk(small_disk)
    for name in ("vocero.db", "vocero.toml", "secret.key"):
        shutil.copy(office.folder / name, small_disk / name)
    bytes_before = moved.database.read_bytes()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    try:
        check_refused(moved, moved.run(*SUBMIT), code=6, says="permiso")
        assert moved.database.read_bytes() == bytes_before
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)


def test_a_media_folder_that_is_a_file_is_told(office: OfficeOnDisk) -> None:
    before = office.trace()
    ended = office.call(*IMPORT, env={"VOCERO_MEDIA_DIR": "vocero.toml"})
    check_refused(office, ended, code=6, says="No se puede guardar en «vocero.toml»")
    assert office.trace() == before


# ── terminals and pipes ──


def test_a_reader_that_goes_away_ends_it_quietly(office: OfficeOnDisk) -> None:
    for command in (("posts", "list", "--json"), ("--help",)):
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "wb") as gone:
            done = subprocess.run(
                [*PROGRAM, *command],
                cwd=office.folder,
                env=clean_environment(),
                stdout=gone,
                stderr=subprocess.PIPE,
                check=False,
                timeout=60,
            )
        assert done.stderr == b"", command
        assert done.returncode not in (0, 120), command


def test_ctrl_c_at_the_question_approves_nothing(office: OfficeOnDisk) -> None:
    before = office.trace()
    shown, code = _in_a_terminal(office, "--as", "jefa", "posts", "approve", str(IN_REVIEW), answer=None)
    assert code == 130
    assert "Interrumpido; no se hizo nada más." in shown
    assert "Traceback" not in shown
    assert office.trace() == before


@pytest.mark.parametrize(("answer", "state"), [("s\n", "approved"), ("\n", "in_review"), ("no\n", "in_review")])
def test_the_question_is_answered_in_spanish(office: OfficeOnDisk, answer: str, state: str) -> None:
    shown, code = _in_a_terminal(office, "--as", "jefa", "posts", "approve", str(IN_REVIEW), answer=answer)
    assert code == 0, shown
    assert office.call("posts", "show", str(IN_REVIEW), "--json").json["state"] == state


def _in_a_terminal(office: OfficeOnDisk, *words: str, answer: str | None) -> tuple[str, int]:
    """Run the program in a terminal, answer its first question (None: Ctrl+C); return what it showed and its end."""
    ours, its = pty.openpty()
    # whoever runs these tests in the background ignores Ctrl+C, and what they start would inherit that
    heeded = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = subprocess.Popen(
            [*PROGRAM, *words], cwd=office.folder, env=clean_environment(), stdin=its, stdout=its, stderr=its
        )
    finally:
        signal.signal(signal.SIGINT, heeded)
        os.close(its)
    try:
        shown = _read_until(ours, r"\[s/N\]: $")
        if answer is not None:
            os.write(ours, answer.encode())
        else:
            process.send_signal(signal.SIGINT)
            # Python loses a signal that comes just before it begins to read a line: people press again, and so do we
            while not select.select([ours], [], [], 5)[0] and process.poll() is None:
                process.send_signal(signal.SIGINT)
        shown += _read_until(ours, None)
        return shown, process.wait(timeout=60)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _read_until(terminal: int, said: str | None) -> str:
    """Read until the text ends with the pattern, or (None) until nobody writes any more; at most a minute."""
    shown = b""
    ends = time.monotonic() + 60
    while said is None or not re.search(said, shown.decode(errors="replace")):
        assert time.monotonic() < ends, shown.decode(errors="replace")
        if terminal in select.select([terminal], [], [], 1)[0]:
            try:
                piece = os.read(terminal, 4096)
            except OSError:  # Linux says so when the other side is closed
                piece = b""
            if not piece:
                assert said is None, shown.decode(errors="replace")
                break
            shown += piece
    return shown.decode(errors="replace")


@pytest.mark.parametrize("command", ["deliver", "posts list", "run --real"])
def test_a_folder_without_an_office_stays_without_one(office: OfficeOnDisk, command: str, tmp_path: Path) -> None:
    """A cron line in the wrong folder must not send nothing for ever and stay green."""
    elsewhere = tmp_path / "otra"
    environment = {
        "VOCERO_DATABASE_URL": f"sqlite:///{elsewhere}/vocero.db",
        "VOCERO_SECRET_KEY_FILE": str(elsewhere / "secret.key"),
    }
    ended = office.call(*command.split(), env=environment)
    check_refused(office, ended, code=6, says="No existe la base de datos")
    assert not elsewhere.exists()


def test_a_missing_key_is_not_made_anew(office: OfficeOnDisk) -> None:
    ended = office.call("deliver", env={"VOCERO_SECRET_KEY_FILE": "var/otra.key"})
    check_refused(office, ended, code=6, says="No existe la clave")
    assert not (office.folder / "var" / "otra.key").exists()


def test_what_init_makes_is_its_owners_alone(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "vocero", "init", "--login", "ana"],
        cwd=tmp_path,
        env=clean_environment({"PYTHONPATH": str(Path(__file__).parents[2])}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    for name in ("vocero.toml", "var/vocero.db", "var/secret.key"):
        assert (tmp_path / name).stat().st_mode & 0o077 == 0, name
