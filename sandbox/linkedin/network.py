"""The imitated network as a whole: state, tokens, rights, and what the public sees of each post and comment."""

from dataclasses import dataclass
from datetime import datetime

from sandbox.exchange import Call
from sandbox.imitation import Ground
from sandbox.ledger import Face
from sandbox.linkedin import versions
from sandbox.linkedin.errors import LinkedInError, denied
from sandbox.linkedin.quotas import Quotas
from sandbox.linkedin.restli import Ask
from sandbox.linkedin.state import (
    AVAILABLE,
    COMMENTS_LAG,
    PROCESSING,
    PUBLISH_FAILED,
    PUBLISH_REQUESTED,
    PUBLISHED,
    Comment,
    LinkedInState,
    Post,
)
from sandbox.linkedin.tokens import Right, Token, TokenRegister
from sandbox.linkedin.world import make_world, person_id

PLATFORM = "linkedin"
API_HOST, SITE_HOST = "api.linkedin.com", "www.linkedin.com"
DOWNLOADS = "/dms-downloads/"
_RESOURCES = {"posts": "partnerApiPostsExternal", "socialActions": "partnerApiSocialActions"}


def milliseconds(instant: datetime) -> int:
    """Return the time as the platform writes it: milliseconds since the epoch."""
    return int(instant.timestamp() * 1000)


@dataclass(slots=True)
class Visit:
    """One authenticated call of the API."""

    call: Call
    ask: Ask
    token: Token

    @property
    def now(self) -> datetime:
        """The sandbox's time."""
        return self.call.now

    def denied(self) -> LinkedInError:
        """Return 403 in the words of this call: resource, method, version and day."""
        resource = self.ask.path[0]
        finder = self.ask.params.get("q")
        method = f"FINDER-{finder}" if self.ask.method == "FINDER" else self.ask.method
        version = self.call.headers.get("LinkedIn-Version")
        day = versions.day_of(version) if version else "NO_VERSION"
        return denied(f"{_RESOURCES.get(resource, resource)}.{method}.{day}")

    def require_scope(self, right: Right) -> None:
        """Require one of the scopes, whatever the page. Raises LinkedInError 403."""
        if not right.scopes & set(self.token.scopes):
            raise self.denied()


class Network:
    """All that the modules of this platform share."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.world = make_world(ground.seed)
        self.state = LinkedInState(ground.seed)
        self.tokens = TokenRegister(self.world, seed=ground.seed, now=ground.clock())
        self.quotas = Quotas()
        self.pages = {
            self.world.organization_urn: (self.world.organization_name, self.world.vanity_name),
            self.world.other_organization_urn: (self.world.other_organization_name, "noticias-inpe"),
        }

    def require(self, visit: Visit, actor: str, right: Right, *, member_scope: str = "") -> None:
        """Require that the caller may do this as that page, or, with `member_scope`, as themselves. Raises 403."""
        token = visit.token
        if actor.startswith("urn:li:person:"):
            if actor != token.person_urn or not member_scope or member_scope not in token.scopes:
                raise visit.denied()
            return
        visit.require_scope(right)
        if self.tokens.members.role(token.member, actor) not in right.roles:
            raise visit.denied()

    def name_of(self, urn: str) -> str | None:
        """Return the current name of a page or person, as a mention must write it."""
        if urn in self.pages:
            return self.pages[urn][0]
        for member, name in self.tokens.members.names.items():
            if any(urn == f"urn:li:person:{person_id(app, member)}" for app in self.tokens.apps):
                return name
        return None

    def account(self, urn: str) -> str:
        """Return the ledger's name of an author: the bare id."""
        return urn.rpartition(":")[2]

    def permalink(self, post: Post) -> str:
        """Return the public address of a post."""
        return f"https://www.linkedin.com/feed/update/{post.urn}/"

    def show(self, post: Post, *, gone: bool = False) -> None:
        """Tell the ledger what the public sees of the post now."""
        face = None
        if post.is_visible and not gone:
            media = tuple(asset.medium.sha256 for asset in post.assets if asset.medium is not None)
            face = Face("post", post.visible, media, post.title)
        self.ground.ledger.show(face, platform=PLATFORM, account=self.account(post.author), remote_id=post.urn)

    def show_comment(self, post: Post, comment: Comment, *, gone: bool = False) -> None:
        """Tell the ledger what the public sees of a comment now."""
        face = Face("comment", comment.text) if post.is_visible and not gone else None
        self.ground.ledger.show(face, platform=PLATFORM, account=self.account(post.author), remote_id=comment.urn)

    def assume_comment(self, post: Post, comment: Comment) -> None:
        """Note a visitor's comment as visible: nobody of the office wrote it, so it is no entry."""
        face = Face("comment", comment.text)
        self.ground.ledger.assume(face, platform=PLATFORM, account=self.account(post.author), remote_id=comment.urn)

    def settle(self, post: Post, now: datetime) -> None:
        """Publish a post whose media are ready, or give it up: creating it was answered with 201 long ago."""
        if post.lifecycle != PUBLISH_REQUESTED or post.polls > 0:
            return
        states = [asset.status(now) for asset in post.assets]
        if PROCESSING in states:
            return
        self.state.waiting.discard(post.urn)
        if post.is_doomed or any(state != AVAILABLE for state in states):
            post.lifecycle = PUBLISH_FAILED
            return
        post.lifecycle = PUBLISHED
        post.published_at = now
        hidden_until = post.hiding.until if post.hiding else None
        post.comments_at = max(now + COMMENTS_LAG, hidden_until or now)
        self.show(post)

    def remove(self, post: Post) -> None:
        """Delete a post with its comments; its media can be used again."""
        self.show(post, gone=True)
        for comment in self.state.comments_of(post):
            del self.state.comments[comment.number]
        self.state.waiting.discard(post.urn)
        del self.state.posts[post.urn]

    def tick(self, now: datetime) -> None:
        """Publish what was waiting for its media."""
        for urn in sorted(self.state.waiting):
            self.settle(self.state.posts[urn], now)
