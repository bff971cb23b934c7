"""Platforms in memory that behave as the real ones may, and know the truth: what is public, since when, who wrote it.

One class a kind of repetition. What was sent is acted upon when it arrives, whether the caller lives to hear it or not.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from connectors.base import Connector
from connectors.errors import Gone, TokenRefused, Unavailable
from connectors.http import Door
from connectors.registry import connector_for
from core.accounts import Account, Credentials, Identity
from core.deliveries import Published, Stage
from core.platforms import Platform
from core.posts import OutgoingPost
from tests.simulation.baton import START, Baton
from tests.simulation.faults import MINUTE, Answer, Call, Faults, exists

_REFUSES_DOUBLES_FOR = 10 * MINUTE
_SAYS_NO_MORE = 0.3  # of those refusals: it does not name the first one


@dataclass(frozen=True, slots=True)
class Write:
    """Something that the public sees; `listed_at`: since when lists tell it (microseconds, as all times here)."""

    key: str
    account: str
    remote_id: str
    part: int
    text: str
    files: tuple[str, ...]
    sent_at: int
    seen_at: int
    listed_at: int
    writer: str


@dataclass(frozen=True, slots=True)
class Look:
    """A look at the platform and what it told: True there, False not, None it could not tell."""

    key: str
    at: int
    told: bool | None


@dataclass
class Draft:
    """What is prepared, unseen until `is_public`."""

    key: str
    text: str
    files: tuple[str, ...]
    is_public: bool = False


@dataclass
class MemoryPlatforms:
    """All platforms of one schedule. `on_stage` and `on_write` are asked when a call leaves its worker."""

    baton: Baton
    faults: Faults
    on_stage: Callable[[OutgoingPost], None]
    on_write: Callable[[OutgoingPost, int], None]
    meanwhile: Callable[[], None] = lambda: None  # what others may do while something is prepared
    ledger: list[Write] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)
    sent: dict[str, int] = field(default_factory=dict)
    beyond: set[str] = field(default_factory=set)
    said_exists: set[str] = field(default_factory=set)
    drafts: dict[str, Draft] = field(default_factory=dict)
    dumb: set[str] = field(default_factory=set)
    stolen: dict[str, str] = field(default_factory=dict)
    dead_tokens: set[str] = field(default_factory=set)
    steps: dict[str, int] = field(default_factory=dict)
    renewable: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)

    def name(self, key: str) -> str:
        """Return a short name of a delivery, the same in each run of a seed."""
        return self.names.setdefault(key, f"d{len(self.names) + 1}")

    def visible(self, key: str) -> list[Write]:
        """Return what the public sees of a delivery."""
        return [write for write in self.ledger if write.key == key]

    def open(self, account: Account) -> Connector:
        """Return the account's connector."""
        return KINDS[account.platform](account, self)

    def renew(self, account: Account, *, refused: bool = False) -> Connector | None:
        """Give the account a new token, where the platform does such things."""
        if not refused or account.official_id not in self.renewable:
            return None
        self.baton.pause()
        self.dead_tokens.discard(account.official_id)
        return self.open(account)

    def answer(self, connector: "MemoryConnector", step: str, act: Callable[[], Any], *, key: str = "") -> Any:
        """Carry one call out: `act` is done when it arrives, if it does; then the caller hears, or does not."""
        account, platform = connector.account, connector.account.platform
        call = self._beyond(key, platform) if step == "publish" else None
        call = call or self.faults.call(step, platform)
        baton = self.baton
        if account.official_id in self.dead_tokens and call.answer in (Answer.CLEAN, Answer.REFUSED):
            call = Call(Answer.REFUSED, call.acts_after, call.ends_after, lambda: TokenRefused(platform=platform))
        if call.answer is not Answer.CLEAN:
            said = type(call.error()).__name__ if call.error else ""
            baton.note(f"{step} {self.name(key) if key else account.official_id}: {call.answer} {said}")
        if call.error is not None and isinstance(call.error(), TokenRefused):
            self.dead_tokens.add(account.official_id)
        heard: list[Any] = []

        def arrive() -> None:
            heard.append(act())

        acts = call.answer in (Answer.CLEAN, Answer.ACCEPTED, Answer.LATE, Answer.BROKEN_AFTER)
        if acts:
            connector.lag = call.listed_after
            baton.at(baton.now + call.acts_after, arrive)
        baton.sleep(call.ends_after)
        if call.error is not None:
            if call.answer is Answer.BROKEN_AFTER:
                raise KeyError("id")
            raise call.error()
        if isinstance(heard[0], BaseException):
            raise heard[0]
        return heard[0]

    def _beyond(self, key: str, platform: Platform) -> Call | None:
        """Break the trust in HORIZON, once, where the platform itself refuses an equal second post."""
        if KINDS[platform] is not RefusingConnector:
            return None
        if key in self.beyond:
            return self.faults.refused(platform)
        call = self.faults.beyond(platform)
        if call is not None:
            self.beyond.add(key)
        return call


