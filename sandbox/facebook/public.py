"""What the public sees of the Pages, and what visitors do there."""

import re

from sandbox import seeded
from sandbox.exchange import Answer, Call
from sandbox.facebook.pages import FILES_HOST, Pages
from sandbox.facebook.state import Comment
from sandbox.imitation import Card
from sandbox.media import Medium


def cards(pages: Pages, title: str) -> list[Card]:
    """Return the visible posts, the newest first."""
    now, state = pages.ground.clock(), pages.state
    visible = [post for post in state.posts.values() if pages.is_visible(post, now)]
    visible.sort(key=lambda post: post.published_at or post.created_at, reverse=True)
    cards = []
    for post in visible:
        media = [(photo.medium.sha256, photo.alt_text) for photo in post.photos]
        if post.video is not None and post.video.medium is not None:
            media.append((post.video.medium.sha256, post.video.title))
        cards.append(
            Card(
                platform=title,
                account=pages.names[post.page_id],
                at=post.published_at or post.created_at,
                title=post.video.title if post.video and post.video.title else None,
                text="\n\n".join(part for part in (post.message, post.link) if part),
                link=pages.permalink(post),
                media=tuple(media),
                comments=sum(not comment.hidden for comment in state.comments_of(post.id)),
            )
        )
    return cards


def add_comment(pages: Pages, author: str, text: str, *, remote_id: str | None, pick: int) -> str | None:
    """Let a visitor comment on a visible post; `remote_id` may be a post, a video or a comment."""
    now, state = pages.ground.clock(), pages.state
    above = state.comments.get(remote_id or "")
    video = state.videos.get(remote_id or "")
    wanted = above.post_id if above else video.post_id if video else remote_id
    visible = [post for post in state.posts.values() if pages.is_visible(post, now)]
    visible = [post for post in visible if wanted is None or post.id == wanted]
    if not visible:
        return None
    post = visible[pick % len(visible)]
    comment = Comment(
        id=state.new_comment_id(post),
        post_id=post.id,
        parent_id=above.id if above else None,
        author_id=str(24_000_000_000_000_000 + seeded.number(pages.ground.seed, "visitor", author) % 10**15),
        author_name=author,
        message=text,
        created_at=now,
        by_page=False,
    )
    state.comments[comment.id] = comment
    pages.assume_comment(comment)
    return comment.id


def photo_at(pages: Pages, host: str, path: str) -> Medium | None:
    """Return the photo behind an address of the file host."""
    match = re.fullmatch(r"/v/(\d+)_n\.\w+", path)
    photo = pages.state.photos.get(match[1]) if match and host == FILES_HOST else None
    return photo.medium if photo else None


def file(pages: Pages, call: Call) -> Answer:
    """Answer a request for a photo's file."""
    medium = photo_at(pages, call.host, call.path)
    if medium is None or call.method not in {"GET", "HEAD"}:
        return Answer(404, b"URL signature expired", "text/plain")
    return Answer(200, medium.path, "image/" + call.path.rpartition(".")[2])
