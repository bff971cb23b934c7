"""Search of the last seven days, and counts (sheet section 3)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.x import listings, params
from sandbox.x.errors import XError, invalid_about
from sandbox.x.purse import COUNT
from sandbox.x.state import EPOCH_MILLISECONDS, Network, Post, instant
from sandbox.x.visit import Visit

SPAN = timedelta(days=7)
LONGEST_QUERY = 512
"""Signs, for self-serve applications."""
LAG = timedelta(seconds=10)
""""A delay of seconds" [memory]: the size is ours; only where the fault plan says `search_lag`."""
_STEPS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_RANGE = ("since_id", "until_id", "start_time", "end_time")
_PIECE = re.compile(
    r'\s*(?:(?P<open>-?\()|(?P<close>\))|(?P<or>OR)(?=[\s(]|$)|(?P<term>-?(?:[^\s()"]*"[^"]*"|[^\s()"]+)))'
)
_IDS = ("conversation_id", "in_reply_to_tweet_id")
_NAMES = ("from", "to")
_NEEDY = {
    "is:reply": lambda post: post.reply_to is not None,
    "is:retweet": lambda _post: False,
    "is:quote": lambda post: post.quotes is not None,
    "has:links": lambda post: post.has_link,
    "has:media": lambda post: bool(post.attachments),
    "has:images": lambda post: any(one.kind == "photo" for one in post.attachments),
    "has:videos": lambda post: any(one.kind == "video" for one in post.attachments),
    "has:mentions": lambda post: bool(post.mentioned),
    "lang:es": lambda _post: True,
}
"""Operators that need another one beside them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A query understood. `stands`: whether it could stand alone."""

    holds: Callable[[Post], bool]
    stands: bool


def recent(visit: Visit) -> dict[str, Any]:
    """Answer GET /2/tweets/search/recent."""
    others = ("query", "max_results", "next_token", "pagination_token", "sort_order", *_RANGE)
    wanted = params.wanted_of_posts(visit, *others)
    params.choice(visit, "sort_order", default="recency", words=("recency", "relevancy"))
    posts = _found(visit)
    return listings.page(visit, posts, wanted, least=10, tokens=("next_token", "pagination_token"))


def counts(visit: Visit) -> dict[str, Any]:
    """Answer GET /2/tweets/counts/recent. Pages are not imitated: seven days of minutes come at once."""
    params.only(visit, ("query", "granularity", "next_token", "pagination_token", "search_count.fields", *_RANGE))
    step = _STEPS[params.choice(visit, "granularity", default="hour", words=tuple(_STEPS))]
    posts = _found(visit)
    end = params.instant(visit, "end_time") or visit.now
    start = params.instant(visit, "start_time") or end - SPAN
    visit.price = COUNT
    data = []
    while start < end:
        stop = min(end, start - (start - datetime.min.replace(tzinfo=start.tzinfo)) % step + step)
        count = sum(start <= post.created_at < stop for post in posts)
        data.append({"start": instant(start), "end": instant(stop), "post_count": count})
        start = stop
    return {"data": data, "meta": {"total_post_count": sum(row["post_count"] for row in data)}}


def _found(visit: Visit) -> list[Post]:
    text = visit.call.query.get("query", "")
    if not text:
        raise invalid_about("The `query` query parameter can not be empty", {"query": [""]})
    if len(text) > LONGEST_QUERY:
        raise params.bad("query", text, f"is longer than {LONGEST_QUERY}")
    rule = _Reader(visit.network, text).rule()
    oldest = visit.now - SPAN
    for name in ("start_time", "end_time"):
        moment = params.instant(visit, name)
        if moment is not None and not oldest <= moment <= visit.now:
            raise params.bad(name, visit.call.query[name], f"must be on or after {instant(oldest)} and not to come")
    since = params.id_or_none(visit, "since_id")
    if since is not None and (since >> 22) + EPOCH_MILLISECONDS < oldest.timestamp() * 1000:
        # The sheet says "last 7 days only"; the service refuses older ids instead of ignoring them.
        raise params.bad("since_id", str(since), f"must be a tweet id created after {instant(oldest)}")
    newest = visit.now - LAG if "search_lag" in visit.call.effects.manners else visit.now
    posts = [post for post in visit.network.visible() if oldest <= post.created_at <= newest and rule.holds(post)]
    return listings.ranged(visit, posts)


class _Reader:
    """Reads a query: terms side by side, OR, parentheses, minus."""

    def __init__(self, network: Network, text: str) -> None:
        self._network = network
        self._text = text
        self._pieces: list[tuple[str, str]] = []
        at, whole = 0, text.rstrip()
        while at < len(whole):
            match = _PIECE.match(whole, at)
            if match is None:
                raise self._error(f"no viable alternative at character {at + 1}")
            self._pieces.append((match.lastgroup or "", match[match.lastgroup or 0]))
            at = match.end()

    def rule(self) -> Rule:
        """Return the query's rule. Raises XError 400."""
        rule = self._either()
        if self._pieces:
            raise self._error("a parenthesis is closed that was not opened")
        if not rule.stands:
            raise self._error("there is no operator that can stand alone")
        return rule

    def _error(self, what: str) -> XError:
        message = f"There were errors processing your request: {what}"
        return invalid_about(message, {"query": [self._text]})

    def _next(self) -> str:
        return self._pieces[0][0] if self._pieces else ""

    def _either(self) -> Rule:
        rules = [self._both()]
        while self._next() == "or":
            self._pieces.pop(0)
            rules.append(self._both())
        return Rule(lambda post: any(rule.holds(post) for rule in rules), all(rule.stands for rule in rules))

    def _both(self) -> Rule:
        rules: list[Rule] = []
        while self._next() in {"term", "open"}:
            kind, text = self._pieces.pop(0)
            rules.append(self._group(text) if kind == "open" else self._term(text))
        if not rules:
            raise self._error("an expression is missing")
        return Rule(lambda post: all(rule.holds(post) for rule in rules), any(rule.stands for rule in rules))

    def _group(self, text: str) -> Rule:
        inner = self._either()
        if self._next() != "close":
            raise self._error("a parenthesis is not closed")
        self._pieces.pop(0)
        return _negated(inner) if text.startswith("-") else inner

    def _term(self, text: str) -> Rule:
        bare = text.removeprefix("-")
        rule = self._plain(bare)
        return _negated(rule) if text != bare else rule

    def _plain(self, text: str) -> Rule:
        if text in _NEEDY:
            return Rule(_NEEDY[text], stands=False)
        name, colon, value = text.partition(":")
        if colon and name in _IDS:
            if not re.fullmatch(r"\d{1,19}", value, re.ASCII):
                raise self._error(f"'{value}' is not a post id for operator '{name}'")
            if name == "conversation_id":  # the replies below a root; the root itself is not to be relied on
                return Rule(lambda post: post.conversation_id == value and post.id != value, stands=True)
            return Rule(lambda post: post.reply_to == value, stands=True)
        if colon and name in _NAMES:
            person = self._network.people.get(value) or self._network.by_username(value.removeprefix("@"))
            found = person.id if person else ""
            if name == "from":
                return Rule(lambda post: post.author_id == found, stands=True)
            return Rule(lambda post: post.reply_to_user == found, stands=True)
        if colon and not text.startswith('"'):
            raise self._error(f"'{name}' is not a known operator, or its value is not")
        words = text.strip('"').casefold()
        return Rule(lambda post: words in post.text.casefold() or words.lstrip("@") in post.mentioned, stands=True)


def _negated(rule: Rule) -> Rule:
    return Rule(lambda post: not rule.holds(post), stands=False)
