"""What comes back from Instagram: comments, replies, figures (sheet instagram.md of 2026-11-23, sections 3.2 and 4)."""

from connectors.errors import ConnectorError, Rejected, Unsupported
from connectors.http import visible_write
from connectors.instagram_sentences import HIDDEN_UNANSWERABLE, OWN_STAYS
from connectors.instagram_stage import SITE
from connectors.meta import Answer, Graph
from connectors.meta_insights import put, read_insights, snapshot
from connectors.meta_values import address_at, ident, parse_time, part_of, text_of
from connectors.meta_walk import Walk
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
_METRIC_FAULTS = frozenset({"100", "1", "2"})


class Feedback:
    """Reads and moderates what people said of one account's media, and reads its figures."""

    def __init__(self, graph: Graph, account: Account) -> None:
        self._graph = graph
        self._account = account

    def comments(self, remote_id: str, cursor: str | None) -> Page[Comment]:
        """Return up to 50 comments, newest first, each followed by its replies."""
        walk = Walk.parse(cursor, Platform.INSTAGRAM)
        if walk.since or walk.newest:
            raise Unsupported("this is no cursor of ours", platform=Platform.INSTAGRAM)
        query = {"fields": _OF_COMMENT, "limit": f"{COMMENTS_A_PAGE}"} | ({"after": walk.after} if walk.after else {})
        answer = self._graph.read(f"{remote_id}/comments", **query)
        found: list[Comment] = []
        for item in self._graph.items(answer):
            comment = self._comment(item)
            found.append(comment)
            found += [self._comment(reply, parent=comment.id) for reply in self._replies(comment.id, item)]
        after = self._graph.cursor_of(answer, asked=COMMENTS_A_PAGE)
        # no `resume_cursor`: what is new may be a reply to the oldest comment, which no order shows
        return Page(tuple(found), next_cursor=walk.following(after, Platform.INSTAGRAM) if after else None)

    def reply(self, comment_id: str, text: str) -> Published:
        """Answer as the account. Not repeatable: a second call makes a second reply."""
        seen = self._graph.read(comment_id, fields="id,hidden,parent_id,media{id}")
        if seen.get("hidden") is True:
            raise Rejected(
                "a hidden comment cannot be answered", platform=Platform.INSTAGRAM, sentence=HIDDEN_UNANSWERABLE
            )
        media = ident(part_of(seen, "media", "id"))
        url = self.address_of(media) if media else self._account.address
        # a reply to a reply lands on the top-level comment's thread anyway (sheet 3.2)
        thread = ident(seen.get("parent_id")) or comment_id
        with visible_write():
            answer = self._graph.post(f"{thread}/replies", {"message": text})
            reply_id = self._graph.id_in(answer)
        return Published(remote_id=reply_id, url=url)

    def hide(self, comment_id: str, *, hidden: bool) -> None:
        """Hide or show. A lost answer is safe to repeat. Rejected for our own: the platform hides them from nobody."""
        seen = self._graph.read(comment_id, fields="id,hidden,username,from{id,username}")
        if seen.get("hidden") is hidden:
            return
        if self._is_own(seen):
            raise Rejected("the account's own comments stay visible", platform=Platform.INSTAGRAM, sentence=OWN_STAYS)
        # shown only as a parameter of the address (sheet 0)
        answer = self._graph.post(comment_id, {}, query={"hide": "true" if hidden else "false"})
        self._graph.confirmed(answer, "the hiding")

    def metrics(self, remote_id: str) -> Snapshot:
        """Return the counts that the media itself shows, and its insights."""
        fields = ("media_product_type", *_MEDIA_FIGURES)
        seen = self._graph.read(remote_id, fields=",".join(fields))
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
            permalink = self._graph.get(media, fields="permalink").get("permalink")
        except ConnectorError:
            permalink = None
        return address_at(permalink, SITE) or self._account.address

    def _replies(self, comment_id: str, comment: Answer) -> list[Answer]:
        """Return all of a comment's replies: those that came with it, then those on pages of their own."""
        inside = comment.get("replies")
        if inside is None:
            return []
        found = {self._graph.id_in(item): item for item in self._graph.items(inside)}
        cursor = self._graph.cursor_of(inside, asked=COMMENTS_A_PAGE)
        # what is expanded may be cut without a word: how many there are in it at the most is nowhere written
        if cursor is None and len(found) < EXPANDED:
            return list(found.values())
        query = {"fields": _OF_REPLY, "limit": f"{COMMENTS_A_PAGE}"} | ({"after": cursor} if cursor else {})
        for _page in range(REPLIES_READ):
            answer = self._graph.read(f"{comment_id}/replies", **query)
            found |= {self._graph.id_in(item): item for item in self._graph.items(answer)}
            after = self._graph.cursor_of(answer, asked=COMMENTS_A_PAGE)
            if after is None or after == query.get("after"):
                break
            query["after"] = after
        return list(found.values())

    def _comment(self, item: Answer, *, parent: str = "") -> Comment:
        comment_id, created_at = self._graph.id_in(item), parse_time(item.get("timestamp"))
        if created_at is None:
            raise self._graph.unreadable("a comment has no time")
        own = self._is_own(item)
        # `from` is missing without the right to read comments, and for some people
        name = text_of(part_of(item, "from", "username")) or text_of(item.get("username"))
        return Comment(
            id=comment_id,
            text=text_of(item.get("text")),
            created_at=created_at,
            parent_id=ident(item.get("parent_id")) or parent or None,
            author_id=ident(part_of(item, "from", "id")),
            author_name=name,
            own=own,
            hidden=item.get("hidden") is True,
            can_hide=not own,
        )

    def _is_own(self, item: Answer) -> bool:
        return ident(part_of(item, "from", "id")) == self._account.remote_id

    def _snapshot(
        self, path: str, metrics: tuple[str, ...], seen: Answer, *, figures: tuple[str, ...], **query: str
    ) -> Snapshot:
        values: dict[str, float] = {}
        for name in figures:
            put(values, name, seen.get(name))
        values |= read_insights(self._graph, path, metrics, faults=_METRIC_FAULTS, **query)
        return snapshot(values, expected=(*figures, *metrics))
