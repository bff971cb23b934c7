"""Posts as X gives them back, and looking for one of our own among them.

X changes what it keeps: addresses become `t.co` links, `&`, `<` and `>` become entities, the address of the media is
appended, long texts are cut and given whole elsewhere. It names things by the spelling before document 2.167, the one
after it, or both. All of that ends here (sheet of 2026-11-23, sections 2.1, 3, 3.2 and 7.1).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.errors import ConnectorError, Gone, OutcomeUnknown, Unavailable
from connectors.x_api import Api
from connectors.x_errors import Answer, unreadable
from connectors.x_text import addresses, same_text
from core.platforms import Platform

# the old spelling, which X's own pages still show (sheet 7.1)
FIELDS = "attachments,author_id,conversation_id,created_at,entities,in_reply_to_user_id,note_tweet,referenced_tweets"

# In the new spelling a parent is told by expansion only (sheet 3 [doc]); the parents come along and are paid for, but
# each one once a day (1.3 [doc])
PARENTS = "referenced_tweets.id"
# Where X tells that it is a reply and not to what
UNTOLD = ""

# Between the platform's clock and ours
SKEW = timedelta(minutes=5)
# No document says how long a list may lag ("seconds", sheet 3 [memory]); ours. Before that, absence tells nothing.
LISTS_LAG = timedelta(seconds=60)
# For how long X refuses the same text: "hours; not documented" (sheet 3.2 [code]); ours
DUPLICATES_LAST = timedelta(hours=24)
_A_PAGE = "100"
_PAGES = 5
# how the address of the media ends that X appends to a text (sheet 3.2 [code])
_OF_MEDIA = re.compile(r"/(?:photo|video)/\d+$")
_SHORT = re.compile(r"https?://t\.co/\w+")
# what X puts before a reply by itself (sheet 3.1); the length of a name [memory]
_MENTIONED = re.compile(r"^(?:@\w{1,15}\s+)+(?=\S)")


@dataclass(frozen=True, slots=True)
class Seen:
    """A post as it reads. `parent_id`: what it replies to, None where to nothing, UNTOLD where X does not say.

    `media`: how many it shows, None where that was not told. `is_clear`: every short link in the text could be replaced
    by what it stands for.
    """

    id: str
    text: str
    created_at: datetime | None
    parent_id: str | None
    conversation_id: str
    author_id: str
    media: int | None
    is_clear: bool
    answer: Answer

    @property
    def said(self) -> str:
        """The text without the names that X puts before a reply."""
        return self.text if self.parent_id is None else _MENTIONED.sub("", self.text)

    def says(self, text: str, *, parent_id: str | None, media: int) -> bool:
        """Tell whether this is that message, at that place, with so many media."""
        is_there = self.parent_id == parent_id and self.media in (None, media)
        return is_there and self.reads(text)

    def reads(self, text: str) -> bool:
        """Tell whether it reads like that text."""
        return same_text(self.text, text) or same_text(self.said, text)

    def may_say(self, text: str, *, parent_id: str | None) -> bool:
        """Tell whether it might be, where X does not tell its parent, or what its links (or ours) stand for."""
        if self.parent_id not in (parent_id, UNTOLD):
            return False
        is_dark = not self.is_clear or _SHORT.search(text) is not None
        if is_dark and same_text(_shape(self.said), _shape(text)):
            return True
        return self.parent_id == UNTOLD and parent_id is not None and self.reads(text)


@dataclass(frozen=True, slots=True)
class Listing:
    """Our own posts of a time, newest first. `is_whole`: neither cut nor with gaps."""

    posts: tuple[Seen, ...]
    is_whole: bool

    def find(self, text: str, *, parent_id: str | None, media: int) -> Seen | None:
        """Return the oldest post that says this."""
        matching = (one for one in reversed(self.posts) if one.says(text, parent_id=parent_id, media=media))
        return next(matching, None)


class OwnPosts:
    """The posts of our own account."""

    def __init__(self, api: Api, user_id: str) -> None:
        self._api = api
        self._user = user_id

    def since(self, instant: datetime, *, replies: bool) -> Listing:
        """List what we posted since then, with or without replies (the parts of a thread are replies)."""
        start = instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        if replies:
            return self._listed(exclude="retweets", expansions=PARENTS, start_time=start)
        return self._listed(exclude="replies,retweets", start_time=start)

    def after(self, post_id: str) -> Listing:
        """List what we posted after that post, replies included."""
        return self._listed(exclude="retweets", expansions=PARENTS, since_id=post_id)

    def look(self, text: str, *, parent_id: str | None, media: int, since: datetime) -> Seen | None:
        """Return our post that says this; None: it certainly is not public.

        Certain only where the list was whole, and where the write began long enough ago for a list to show it. The
        caller looks twice before writing again. Raises OutcomeUnknown where absence is not certain.
        """
        listing = self.since(since - SKEW, replies=parent_id is not None)
        found = listing.find(text, parent_id=parent_id, media=media)
        if found is not None:
            return found
        if any(one.may_say(text, parent_id=parent_id) for one in listing.posts):
            raise _unknown("a post reads like it, but the platform does not tell all of it")
        if not listing.is_whole:
            raise _unknown("the list of posts is not whole")
        if datetime.now(UTC) - since < LISTS_LAG:
            raise _unknown("it is too early to trust a list that does not show it")
        return None

    def echo(self, text: str, *, parent_id: str | None, media: int, since: datetime) -> Seen | None:
        """Return our own earlier write that made X call this one a duplicate; None: it is an older post's double.

        Raises OutcomeUnknown where neither is to be seen: then the earlier write may have landed unseen.
        """
        try:
            listing = self.since(min(since, datetime.now(UTC) - DUPLICATES_LAST), replies=True)
        except ConnectorError as error:
            raise _unknown("a duplicate, and the posts cannot be listed") from error
        same = [one for one in listing.posts if one.reads(text)]
        ours = [one for one in same if one.created_at and one.created_at >= since - SKEW]
        mine = next((one for one in reversed(ours) if one.says(text, parent_id=parent_id, media=media)), None)
        if mine is not None:
            return mine
        if same and not ours:
            return None
        raise _unknown("the platform calls it a duplicate, but shows no earlier one")

    def _listed(self, **query: str) -> Listing:
        posts: list[Seen] = []
        is_whole = True
        for _page in range(_PAGES):
            answer = self._api.read(f"/2/users/{self._user}/tweets", max_results=_A_PAGE, tweet__fields=FIELDS, **query)
            posts += items_of(answer)
            is_whole = is_whole and not answer.get("errors")
            token = next_token(answer)
            if token is None:
                return Listing(tuple(posts), is_whole=is_whole)
            query["pagination_token"] = token
        return Listing(tuple(posts), is_whole=False)


def read_post(api: Api, post_id: str, *, fields: str = FIELDS, **query: str) -> Seen:
    """Read one post. Raises Gone where it is not there or not to be seen (a 200 with `errors`)."""
    if not post_id.isdecimal():
        raise Gone("no such id on X", platform=Platform.X)
    answer = api.read(f"/2/tweets/{post_id}", tweet__fields=fields, **query)
    data = answer.get("data")
    if isinstance(data, Mapping):
        return seen(data, answer)
    if isinstance(answer.get("errors"), list):
        raise Gone("it is not there, or not visible to this account", platform=Platform.X)
    raise unreadable("the answer has no post")


def items_of(answer: Answer) -> Iterator[Seen]:
    """Give the posts of a page. An empty page has no `data` at all."""
    data = answer.get("data", [])
    if not isinstance(data, list) or not isinstance(answer.get("meta", {}), Mapping):
        raise unreadable("the answer has no list")
    if not data and "meta" not in answer and "errors" not in answer:
        raise unreadable("the answer has neither a list nor its count")
    for item in data:
        if not isinstance(item, Mapping):
            raise unreadable("the list holds something that is no post")
        yield seen(item, answer)


def next_token(answer: Answer) -> str | None:
    """Return where the list goes on. A page may be empty and still have a next one."""
    meta = answer.get("meta")
    token = meta.get("next_token") if isinstance(meta, Mapping) else None
    return token if isinstance(token, str) and token else None


def seen(item: Mapping[str, Any], answer: Answer) -> Seen:
    """Read a post in either spelling."""
    post_id = item.get("id")
    if not isinstance(post_id, str) or not post_id:
        raise unreadable("a post has no id")
    note = _first(item, "note_tweet", "note_post")
    whole = note if isinstance(note, Mapping) and isinstance(note.get("text"), str) else item
    text, is_clear = _as_read(str(whole.get("text") or ""), _links(whole) or _links(item))
    references = _first(item, "referenced_tweets", "referenced_posts")
    parents = [
        str(one.get("id"))
        for one in (references if isinstance(references, list) else ())
        if isinstance(one, Mapping) and one.get("type") == "replied_to"
    ]
    conversation_id = str(item.get("conversation_id") or "")
    parent_id = parents[0] if parents else UNTOLD if conversation_id not in ("", post_id) else None
    attachments = item.get("attachments")
    keys = attachments.get("media_keys") if isinstance(attachments, Mapping) else None
    return Seen(
        id=post_id,
        text=text,
        created_at=parse_time(item.get("created_at")),
        parent_id=parent_id,
        conversation_id=conversation_id,
        author_id=str(item.get("author_id") or ""),
        media=len(keys) if isinstance(keys, list) else None,
        is_clear=is_clear,
        answer=answer,
    )


def parse_time(text: object) -> datetime | None:
    """Return an instant as X writes it (`2026-11-23T15:04:05.000Z`), None where there is none."""
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else None


def _first(item: Mapping[str, Any], *names: str) -> Any:
    return next((item[name] for name in names if item.get(name) is not None), None)


def _links(item: Mapping[str, Any]) -> dict[str, str]:
    """Return short link → what it stands for; nothing for the media's own, which nobody wrote."""
    entities = item.get("entities")
    urls = entities.get("urls") if isinstance(entities, Mapping) else None
    links = {}
    for url in urls if isinstance(urls, list) else ():
        if isinstance(url, Mapping) and isinstance(url.get("url"), str):
            long = str(url.get("expanded_url") or "")
            is_media = url.get("media_key") or _OF_MEDIA.search(long)
            if is_media or long:
                links[url["url"]] = "" if is_media else long
    return links


def _as_read(text: str, links: Mapping[str, str]) -> tuple[str, bool]:
    """Return a text as it was written, and whether every short link in it was known."""
    # the entities first: what a link stands for has none
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    unknown = [short for short in _SHORT.findall(text) if short not in links]
    return _SHORT.sub(lambda short: links.get(short.group(), short.group()), text).strip(), not unknown


def _shape(text: str) -> str:
    """Return a text without its addresses."""
    pieces, place = [], 0
    for address in addresses(text):
        pieces.append(text[place : address.start])
        place = address.end
    return "".join((*pieces, text[place:]))


def _unknown(what: str) -> OutcomeUnknown:
    return OutcomeUnknown(what, platform=Platform.X)


def unavailable(what: str, detail: str = "") -> Unavailable:
    """Return the error of what may simply be tried again."""
    return Unavailable(what, platform=Platform.X, detail=detail)
