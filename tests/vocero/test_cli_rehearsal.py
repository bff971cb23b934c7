"""`vocero run` as a person starts it: a process, a terminal's output, a signal."""

import json
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.vocero.cli_office import PROGRAM, OfficeOnDisk, clean_environment
from tests.vocero.cli_refusals import check_refused


class Running:
    """A program that runs: what it has printed so far, read as it comes."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.out = ""

    def read_until(self, said: str) -> str:
        """Read lines until one holds these words; return all that was read."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.out += line
            if said in line:
                return self.out
        raise AssertionError(f"it ended without saying {said!r}: {self.out}{self._errors()}")

    def stop(self) -> int:
        """Send SIGTERM; return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=60)
        self.out += out
        assert err == ""
        return self.process.returncode

    def _errors(self) -> str:
        return self.process.stderr.read() if self.process.stderr else ""


@contextmanager
def running(folder: Path, *words: str) -> Iterator[Running]:
    """Run the program until the block ends."""
    with subprocess.Popen(
        [*PROGRAM, *words],
        cwd=folder,
        env={**clean_environment(), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield Running(process)
        finally:
            if process.poll() is None:
                process.kill()


def read(address: str) -> Any:
    with urlopen(address, timeout=10) as answer:
        return json.load(answer)


def test_a_rehearsal_publishes_its_first_post_within_a_minute_and_stops_when_told(tmp_path: Path) -> None:
    began = time.monotonic()
    with running(tmp_path, "run", "--port", "0") as rehearsal:
        said = rehearsal.read_until("Para mirar mientras tanto")
        assert said.startswith("MODO ENSAYO")
        address = re.search(r"(http://127\.0\.0\.1:\d+)/_ledger", said)
        assert address
        assert "Rosa Quispe importó" in said
        folder = tmp_path / "var" / "ensayo" / address[1].rpartition(":")[2]
        [workbook, *_rest] = folder.glob("programa-*.xlsx")
        assert str(workbook.relative_to(tmp_path)) in said
        rehearsal.read_until("✓")
        writes = [write for write in read(address[0])["writes"] if write["visible"]]
        assert writes
        assert time.monotonic() - began < 60

        seen = OfficeOnDisk(tmp_path).call(
            "posts", "list", "--json", env={"VOCERO_SETTINGS": str(folder / "vocero.toml")}
        )
        assert {delivery["state"] for post in seen.json for delivery in post["deliveries"]} >= {
            "published",
            "scheduled",
        }
        assert rehearsal.stop() == 0
    assert rehearsal.out.splitlines()[-1] == "Detenido. Lo que falta sigue en su lugar."
    assert "Traceback" not in rehearsal.out


def test_two_rehearsals_at_once_take_a_port_and_a_folder_each(tmp_path: Path) -> None:
    with ExitStack() as stack:
        first = stack.enter_context(running(tmp_path, "run", "--port", "0"))
        ledger = r"http://127\.0\.0\.1:(\d+)/_ledger"
        port = re.search(ledger, first.read_until("/_ledger"))
        assert port
        second = stack.enter_context(running(tmp_path, "run", "--port", port[1]))
        other = re.search(ledger, second.read_until("/_ledger"))
        assert other
        assert other[1] != port[1]
        for each in (first, second):
            each.read_until("Para mirar mientras tanto")
        assert {path.name for path in (tmp_path / "var" / "ensayo").iterdir()} == {port[1], other[1]}
        assert [first.stop(), second.stop()] == [0, 0]


def test_a_rehearsal_never_empties_a_folder_that_is_not_its_own(tmp_path: Path, free_port: int) -> None:
    (tmp_path / str(free_port)).mkdir()
    kept = tmp_path / str(free_port) / "tesis.docx"
    kept.write_text("treinta años", encoding="utf-8")
    office = OfficeOnDisk(tmp_path)
    (tmp_path / "secret.key").write_text("x", encoding="ascii")
    ended = office.call("run", "--rehearsal", "--folder", ".", "--port", str(free_port))
    assert "tiene archivos que no son de un ensayo. Elija otra carpeta con --folder." in ended.err
    assert ended.code == 2
    assert kept.read_text(encoding="utf-8") == "treinta años"


def test_a_worker_says_what_is_coming_and_stops_when_told(office: OfficeOnDisk) -> None:
    with running(office.folder, "run") as worker:
        worker.read_until("No hay nada programado para las próximas 24 horas.")
        assert worker.stop() == 0


def test_the_imitations_alone_stop_when_told(tmp_path: Path) -> None:
    with running(tmp_path, "sandbox", "serve", "--port", "0") as sandbox:
        said = sandbox.read_until("VOCERO_ROUTES=")
        address = re.search(r"http://127\.0\.0\.1:\d+/_ledger", said)
        assert address
        assert read(address[0]) == {"writes": []}
        assert sandbox.stop() == 0


def test_a_port_that_is_taken_is_told(office: OfficeOnDisk, free_port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", free_port))
        taken.listen()
        ended = office.call("sandbox", "serve", "--port", str(free_port))
    check_refused(office, ended, code=2, says="Elija otro puerto con --port.")


@pytest.fixture
def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
