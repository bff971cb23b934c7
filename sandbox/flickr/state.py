"""What the imitated Flickr holds. Mutable; lives under the sandbox's lock."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox import seeded
from sandbox.flickr.files import Kind
from sandbox.flickr.tags import Tag
from sandbox.hiding import Hiding
from sandbox.media import Medium

ALPHABET = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
_FIRST_PHOTO = 53_900_000_000
_FIRST_ALBUM = 72_177_720_300_000_000
"""Beyond 2**53: who reads ids as JavaScript numbers shall notice."""


@dataclass(frozen=True, slots=True)
class Privacy:
    """Who may see a photo besides its owner."""

    public: bool
    friends: bool = False
    family: bool = False


@dataclass(slots=True)
class Account:
    """A member's settings, and the knobs of the account record.

    `settings_privacy` and its neighbours hold for uploads that do not say. Limits None: none.
    """

    nsid: str
    username: str
    full_name: str
    path_alias: str
    pro: bool
    stats: bool
    settings_privacy: Privacy = Privacy(public=True)
    settings_safety: int = 1
    settings_content: int = 1
    settings_hidden: int = 1
    settings_license: str = "0"
    item_limit: int | None = None
    private_limit: int | None = None
    video_limit: int | None = None
    album_limit: int | None = None
    album_size: int = 5000
    pool_limit: int = 30


@dataclass(slots=True)
class Processing:
    """How far a video or a ticket is: ready after `polls` more looks, or at `ready_at`."""

    polls: int = 0
    ready_at: datetime | None = None

    def is_over(self, now: datetime) -> bool:
        """Whether it is finished."""
        return self.polls <= 0 or (self.ready_at is not None and now >= self.ready_at)

    def look(self) -> None:
        """Count a look."""
        if self.polls > 0:
            self.polls -= 1


@dataclass(slots=True)
class Photo:
    """A photo or video. `secret` is in its files' addresses and changes with privacy; `posted_at` can be set.

    `exposure`: the spans in which the public could see it; the last one may be open (None).
    """

    id: str
    owner: str
    medium: Medium
    kind: Kind
    secret: str
    original_secret: str
    title: str
    description: str
    privacy: Privacy
    safety_level: int
    content_type: int
    hidden: int
    license: str
    uploaded_at: datetime
    posted_at: datetime
    updated_at: datetime
    taken: str
    tags: list[Tag] = field(default_factory=list)
    taken_granularity: int = 0
    perm_comment: int = 3
    perm_addmeta: int = 2
    processing: Processing = field(default_factory=Processing)
    failed: bool = False
    hiding: Hiding | None = None
    secret_number: int = 1
    exposure: list[tuple[datetime, datetime | None]] = field(default_factory=list)

    @property
    def is_video(self) -> bool:
        """Whether it is a video."""
        return self.kind.media == "video"

    def is_ready(self, now: datetime) -> bool:
        """Whether processing is over and went well."""
        return not self.failed and self.processing.is_over(now)

    def is_public(self, now: datetime) -> bool:
        """Whether everybody can see it now."""
        return self.privacy.public and self.is_ready(now)


@dataclass(slots=True)
class Album:
    """A photoset; `photos` in album order, never empty."""

    id: str
    owner: str
    title: str
    description: str
    primary: str
    photos: list[str]
    created_at: datetime
    updated_at: datetime


@dataclass(slots=True)
class Comment:
    """A comment on a photo or an album (`thing`). `account`: whose ledger entry it is, the writer's or the owner's."""

    id: str
    thing: str
    owner: str
    author: str
    text: str
    created_at: datetime
    account: str


@dataclass(slots=True)
class Person:
    """A visitor who commented."""

    nsid: str
    username: str
    path_alias: str
    deleted: bool = False


@dataclass(slots=True)
class Group:
    """A group: `limit` photos a `mode` (day, week, month, ever) of each member, None: as many as they like."""

    nsid: str
    name: str
    limit: int | None = None
    mode: str = "none"
    moderated: bool = False
    videos: bool = True
    capacity: int | None = None
    pool: dict[str, datetime] = field(default_factory=dict)
    pending: dict[str, datetime] = field(default_factory=dict)
    added: list[tuple[str, datetime]] = field(default_factory=list)
    """Who added when, for the throttle: removing gives nothing back."""


class FlickrState:
    """All objects, by id, oldest first."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.photos: dict[str, Photo] = {}
        self.albums: dict[str, Album] = {}
        self.comments: dict[str, Comment] = {}
        self.people: dict[str, Person] = {}
        self.groups: dict[str, Group] = {}
        self.processing: set[str] = set()
        """Videos that time will finish."""
        self._made = 0

    def new_photo_id(self) -> str:
        """Return a new photo's number: later ones are higher."""
        number = self._next()
        return str(_FIRST_PHOTO + number * 101 + seeded.number(self.seed, "photo", number) % 100)

    def new_album_id(self) -> str:
        """Return a new album's number."""
        number = self._next()
        return str(_FIRST_ALBUM + number * 101 + seeded.number(self.seed, "album", number) % 100)

    def new_ticket_id(self) -> str:
        """Return a new ticket's number."""
        number = self._next()
        return str(2_900_000 + number * 11 + seeded.number(self.seed, "ticket", number) % 10)

    def new_part_id(self, author: str, thing: str) -> str:
        """Return a new id `{n}-{thing}-{n}` for a comment or a tag."""
        number = self._next()
        tail = seeded.number(self.seed, "part", number) % 1000
        return f"{author.partition('@')[0]}-{thing}-{72_157_720_000_000_000 + number * 1000 + tail}"

    def secrets(self, photo_id: str, number: int) -> tuple[str, str]:
        """Return secret and original secret of a photo for the nth privacy it has."""
        return (
            seeded.hexadecimal(self.seed, "secret", photo_id, number, length=10),
            seeded.hexadecimal(self.seed, "original", photo_id, number, length=10),
        )

    def photos_of(self, nsid: str) -> list[Photo]:
        """Return an account's photos, newest upload first."""
        found = [photo for photo in self.photos.values() if photo.owner == nsid]
        return sorted(found, key=lambda photo: (photo.posted_at, int(photo.id)), reverse=True)

    def comments_on(self, thing: str) -> list[Comment]:
        """Return the comments of a photo or an album, oldest first."""
        return [comment for comment in self.comments.values() if comment.thing == thing]

    def person(self, username: str) -> Person:
        """Return the visitor of that name."""
        number = 24_000_000 + seeded.number(self.seed, "visitor", username) % 10**7
        nsid = f"{number}@N05"
        return self.people.setdefault(nsid, Person(nsid, username, f"persona-{number}"))

    def _next(self) -> int:
        self._made += 1
        return self._made


def short_id(photo_id: str) -> str:
    """Return a photo's number in base 58, as flic.kr writes it."""
    number, out = int(photo_id), ""
    while number:
        number, rest = divmod(number, 58)
        out = ALPHABET[rest] + out
    return out


USUAL_POLLS = 1
LONGEST_PROCESSING = timedelta(seconds=30)
"""What nobody polls is ready after this anyway, unless the fault plan asked for polls."""


def begin_processing(now: datetime, polls: int | None) -> Processing:
    """Return a processing that begins now; `polls` as the fault plan asks, None: the usual."""
    if polls is None:
        return Processing(USUAL_POLLS, now + LONGEST_PROCESSING)
    return Processing(polls)
