"""What comes back from X: replies to a post and figures. Every object read is paid for.

Sheet of 2026-11-23, sections 3, 4 and 7.1. Replies are searched by conversation, which reaches seven days back; of an
older post only those are found that still mention the account, in its newest 800 mentions.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.errors import Gone, NotAuthorized, RateLimited, Rejected
from connectors.read_budget import ReadBudget, check_budget
from connectors.x_api import Api
from connectors.x_errors import Answer, unreadable
from connectors.x_posts import FIELDS, PARENTS, OwnPosts, Seen, items_of, next_token, read_post
from core.feedback import Comment, Page, Snapshot
from core.platforms import Platform

SEARCH_REACHES = timedelta(days=7)
_MARGIN = timedelta(hours=1)
_LEAST, _MOST = 10, 100  # on a page (sheet 3 [doc])
# A conversation comes newest first; this much of it is read at once, to be handed on oldest first.
_PAGES = 5
_SEARCH, _MENTIONS = "search", "mentions"

# what a figure is called before and after document 2.167; the older name is kept, so that months compare
_FIGURES = {
    "retweet_count": ("retweet_count", "repost_count"),
    "reply_count": ("reply_count",),
    "like_count": ("like_count",),
    "quote_count": ("quote_count",),
    "bookmark_count": ("bookmark_count",),
    "impression_count": ("impression_count",),
}
# only the author is told these, for thirty days
_PRIVATE = {name: (name,) for name in ("url_link_clicks", "user_profile_clicks", "engagements")}
_OF_ACCOUNT = {
    "followers_count": ("followers_count",),
    "following_count": ("following_count",),
    "tweet_count": ("tweet_count", "post_count"),
    "listed_count": ("listed_count",),
    "like_count": ("like_count",),
    "media_count": ("media_count",),
}


class Feedback:
    """Reads what answers one account's posts."""

    def __init__(self, api: Api, budget: ReadBudget, user_id: str) -> None:
        self._api = api
        self._budget = budget
        self._user = user_id

    def comments(self, remote_id: str, cursor: str | None) -> Page[Comment]:
        """Return up to 500 replies of the conversation, oldest first; the cursor leads to older ones."""
        check_budget(self._budget, Platform.X)
        source, _colon, token = (cursor or "").partition(":")
        if not source:
            source = self._source(remote_id)
        found: list[Comment] = []
        for _page in range(_PAGES):
            try:
                answer = self._page(source, remote_id, token)
            except RateLimited:
                if not found:
                    raise
                break
            names = _users(answer)
            replies = [one for one in items_of(answer) if one.conversation_id == remote_id and one.id != remote_id]
            found += [self._comment(one, remote_id, names) for one in replies]
            token = next_token(answer) or ""
            if not token:
                break
        # what continues our own post from below is the post itself (a thread), no comment on it
        chain = _chain(found)
        comments = [one for one in found if one.id not in chain]
        comments.sort(key=lambda one: (one.created_at, int(one.id)))
        return Page(items=tuple(comments), next_cursor=f"{source}:{token}" if token else None)

    def metrics(self, remote_id: str) -> Snapshot:
        """Return the public figures, the author's own ones while X tells them, and the views of its film."""
        check_budget(self._budget, Platform.X)
        query = {"expansions": "attachments.media_keys", "media__fields": "public_metrics"}
        try:
            post = read_post(self._api, remote_id, fields="public_metrics,non_public_metrics", **query)
        except (Rejected, Gone, NotAuthorized):
            # one figure that is refused must not lose the rest; whoever may read nothing fails here again
            post = read_post(self._api, remote_id, fields="public_metrics", **query)
        item = post.answer["data"]
        values = _figures(item.get("public_metrics"), _FIGURES)
        values |= _figures(item.get("non_public_metrics"), _PRIVATE)
        views = [_figures(one.get("public_metrics"), {"v": ("view_count",)}) for one in _included(post.answer, "media")]
        if any(views):
            values["view_count"] = sum(one.get("v", 0) for one in views)
        return _snapshot(values, expected=(*_FIGURES, *_PRIVATE))

    def account_metrics(self) -> Snapshot:
        """Return the account's figures."""
        check_budget(self._budget, Platform.X)
        answer = self._api.read("/2/users/me", user__fields="public_metrics")
        data = answer.get("data")
        if not isinstance(data, Mapping):
            raise unreadable("the answer has no account")
        return _snapshot(_figures(data.get("public_metrics"), _OF_ACCOUNT), expected=tuple(_OF_ACCOUNT))

    def _source(self, remote_id: str) -> str:
        """Look whether the post is there (its replies would simply be none), and how far its replies can be found."""
        post = read_post(self._api, remote_id, fields="created_at")
        age = datetime.now(UTC) - post.created_at if post.created_at else timedelta(0)
        return _SEARCH if age < SEARCH_REACHES - _MARGIN else _MENTIONS

    def _page(self, source: str, remote_id: str, token: str) -> Answer:
        check_budget(self._budget, Platform.X)
        left = self._budget.left()
        most = _MOST if left is None else max(_LEAST, min(left, _MOST))
        query = {"max_results": str(most), "tweet__fields": FIELDS, "expansions": f"author_id,{PARENTS}"}
        if source == _SEARCH:
            more = {"next_token": token} if token else {}
            return self._api.read(
                "/2/tweets/search/recent",
                query=f"conversation_id:{remote_id}",
                user__fields="name,username",
                **query,
                **more,
            )
        more = {"pagination_token": token} if token else {}
        return self._api.read(
            f"/2/users/{self._user}/mentions", since_id=remote_id, user__fields="name,username", **query, **more
        )

    def _comment(self, one: Seen, remote_id: str, users: Mapping[str, Mapping[str, Any]]) -> Comment:
        if one.created_at is None or not one.id.isdecimal():
            raise unreadable("a reply has no time or no number")
        author = users.get(one.author_id, {})
        username = str(author.get("username") or "i")
        own = one.author_id == self._user
        return Comment(
            id=one.id,
            text=one.said,
            created_at=one.created_at,
            parent_id=None if one.parent_id == remote_id else one.parent_id or None,
            author_id=one.author_id,
            author_name=str(author.get("name") or ""),
            own=own,
            # X tells nobody which replies are hidden
            can_hide=not own,
            url=f"https://x.com/{username}/status/{one.id}",
        )


