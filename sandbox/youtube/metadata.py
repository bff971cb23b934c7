"""What a client says of a video: checked and written (sheet 2.1, 2.3). Keys that cannot be written are ignored."""

import re
from datetime import datetime
from typing import Any

from sandbox.youtube import categories
from sandbox.youtube.errors import ApiError, bad_metadata, wrong_type
from sandbox.youtube.state import Video

LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_TAGS = 100, 5000, 500
"""Characters, bytes of UTF-8, characters in all (sheet section 5 [doc])."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def write(video: Video, body: dict[str, Any], parts: list[str], now: datetime, *, new: bool) -> None:
    """Write the named parts of the body into the video. Raises ApiError and then has written nothing.

    What the body leaves out is set back: on an upload to the defaults, on an update it is erased.
    """
    values: dict[str, Any] = {}
    if new or "snippet" in parts:
        values |= _snippet(_object(body, "snippet") if "snippet" in parts else {}, new=new)
    if new or "status" in parts:
        values |= _status(_object(body, "status") if "status" in parts else {}, video, now, new=new)
    if "localizations" in parts:
        language = values.get("default_language", video.default_language)
        values["localizations"] = _localizations(_object(body, "localizations"), language)
    if "recordingDetails" in parts:
        values["recording_date"] = _recording_date(_object(body, "recordingDetails"))
    for name, value in values.items():
        setattr(video, name, value)


def _object(body: dict[str, Any], key: str) -> dict[str, Any]:
    value = body.get(key)
    if not isinstance(value, dict | None):
        raise wrong_type(key)
    return value or {}


def text(part: dict[str, Any], key: str, where: str) -> str | None:
    """Return a string of the body, None when it is left out. Raises ApiError for another type."""
    value = part.get(key)
    if not isinstance(value, str | None):
        raise wrong_type(f"{where}.{key}")
    return value


def flag(part: dict[str, Any], key: str, where: str) -> bool | None:
    """Return a boolean of the body, None when it is left out. Raises ApiError for another type."""
    value = part.get(key)
    if not isinstance(value, bool | None):
        raise wrong_type(f"{where}.{key}")
    return value


def instant(value: str) -> datetime | None:
    """Return an RFC 3339 time, None for anything else."""
    if not _INSTANT.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _snippet(snippet: dict[str, Any], *, new: bool) -> dict[str, Any]:
    where = "snippet"
    title = text(snippet, "title", where) or ""
    if not title.strip() or len(title) > LONGEST_TITLE or re.search("[<>]", title):
        message = "The request metadata specifies an invalid or empty video title."
        raise bad_metadata("invalidTitle", message, "snippet.title")
    description = text(snippet, "description", where) or ""
    if len(description.encode()) > LONGEST_DESCRIPTION or re.search("[<>]", description):
        message = "The request metadata specifies an invalid video description."
        raise bad_metadata("invalidDescription", message, "snippet.description")
    # An upload may leave the category out, an update of the snippet may not (sheet 2.3 [doc]).
    category_id = text(snippet, "categoryId", where) or (categories.DEFAULT if new else "")
    if not categories.is_assignable(category_id):
        message = "The snippet.categoryId property specifies an invalid category ID."
        raise bad_metadata("invalidCategoryId", message, "snippet.categoryId")
    return {
        "title": title,
        "description": description,
        "tags": _tags(snippet),
        "category_id": category_id,
        "default_language": _language(snippet, "defaultLanguage"),
        "default_audio_language": _language(snippet, "defaultAudioLanguage"),
    }


def _tags(snippet: dict[str, Any]) -> list[str]:
    tags = snippet.get("tags")
    if not isinstance(tags, list | None) or not all(isinstance(tag, str) for tag in tags or []):
        raise wrong_type("snippet.tags")
    tags = tags or []
    # A tag with a blank counts two more, for its quotes [doc]; the commas between tags count [memory].
    length = sum(len(tag) + 2 * (" " in tag) for tag in tags) + max(0, len(tags) - 1)
    if length > LONGEST_TAGS or any(not tag.strip() or re.search("[<>]", tag) for tag in tags):
        message = "The request metadata specifies invalid video keywords."
        raise bad_metadata("invalidTags", message, "snippet.tags")
    return list(tags)


def _language(part: dict[str, Any], key: str) -> str | None:
    value = text(part, key, "snippet")
    if value and not _LANGUAGE.fullmatch(value):
        raise bad_metadata("invalidVideoMetadata", "The request metadata is invalid.", f"snippet.{key}")
    return value or None


def _status(status: dict[str, Any], video: Video, now: datetime, *, new: bool) -> dict[str, Any]:
    where = "status"
    # Left out means the default, and that is public: on an upload (sheet section 0, row 2) and on an update too.
    privacy = text(status, "privacyStatus", where) or "public"
    license_ = text(status, "license", where) or "youtube"
    if privacy not in {"public", "unlisted", "private"} or license_ not in {"youtube", "creativeCommon"}:
        raise bad_metadata("invalidVideoMetadata", "The request metadata is invalid.", where)
    publish_at = _publish_at(status, video, privacy)
    if publish_at is not None and publish_at <= now:
        privacy, publish_at = "public", None
    embeddable = flag(status, "embeddable", where)
    stats_viewable = flag(status, "publicStatsViewable", where)
    return {
        "privacy": privacy,
        "publish_at": publish_at,
        "license": license_,
        # The sheet says "erased" of an update; for these two that is read as false, the answer that hurts.
        "embeddable": new if embeddable is None else embeddable,
        "stats_viewable": new if stats_viewable is None else stats_viewable,
        "made_for_kids": flag(status, "selfDeclaredMadeForKids", where),
        "synthetic": flag(status, "containsSyntheticMedia", where),
    }


def _publish_at(status: dict[str, Any], video: Video, privacy: str) -> datetime | None:
    value = text(status, "publishAt", "status")
    if not value:
        return None
    at = instant(value)
    if at is None or privacy != "private" or video.published_at is not None:
        message = "The request metadata specifies an invalid scheduled publishing time."
        raise bad_metadata("invalidPublishAt", message, "status.publishAt")
    return at


def _localizations(given: dict[str, Any], language: str | None) -> dict[str, dict[str, str]]:
    if given and language is None:
        raise ApiError(
            400,
            "defaultLanguageNotSet",
            "The request is trying to add localized video details without specifying the default language of the "
            "video details.",
            domain="youtube.video",
        )
    out = {}
    for code, words in given.items():
        if not _LANGUAGE.fullmatch(code) or not isinstance(words, dict):
            raise wrong_type("localizations")
        title = text(words, "title", "localizations") or ""
        description = text(words, "description", "localizations") or ""
        if not title or len(title) > LONGEST_TITLE or len(description.encode()) > LONGEST_DESCRIPTION:
            raise bad_metadata("invalidVideoMetadata", "The request metadata is invalid.", f"localizations.{code}")
        out[code] = {"title": title, "description": description}
    return out


def _recording_date(details: dict[str, Any]) -> str | None:
    value = text(details, "recordingDate", "recordingDetails")
    if value and instant(value) is None:
        message = "The recordingDetails object in the request metadata specifies invalid recording details."
        raise bad_metadata("invalidRecordingDetails", message, "recordingDetails.recordingDate")
    return value or None
