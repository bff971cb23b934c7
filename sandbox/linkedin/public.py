"""What the public sees, and what visitors do there."""

from html import escape

from sandbox import seeded
from sandbox.exchange import Answer, Call
from sandbox.imitation import Card
from sandbox.linkedin import urns
from sandbox.linkedin.errors import LinkedInError
from sandbox.linkedin.network import DOWNLOADS, SITE_HOST, Network
from sandbox.linkedin.state import AVAILABLE, Comment, Post
from sandbox.media import Medium

_UPDATE = "/feed/update/"


def cards(network: Network, title: str) -> list[Card]:
    """Return the visible posts, the newest first."""
    visible = [post for post in network.state.posts.values() if post.is_visible]
    visible.sort(key=lambda post: post.published_at or post.created_at, reverse=True)
    return [
        Card(
            platform=title,
            account=network.name_of(post.author) or post.author,
            at=post.published_at or post.created_at,
            title=post.title,
            text="\n\n".join(part for part in (post.visible, post.content.get("article", {}).get("source")) if part),
            link=network.permalink(post),
            media=tuple(zip(_digests(post), _alternatives(post), strict=True)),
            comments=len(network.state.comments_of(post)),
        )
        for post in visible
    ]


def _digests(post: Post) -> list[str]:
    return [asset.medium.sha256 for asset in post.assets if asset.medium is not None]


def _alternatives(post: Post) -> list[str]:
    items = post.content.get("multiImage", {}).get("images") or [post.content.get("media", {})]
    return [items[index].get("altText", "") if index < len(items) else "" for index in range(len(_digests(post)))]


def add_comment(network: Network, author: str, text: str, *, remote_id: str | None, pick: int) -> str | None:
    """Let a visitor comment on a visible post; `remote_id` may be a post, its activity, or a comment."""
    state = network.state
    wanted, above = remote_id, None
    if remote_id is not None and remote_id.startswith("urn:li:comment:"):
        try:
            wanted, number = urns.comment_parts(urns.parse(remote_id, kinds=("comment",), field="remote_id"))
        except LinkedInError:
            return None
        above = state.comments.get(number)
        if above is None:
            return None
    open_ones = [post for post in state.posts.values() if post.is_visible and post.comments_state == "OPEN"]
    open_ones = [post for post in open_ones if wanted in {None, post.urn, post.activity}]
    if not open_ones:
        return None
    post, now = open_ones[pick % len(open_ones)], network.ground.clock()
    comment = Comment(
        number=state.new_number("comment"),
        activity=post.activity,
        parent=(above.parent or above.number) if above else None,
        actor=f"urn:li:person:{seeded.letters(network.ground.seed, 'visitor', author, length=10)}",
        text=text,
        attributes=[],
        created_at=now,
        modified_at=now,
    )
    state.comments[comment.number] = comment
    network.assume_comment(post, comment)
    return comment.urn


def file_at(network: Network, host: str, path: str) -> Medium | None:
    """Return the file behind a download address."""
    if host != SITE_HOST or not path.startswith(DOWNLOADS):
        return None
    asset = network.state.uploads.get(path.removeprefix(DOWNLOADS))
    ready = asset is not None and asset.status(network.ground.clock()) == AVAILABLE
    return asset.medium if asset is not None and ready else None


def file(network: Network, call: Call) -> Answer:
    """Answer a request for a file."""
    medium = file_at(network, call.host, call.path)
    if medium is None or call.method not in {"GET", "HEAD"}:
        return Answer(404, b"", "text/plain")
    return Answer(200, medium.path, "application/octet-stream")


def page(network: Network, call: Call) -> Answer:
    """Answer a request for a post's public address."""
    post = network.state.thread(call.path.removeprefix(_UPDATE).rstrip("/"))
    if post is None or not post.is_visible or call.method not in {"GET", "HEAD"}:
        return Answer.html("<html><body><h1>Esta publicación no está disponible</h1></body></html>", status=404)
    name = network.name_of(post.author) or ""
    return Answer.html(f"<html><body><h1>{escape(name)}</h1><p>{escape(post.visible)}</p></body></html>")
