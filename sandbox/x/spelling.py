"""Tweet or post: the same things under two names (sheet 7.1)."""

from collections.abc import Callable
from typing import Any

from sandbox import seeded
from sandbox.exchange import Call
from sandbox.x.errors import NEW_HOST, OLD_HOST

OLD_NAMES = {
    "referenced_posts": "referenced_tweets",
    "edit_history_post_ids": "edit_history_tweet_ids",
    "repost_count": "retweet_count",
    "most_recent_post_id": "most_recent_tweet_id",
    "note_post": "note_tweet",
    "posts": "tweets",
    "pinned_post_id": "pinned_tweet_id",
    "post_count": "tweet_count",
    "total_post_count": "total_tweet_count",
}
"""New name to old. The last is that of GET /2/tweets/counts/recent, by analogy."""
EXPANSIONS = {
    "referenced_tweets.id": "referenced_posts",
    "edit_history_tweet_ids": "edit_history_post_ids",
    "pinned_tweet_id": "pinned_post_id",
    "most_recent_tweet_id": "most_recent_post_id",
}
"""Old name to new, in `expansions`."""
MANNERS = ("post_spelling", "tweet_spelling", "mixed_spelling")


class Spelling:
    """The names that one answer uses. `is_new` says of a new name whether it is used."""

    def __init__(self, is_new: Callable[[str], bool], *, forced: bool) -> None:
        self._is_new = is_new
        self.forced = forced
        """The service chose, not the request."""

    @property
    def host(self) -> str:
        """The host in problem types."""
        return NEW_HOST if self._is_new("host") else OLD_HOST

    @property
    def tweet(self) -> str:
        """What a resource of this kind is called in errors."""
        return "post" if self._is_new("resource") else "tweet"

    @property
    def new_fields(self) -> bool:
        """Whether author, parent and history come by expansion only, as the new names have it (sheet 3)."""
        return self.forced and self._is_new("fields")

    def spell(self, value: Any) -> Any:
        """Return a document, made in the new names, in the names of this answer."""
        if isinstance(value, dict):
            return {self._name(name): self.spell(item) for name, item in value.items()}
        return [self.spell(item) for item in value] if isinstance(value, list) else value

    def _name(self, name: str) -> str:
        return name if name not in OLD_NAMES or self._is_new(name) else OLD_NAMES[name]


def of(call: Call, *, seed: int, number: int) -> Spelling:
    """Return the spelling of the answer to a call, the `number`th: as planned, else as asked, else the old."""
    manners = call.effects.manners
    if "mixed_spelling" in manners:
        return Spelling(lambda name: seeded.number(seed, "spelling", number, name) % 2 == 1, forced=True)
    if "post_spelling" in manners or "tweet_spelling" in manners:
        return Spelling(lambda _name: "post_spelling" in manners, forced=True)
    expansions = set(call.query.get("expansions", "").split(","))
    asked = "post.fields" in call.query or bool(expansions & set(EXPANSIONS.values()))
    return Spelling(lambda _name: asked, forced=False)
