"""Metrics of posts, accounts and media: they grow with time (sheet section 4)."""

from datetime import datetime, timedelta
from typing import Any

from sandbox import seeded
from sandbox.x.state import Attachment, Network, Person, Post

PRIVATE_LIFE = timedelta(days=30)
"""Older posts show no private metrics."""
PRIVATE = ("non_public_metrics", "organic_metrics", "promoted_metrics")
_KEYS = {
    "non_public_metrics": ("impression_count", "engagements", "url_link_clicks", "user_profile_clicks"),
    "organic_metrics": (
        *("impression_count", "like_count", "reply_count", "repost_count", "url_link_clicks", "user_profile_clicks"),
    ),
    "promoted_metrics": (
        *("impression_count", "like_count", "reply_count", "repost_count", "url_link_clicks", "user_profile_clicks"),
    ),
}


def of_post(network: Network, post: Post, now: datetime) -> dict[str, int]:
    """Return `public_metrics`."""
    return {
        "repost_count": network.share(post, "reposts", 0.004, now),
        "reply_count": len(network.replies_to(post.id)),
        "like_count": network.share(post, "likes", 0.021, now),
        "quote_count": len(network.quotes_of(post.id)),
        "bookmark_count": network.share(post, "bookmarks", 0.001, now),
        "impression_count": int(network.reach(post, now)),
    }


def private_keys(field: str, post: Post) -> tuple[str, ...]:
    """Return the keys of a private field; `url_link_clicks` only where there is a link [memory]."""
    return tuple(key for key in _KEYS[field] if post.has_link or key != "url_link_clicks")


def private(network: Network, post: Post, field: str, now: datetime) -> dict[str, int]:
    """Return `non_public_metrics` or `organic_metrics`."""
    public = of_post(network, post, now)
    clicks = network.share(post, "clicks", 0.012, now)
    profile = network.share(post, "profile", 0.005, now)
    values = public | {
        "url_link_clicks": clicks,
        "user_profile_clicks": profile,
        "engagements": public["like_count"] + public["repost_count"] + public["reply_count"] + clicks + profile,
    }
    return {key: values[key] for key in private_keys(field, post)}


def may_see_private(post: Post, field: str, *, own: bool, now: datetime) -> bool:
    """Whether private metrics are shown: to the author, for 30 days; nothing here is promoted."""
    return own and field != "promoted_metrics" and now - post.created_at <= PRIVATE_LIFE


def of_user(network: Network, person: Person, now: datetime) -> dict[str, int]:
    """Return a user's `public_metrics`."""
    days = max(0.0, (now - person.created_at).total_seconds() / 86400)
    size = 900 if person.office else 3
    posts = [post for post in network.posts.values() if post.author_id == person.id and not post.superseded]
    return {
        "followers_count": int(size * (20 + days / 9 * (0.5 + seeded.fraction(network.seed, "followers", person.id)))),
        "following_count": 40 + seeded.number(network.seed, "following", person.id) % 60,
        "post_count": len(posts),
        "listed_count": int(size / 9),
        "like_count": 12,
        "media_count": sum(bool(post.attachments) for post in posts),
    }


def views(network: Network, attachment: Attachment, now: datetime) -> int:
    """Return how often a video was begun."""
    hours = max(0.0, (now - attachment.posted_at).total_seconds() / 3600)
    return int(min(hours, 48) * (20 + seeded.number(network.seed, "views", attachment.media_key) % 40))


def playback(network: Network, attachment: Attachment, now: datetime) -> dict[str, Any]:
    """Return a video's `non_public_metrics`."""
    begun = views(network, attachment, now)
    parts = {0: 1.0, 25: 0.7, 50: 0.5, 75: 0.4, 100: 0.3}
    return {f"playback_{part}_count": int(begun * share) for part, share in parts.items()}
