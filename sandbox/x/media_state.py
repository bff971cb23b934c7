"""Uploads: what was announced, what arrived, what became of it (sheet section 2.2). Lives under the lock."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox import seeded
from sandbox.hiding import Hiding
from sandbox.media import Incoming, MediaStore, Medium

LIFE = timedelta(seconds=86_400)
"""Of an id that no post uses."""
LONGEST_PROCESSING = timedelta(seconds=30)
"""A video that nobody polls is ready after this anyway, unless the fault plan asked for polls."""
USUAL_POLLS = 1
PREFIXES = {"video": "13", "gif": "16", "image": "3", "subtitles": "21"}
"""Of media keys (sheet 2.2 [code][memory]); that of subtitles is ours."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why processing failed."""

    code: int
    name: str
    message: str


@dataclass(slots=True)
class Upload:
    """A media id. `sort`: image, gif, video or subtitles; `old`: of v1.1, which no post takes any more."""

    id: str
    owner_id: str
    sort: str
    category: str
    media_type: str
    total: int
    expires_at: datetime
    owners: frozenset[str] = frozenset()
    old: bool = False
    segments: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Size and SHA-256 of each segment that arrived."""
    received: Incoming | None = None
    waiting: dict[int, Incoming] = field(default_factory=dict)
    """Segments that came before their turn."""
    medium: Medium | None = None
    mime: str = ""
    width: int = 0
    height: int = 0
    duration_ms: int = 0
    alt_text: str = ""
    subtitles: dict[str, dict[str, str]] = field(default_factory=dict)
    polls: int = 0
    looks: int = 0
    ready_at: datetime | None = None
    failure: Failure | None = None
    hiding: Hiding | None = None

    @property
    def key(self) -> str:
        """The media key."""
        return f"{PREFIXES[self.sort]}_{self.id}"

    @property
    def arrived(self) -> int:
        """Bytes of all segments that arrived."""
        return sum(size for size, _digest in self.segments.values())

    @property
    def finished(self) -> bool:
        """Whether FINALIZE was done."""
        return self.medium is not None

    def is_processed(self, now: datetime) -> bool:
        """Whether processing is over, well or badly."""
        if self.sort not in {"video", "gif"}:
            return True
        return self.looks > self.polls or (self.ready_at is not None and now >= self.ready_at)

    def may_use(self, user_id: str) -> bool:
        """Whether the id is that user's."""
        return user_id == self.owner_id or user_id in self.owners

    def drop(self) -> None:
        """Give up what has not been kept."""
        for incoming in (self.received, *self.waiting.values()):
            if incoming is not None:
                incoming.discard()
        self.received = None
        self.waiting.clear()


class Uploads:
    """All media ids that are alive."""

    def __init__(self, seed: int, store: MediaStore) -> None:
        self._seed = seed
        self.store = store
        self.all: dict[str, Upload] = {}
        self._made = 0

    def new_id(self) -> str:
        """Return a new media id."""
        self._made += 1
        return str(
            1_455_952_740_000_000_000 + self._made * 10_007 + seeded.number(self._seed, "x media", self._made) % 9
        )

    def tick(self, now: datetime) -> None:
        """Drop the ids that are over. Posts keep what they show."""
        for upload in [upload for upload in self.all.values() if now >= upload.expires_at]:
            upload.drop()
            del self.all[upload.id]

    def find(self, media_id: str, user_id: str) -> Upload | None:
        """Return the upload of that id when it is that user's."""
        upload = self.all.get(media_id)
        return upload if upload is not None and upload.may_use(user_id) else None

    def append(self, upload: Upload, index: int, chunk: Incoming) -> bool:
        """Add a segment, in any order; returns False when another one of that number is there already.

        Bytes are written once: in turn behind the others, or aside until their turn has come.
        """
        facts = (chunk.size, chunk.sha256)
        if index in upload.segments:
            return upload.segments[index] == facts
        upload.segments[index] = facts
        if upload.received is None:
            upload.received = self.store.incoming()
        if index != len(upload.segments) - 1 - len(upload.waiting):
            aside = self.store.incoming()
            self.store.append(aside, chunk)
            upload.waiting[index] = aside
            return True
        self.store.append(upload.received, chunk)
        while (turn := upload.waiting.pop(index + 1, None)) is not None:
            index += 1
            self.store.append(upload.received, turn)
            turn.discard()
        return True
