"""Local imitations of the platforms, over real HTTP, for rehearsals and for the tests of the whole.

Written from the platforms' fact sheets (2026-11-23) and from nothing else: it shares no code with the connectors,
so a misunderstanding there shows here. Strict: what a platform would refuse is refused with that platform's error.

    sandbox = Sandbox(seed=7)
    with serve(sandbox) as server:
        requests.get(f"{server.address}/graph.facebook.com/v26.0/me", params={"access_token": ...})
        sandbox.ledger.writes()

A platform's host is the first segment of the path; answers name the real hosts, because clients are re-routed
(`routes`). To add a platform: one folder with an `Imitation` and one line in `platforms.py`.
"""

from sandbox.faults import Fault, FaultPlan, FaultPlanError, FaultRule, Match
from sandbox.ledger import Write
from sandbox.platforms import routes
from sandbox.server import Sandbox, SandboxServer, serve
from sandbox.world import World

__all__ = [
    "Fault",
    "FaultPlan",
    "FaultPlanError",
    "FaultRule",
    "Match",
    "Sandbox",
    "SandboxServer",
    "World",
    "Write",
    "routes",
    "serve",
]
