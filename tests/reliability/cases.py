"""Six ways in which publishing systems lose or repeat posts, each played through the real command line.

docs/reliability.md tells what happens here, and shows what `python -m tests.reliability CASE` prints.
"""

import json
import resource
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from core.deliveries import DeliveryState
from core.platforms import Platform
from tests.databases import Clock
from tests.e2e.commands import start_vocero, vocero
from tests.e2e.newsroom import Newsroom, Recipe, open_newsroom, until, wall_clock

_SETTINGS = {
    "connect_seconds": "1",
    "read_seconds": "2",
    "call_seconds": "3",
    "lease_seconds": "5",
    "looks_seconds": "0.3,1,2,5,10,20,30,60",
}
_PATIENCE = {Platform.X: "150"}  # X's lists are trusted after a minute
_ERRORS: dict[Platform, int | str] = {Platform.FACEBOOK: 1609008, Platform.WEBSITE: "rest_invalid_param"}
PLATFORMS = (Platform.FACEBOOK, Platform.WEBSITE, Platform.LINKEDIN, Platform.X)
_WEARY = 60


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a case is played: an office, its one delivery, and who listens."""

    newsroom: Newsroom
    folder: Path
    platform: Platform
    tell: Callable[[str], None]

    def fault(self, **fault: Any) -> None:
        """Let the platform do that to the visible write."""
        self.newsroom.plant({"match": {"platform": self.platform.value, "operation": "publish"}, "fault": fault})
        self.tell(f"the platform, on the visible write: {json.dumps(fault)}")

    def deliver(self) -> None:
        """Run `vocero deliver` to its end."""
        patience = _PATIENCE.get(self.platform, "30")
        self.tell("$ vocero deliver")
        said = vocero(self.newsroom.environment, "deliver", "--patience", patience, folder=self.folder)
        for line in said.lines:
            self.tell(line)
        self.tell(f"exit code {said.code}")

    @contextmanager
    def run(self) -> Iterator["subprocess.Popen[str]"]:
        """Have `vocero run` at work."""
        self.tell("$ vocero run &")
        process = start_vocero(self.newsroom.environment, "run", folder=self.folder)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            process.communicate(timeout=_WEARY)

    def until_seen(self) -> None:
        """Wait until the public sees it; the platform has not answered yet."""
        until(lambda: bool(self.newsroom.sandbox.ledger.writes()), seconds=_WEARY)

    def until_over(self) -> None:
        """Wait until nobody has anything to do with it any more."""
        (delivery,) = self.newsroom.approved
        until(lambda: self.newsroom.is_over(delivery), seconds=_WEARY * 3)

    def tell_state(self, word: str) -> DeliveryState:
        """Tell how it stands."""
        (delivery,) = self.newsroom.deliveries()
        self.tell(f"{word}: {delivery.state}")
        return delivery.state


@dataclass(frozen=True, slots=True)
class Case:
    """What goes wrong, and how it ends: its state, how often the public sees it, the first and the last call."""

    story: str
    play: Callable[[Stage], None]
    state: DeliveryState
    seen: int
    first: tuple[str, str] | None
    last: tuple[str, str] | None
    days_ago: int = 0


def _accept_then_timeout(stage: Stage) -> None:
    stage.fault(kind="slow", seconds=2.6, when="after")
    stage.deliver()


def _bad_gateway_after_accept(stage: Stage) -> None:
    stage.fault(kind="status_after", status=502, html=True)
    stage.deliver()


def _clean_400(stage: Stage) -> None:
    code = _ERRORS.get(stage.platform)
    stage.fault(kind="status_before", status=400, **({} if code is None else {"code": code}))
    stage.deliver()


def _result_not_kept(stage: Stage) -> None:
    stage.fault(kind="slow", seconds=1, when="after")
    with stage.run() as process:
        stage.until_seen()
        before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        stage.tell("published on the platform; from now on the disk takes nothing more")
        _until_refused(process)
        assert stage.tell_state("the disk refused the result; in the database") is DeliveryState.PUBLISHING
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)
        stage.tell("the disk takes data again")
        stage.until_over()


def _until_refused(process: "subprocess.Popen[str]") -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if "delivery_storage_error" in line:
            return
    raise AssertionError("the worker ended without a word on the disk")


def _killed_in_mid_publish(stage: Stage) -> None:
    stage.fault(kind="slow", seconds=1.5, when="after")
    with stage.run() as process:
        stage.until_seen()
        process.kill()
        process.wait()
    stage.tell("published on the platform; the worker is killed (SIGKILL) before the answer")
    assert stage.tell_state("in the database") is DeliveryState.PUBLISHING
    with stage.run():
        stage.until_over()


def _thirty_days_overdue(stage: Stage) -> None:
    stage.tell("scheduled thirty days ago; nobody ran Vocero since")
    stage.deliver()


CASES = {
    "accept-then-timeout": Case(
        "The platform publishes; the answer comes too late.",
        _accept_then_timeout,
        DeliveryState.PUBLISHED,
        1,
        ("publish", "OutcomeUnknown"),
        ("find", "published"),
    ),
    "502-after-accept": Case(
        "The platform publishes; a gateway answers 502 with a page of HTML.",
        _bad_gateway_after_accept,
        DeliveryState.PUBLISHED,
        1,
        ("publish", "OutcomeUnknown"),
        ("find", "published"),
    ),
    "clean-400": Case(
        "The platform refuses the content with a well-formed 400.",
        _clean_400,
        DeliveryState.FAILED,
        0,
        ("publish", "Rejected"),
        ("publish", "Rejected"),
    ),
    "result-not-kept": Case(
        "The platform publishes and says so; the disk refuses to keep it.",
        _result_not_kept,
        DeliveryState.PUBLISHED,
        1,
        ("publish", ""),
        ("find", "published"),
    ),
    "killed-in-mid-publish": Case(
        "The worker is killed while the platform publishes.",
        _killed_in_mid_publish,
        DeliveryState.PUBLISHED,
        1,
        ("publish", ""),
        ("find", "published"),
    ),
    "30-days-overdue": Case(
        "The machine was off for thirty days.", _thirty_days_overdue, DeliveryState.MISSED, 0, None, None, days_ago=30
    ),
}


def play(
    case: Case, database_url: str, folder: Path, *, platform: Platform, tell: Callable[[str], None] = lambda _line: None
) -> list[str]:
    """Play a case; return what is not as the page says. The database has its tables and nothing else."""
    # written a while ago: the commands live by the database's clock
    clock = Clock(wall_clock() - timedelta(days=case.days_ago, minutes=10))
    recipe = Recipe(platform.value, (platform,))
    with open_newsroom(
        database_url, folder, clock=clock, pictures=(), platforms=(platform,), settings=_SETTINGS
    ) as newsroom:
        tell(case.story)
        (delivery,) = newsroom.schedule(
            recipe, publish_at=newsroom.soon(1), text="El sábado abre la feria «Manos que crean».", title="Feria"
        )
        case.play(Stage(newsroom, folder, platform, tell))
        return _compared(case, newsroom, delivery.id, folder, tell)


def _compared(case: Case, newsroom: Newsroom, delivery_id: int, folder: Path, tell: Callable[[str], None]) -> list[str]:
    post = newsroom.delivery(delivery_id).post_id
    tell(f"$ vocero posts show {post} --json")
    told = vocero(newsroom.environment, "posts", "show", str(post), "--json", folder=folder).json()["deliveries"][0]
    calls = [(each["step"], each["outcome"]) for each in told["attempts"]]
    tell(f"state: {told['state']}")
    if told["reason"]:
        tell(f"reason: {told['reason']}")
    for step, outcome in calls:
        tell(f"attempt: {step}: {outcome or '(no answer kept)'}")
    tell(f"$ curl {newsroom.server.address}/_ledger")
    with urlopen(f"{newsroom.server.address}/_ledger") as answer:
        writes = json.load(answer)["writes"]
    for write in writes:
        kept = ("seq", "platform", "remote_id", "kind", "text", "visible")
        tell(json.dumps({name: write[name] for name in kept}, ensure_ascii=False))
    if not writes:
        tell("(nothing)")
    wrong = []
    if told["state"] != case.state:
        wrong.append(f"the state is {told['state']}, not {case.state}")
    if len(writes) != case.seen or not all(write["visible"] for write in writes):
        wrong.append(f"the public saw {len(writes)} writes, not {case.seen}")
    ends = (calls[0], calls[-1]) if calls else (None, None)
    if ends != (case.first, case.last):
        wrong.append(f"first and last call were {ends}, not {(case.first, case.last)}")
    newsroom.prove()
    newsroom.prove_record()
    return wrong
