"""What a process costs: memory and processor time of an idle `vocero run`, and the wait for `vocero --help`."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median

from tests.bench.figures import Figure, Run
from tests.bench.grounds import server
from tests.bench.office import KEY, now_of, office, schedule

_MEMORY_GOAL = 120.0  # MB
_CPU_GOAL = 0.5  # per cent of one core
_HELP_GOAL = 0.3  # seconds
_TICKS = os.sysconf("SC_CLK_TCK")

_APSCHEDULER = """
import signal, sys, threading
from datetime import datetime, timedelta, timezone
from tests.bench import scheduled_jobs
scheduler = scheduled_jobs.scheduler_on(sys.argv[1], in_hand=8)
scheduler.start()
tomorrow = datetime.now(timezone.utc) + timedelta(days=1)
for number in range(20):
    scheduler.add_job(scheduled_jobs.tick, "date", run_date=tomorrow, args=(number,))
print("ready", flush=True)
threading.Event().wait()
"""


def idle(run: Run) -> Iterator[Figure]:
    """`vocero run` with posts for tomorrow and nothing to do until then; APScheduler with as many jobs."""
    seconds = 5 if run.quick else 30
    for kind in run.kinds:
        variants = {"": {}} if kind != "sqlite" else {"": {}, " with the desk": _DESK}
        task = run.progress.add_task(f"{kind}: idle processes, {seconds} s each", total=len(variants) + 1)
        with server(kind, run.disk) as ground, ground.database() as url, ground.database(migrated=False) as other:
            with office(url, run.disk) as opened:
                tomorrow = now_of(opened) + timedelta(days=1)
                schedule(opened, [tomorrow] * 20, accounts=7)
            their_memory, their_cpu = _watched([sys.executable, "-c", _APSCHEDULER, other], {}, seconds)
            run.progress.advance(task)
            for name, more in variants.items():
                environment = {"VOCERO_DATABASE_URL": url, "VOCERO_SECRET_KEY": KEY, **more}
                memory, cpu = _watched([_vocero(), "run", "--real"], environment, seconds)
                run.progress.advance(task)
                yield Figure(
                    f"idle memory {kind}{name}",
                    "`vocero run`, nothing to do: resident",
                    "MB",
                    memory["resident"],
                    their_memory["resident"],
                    "APScheduler 3.11",
                    f"≤ {_MEMORY_GOAL:.0f} MB",
                    memory["resident"] <= _MEMORY_GOAL,
                    {"proportional": memory["proportional"]},
                )
                yield Figure(
                    f"idle processor {kind}{name}",
                    f"`vocero run`, nothing to do, over {seconds} s",
                    "% of a core",
                    cpu,
                    their_cpu,
                    "APScheduler 3.11",
                    f"≤ {_CPU_GOAL} %",
                    cpu <= _CPU_GOAL,
                )


_DESK = {
    "VOCERO_MEDIA_HOST": "desk",
    "VOCERO_PUBLIC_URL": "https://vocero.example.org",
    "VOCERO_DESK_PORT": "0",
}


def help_time(run: Run) -> Iterator[Figure]:
    """How long it takes until the help is there, beside a bare Python and one that only imports Typer."""
    rounds = 3 if run.quick else 10
    commands = {
        "help": [_vocero(), "--help"],
        "python": [sys.executable, "-c", "pass"],
        "typer": [sys.executable, "-c", "import typer"],
    }
    task = run.progress.add_task("vocero --help", total=rounds)
    took: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            began = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            took[name].append(time.perf_counter() - began)
        run.progress.advance(task)
    ours = median(took["help"])
    yield Figure(
        "help",
        f"`vocero --help`, median of {rounds}",
        "s",
        ours,
        median(took["typer"]),
        'python -c "import typer"',
        f"≤ {_HELP_GOAL} s",
        ours <= _HELP_GOAL,
        {"python -c pass": median(took["python"])},
    )


def _vocero() -> str:
    return str(Path(sys.executable).with_name("vocero"))


def _watched(command: list[str], environment: dict[str, str], seconds: float) -> tuple[dict[str, float], float]:
    """Start it, let it settle, and return its memory in MB and the share of a core, in per cent, that it used."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VOCERO_")}
    with subprocess.Popen(command, env=inherited | environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            time.sleep(min(seconds, 5))
            used, began = _cpu(process.pid), time.perf_counter()
            time.sleep(seconds)
            share = (_cpu(process.pid) - used) / (time.perf_counter() - began) * 100
            memory = _memory(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)
    return memory, share


def _cpu(pid: int) -> float:
    """Return the processor time that the process and its threads used: seconds."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / _TICKS


def _memory(pid: int) -> dict[str, float]:
    sizes = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, _colon, value = line.partition(":")
        sizes[name] = int(value.split()[0]) / 1024
    return {"resident": sizes["Rss"], "proportional": sizes["Pss"]}
