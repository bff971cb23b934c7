"""What comes back from LinkedIn: comments and figures.

Sheet of 2026-11-23, sections 3.3 and 4. Others' comments may be kept for 48 hours only (sheet section 5 [doc]); that is
for whoever stores them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors import linkedin_sentences as say
from connectors.errors import (
    ConnectorError,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    Rejected,
    Unavailable,
    Unsupported,
)
from connectors.http import visible_write
from connectors.linkedin_api import Api, Created, Thing, figure, key, listed
from connectors.linkedin_content import PUBLISH_FAILED, address_of
from connectors.linkedin_errors import unreadable
from core.deliveries import Published
from core.feedback import Comment, Page, Snapshot
from core.platforms import Platform

COMMENTS_A_PAGE = 50  # ours: each of them may have replies, which take a call more
REPLIES_READ = 10  # pages of a hundred under one comment; there is no end to be trusted
# For some seconds the comments of a fresh post are answered 404 (sheet 3.3 [code]: tried again for up to a minute)
FRESH = timedelta(minutes=2)

POST_FIGURES = (
    "impressionCount",
    "uniqueImpressionsCount",
    "clickCount",
    "likeCount",
    "commentCount",
    "shareCount",
    "engagement",
)
VIDEO_FIGURES = ("VIDEO_VIEW", "VIEWER", "TIME_WATCHED")
FOLLOWERS = "firstDegreeSize"
PAGE_VIEWS = "allPageViews"

_CURSOR = re.compile(r"[0-9]{1,9}")
_COMMENT_URN = re.compile(r"urn:li:comment:\(((?:urn:li:)?(?:activity|share|ugcPost):\d+),(\d+)\)")


class Feedback:
    """Comments and figures of one page."""

    def __init__(self, api: Api, author: str) -> None:
        self._api = api
        self._author = author

    def comments(self, remote_id: str, cursor: str | None) -> Page[Comment]:
        """Return a page of first-level comments with all their replies, each once, the oldest of them first.

        The platform promises no order (sheet 3.3): across pages there is none, and there is no place from which on
        everything is new. So no later pull can begin anywhere but at the start.
        """
        start = _start(cursor)
        try:
            answer = self._api.get(f"socialActions/{key(remote_id)}/comments", f"start={start}&count={COMMENTS_A_PAGE}")
        except Gone:
            self._must_be_fresh(remote_id)
            return Page(items=())
        top = answer.things("elements")
        found: dict[str, Comment] = {}
        for one in top:
            comment = self._comment(one, remote_id, parent=None)
            found[comment.id] = comment
            if one.number("commentsSummary", "totalFirstLevelComments") != 0:
                for reply in self._replies(comment.id):
                    below = self._comment(reply, remote_id, parent=comment.id)
                    found[below.id] = below
        items = tuple(sorted(found.values(), key=lambda comment: (comment.created_at, comment.id)))
        return Page(items=items, next_cursor=str(start + len(top)) if has_more(answer, COMMENTS_A_PAGE) else None)

    def _replies(self, comment_id: str) -> Iterator[Thing]:
        start = 0
        for _page in range(REPLIES_READ):
            try:
                answer = self._api.get(f"socialActions/{key(comment_id)}/comments", f"start={start}&count=100")
            except Gone:
                return  # taken away between the two calls
            replies = answer.things("elements")
            yield from replies
            if not has_more(answer, 100):
                return
            start += len(replies)

    def _comment(self, thing: Thing, remote_id: str, *, parent: str | None) -> Comment:
        created_at = thing.instant("created", "time") or thing.instant("lastModified", "time")
        if created_at is None:
            raise unreadable("time of a comment")
        return Comment(
            id=_comment_id(thing),
            text=thing.text("message", "text"),
            created_at=created_at,
            parent_id=thing.text("parentComment") or parent,
            author_id=thing.text("actor"),
            own=thing.text("actor") == self._author,
            can_hide=False,
            url=address_of(remote_id),
        )

    def _must_be_fresh(self, remote_id: str) -> None:
        """Take a 404 for what it is: the post is gone, or too fresh for anybody to have commented on it."""
        post = self.public_post(remote_id)
        made_at = post.instant("publishedAt") or post.instant("createdAt")
        if made_at is None or datetime.now(UTC) - made_at > FRESH:
            raise Unavailable("the post is there, its comments are not", platform=Platform.LINKEDIN, status=404)

    def public_post(self, remote_id: str) -> Thing:
        """Read a post. Gone where it is not there, or was taken with a 201 and never became visible (trap 14)."""
        post = self._api.get(f"posts/{key(remote_id)}", "viewContext=AUTHOR")
        if post.text("lifecycleState") == PUBLISH_FAILED:
            raise Gone(
                "the platform took the post and never showed it",
                platform=Platform.LINKEDIN,
                code=PUBLISH_FAILED,
                sentence=say.NOT_THERE,
            )
        return post

    def reply(self, comment_id: str, text: str) -> Published:
        """Answer a comment; an answer to a reply goes under the same comment, since there are two levels only."""
        match = _COMMENT_URN.fullmatch(comment_id)
        if match is None:
            raise Gone("no such comment on LinkedIn", platform=Platform.LINKEDIN, sentence=say.COMMENT_GONE)
        try:
            seen = self._api.get(f"socialActions/{key(match[1])}/comments/{match[2]}")
        except Gone as error:
            raise Gone(
                "the comment is not there any more",
                platform=Platform.LINKEDIN,
                status=error.status,
                code=error.code,
                detail=error.detail,
                sentence=say.COMMENT_GONE,
            ) from error
        above = seen.text("parentComment") or comment_id
        thread = seen.text("object") or match[1]
        # plain text: what little text escapes would show its backslashes here (trap 12)
        answer = {"actor": self._author, "object": thread, "message": {"text": text}, "parentComment": above}
        with visible_write():
            created = self._api.create(f"socialActions/{key(above)}/comments", answer)
            own = _written_id(created, thread)
        return Published(own, address_of(thread), created.thing.instant("created", "time"))

    def post_figures(self, remote_id: str) -> Snapshot:
        """Return a post's figures since the beginning."""
        post = self.public_post(remote_id)
        figures = _Figures()
        figures.read(POST_FIGURES, lambda: self._shared(remote_id))
        figures.read(("comments", "reactions"), lambda: self._social(remote_id))
        if post.text("content", "media", "id").startswith("urn:li:video:"):
            for name in VIDEO_FIGURES:
                figures.read((name,), lambda name=name: self._watched(remote_id, name))  # type: ignore[misc]
        return figures.snapshot()

    def page_figures(self) -> Snapshot:
        """Return the page's figures since the beginning; followers are a call of their own (trap 10)."""
        figures = _Figures()
        figures.read((FOLLOWERS,), self._followed)
        figures.read(POST_FIGURES, lambda: self._shared(""))
        figures.read((PAGE_VIEWS,), self._viewed)
        return figures.snapshot()

    def _shared(self, remote_id: str) -> Mapping[str, Any]:
        query = f"q=organizationalEntity&organizationalEntity={key(self._author)}"
        if remote_id:
            kind = "ugcPosts" if remote_id.startswith("urn:li:ugcPost:") else "shares"
            query += f"&{kind}={listed([remote_id])}"
        elements = self._api.get("organizationalEntityShareStatistics", query).things("elements")
        if not elements and remote_id:
            return dict.fromkeys(POST_FIGURES, 0)  # left out means that nothing happened (trap 11)
        counted = elements[0].get("totalShareStatistics") if elements else None
        if not isinstance(counted, Mapping):
            return {}
        # one sample of the documentation spells it with a second s (sheet section 4)
        return {"uniqueImpressionsCount": counted.get("uniqueImpressionsCounts")} | dict(counted)

    def _social(self, remote_id: str) -> Mapping[str, Any]:
        seen = self._api.get(f"socialMetadata/{key(remote_id)}")
        kinds = seen.get("reactionSummaries")
        counts = {
            f"reactions.{kind}": Thing(summary).figure("count") if isinstance(summary, Mapping) else None
            for kind, summary in (kinds.items() if isinstance(kinds, Mapping) else ())
        }
        known = [count for count in counts.values() if count is not None]
        # a sum that leaves a kind out is no total
        total = sum(known) if isinstance(kinds, Mapping) and len(known) == len(counts) else None
        return {"comments": seen.get("commentSummary", "count"), "reactions": total} | counts

    def _watched(self, remote_id: str, name: str) -> Mapping[str, Any]:
        query = f"q=entity&entity={key(remote_id)}&type={name}&aggregation=ALL"
        elements = self._api.get("videoAnalytics", query).things("elements")
        return {name: elements[0].get("value")} if elements else {}

    def _followed(self) -> Mapping[str, Any]:
        size = self._api.get(f"networkSizes/{key(self._author)}", "edgeType=COMPANY_FOLLOWED_BY_MEMBER")
        return {FOLLOWERS: size.get(FOLLOWERS)}

    def _viewed(self) -> Mapping[str, Any]:
        query = f"q=organization&organization={key(self._author)}"
        elements = self._api.get("organizationPageStatistics", query).things("elements")
        views = elements[0].get("totalPageStatistics", "views", PAGE_VIEWS) if elements else None
        return {PAGE_VIEWS: views.get("pageViews") if isinstance(views, Mapping) else None}


