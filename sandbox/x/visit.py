"""One authenticated call, and all that the modules of this platform share."""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.exchange import Call
from sandbox.imitation import Ground
from sandbox.x.media_state import Uploads
from sandbox.x.purse import Purse
from sandbox.x.spelling import Spelling
from sandbox.x.state import Network, Post
from sandbox.x.tokens import Caller
from sandbox.x.world import XWorld

PLATFORM = "x"
FILES_HOST = "pbs.twimg.com"


@dataclass(slots=True)
class Desk:
    """The imitated service behind its endpoints."""

    ground: Ground
    world: XWorld
    network: Network
    uploads: Uploads
    purse: Purse


@dataclass(slots=True)
class Visit:
    """One call of v2. `place` is what the path names; `status`, `headers` and `price` are filled in by the endpoint."""

    desk: Desk
    call: Call
    caller: Caller
    spelling: Spelling
    place: dict[str, str] = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    price: int = 0
    read_posts: set[str] = field(default_factory=set)
    read_users: set[str] = field(default_factory=set)
    owned: bool = False
    """What is read belongs to the application's owner, who reads it: cheaper."""

    @property
    def now(self) -> datetime:
        """The sandbox's time."""
        return self.call.now

    @property
    def network(self) -> Network:
        """People and posts."""
        return self.desk.network

    def is_own(self, post: Post) -> bool:
        """Whether the caller wrote the post."""
        return self.caller.user_id == post.author_id
