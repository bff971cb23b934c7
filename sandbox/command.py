"""`python -m sandbox` and `vocero sandbox serve`: the imitations alone, until somebody ends them."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from sandbox.faults import FaultPlan, FaultPlanError
from sandbox.server import Sandbox, serve

DEFAULT_PORT = 8801


def run(*, host: str = "127.0.0.1", port: int = DEFAULT_PORT, faults: Path | None = None, seed: int = 0) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code: 0, or 2 for what cannot be used."""
    try:
        plan = FaultPlan.parse(faults.read_bytes()) if faults else FaultPlan()
        sandbox = Sandbox(seed=seed, faults=plan)
    except OSError:
        return _refused(f"No se puede leer el plan de fallas «{faults}». Revise el nombre y la carpeta.")
    except FaultPlanError as error:
        return _refused(f"El plan de fallas «{faults}» no sirve: {error}.")
    try:
        server = serve(sandbox, host=host, port=port)
    except (OSError, ValueError):
        sandbox.close()
        return _refused(f"No se pudo abrir {host}:{port}: quizá otro programa lo usa. Elija otro puerto con --port.")
    ended = threading.Event()
    before = {number: signal.signal(number, lambda *_: ended.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with server:
            print(f"Modo ensayo en {server.address}")  # noqa: T201  # a command speaks
            print(f"Lo publicado: {server.address}/_ledger")  # noqa: T201  # a command speaks
            print(f"VOCERO_ROUTES='{json.dumps(server.routes)}'", flush=True)  # noqa: T201  # a command speaks
            ended.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


def _refused(sentence: str) -> int:
    print(f"Error: {sentence}", file=sys.stderr)  # noqa: T201  # a command speaks
    return 2


def main(argv: list[str] | None = None) -> int:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="Imita en esta máquina las redes y el sitio web de la oficina. Nada sale a internet.",
    )
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="puerto local; 0 toma uno libre (%(default)s)")
    parser.add_argument("--faults", type=Path, metavar="ARCHIVO", help="plan de fallas, en JSON")
    parser.add_argument("--seed", type=int, default=0, help="semilla de tokens y datos inventados (%(default)s)")
    given = parser.parse_args(argv)
    return run(port=given.port, faults=given.faults, seed=given.seed)
