"""How often a post was seen and answered: made up, growing with age, the same for the same seed."""

import math
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import Any

from sandbox import seeded
from sandbox.linkedin.state import LinkedInState, Post

_FOUNDED = datetime(2026, 1, 1, tzinfo=UTC)
_USUAL_DAY = {"impressions": 180, "clicks": 6, "likes": 5, "comments": 1, "shares": 1, "readers": 121}
"""What older posts of the official page, which are not imitated, bring a day."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts since the beginning."""

    impressions: int = 0
    readers: int = 0
    clicks: int = 0
    likes: int = 0
    comments: int = 0
    shares: int = 0

    def plus(self, other: "Figures", *, times: int = 1) -> "Figures":
        """Return the sum with another, or with `times` -1 the difference."""
        return Figures(*(mine + times * theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    def any(self) -> bool:
        """Whether anything happened at all."""
        return any(astuple(self))

    def to_json(self) -> dict[str, Any]:
        """Return `totalShareStatistics`."""
        answered = self.clicks + self.likes + self.comments + self.shares
        return {
            "impressionCount": self.impressions,
            "uniqueImpressionsCount": self.readers,
            "clickCount": self.clicks,
            "likeCount": self.likes,
            "commentCount": self.comments,
            "shareCount": self.shares,
            "engagement": answered / self.impressions if self.impressions else 0.0,
        }


def of_post(state: LinkedInState, post: Post, at: datetime) -> Figures:
    """Return a post's counts at that time: nearly all of them come in the first two days."""
    if post.published_at is None or not post.is_visible:
        return Figures()
    hours = max(0.0, (at - post.published_at).total_seconds() / 3600)
    reach = (300 + 900 * seeded.fraction(state.seed, "reach", post.urn)) * (1 - math.exp(-hours / 18))
    return Figures(
        impressions=int(reach * 1.4),
        readers=int(reach),
        clicks=int(reach * 0.05),
        likes=int(reach * 0.03) + sum(kind == "LIKE" for kind in post.reactions.values()),
        comments=sum(comment.created_at <= at for comment in state.comments_of(post)),
        shares=int(reach * 0.004),
    )


def of_page(state: LinkedInState, organization: str, at: datetime) -> Figures:
    """Return a page's counts at that time."""
    days = max(0.0, (at - _FOUNDED).total_seconds() / 86_400)
    total = Figures(**{name: int(usual * days) for name, usual in _USUAL_DAY.items()})
    for post in state.posts.values():
        if post.author == organization:
            total = total.plus(of_post(state, post, at))
    return total


def followers(at: datetime) -> int:
    """Return how many follow the page: some fourteen more a day."""
    days = max(0.0, (at - _FOUNDED).total_seconds() / 86_400)
    return 12_400 + int(days * 14)


def page_views(at: datetime) -> int:
    """Return how often the page itself was opened."""
    return int(max(0.0, (at - _FOUNDED).total_seconds() / 86_400) * 37)