class MemoryConnector(Connector):
    """One account where repeating the visible write changes nothing: a draft is made public."""

    platform = Platform.WEBSITE
    credential_fields = ()
    lag = 0

    def __init__(self, account: Account, there: MemoryPlatforms) -> None:
        super().__init__(account, Credentials({}), Door())
        self._there = there

    def identify(self) -> Identity:
        official = self.account.official_id
        owner = self._there.stolen.get(official, self.account.remote_id)
        return Identity(remote_id=str(self._there.answer(self, "identify", lambda: owner)), name=self.account.name)

    def stage(self, post: OutgoingPost, stage: Stage | None = None) -> Stage:
        self._there.on_stage(post)
        self._there.meanwhile()
        done = int(str(stage.token["done"])) if stage and not stage.ready else 0
        wanted = self._there.steps.get(post.key, 1)
        ready = bool(stage and stage.ready)
        if not ready and done + 1 < wanted:
            self._there.answer(self, "stage", lambda: None, key=post.key)
            wait = timedelta(seconds=20) if wanted > 2 else timedelta(0)
            return Stage(self._token(stage) | {"done": done + 1}, ready=False, again_in=wait)
        return self._prepared(post, stage)

    def _prepared(self, post: OutgoingPost, stage: Stage | None) -> Stage:
        files = _read(post)
        drafts = self._there.drafts

        def write() -> None:
            draft = drafts.get(post.key)
            is_checked = draft is not None and stage is not None and stage.ready
            if not is_checked and not (draft and draft.is_public):
                drafts[post.key] = Draft(post.key, post.whole_text, files)

        self._there.answer(self, "stage", write, key=post.key)
        return Stage(self._token(stage) | {"done": 0}, ready=True)

    def publish(self, post: OutgoingPost, stage: Stage) -> Published:
        there = self._there
        assert stage.ready
        sent_at, writer = there.baton.now, there.baton.process.name
        there.on_write(post, len(self._ids(stage)))
        there.sent[post.key] = sent_at
        there.baton.note(f"publish {there.name(post.key)} part {len(self._ids(stage))}")
        answer: Published = there.answer(self, "publish", lambda: self._act(post, stage, sent_at, writer), key=post.key)
        return answer

    def find(self, post: OutgoingPost, stage: Stage, since: datetime) -> Published | None:
        there = self._there
        told: list[bool | None] = [None]

        def look() -> object:
            if post.key in there.dumb:
                return Unavailable("it does not tell", platform=self.platform)
            found = self._seen(post, stage)
            told[0] = found is not None
            return found

        try:
            answer: Published | None = there.answer(self, "find", look, key=post.key)
        except BaseException:
            there.looks.append(Look(post.key, there.baton.now, None))
            raise
        there.looks.append(Look(post.key, there.baton.now, told[0]))
        there.baton.note(f"find {there.name(post.key)}: {'there' if answer else 'absent'}")
        return answer

    def _act(self, post: OutgoingPost, stage: Stage, sent_at: int, writer: str) -> object:
        draft = self._there.drafts.get(post.key)
        if draft is None:
            return Gone("no such draft", platform=self.platform)
        if not draft.is_public:
            draft.is_public = True
            self._show(post, draft.text, draft.files, part=0, sent_at=sent_at, writer=writer)
        return self._published(self._there.visible(post.key)[0])

    def _seen(self, post: OutgoingPost, stage: Stage) -> Published | None:
        seen = self._there.visible(post.key)
        return self._published(seen[0]) if seen else None

    def _show(
        self, post: OutgoingPost, text: str, files: tuple[str, ...], *, part: int, sent_at: int, writer: str
    ) -> Write:
        there, now = self._there, self._there.baton.now
        write = Write(
            key=post.key,
            account=self.account.official_id,
            remote_id=f"p{len(there.ledger) + 1}",
            part=part,
            text=text,
            files=files,
            sent_at=sent_at,
            seen_at=now,
            listed_at=now + self.lag,
            writer=writer,
        )
        there.ledger.append(write)
        there.baton.trace.append((now, "platform", f"shows {there.name(post.key)} part {part}"))
        return write

    def _published(self, write: Write) -> Published:
        at = START + timedelta(microseconds=write.seen_at)
        return Published(write.remote_id, f"{self.account.address}/{write.remote_id}", at)

    def _token(self, stage: Stage | None) -> dict[str, object]:
        return {"ids": list(self._ids(stage))}

    @staticmethod
    def _ids(stage: Stage | None) -> tuple[str, ...]:
        ids: Any = stage.token.get("ids", ()) if stage else ()
        return tuple(ids)