class _Figures:
    """Figures from several calls: one that is refused costs its own figures only, unless all are."""

    def __init__(self) -> None:
        self._values: dict[str, float] = {}
        self._wanted: list[str] = []
        self._refused: ConnectorError | None = None

    def read(self, names: tuple[str, ...], call: Callable[[], Mapping[str, Any]]) -> None:
        self._wanted += names
        try:
            figures = call()
        except (Rejected, Gone, NotAuthorized) as error:
            if isinstance(error, NotAuthorized) and error.status != 403:
                raise
            self._refused = error
            return
        known = {name: number for name, value in figures.items() if (number := figure(value)) is not None}
        self._values |= {name: known[name] for name in known if name.partition(".")[0] in names}

    def snapshot(self) -> Snapshot:
        if not self._values and self._refused is not None:
            raise self._refused
        missing = tuple(name for name in self._wanted if name not in self._values)
        return Snapshot(taken_at=datetime.now(UTC), values=self._values, missing=missing)


def has_more(answer: Thing, count: int) -> bool:
    """Tell whether a list goes on. `total` may be absent, and a page shorter than asked for is the last (sheet 3.1)."""
    links = answer.get("paging", "links")
    named = isinstance(links, list) and any(isinstance(link, Mapping) and link.get("rel") == "next" for link in links)
    size = len(answer.things("elements"))
    return size > 0 and (named or size >= count)


def _start(cursor: str | None) -> int:
    """Return where a page begins. Unsupported for what no page of ours has named."""
    if cursor is None:
        return 0
    if not _CURSOR.fullmatch(cursor):
        raise Unsupported("not a cursor of this list", platform=Platform.LINKEDIN, sentence=say.OUR_MISTAKE)
    return int(cursor)


def _comment_id(thing: Thing) -> str:
    return thing.text("commentUrn") or f"urn:li:comment:({thing.needed('object')},{thing.needed('id')})"


def _written_id(created: Created, thread: str) -> str:
    """Return the new comment's URN. The header has its bare number, the body all of it (sheet 3.3)."""
    if created.thing.text("commentUrn"):
        return created.thing.text("commentUrn")
    if not created.id.isdecimal():
        raise OutcomeUnknown("the platform did not confirm the reply", platform=Platform.LINKEDIN)
    return f"urn:li:comment:({thread},{created.id})"
