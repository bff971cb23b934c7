"""Replies to our posts on X. Every one read is paid for, so a later pull reads only what is new.

Sheet of 2026-11-23, section 3. Replies are searched by conversation, which reaches seven days back. What is older is
looked for in the account's mentions: of a reply whose writer took our name off it nobody can know any more.
A list comes newest first, a page at a time; up to 500 are read at once and handed on oldest first.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.errors import Gone, RateLimited, Unavailable, Unsupported
from connectors.read_budget import ReadBudget, check_budget
from connectors.x_api import Api
from connectors.x_errors import Answer, told_now
from connectors.x_reading import (
    FIELDS,
    PARENTS,
    Seen,
    id_at,
    id_in,
    included,
    instant_of,
    is_id,
    items_of,
    next_token,
    parse_time,
    read_post,
    told,
)
from core.feedback import Comment, Page
from core.platforms import Platform

SEARCH_REACHES = timedelta(days=7)
_MARGIN = timedelta(hours=2)  # to the whole hour below, so that later pages are asked for with the same words
# A reply may be found only after later ones are ("a delay of seconds", sheet 3 [memory]); what was written so shortly
# before a pull is read once more by the next one. Ours.
OVERLAP = timedelta(minutes=5)
_LEAST, _MOST = 10, 100  # on a page (sheet 3 [doc])
_PAGES = 5
_SEARCH, _MENTIONS = "search", "mentions"
_LONGEST_TOKEN = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a post's conversation reading goes on.

    `since`: only what has a higher id is wanted; empty: all. `token`: the page, empty for the first. `until`: set
    where the search does not reach back far enough; the mentions before that instant are read after it. `newest`,
    `lowest`: the ids at both ends of what was read in this pull. `looked_at`: until when (epoch seconds) all is read
    once this pull is over; 0 before its first page.
    """

    post: str
    source: str = _SEARCH
    token: str = ""
    since: str = ""
    until: str = ""
    newest: str = ""
    lowest: str = ""
    looked_at: int = 0

    @classmethod
    def parse(cls, cursor: str, post: str) -> "Place":
        """Read a cursor. Raises Unsupported for one that is malformed, or another post's."""
        try:
            place = cls(**json.loads(cursor))
        except (ValueError, TypeError, RecursionError):
            raise _malformed() from None
        texts = (place.token, place.since, place.until, place.newest, place.lowest)
        if place.post != post or place.source not in (_SEARCH, _MENTIONS):
            raise _malformed()
        if not all(isinstance(text, str) and len(text) <= _LONGEST_TOKEN for text in texts):
            raise _malformed()
        if not all(text == "" or is_id(text) for text in (place.since, place.newest, place.lowest)):
            raise _malformed()
        if place.until and parse_time(place.until) is None:
            raise _malformed()
        if type(place.looked_at) is not int or not 0 <= place.looked_at < 10**11:
            raise _malformed()
        return place

    @property
    def is_beginning(self) -> bool:
        """Tell whether a pull begins here, rather than going on."""
        return self.source == _SEARCH and not self.token

    @property
    def cursor(self) -> str:
        """This as the caller keeps it."""
        return json.dumps({name: value for name, value in asdict(self).items() if value}, separators=(",", ":"))

    def after(self, items: list[Seen], token: str, *, looked_at: datetime) -> "Place":
        """Return where reading goes on after a page."""
        ids = [int(one.id) for one in items]
        return replace(
            self,
            token=token,
            newest=str(max([*ids, int(self.newest or 0)])) if ids else self.newest,
            lowest=str(min([*ids, int(self.lowest or ids[0])])) if ids else self.lowest,
            looked_at=self.looked_at or max(int(looked_at.timestamp()), 1),
        )

    def resumed(self) -> "Place":
        """Return where the next pull begins: behind what was seen, but not behind what a list may still bring."""
        floor = int(self.since or self.post)
        surely_listed = id_at(datetime.fromtimestamp(self.looked_at, UTC))
        since = max(floor, min(int(self.newest or floor), surely_listed))
        return Place(post=self.post, since=str(since), looked_at=self.looked_at)


