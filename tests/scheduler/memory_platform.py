"""A platform in memory, strict about what was staged, with a ledger of what the public could see and planned mishaps.

It implements the real interface, so that the engine can be tested with nothing else between it and the "platform".
"""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from connectors.base import Connector
from connectors.http import Door
from core.accounts import Account, Credentials, Identity
from core.capabilities import Capabilities, FileLimits, Limit, Repeating
from core.deliveries import Published, Stage
from core.platforms import Platform
from core.posts import OutgoingPost

_SOURCE, _DATE = "tests: there is no such platform", date(2026, 11, 23)
Mishap = BaseException | Callable[[], object]


@dataclass(frozen=True, slots=True)
class Write:
    """Something that the public could see from then on."""

    at: datetime
    account: str
    remote_id: str
    key: str
    text: str


@dataclass
class MemoryPlatform:
    """What the platform knows. `plan` makes a coming call go wrong before, or after, it did its work."""

    clock: Callable[[], datetime]
    ledger: list[Write] = field(default_factory=list)
    drafts: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    owner: str | None = None
    steps_to_stage: int = 1
    staging_wait: timedelta = timedelta(0)
    _plans: dict[str, deque[tuple[Mishap | None, Mishap | None]]] = field(default_factory=lambda: defaultdict(deque))

    def plan(self, step: str, *, before: Mishap | None = None, after: Mishap | None = None) -> None:
        """Let the next call of that step meet a mishap: an error to raise, or something to do."""
        self._plans[step].append((before, after))

    def visible(self, key: str = "") -> list[Write]:
        """Return what the public sees (of one delivery)."""
        return [write for write in self.ledger if not key or write.key == key]

    def begin(self, step: str) -> Mishap | None:
        """Note the call, meet what was planned to come before it, and return what comes after."""
        self.calls.append(step)
        before, after = self._plans[step].popleft() if self._plans[step] else (None, None)
        meet(before)
        return after

    def show(self, account: Account, draft: str, post: OutgoingPost) -> Published:
        """Make it public."""
        remote_id = str(len(self.ledger) + 1)
        self.ledger.append(Write(self.clock(), account.official_id, remote_id, post.key, post.text))
        return Published(remote_id, f"{account.address}/{remote_id}", self.clock())


def meet(mishap: Mishap | None) -> None:
    """Let it happen."""
    if isinstance(mishap, BaseException):
        raise mishap
    if mishap is not None:
        mishap()


class MemoryConnector(Connector):
    """One account on the platform in memory; repeating the visible write changes nothing."""

    platform = Platform.WEBSITE
    capabilities = Capabilities(
        platform=Platform.WEBSITE,
        repeating=Repeating.HARMLESS,
        operations=frozenset(),
        text_length=Limit(500, _SOURCE, _DATE),
        images=FileLimits(types=frozenset({"image/png"}), count=Limit(4, _SOURCE, _DATE)),
        staging_lead=timedelta(minutes=10),
    )
    credential_fields = ()

    def __init__(self, account: Account, platform: MemoryPlatform) -> None:
        super().__init__(account, Credentials({}), Door())
        self._there = platform

    def identify(self) -> Identity:
        after = self._there.begin("identify")
        meet(after)
        owner = self.account.remote_id if self._there.owner is None else self._there.owner
        return Identity(remote_id=owner, name=self.account.name)

    def stage(self, post: OutgoingPost, stage: Stage | None = None) -> Stage:
        after = self._there.begin("stage")
        done = int(str(stage.token["done"])) if stage else 0
        if stage is None or not stage.ready:
            for file in post.media:
                file.path.read_bytes()
            done += 1
        draft = f"draft-{post.key}"
        self._there.drafts[draft] = post.text
        meet(after)
        ready = done >= self._there.steps_to_stage
        token: dict[str, object] = {"draft": draft, "done": done}
        return Stage(token, ready, timedelta(0) if ready else self._there.staging_wait)

    def publish(self, post: OutgoingPost, stage: Stage) -> Published:
        after = self._there.begin("publish")
        draft = str(stage.token["draft"])
        assert stage.ready
        assert self._there.drafts[draft] == post.text
        published = self._published(post) or self._there.show(self.account, draft, post)
        meet(after)
        return published

    def find(self, post: OutgoingPost, stage: Stage, since: datetime) -> Published | None:
        after = self._there.begin("find")
        meet(after)
        return self._shown(post)

    def _published(self, post: OutgoingPost) -> Published | None:
        return self._shown(post)

    def _shown(self, post: OutgoingPost) -> Published | None:
        for write in self._there.visible(post.key):
            return Published(write.remote_id, f"{self.account.address}/{write.remote_id}", write.at)
        return None


class DuplicatingConnector(MemoryConnector):
    """One account where each visible write makes another post."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        **{name: getattr(MemoryConnector.capabilities, name) for name in Capabilities.__dataclass_fields__}
        | {"repeating": Repeating.DUPLICATES}
    )

    def _published(self, post: OutgoingPost) -> Published | None:
        return None


class ThreadingConnector(DuplicatingConnector):
    """One account where a thread takes a visible write a message, each of which repeats if it is repeated."""

    capabilities: ClassVar[Capabilities] = Capabilities(
        **{name: getattr(DuplicatingConnector.capabilities, name) for name in Capabilities.__dataclass_fields__}
        | {"thread": Limit(24, _SOURCE, _DATE)}
    )

    def stage(self, post: OutgoingPost, stage: Stage | None = None) -> Stage:
        after = self._there.begin("stage")
        meet(after)
        return Stage({"ids": list(self._ids(stage))}, ready=True)

    def publish(self, post: OutgoingPost, stage: Stage) -> Published:
        after = self._there.begin("publish")
        ids = self._ids(stage)
        said = self._there.show(self.account, "", replace(post, text=(post.text, *post.thread)[len(ids)]))
        meet(after)
        return self._so_far(post, (*ids, said.remote_id), said.published_at)

    def find(self, post: OutgoingPost, stage: Stage, since: datetime) -> Published | None:
        after = self._there.begin("find")
        meet(after)
        ids = self._ids(stage)
        for write in self._there.visible(post.key)[len(ids) :]:
            return self._so_far(post, (*ids, write.remote_id), write.at)
        return None

    def _so_far(self, post: OutgoingPost, ids: tuple[str, ...], at: datetime | None) -> Published:
        rest = None if len(ids) > len(post.thread) else Stage({"ids": list(ids)}, ready=True)
        return Published(ids[0], f"{self.account.address}/{ids[0]}", at, rest)

    @staticmethod
    def _ids(stage: Stage | None) -> tuple[str, ...]:
        ids: Any = stage.token["ids"] if stage else ()
        return tuple(ids)


def connect_to(platform: MemoryPlatform, kind: type[MemoryConnector]) -> Callable[[Account], Any]:
    """Return what a workbench opens accounts with."""
    return lambda account: kind(account, platform)
