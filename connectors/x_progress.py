"""How far a post for X has come: what its stage's token means.

X knows no drafts. Before the visible write there are only uploaded files, which nobody sees and which die after a day.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors import x_sentences as say
from connectors.errors import Unsupported
from core.capabilities import LinkPlace, public_text
from core.deliveries import Stage
from core.platforms import Platform
from core.posts import OutgoingPost

# X makes the card of an address in the text; there is no other place for a link (sheet 2.1: `card_uri` is not for us)
LINK_PLACE = LinkPlace.IN_TEXT


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded file, or one on its way. `next`: the chunk to send; `is_ready`: processed, and all said of it."""

    id: str
    uploaded_at: str
    expires_at: str
    next: int = 0
    is_sent: bool = False
    is_processed: bool = False
    is_ready: bool = False

    def is_young(self, now: datetime, *, within: timedelta) -> bool:
        """Tell whether it was uploaded so short a time ago."""
        return now - datetime.fromisoformat(self.uploaded_at) < within

    def is_dying(self, now: datetime, *, within: timedelta) -> bool:
        """Tell whether the platform drops it so soon."""
        return now + within > datetime.fromisoformat(self.expires_at)


@dataclass(frozen=True, slots=True)
class Progress:
    """What is prepared and what is out.

    `content` is a digest of what the post says, so that a token can never publish another text than the one it was
    made for. `began_at`: when preparing began; an equal post of ours since then is this one. `seen`: it was found
    public while preparing. `posted`: the ids of the messages that are out. `anew` counts the fresh starts.
    """

    content: str
    began_at: str
    files: tuple[File, ...] = ()
    captions: tuple[File, ...] = ()
    posted: tuple[str, ...] = ()
    seen: str = ""
    anew: int = 0

    @classmethod
    def of(cls, post: OutgoingPost, stage: Stage | None) -> "Progress":
        """Return how far this post has come; at the beginning where the token is another's or not readable.

        Unsupported where such a one says that messages are out already: they must not go out again.
        """
        beginning = cls(content=fingerprint(post), began_at=datetime.now(UTC).isoformat())
        token: Mapping[str, Any] = stage.token if stage else {}
        progress = cls._read(token)
        if progress is not None and progress.content == beginning.content:
            return progress
        if token.get("posted"):
            raise Unsupported(
                "the stage of a thread that is partly out cannot be read", platform=Platform.X, sentence=say.THREAD_LOST
            )
        return beginning

    @classmethod
    def _read(cls, token: Mapping[str, Any]) -> "Progress | None":
        try:
            progress = cls(
                content=str(token["content"]),
                began_at=str(token["began_at"]),
                files=tuple(File(**file) for file in token["files"]),
                captions=tuple(File(**file) for file in token["captions"]),
                posted=tuple(str(one) for one in token["posted"]),
                seen=str(token["seen"]),
                anew=int(token["anew"]),
            )
            files = (*progress.files, *progress.captions)
            instants = (progress.began_at, *(at for file in files for at in (file.uploaded_at, file.expires_at)))
            return progress if all(datetime.fromisoformat(instant).tzinfo for instant in instants) else None
        except (KeyError, TypeError, ValueError):
            return None

    @property
    def since(self) -> datetime:
        """When preparing began."""
        return datetime.fromisoformat(self.began_at)

    @property
    def parent_id(self) -> str | None:
        """What the next message replies to: the one before it."""
        return self.posted[-1] if self.posted else None

    def with_file(self, number: int, file: File) -> "Progress":
        """Return this with the file at that place, or after the last one."""
        return replace(self, files=(*self.files[:number], file, *self.files[number + 1 :]))

    def with_captions(self, number: int, file: File) -> "Progress":
        """Return this with the captions file at that place, or after the last one."""
        return replace(self, captions=(*self.captions[:number], file, *self.captions[number + 1 :]))

    def with_posted(self, post_id: str) -> "Progress":
        """Return this with one message more that is out."""
        return replace(self, posted=(*self.posted, post_id), seen="")

    def stage(self, *, ready: bool = False, again_in: timedelta = timedelta(0)) -> Stage:
        """Return this as the caller stores it."""
        return Stage(token=json.loads(json.dumps(asdict(self))), ready=ready, again_in=again_in)


def messages_of(post: OutgoingPost) -> tuple[str, ...]:
    """Return the messages as they go out: the link joins the first."""
    return (public_text(post.text, link=post.link, has_media=bool(post.media), place=LINK_PLACE), *post.thread)


def fingerprint(post: OutgoingPost) -> str:
    """Return a digest of all that goes to this platform."""
    media = [[medium.medium.sha256, medium.alt_text] for medium in post.media]
    captions = [[medium.medium.sha256, medium.language] for medium in post.captions]
    options = [pair for pair in post.options if pair[0].startswith("x.")]
    said = json.dumps([*messages_of(post), media, captions, options], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()
