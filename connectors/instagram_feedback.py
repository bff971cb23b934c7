"""What comes back from Instagram: comments, replies, figures (sheet instagram.md of 2026-11-23, sections 3.2 and 4)."""

from datetime import UTC, datetime
from typing import Any

from connectors.errors import ConnectorError, Gone, Rejected, Unavailable
from connectors.http import visible_write
from connectors.instagram_stage import check_account
from connectors.meta import Answer, Graph, next_cursor, parse_time
from core.accounts import Account
from core.deliveries import Published
from core.feedback import Comment, Page, Snapshot
from core.platforms import Platform

COMMENTS_A_PAGE = 50  # the platform's own maximum
EXPANDED = 25  # [memory]: how many objects an expanded field holds where nothing is said
REPLIES_READ = 20  # pages of one comment's replies
# sheet 4.1: names of 2026, by what the media is. One that does not fit fails a whole request, so a refused request is
# asked again one by one.
FEED_METRICS = (
    "views",
    "reach",
    "likes",
    "comments",
    "saved",
    "shares",
    "total_interactions",
    "reposts",
    "follows",
    "profile_visits",
)
REEL_METRICS = (
    "views",
    "reach",
    "likes",
    "comments",
    "saved",
    "shares",
    "total_interactions",
    "reposts",
    "ig_reels_avg_watch_time",
    "ig_reels_video_view_total_time",
    "reels_skip_rate",
)
# sheet 4.2, all of them `total_value`: without that word the answer is an empty list, and no error
ACCOUNT_METRICS = (
    "reach",
    "views",
    "accounts_engaged",
    "total_interactions",
    "likes",
    "comments",
    "shares",
    "saves",
    "replies",
    "reposts",
    "profile_links_taps",
)
_ACCOUNT_FIGURES = ("followers_count", "follows_count", "media_count")
_MEDIA_FIGURES = ("like_count", "comments_count")

_OF_REPLY = "id,text,timestamp,username,from{id,username},hidden,parent_id"
_OF_COMMENT = f"id,text,timestamp,username,from{{id,username}},hidden,parent_id,replies{{{_OF_REPLY}}}"
# codes of a failing insights request that may be one metric's fault: a bad name, or the platform's "unknown error"
_METRIC_FAULTS = frozenset({"100", "10", "1", "2"})


