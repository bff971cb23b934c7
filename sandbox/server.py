"""The sandbox and its server."""

import ipaddress
import random
import socket
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self
from urllib.parse import SplitResult, urlsplit

from sandbox import visitors
from sandbox.clock import MovableClock, utc_now
from sandbox.door import Doors
from sandbox.exchange import Call
from sandbox.faults import FaultDice, FaultPlan, FaultPlanError
from sandbox.fetching import HOPS, UNREACHABLE, Fetched, Wish, fetch
from sandbox.front import Front
from sandbox.imitation import Ground, Imitation
from sandbox.ledger import Ledger
from sandbox.media import MediaStore, Medium
from sandbox.platforms import PLATFORMS, routes
from sandbox.world import World

REMEMBERED_REQUESTS = 1000


class Sandbox:
    """The imitated world: the state of every platform, the ledger, the fault plan, the clock. Thread-safe.

    `clock` gives aware UTC; it can be moved forward with `advance`. Close it to remove what clients uploaded.
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        faults: FaultPlan | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.seed = seed
        self.clock = MovableClock(clock)
        self.lock = threading.RLock()
        self.store = MediaStore()
        self.closing = threading.Event()
        self._first_plan = faults or FaultPlan()
        self._populate()
        self.plant(self._first_plan)

    def _populate(self) -> None:
        self.ledger = Ledger(self.clock)
        self.requests: deque[dict[str, Any]] = deque(maxlen=REMEMBERED_REQUESTS)
        self._requests_seen = 0
        self._visitors = random.Random(self.seed)  # noqa: S311  # repeatable on purpose
        self.imitations: tuple[Imitation, ...] = ()
        ground = Ground(
            seed=self.seed,
            clock=self.clock,
            ledger=self.ledger,
            store=self.store,
            fetch=self.public_file,
            standing=lambda: self.imitations,
        )
        for kind in PLATFORMS:
            self.imitations = (*self.imitations, kind(ground))
        self._hosts: dict[str, list[Imitation]] = {}
        for imitation in self.imitations:
            for host in imitation.hosts:
                self._hosts.setdefault(host, []).append(imitation)

    @property
    def world(self) -> World:
        """Who lives here, with their tokens and passwords."""
        parts = {imitation.name: imitation.describe() for imitation in self.imitations}
        return World(**parts)

    @property
    def faults(self) -> FaultPlan:
        """The plan in force."""
        return self.dice.plan

    def plant(self, plan: FaultPlan) -> None:
        """Replace the fault plan; counting starts anew. Raises FaultPlanError for names that nobody has."""
        hosts = {host for kind in PLATFORMS for host in kind.hosts}
        names = {kind.name for kind in PLATFORMS}
        for index, rule in enumerate(plan.rules):
            match = rule.match
            kinds = [kind for kind in PLATFORMS if match.platform in {None, kind.name}]
            operations = {operation for kind in kinds for operation in kind.operations}
            manners = {manner for kind in kinds for manner in kind.manners}
            for key, value, known in (
                ("match.platform", match.platform, names),
                ("match.host", match.host, hosts),
                ("match.operation", match.operation, operations),
                ("fault.name", rule.fault.name, manners),
            ):
                if value is not None and value not in known:
                    raise FaultPlanError(f"rules[{index}].{key}: «{value}» no existe; hay {', '.join(sorted(known))}")
        with self.lock:
            self.dice = FaultDice(plan)

    def reset(self) -> None:
        """Start anew: no posts, no requests, the first fault plan, the base clock. Tokens stay."""
        with self.lock:
            self.clock.reset()
            self.store.clear()
            self._populate()
            self.plant(self._first_plan)

    def advance(self, step: timedelta) -> None:
        """Move the sandbox's clock forward and let the platforms do what time brings."""
        with self.lock:
            self.clock.advance(step)
            self.tick()

    def tick(self) -> None:
        """Let the platforms do what time brings."""
        with self.lock:
            now = self.clock()
            for imitation in self.imitations:
                imitation.tick(now)

    def grow(
        self,
        *,
        comments: int = 1,
        platform: str | None = None,
        remote_id: str | None = None,
        text: str | None = None,
        author: str | None = None,
    ) -> tuple[str, ...]:
        """Let visitors comment on visible posts, and return the comments' ids; the same seed, the same comments.

        Without `text` and `author` they are made up; without `remote_id` the posts are picked at random.
        """
        made: list[str] = []
        with self.lock:
            self.tick()
            chosen = [i for i in self.imitations if platform in {None, i.name}]
            for _number in range(comments):
                name, words = visitors.remark(self._visitors)
                pick = self._visitors.randrange(1 << 30)
                order = chosen[pick % len(chosen) :] + chosen[: pick % len(chosen)] if chosen else []
                for imitation in order:
                    comment_id = imitation.add_comment(author or name, text or words, remote_id=remote_id, pick=pick)
                    if comment_id is not None:
                        made.append(comment_id)
                        break
        return tuple(made)

    def imitation_of(self, host: str) -> Imitation | None:
        """Return who answers for that host, the first of those that share it."""
        return self._hosts[host][0] if host in self._hosts else None

    def imitation_for(self, call: Call) -> Imitation:
        """Return who answers a call to an imitated host: the one who claims it, else the host's first."""
        first, *others = self._hosts[call.host]
        return next((other for other in others if other.claims(call)), first)

    def public_file(self, url: str) -> Medium | None:
        """Return the file that a public URL of an imitated host shows."""
        parts = urlsplit(url)
        imitation = self.imitation_of(parts.hostname or "")
        return imitation.public_file(parts.hostname or "", parts.path) if imitation else None

    def fetch(self, wish: Wish) -> Fetched:
        """Download what a URL shows: of an imitated host from its state, of any other over HTTP. Not under the lock."""
        url = wish.url
        for _hop in range(HOPS + 1):
            parts = _split(url)
            if parts is None or parts.scheme not in {"http", "https"}:
                return UNREACHABLE
            if self.imitation_of(parts.hostname or "") is not None:
                with self.lock:
                    medium = self.public_file(url)
                return Fetched(medium) if medium else UNREACHABLE
            found = fetch(wish, url, self.store)
            if isinstance(found, Fetched):
                return found
            url = found
        return UNREACHABLE

    def remember(self, **facts: Any) -> dict[str, Any]:
        """Note a request for `GET /_requests`: no query, no body, no secrets."""
        with self.lock:
            self._requests_seen += 1
            entry = {"seq": self._requests_seen, **facts}
            self.requests.append(entry)
            return entry

    def close(self) -> None:
        """Wake up slow answers and remove what clients uploaded."""
        self.closing.set()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class SandboxServer:
    """A sandbox being served from a daemon thread. Closing it closes the sandbox too."""

    def __init__(self, sandbox: Sandbox, *, host: str, port: int) -> None:
        self.sandbox = sandbox
        if not _is_loopback(host):
            raise ValueError(f"el ensayo solo escucha en esta máquina (127.0.0.1), no en «{host}»")
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, port), family=family, backlog=128) as listener:
            self._doors = Doors(listener, Front(sandbox))
        shown = f"[{host}]" if ":" in host else host
        self.address = f"http://{shown}:{self._doors.port}"
        self._thread = threading.Thread(
            target=self._doors.serve_forever, kwargs={"poll_interval": 0.02}, name="sandbox", daemon=True
        )
        self._thread.start()

    @property
    def routes(self) -> dict[str, str]:
        """`VOCERO_ROUTES` for this server."""
        return routes(self.address)

    def close(self) -> None:
        """Stop listening, end open connections, and close the sandbox."""
        self.sandbox.closing.set()
        self._doors.shutdown()
        self._thread.join()
        self._doors.hang_up()
        self.sandbox.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def serve(sandbox: Sandbox, *, host: str = "127.0.0.1", port: int = 0) -> SandboxServer:
    """Serve the sandbox on a loopback address; port 0 takes a free one.

    Raises ValueError for an address that others could reach, OSError when the port is taken.
    """
    return SandboxServer(sandbox, host=host, port=port)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:  # an unfinished IPv6 address
        return None
