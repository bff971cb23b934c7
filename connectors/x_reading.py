"""Posts as X gives them back.

X changes what it keeps: addresses become `t.co` links, `&`, `<` and `>` become entities, the address of the media is
appended, long texts are cut and given whole elsewhere. It names things by the spelling before document 2.167, the one
after it, or both; an id may come as a number. All of that ends here (sheet of 2026-11-23, sections 2.1, 3 and 7.1).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from connectors.errors import Gone
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

# how the address of the media ends that X appends to a text (sheet 3.2 [code])
_OF_MEDIA = re.compile(r"/(?:photo|video)/\d+$")
_SHORT = re.compile(r"https?://t\.co/\w+")
# what X puts before a reply by itself (sheet 3.1); the length of a name [memory]
_MENTIONED = re.compile(r"^(?:@\w{1,15}\s+)+(?=\S)")
_ID = re.compile(r"[0-9]{1,19}")  # sheet 2.1 [doc]
# An id tells when it was given: milliseconds after this, and 22 bits more (sheet 2.1 [memory])
_ID_EPOCH_MS, _ID_BITS = 1_288_834_974_657, 22


@dataclass(frozen=True, slots=True)
class Seen:
    """A post as it reads. `parent_id`: what it replies to, None where to nothing, UNTOLD where X does not say.

    `answers`: the id of whom it replies to, empty where X does not say. `media`: how many it shows, None where that was
    not told. `is_clear`: every short link in the text could be replaced by what it stands for.
    """

    id: str
    text: str
    created_at: datetime | None
    parent_id: str | None
    conversation_id: str
    author_id: str
    answers: str
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
        """Tell whether it might be, where X does not tell its parent, or tells other links than we wrote."""
        if self.parent_id not in (parent_id, UNTOLD):
            return False
        shape = _shape(text)
        is_dark = not self.is_clear or _SHORT.search(text) is not None
        # nobody knows all that X makes of an address
        is_dark = is_dark or (shape != text and bool(shape.strip()))
        if is_dark and same_text(_shape(self.said), shape):
            return True
        return self.parent_id == UNTOLD and parent_id is not None and self.reads(text)


def is_id(text: str) -> bool:
    """Tell whether it is an id as X gives them."""
    return _ID.fullmatch(text) is not None


def id_in(value: object) -> str:
    """Return the id that JSON holds as a text or as a whole number; empty for anything else."""
    text = str(value) if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)) else ""
    return text if is_id(text) else ""


def instant_of(post_id: str) -> datetime:
    """Return when a post of that id was written."""
    return datetime.fromtimestamp(((int(post_id) >> _ID_BITS) + _ID_EPOCH_MS) / 1000, UTC)


def id_at(instant: datetime) -> int:
    """Return the least id that a post of that instant may have; at least 0."""
    return max(int(instant.timestamp() * 1000) - _ID_EPOCH_MS, 0) << _ID_BITS


def told(instant: datetime) -> str:
    """Return an instant as X is told it."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_post(api: Api, post_id: str, *, fields: str = FIELDS, **query: str) -> Seen:
    """Read one post. Raises Gone where it is not there or not to be seen (a 200 with `errors`)."""
    if not is_id(post_id):
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
    count = answer.get("meta", {}).get("result_count")
    if not data and isinstance(count, int) and count > 0:
        raise unreadable("the answer counts more than it holds")
    for item in data:
        if not isinstance(item, Mapping):
            raise unreadable("the list holds something that is no post")
        yield seen(item, answer)


def next_token(answer: Answer) -> str | None:
    """Return where the list goes on. A page may be empty and still have a next one."""
    meta = answer.get("meta")
    token = meta.get("next_token") if isinstance(meta, Mapping) else None
    if not isinstance(token, str | None):
        # taken for the end, it would make a part of the list look like all of it
        raise unreadable("the answer says in no known way where the list goes on")
    return token or None


def included(answer: Answer, name: str) -> list[Mapping[str, Any]]:
    """Return what came along with the posts, under that name."""
    includes = answer.get("includes")
    listed = includes.get(name) if isinstance(includes, Mapping) else None
    return [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []


def seen(item: Mapping[str, Any], answer: Answer) -> Seen:
    """Read a post in either spelling."""
    post_id = id_in(item.get("id"))
    if not post_id:
        raise unreadable("a post has no id")
    note = _first(item, "note_tweet", "note_post")
    whole = note if isinstance(note, Mapping) and isinstance(note.get("text"), str) else item
    text, is_clear = _as_read(str(whole.get("text") or ""), _links(whole) or _links(item))
    references = _first(item, "referenced_tweets", "referenced_posts")
    parents = [
        id_in(one.get("id")) or UNTOLD
        for one in (references if isinstance(references, list) else ())
        if isinstance(one, Mapping) and one.get("type") == "replied_to"
    ]
    conversation_id = id_in(item.get("conversation_id"))
    parent_id = parents[0] if parents else UNTOLD if conversation_id not in ("", post_id) else None
    attachments = item.get("attachments")
    keys = attachments.get("media_keys") if isinstance(attachments, Mapping) else None
    return Seen(
        id=post_id,
        text=text,
        created_at=parse_time(item.get("created_at")),
        parent_id=parent_id,
        conversation_id=conversation_id,
        author_id=id_in(item.get("author_id")),
        answers=id_in(item.get("in_reply_to_user_id")),
        media=len(keys) if isinstance(keys, list) else None,
        is_clear=is_clear,
        answer=answer,
    )


def parse_time(text: object) -> datetime | None:
    """Return an instant as X writes it (`2026-11-23T15:04:05.000Z`), None where there is none."""
    try:
        at = datetime.fromisoformat(str(text))
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


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