class Feedback:
    """Reads and moderates what people said of one account's media, and reads its figures."""

    def __init__(self, graph: Graph, account: Account) -> None:
        self._graph = graph
        self._account = account

    def comments(self, remote_id: str, cursor: str | None) -> Page[Comment]:
        """Return up to 50 comments, newest first, each followed by its replies."""
        query = {"fields": _OF_COMMENT, "limit": f"{COMMENTS_A_PAGE}"} | ({"after": cursor} if cursor else {})
        answer = self._read(f"{remote_id}/comments", **query)
        found: list[Comment] = []
        for item in self._graph.items(answer):
            found.append(self._comment(item))
            found += [self._comment(reply, parent=str(item["id"])) for reply in self._replies(item)]
        return Page(items=tuple(found), next_cursor=next_cursor(answer, asked=COMMENTS_A_PAGE))

    def reply(self, comment_id: str, text: str) -> Published:
        """Answer as the account. Not repeatable: a second call makes a second reply."""
        seen = self._read(comment_id, fields="id,hidden,parent_id,media{id}")
        if seen.get("hidden") is True:
            raise Rejected("a hidden comment cannot be answered", platform=Platform.INSTAGRAM)
        media = seen.get("media")
        url = self.address_of(str(media.get("id") or "")) if isinstance(media, dict) else self._account.address
        # a reply to a reply lands on the top-level comment's thread anyway (sheet 3.2)
        with visible_write():
            answer = self._graph.post(f"{seen.get('parent_id') or comment_id}/replies", {"message": text})
            if not answer.get("id"):
                raise self._graph.unreadable("the platform did not confirm the reply")
        return Published(remote_id=str(answer["id"]), url=url)

    def hide(self, comment_id: str, *, hidden: bool) -> None:
        """Hide or show. A lost answer is safe to repeat. Rejected for our own: the platform hides them from nobody."""
        seen = self._read(comment_id, fields="id,hidden,username,from{id,username}")
        if seen.get("hidden") is hidden:
            return
        if self._is_own(seen):
            raise Rejected("the account's own comments stay visible", platform=Platform.INSTAGRAM)
        # shown only as a parameter of the address (sheet 0)
        answer = self._graph.post(comment_id, {}, query={"hide": "true" if hidden else "false"})
        if answer.get("success") is not True:
            raise self._graph.unreadable("the platform did not confirm it")

    def metrics(self, remote_id: str) -> Snapshot:
        """Return the counts that the media itself shows, and its insights."""
        fields = ("media_product_type", *_MEDIA_FIGURES)
        seen = self._read(remote_id, fields=",".join(fields))
        metrics = REEL_METRICS if seen.get("media_product_type") == "REELS" else FEED_METRICS
        return self._snapshot(f"{remote_id}/insights", metrics, seen, figures=_MEDIA_FIGURES)

    def account_metrics(self) -> Snapshot:
        """Return the account's followers now, and its last 24 hours."""
        seen = self._graph.get(self._account.remote_id, fields=",".join(_ACCOUNT_FIGURES))
        path = f"{self._account.remote_id}/insights"
        query = {"period": "day", "metric_type": "total_value"}
        return self._snapshot(path, ACCOUNT_METRICS, seen, figures=_ACCOUNT_FIGURES, **query)

    def address_of(self, media: str) -> str:
        """Return where people find a media object; the account's own address where the platform does not tell now."""
        try:
            permalink = str(self._graph.get(media, fields="permalink").get("permalink") or "")
        except ConnectorError:
            permalink = ""
        return permalink if permalink.startswith("https://") else self._account.address

    def _read(self, path: str, **query: str) -> Answer:
        try:
            return self._graph.get(path, **query)
        except Gone:
            check_account(self._graph, self._account.remote_id)
            raise

    def _replies(self, comment: Answer) -> list[Answer]:
        """Return all of a comment's replies: those that came with it, then those on pages of their own."""
        inside = comment.get("replies")
        if not isinstance(inside, dict):
            return []
        found = {str(item.get("id")): item for item in self._graph.items(inside)}
        cursor = next_cursor(inside, asked=COMMENTS_A_PAGE)
        # what is expanded may be cut without a word: how many there are in it at the most is nowhere written
        if cursor is None and len(found) < EXPANDED:
            return list(found.values())
        query = {"fields": _OF_REPLY, "limit": f"{COMMENTS_A_PAGE}"} | ({"after": cursor} if cursor else {})
        for _page in range(REPLIES_READ):
            answer = self._read(f"{comment['id']}/replies", **query)
            found |= {str(item.get("id")): item for item in self._graph.items(answer)}
            after = next_cursor(answer, asked=COMMENTS_A_PAGE)
            if after is None:
                break
            query["after"] = after
        return list(found.values())

    def _comment(self, item: Answer, *, parent: str = "") -> Comment:
        created_at = parse_time(item.get("timestamp"))
        if not item.get("id") or created_at is None:
            raise self._graph.unreadable("a comment has no id or no time")
        own = self._is_own(item)
        above = str(item.get("parent_id") or parent)
        return Comment(
            id=str(item["id"]),
            text=str(item.get("text") or ""),
            created_at=created_at,
            parent_id=above or None,
            author_id=_author(item, "id"),
            author_name=_author(item, "username"),
            own=own,
            hidden=item.get("hidden") is True,
            can_hide=not own,
        )

    def _is_own(self, item: Answer) -> bool:
        return _author(item, "id") == self._account.remote_id

    def _snapshot(
        self, path: str, metrics: tuple[str, ...], seen: Answer, *, figures: tuple[str, ...], **query: str
    ) -> Snapshot:
        values: dict[str, float] = {}
        for name in figures:
            _put(values, name, seen.get(name))
        for insight in self._insights(path, metrics, query):
            _put(values, str(insight.get("name")), _figure(insight))
        missing = tuple(name for name in (*figures, *metrics) if name not in values)
        return Snapshot(taken_at=datetime.now(UTC), values=values, missing=missing)

    def _insights(self, path: str, metrics: tuple[str, ...], query: dict[str, str]) -> list[Answer]:
        """Ask for all; where that is refused, for each alone. What is refused alone is simply not there."""
        try:
            return self._graph.items(self._graph.get(path, metric=",".join(metrics), **query))
        except (Rejected, Unavailable) as error:
            if error.code.split("/")[0] not in _METRIC_FAULTS:
                raise
            if len(metrics) == 1:
                return []
        return [insight for metric in metrics for insight in self._insights(path, (metric,), query)]


def _author(item: Answer, name: str) -> str:
    """Return who wrote a comment; `from` is missing without the right to read comments, and for some people."""
    author = item.get("from")
    told = author.get(name) if isinstance(author, dict) else None
    return str(told or (item.get(name) if name == "username" else "") or "")


def _figure(insight: Answer) -> Any:
    """Return a metric's figure: the whole where it is given, else the last of its values."""
    total = insight.get("total_value")
    if isinstance(total, dict) and "value" in total:
        return total["value"]
    values = insight.get("values")
    listed = [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
    return listed[-1].get("value") if listed else None


def _put(values: dict[str, float], name: str, value: Any) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        values[name] = float(value)
