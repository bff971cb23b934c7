"""What the public sees of the accounts, and what visitors do there."""

import re
import unicodedata

from sandbox import seeded
from sandbox.exchange import Answer, Call
from sandbox.imitation import Card
from sandbox.instagram.accounts import FILES_HOST, Accounts
from sandbox.instagram.state import Comment, Media

_FILE = re.compile(r"/v/(\d+)\.\w+")


def cards(accounts: Accounts, title: str) -> list[Card]:
    """Return the visible media, the newest first."""
    now, state = accounts.ground.clock(), accounts.state
    shown = [one for one in reversed(state.media.values()) if one.parent_id is None and one.is_live(now)]
    return [
        Card(
            platform=title,
            account=accounts.world.name
            if one.account_id == accounts.world.account_id
            else accounts.world.other_username,
            at=one.created_at,
            title="Historia" if one.product == "STORY" else None,
            text=one.caption,
            link=accounts.permalink(one),
            media=tuple((file.medium.sha256, file.alt_text) for file in one.files if file.medium is not None),
            comments=sum(not comment.hidden for comment in state.comments_of(one.id)),
        )
        for one in shown
    ]


def add_comment(accounts: Accounts, author: str, text: str, *, remote_id: str | None, pick: int) -> str | None:
    """Let a visitor comment on a visible medium; `remote_id` may be a medium's or a comment's."""
    state = accounts.state
    above = state.comments.get(remote_id or "")
    wanted = above.media_id if above else remote_id
    open_ones = [one for one in state.media.values() if _takes_comments(one) and wanted in {None, one.id}]
    if not open_ones:
        return None
    media = open_ones[pick % len(open_ones)]
    comment = Comment(
        id=state.new_id(),
        media_id=media.id,
        parent_id=(above.parent_id or above.id) if above else None,
        author_id=str(10**15 + seeded.number(accounts.ground.seed, "instagram visitor", author) % 10**15),
        username=_username(author),
        text=text,
        created_at=accounts.ground.clock(),
        by_account=False,
    )
    state.comments[comment.id] = comment
    accounts.assume_comment(comment)
    return comment.id


def _takes_comments(media: Media) -> bool:
    return media.parent_id is None and media.takes_comments and media.product != "STORY"


def _username(author: str) -> str:
    plain = unicodedata.normalize("NFKD", author).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", ".", plain).strip(".") or "vecino"


def file_of(accounts: Accounts, host: str, path: str) -> Media | None:
    """Return the medium whose file an address of the file host shows."""
    match = _FILE.fullmatch(path)
    return accounts.state.media.get(match[1]) if match and host == FILES_HOST else None


def file(accounts: Accounts, call: Call) -> Answer:
    """Answer a request for a medium's file."""
    media = file_of(accounts, call.host, call.path)
    if media is None or media.medium is None or call.method not in {"GET", "HEAD"}:
        return Answer(403, b"URL signature mismatch", "text/plain")
    return Answer(200, media.medium.path, media.mime)