class Conversations:
    """Reads what answers one account's posts."""

    def __init__(self, api: Api, budget: ReadBudget, user_id: str) -> None:
        self._api = api
        self._budget = budget
        self._user = user_id

    def page(self, remote_id: str, cursor: str | None) -> Page[Comment]:
        """Return up to 500 replies, oldest first; `next_cursor` leads to older ones, `resume_cursor` to new ones.

        Only a pull from the beginning looks whether the post itself is there (Gone). What was read before a page
        failed is handed on, and the cursor leads back to that page.
        """
        if not is_id(remote_id):
            raise Gone("no such id on X", platform=Platform.X)
        check_budget(self._budget, Platform.X)
        given = None if cursor is None else Place.parse(cursor, remote_id)
        place = begin = self._beginning(remote_id) if given is None else _began(given)
        found: dict[str, Comment] = {}
        for number in range(_PAGES):
            try:
                answer = self._page(place)
            except (RateLimited, Unavailable):
                if number == 0:
                    raise
                break
            items = list(items_of(answer))
            users = {id_in(user.get("id")): user for user in included(answer, "users")}
            token = next_token(answer) or ""
            is_ours = [one for one in items if one.conversation_id == remote_id and one.id != remote_id]
            found |= {one.id: self._comment(one, remote_id, users) for one in is_ours}
            goes_round = token != "" and token == place.token
            place = place.after(items, token, looked_at=self._now() - OVERLAP)
            if goes_round:
                return _page_of(found, resume=_first_of(given))
            if not token and place.source == _SEARCH and place.until:
                place = replace(place, source=_MENTIONS, lowest="")
            elif not token:
                return _page_of(found, resume=place.resumed())
        else:
            if place.source == begin.source and place.lowest == begin.lowest:  # round in a larger circle
                return _page_of(found, resume=_first_of(given))
        return _page_of(found, further=place)

    def _beginning(self, remote_id: str) -> Place:
        """Look whether the post is there (its replies would simply be none), and how far its replies can be found."""
        post = read_post(self._api, remote_id, fields="created_at")
        written_at = post.created_at or instant_of(remote_id)
        return Place(post=remote_id, until=_before_search(written_at))

    def _page(self, place: Place) -> Answer:
        check_budget(self._budget, Platform.X)
        left = self._budget.left()
        most = _MOST if left is None else max(_LEAST, min(left, _MOST))
        query = {"max_results": str(most), "tweet__fields": FIELDS, "expansions": f"author_id,{PARENTS}"}
        query["user__fields"] = "name,username"
        if place.source == _SEARCH:
            query["query"] = f"conversation_id:{place.post}"
            # an id from before its reach is refused
            if place.since and not _before_search(instant_of(place.since)):
                query["since_id"] = place.since
            more = {"next_token": place.token} if place.token else {}
            return self._api.read("/2/tweets/search/recent", **query, **more)
        query["since_id"] = place.since or place.post
        more = {"pagination_token": place.token} if place.token else {}
        if place.until:
            more["end_time"] = place.until
        return self._api.read(f"/2/users/{self._user}/mentions", **query, **more)

    def _comment(self, one: Seen, remote_id: str, users: Mapping[str, Mapping[str, Any]]) -> Comment:
        author = users.get(one.author_id, {})
        username = str(author.get("username") or "i")
        own = one.author_id == self._user
        return Comment(
            id=one.id,
            text=one.said,
            created_at=one.created_at or instant_of(one.id),
            parent_id=None if one.parent_id == remote_id else one.parent_id or None,
            author_id=one.author_id,
            author_name=str(author.get("name") or ""),
            own=own,
            # X tells nobody which replies are hidden
            can_hide=not own,
            url=f"https://x.com/{username if username.isidentifier() else 'i'}/status/{one.id}",
        )

    def _now(self) -> datetime:
        now = datetime.now(UTC)
        return min(told_now(self._api.headers) or now, now)


def _first_of(given: Place | None) -> Place | None:
    """Return where a pull that had to be cut short may begin again: where it began, as far as that is known."""
    return given if given is not None and given.is_beginning else None


def _began(given: Place) -> Place:
    """Return the place of a cursor; one to resume with has no page yet, and may lie before what the search reaches."""
    if not given.is_beginning:
        return given
    last_look = datetime.fromtimestamp(given.looked_at, UTC)
    return replace(given, until=_before_search(last_look), looked_at=0)


def _before_search(instant: datetime) -> str:
    """Return until when the mentions must be read, too, where the search does not reach back to that instant."""
    edge = (datetime.now(UTC) - SEARCH_REACHES + _MARGIN).replace(minute=0, second=0, microsecond=0)
    return told(edge) if instant <= edge else ""


def _page_of(
    found: Mapping[str, Comment], *, further: Place | None = None, resume: Place | None = None
) -> Page[Comment]:
    # what continues our own post from below is the post itself (a thread), no comment on it
    chain = _chain(found.values())
    comments = sorted(
        (one for one in found.values() if one.id not in chain), key=lambda one: (one.created_at, int(one.id))
    )
    return Page(
        items=tuple(comments),
        next_cursor=further.cursor if further else None,
        resume_cursor=resume.cursor if resume else None,
    )


def _chain(found: Iterable[Comment]) -> set[str]:
    chain: set[str] = set()
    for one in sorted(found, key=lambda each: int(each.id)):
        if one.own and (one.parent_id is None or one.parent_id in chain):
            chain.add(one.id)
    return chain


def _malformed() -> Unsupported:
    return Unsupported("a cursor that no page of this post's comments gave", platform=Platform.X)