class DuplicatingConnector(MemoryConnector):
    """One account where each write makes another post, a thread takes a write a message, and lists lag."""

    platform = Platform.X

    def _act(self, post: OutgoingPost, stage: Stage, sent_at: int, writer: str) -> object:
        draft = self._there.drafts.get(post.key)
        if draft is None:
            return Gone("its files are gone", platform=self.platform)
        ids = self._ids(stage)
        text = (post.text, *post.thread)[len(ids)]
        files = () if ids else draft.files
        return self._so_far(post, ids, self._show(post, text, files, part=len(ids), sent_at=sent_at, writer=writer))

    def _seen(self, post: OutgoingPost, stage: Stage) -> Published | None:
        ids, now = self._ids(stage), self._there.baton.now
        seen = [w for w in self._there.visible(post.key) if w.part == len(ids) and w.listed_at <= now]
        return self._so_far(post, ids, seen[0]) if seen else None

    def _so_far(self, post: OutgoingPost, ids: tuple[str, ...], write: Write) -> Published:
        ids = (*ids, write.remote_id)
        rest = None if len(ids) > len(post.thread) else Stage({"ids": list(ids), "done": 0}, ready=True)
        at = START + timedelta(microseconds=write.seen_at)
        return Published(ids[0], f"{self.account.address}/{ids[0]}", at, rest)


class RefusingConnector(MemoryConnector):
    """One account that refuses an equal second post for ten minutes, and mostly names the first."""

    platform = Platform.LINKEDIN

    def _act(self, post: OutgoingPost, stage: Stage, sent_at: int, writer: str) -> object:
        there, now = self._there, self._there.baton.now
        draft = there.drafts.get(post.key)
        if draft is None:
            return Gone("its files are gone", platform=self.platform)
        for first in there.visible(post.key):
            if post.key in there.beyond or now - first.seen_at < _REFUSES_DOUBLES_FOR:
                if post.key in there.beyond or there.faults.strikes(_SAYS_NO_MORE):
                    there.said_exists.add(post.key)
                    return exists(self.platform)
                return self._published(first)
        write = self._show(post, draft.text, draft.files, part=0, sent_at=sent_at, writer=writer)
        return self._published(write)

    def _seen(self, post: OutgoingPost, stage: Stage) -> Published | None:
        now = self._there.baton.now
        seen = [write for write in self._there.visible(post.key) if write.listed_at <= now]
        return self._published(seen[0]) if seen else None


KINDS: dict[Platform, type[MemoryConnector]] = {
    Platform.WEBSITE: MemoryConnector,
    Platform.X: DuplicatingConnector,
    Platform.LINKEDIN: RefusingConnector,
}


for _kind in KINDS.values():  # what the real platform takes, and what repeating means there
    _kind.capabilities = connector_for(_kind.platform).capabilities


def _read(post: OutgoingPost) -> tuple[str, ...]:
    return tuple(sha256(medium.path.read_bytes()).hexdigest() for medium in post.media)
