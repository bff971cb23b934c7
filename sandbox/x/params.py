"""Parameters of a query, read as X reads them: unknown names and values are refused (sheet sections 3 and 6.1)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.x.errors import XError, invalid, invalid_about
from sandbox.x.spelling import EXPANSIONS, OLD_NAMES
from sandbox.x.visit import Visit

POST_FIELDS = frozenset(
    {
        *("article", "article_title", "attachments", "card_uri", "community_id", "context_annotations"),
        *("conversation_id", "created_at", "display_text_range", "edit_controls", "entities", "geo", "id", "lang"),
        *("matched_media_notes", "media_metadata", "non_public_metrics", "note_post", "note_request_suggestions"),
        *("organic_metrics", "paid_partnership", "possibly_sensitive", "promoted_metrics", "public_metrics"),
        *("reply_settings", "scopes", "source", "suggested_source_links", "suggested_source_links_with_counts"),
        *("text", "withheld"),
    }
)
"""Of `post.fields` (document 2.167): no author, parent or history, which come by expansion."""
BY_EXPANSION = frozenset({"author_id", "in_reply_to_user_id", "referenced_posts", "edit_history_post_ids"})
"""Of `tweet.fields` besides."""
POST_EXPANSIONS = frozenset(
    {
        *("article.cover_media", "article.media_entities", "attachments.media_keys", "attachments.media_source_tweet"),
        *("attachments.poll_ids", "author_id", "edit_history_post_ids", "entities.mentions.username", "geo.place_id"),
        *("in_reply_to_user_id", "referenced_posts", "username"),
        "referenced_tweets.id.author_id",
    }
)
USER_EXPANSIONS = frozenset({"affiliation", "most_recent_post_id", "pinned_post_id"})
USER_FIELDS = frozenset(
    {
        *("confirmed_email", "connection_status", "created_at", "description", "entities", "id"),
        *("is_identity_verified", "location", "name", "parody", "profile_banner_url", "profile_image_url"),
        *("protected", "public_metrics", "receives_your_dm", "subscribes_to_you", "subscription"),
        *("subscription_type", "url", "username", "verified", "verified_followers_count", "verified_type", "withheld"),
        *("pinned_post_id", "most_recent_post_id"),
    }
)
MEDIA_FIELDS = frozenset(
    {
        *("alt_text", "duration_ms", "height", "media_key", "non_public_metrics", "organic_metrics"),
        *("preview_image_url", "promoted_metrics", "public_metrics", "type", "url", "variants", "width"),
    }
)
POLL_FIELDS = frozenset({"duration_minutes", "end_datetime", "id", "options", "voting_status"})
PLACE_FIELDS = frozenset(
    {*("contained_within", "country", "country_code", "full_name", "geo", "id", "name", "place_type")}
)
_OF_POSTS = {
    "expansions": POST_EXPANSIONS,
    "user.fields": USER_FIELDS,
    "media.fields": MEDIA_FIELDS,
    "poll.fields": POLL_FIELDS,
    "place.fields": PLACE_FIELDS,
}
_NEW_NAMES = {old: new for new, old in OLD_NAMES.items()}
_ID = re.compile(r"[0-9]{1,19}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What shall stand in the answer, in the new names."""

    post: frozenset[str] = frozenset()
    user: frozenset[str] = frozenset()
    media: frozenset[str] = frozenset()
    expansions: frozenset[str] = frozenset()


def wanted_of_posts(visit: Visit, *others: str) -> Wanted:
    """Return the fields and expansions asked of posts. `others`: the endpoint's own parameters."""
    return _wanted(visit, _OF_POSTS, {"tweet.fields", "post.fields", *others})


def wanted_of_users(visit: Visit, *others: str) -> Wanted:
    """Return the fields and expansions asked of users."""
    known = {"expansions": USER_EXPANSIONS, "user.fields": USER_FIELDS}
    return _wanted(visit, known, {"tweet.fields", "post.fields", *others})


def only(visit: Visit, known: Iterable[str]) -> None:
    """Require that no other parameters are given, and none twice. Raises XError 400."""
    names = sorted(known)
    for name in visit.call.query:
        if name not in names:
            message = f"The query parameter [{name}] is not one of [{','.join(names)}]"
            raise invalid_about(message, {name: visit.call.query.getlist(name)})
        if len(visit.call.query.getlist(name)) > 1:
            raise bad(name, visit.call.query.getlist(name)[1], "is given twice")