def _chain(found: list[Comment]) -> set[str]:
    chain: set[str] = set()
    for one in sorted(found, key=lambda each: int(each.id)):
        if one.own and (one.parent_id is None or one.parent_id in chain):
            chain.add(one.id)
    return chain


def thread_below(posts: OwnPosts, root: Seen) -> list[str]:
    """Return the ids of our own messages that continue a post, the first one first."""
    chain = [root.id]
    listing = posts.after(root.id)
    for one in sorted(listing.posts, key=lambda each: int(each.id)):
        if one.parent_id in chain and one.id not in chain:
            chain.append(one.id)
    return chain[1:]


def _users(answer: Answer) -> dict[str, Mapping[str, Any]]:
    return {str(user.get("id")): user for user in _included(answer, "users")}


def _included(answer: Answer, name: str) -> list[Mapping[str, Any]]:
    includes = answer.get("includes")
    listed = includes.get(name) if isinstance(includes, Mapping) else None
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []


def _figures(given: object, names: Mapping[str, tuple[str, ...]]) -> dict[str, float]:
    if not isinstance(given, Mapping):
        return {}
    values = {}
    for name, spellings in names.items():
        value = next((given[spelling] for spelling in spellings if given.get(spelling) is not None), None)
        if isinstance(value, int | float) and not isinstance(value, bool):
            values[name] = float(value)
    return values


def _snapshot(values: dict[str, float], *, expected: tuple[str, ...]) -> Snapshot:
    return Snapshot(
        taken_at=datetime.now(UTC), values=values, missing=tuple(name for name in expected if name not in values)
    )
