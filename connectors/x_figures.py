"""Figures of posts and of the account on X. Every object read is paid for (sheet of 2026-11-23, sections 4 and 7.1)."""

from collections.abc import Mapping
from datetime import UTC, datetime

from connectors.errors import Gone, NotAuthorized, Rejected, TokenRefused
from connectors.read_budget import ReadBudget, check_budget
from connectors.x_api import Api
from connectors.x_errors import unreadable
from connectors.x_reading import included, read_post
from core.feedback import Snapshot
from core.platforms import Platform

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
# more than this nobody has; what is beyond, or below 0, is no figure
_MOST = 10**15


class Figures:
    """Reads the figures of one account and its posts."""

    def __init__(self, api: Api, budget: ReadBudget) -> None:
        self._api = api
        self._budget = budget

    def of_post(self, remote_id: str) -> Snapshot:
        """Return the public figures, the author's own ones while X tells them, and the views of its film."""
        check_budget(self._budget, Platform.X)
        query = {"expansions": "attachments.media_keys", "media__fields": "public_metrics"}
        try:
            post = read_post(self._api, remote_id, fields="public_metrics,non_public_metrics", **query)
        except TokenRefused:
            raise
        except (Rejected, Gone, NotAuthorized):
            # one figure that is refused must not lose the rest; whoever may read nothing fails here again
            post = read_post(self._api, remote_id, fields="public_metrics", **query)
        item = post.answer["data"]
        values = _figures(item.get("public_metrics"), _FIGURES)
        values |= _figures(item.get("non_public_metrics"), _PRIVATE)
        views = [_figures(one.get("public_metrics"), {"v": ("view_count",)}) for one in included(post.answer, "media")]
        if any(views):
            values["view_count"] = sum(one.get("v", 0) for one in views)
        return _snapshot(values, expected=(*_FIGURES, *_PRIVATE))

    def of_account(self) -> Snapshot:
        """Return the account's figures."""
        check_budget(self._budget, Platform.X)
        answer = self._api.read("/2/users/me", user__fields="public_metrics")
        data = answer.get("data")
        if not isinstance(data, Mapping):
            raise unreadable("the answer has no account")
        return _snapshot(_figures(data.get("public_metrics"), _OF_ACCOUNT), expected=tuple(_OF_ACCOUNT))


def _figures(given: object, names: Mapping[str, tuple[str, ...]]) -> dict[str, float]:
    if not isinstance(given, Mapping):
        return {}
    values = {}
    for name, spellings in names.items():
        value = next((given[spelling] for spelling in spellings if given.get(spelling) is not None), None)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _MOST:
            values[name] = float(value)
    return values


def _snapshot(values: dict[str, float], *, expected: tuple[str, ...]) -> Snapshot:
    return Snapshot(
        taken_at=datetime.now(UTC), values=values, missing=tuple(name for name in expected if name not in values)
    )