def bad(name: str, value: str, what: str) -> XError:
    """Return the refusal of a parameter's value."""
    return invalid_about(f"The `{name}` query parameter value [{value}] {what}", {name: [value]})


def _wanted(visit: Visit, lists: dict[str, frozenset[str]], others: set[str]) -> Wanted:
    only(visit, {*lists, *others})
    query = visit.call.query
    if "tweet.fields" in query and "post.fields" in query:  # the sheet: send the old names; both is untried
        raise bad("post.fields", query["post.fields"], "can not be used together with `tweet.fields`")
    found = {name: _list(visit, name, known) for name, known in lists.items()}
    posts = _list(visit, "post.fields", POST_FIELDS) | _list(visit, "tweet.fields", POST_FIELDS | BY_EXPANSION)
    expansions = found["expansions"]
    if "referenced_tweets.id.author_id" in expansions:
        expansions |= {"author_id", "referenced_posts"}
    # An expansion brings its own field; in the new names it is the only way to it (sheet 3 and 7.1).
    by_expansion = BY_EXPANSION & expansions
    posts = (posts - BY_EXPANSION if visit.spelling.new_fields else posts) | by_expansion
    if "attachments.media_keys" in expansions or "attachments.poll_ids" in expansions:
        posts |= {"attachments"}
    return Wanted(posts, found.get("user.fields", frozenset()), found.get("media.fields", frozenset()), expansions)


def _list(visit: Visit, name: str, known: frozenset[str]) -> frozenset[str]:
    text = visit.call.query.get(name)
    if text is None:
        return frozenset()
    old_ones = name != "post.fields"
    values = text.split(",")
    canonical = [_canonical(value, name) if old_ones else value for value in values]
    for value, new in zip(values, canonical, strict=True):
        if new not in known:
            raise bad(name, value, f"is not one of [{','.join(sorted(known))}]")
    if len(set(canonical)) < len(canonical):
        raise bad(name, text, "holds a value twice")
    return frozenset(canonical)


def _canonical(value: str, name: str) -> str:
    if name == "expansions":
        return EXPANSIONS.get(value, value)
    # `tweet.fields` know the old names only; `post_fields` or `referenced_posts` there are mistakes.
    if name == "tweet.fields" and value in OLD_NAMES:
        return f"{value}?"
    return _NEW_NAMES.get(value, value)


def ids(visit: Visit, *, most: int = 100) -> list[str]:
    """Return `ids`, comma-separated, in the order given. Raises XError 400."""
    text = visit.call.query.get("ids")
    if not text:
        raise invalid("The `ids` query parameter can not be empty", ids="")
    found = text.split(",")
    if len(found) > most:
        raise invalid(
            f"The number of values in the `ids` query parameter list [{len(found)}] is not between 1 and {most}"
        )
    for one in found:
        require_id(one, "ids")
    return list(dict.fromkeys(found))


def require_id(text: str, name: str) -> str:
    """Return an id. Raises XError 400 when it is none, a media key for instance."""
    if not _ID.fullmatch(text):
        raise bad(name, text, "does not match ^[0-9]{1,19}$")
    return text


def number(visit: Visit, name: str, *, default: int, least: int, most: int) -> int:
    """Return a whole number of a range. Raises XError 400."""
    text = visit.call.query.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not least <= int(text) <= most:
        raise bad(name, text, f"is not between {least} and {most}")
    return int(text)


def choice(visit: Visit, name: str, *, default: str, words: tuple[str, ...]) -> str:
    """Return one of some words. Raises XError 400."""
    text = visit.call.query.get(name, default)
    if text not in words:
        raise bad(name, text, f"is not one of [{','.join(words)}]")
    return text


def id_or_none(visit: Visit, name: str) -> int | None:
    """Return an id as a number. Raises XError 400."""
    text = visit.call.query.get(name)
    return None if text is None else int(require_id(text, name))


def instant(visit: Visit, name: str) -> datetime | None:
    """Return a time given as RFC 3339 with Z. Raises XError 400."""
    text = visit.call.query.get(name)
    if text is None:
        return None
    try:
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise bad(name, text, "is not a valid time") from error
    raise bad(name, text, "does not match YYYY-MM-DDTHH:mm:ssZ")
