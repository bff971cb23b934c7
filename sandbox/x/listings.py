"""Lists of posts: lookups, timelines, mentions, quotes (sheet section 3)."""

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Any

from sandbox.x import params, post_json
from sandbox.x.errors import gone, invalid_about
from sandbox.x.params import Wanted
from sandbox.x.state import Person, Post
from sandbox.x.visit import Visit

TIMELINE_CAP, MENTIONS_CAP = 3200, 800
_RANGE = ("since_id", "until_id", "start_time", "end_time")
_TOKEN = re.compile(r"(n|p):(\d{1,19})", re.ASCII)


def one(visit: Visit) -> dict[str, Any]:
    """Answer GET /2/tweets/{id}."""
    wanted = params.wanted_of_posts(visit)
    post_id = params.require_id(visit.place["id"], "id")
    return post_json.single(visit, visit.network.posts.get(post_id), post_id, wanted)


def many(visit: Visit) -> dict[str, Any]:
    """Answer GET /2/tweets."""
    wanted = params.wanted_of_posts(visit, "ids")
    ids = params.ids(visit)
    return post_json.found(visit, ids, [visit.network.posts.get(one) for one in ids], wanted, parameter="ids")


def of_user(visit: Visit) -> dict[str, Any]:
    """Answer GET /2/users/{id}/tweets."""
    wanted = params.wanted_of_posts(visit, "max_results", "pagination_token", "exclude", *_RANGE)
    person = _person(visit)
    exclude = _exclude(visit)
    posts = [
        post
        for post in visit.network.visible()
        if post.author_id == person.id and not ("replies" in exclude and post.reply_to is not None)
    ]
    visit.owned = person.id == visit.caller.app.owner_id == visit.caller.user_id
    return page(visit, ranged(visit, posts[:TIMELINE_CAP]), wanted, least=5, with_previous=True)


def mentions(visit: Visit) -> dict[str, Any]:
    """Answer GET /2/users/{id}/mentions: what names the account, replies to it and quotes included."""
    wanted = params.wanted_of_posts(visit, "max_results", "pagination_token", *_RANGE)
    person = _person(visit)
    posts = [
        post
        for post in visit.network.visible()
        if person.username.lower() in post.mentioned and post.author_id != person.id
    ]
    visit.owned = person.id == visit.caller.app.owner_id == visit.caller.user_id
    return page(visit, ranged(visit, posts[:MENTIONS_CAP]), wanted, least=5, with_previous=True)


def quotes(visit: Visit) -> dict[str, Any]:
    """Answer GET /2/tweets/{id}/quote_tweets."""
    wanted = params.wanted_of_posts(visit, "max_results", "pagination_token", "exclude")
    post_id = params.require_id(visit.place["id"], "id")
    if post_id not in visit.network.posts:
        return {"errors": [post_json.missing(visit, post_id, "id")]}
    exclude = _exclude(visit)
    posts = [
        post
        for post in visit.network.visible()
        if post.quotes == post_id and not ("replies" in exclude and post.reply_to is not None)
    ]
    answer = page(visit, posts, wanted, least=10)
    answer["meta"] = {name: answer["meta"][name] for name in ("result_count", "next_token") if name in answer["meta"]}
    return answer


def ranged(visit: Visit, posts: Sequence[Post]) -> list[Post]:
    """Return the posts within `since_id`, `until_id`, `start_time` and `end_time`. Raises XError 400."""
    query = visit.call.query
    for first, second in (("since_id", "start_time"), ("until_id", "end_time")):
        if first in query and second in query:
            message = f"The `{first}` and `{second}` query parameters can not be used together"
            raise invalid_about(message, {first: [query[first]], second: [query[second]]})
    since, until = params.id_or_none(visit, "since_id"), params.id_or_none(visit, "until_id")
    start, end = params.instant(visit, "start_time"), params.instant(visit, "end_time")
    if start is not None and end is not None and start >= end:
        raise params.bad("start_time", query["start_time"], "is not before `end_time`")
    return [
        post
        for post in posts
        if (since is None or int(post.id) > since)
        and (until is None or int(post.id) < until)
        and (start is None or post.created_at >= start)
        and (end is None or post.created_at < end)
    ]


def page(
    visit: Visit,
    posts: Sequence[Post],
    wanted: Wanted,
    *,
    least: int,
    tokens: Sequence[str] = ("pagination_token",),
    with_previous: bool = False,
) -> dict[str, Any]:
    """Return one page of posts, the newest first.

    What is not listed yet leaves its place empty: such a page may hold nothing and still have a `next_token`.
    """
    size = params.number(visit, "max_results", default=10, least=least, most=100)
    start, stop = _window(visit, posts, size, tokens)
    listed = [post for post in posts[start:stop] if not (post.hiding is not None and post.hiding.hides(visit.now))]
    answer = post_json.listed(visit, listed, wanted)
    meta: dict[str, Any] = {"result_count": len(listed)}
    if listed:
        meta |= {"newest_id": listed[0].id, "oldest_id": listed[-1].id}
    if stop < len(posts):
        meta["next_token"] = _token("n", posts[stop - 1])
    if with_previous and start > 0:
        meta["previous_token"] = _token("p", posts[start])
    return answer | {"meta": meta}


def _window(visit: Visit, posts: Sequence[Post], size: int, tokens: Sequence[str]) -> tuple[int, int]:
    given = [(name, visit.call.query[name]) for name in tokens if name in visit.call.query]
    if not given:
        return 0, min(size, len(posts))
    name, text = given[0]
    if len(given) > 1:
        raise params.bad(*given[1], f"can not be used together with `{name}`")
    try:
        match = _TOKEN.fullmatch(base64.b32hexdecode(text.upper() + "=" * (-len(text) % 8)).decode())
    except (binascii.Error, UnicodeDecodeError) as error:
        raise params.bad(name, text, "is invalid") from error
    if match is None:
        raise params.bad(name, text, "is invalid")
    place = int(match[2])
    if match[1] == "n":
        start = sum(int(post.id) >= place for post in posts)
        return start, min(start + size, len(posts))
    stop = sum(int(post.id) > place for post in posts)
    return max(0, stop - size), stop


def _token(kind: str, post: Post) -> str:
    return base64.b32hexencode(f"{kind}:{post.id}".encode()).decode().rstrip("=").lower()


def _person(visit: Visit) -> Person:
    user_id = params.require_id(visit.place["id"], "id")
    person = visit.network.people.get(user_id)
    if person is None:
        raise gone("id", user_id, "user")
    return person


def _exclude(visit: Visit) -> set[str]:
    text = visit.call.query.get("exclude")
    values = text.split(",") if text is not None else []
    for value in values:
        if value not in {"replies", "retweets"}:
            raise params.bad("exclude", value, "is not one of [replies,retweets]")
    return set(values)
