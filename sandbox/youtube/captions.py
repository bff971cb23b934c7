"""Caption tracks: insert, list, update, delete. The sheet names the calls and prices; the reasons are [memory]."""

import json
import re
from collections.abc import Callable
from typing import Any

from sandbox.exchange import Call
from sandbox.media import Medium
from sandbox.youtube import metadata, videos
from sandbox.youtube.channels import Channels, Visit, etag, written
from sandbox.youtube.errors import ApiError, bad_metadata, not_found
from sandbox.youtube.state import Caption

LONGEST_NAME = 150
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_TIMES = re.compile(
    rb"-->|\d+:\d\d:\d\d[.,]\d{3},\d+:\d\d:\d\d[.,]\d{3}|\A\s*(\xef\xbb\xbf)?(WEBVTT|<\?xml|<tt|<transcript)"
)
_DOMAIN = "youtube.caption"


def insert(channels: Channels, visit: Visit) -> Callable[[Medium, Call], dict[str, Any]]:
    """Check captions.insert, and return what is done with the file."""
    snippet = _snippet(visit)
    video_id, language, name = (metadata.text(snippet, key, "snippet") for key in ("videoId", "language", "name"))
    # The discovery document marks all three as required for an insert; the name may be empty.
    if not video_id or not language or name is None or not _LANGUAGE.fullmatch(language):
        raise bad_metadata(
            "invalidMetadata", "The request contains invalid metadata values.", "snippet", domain=_DOMAIN
        )
    if len(name) > LONGEST_NAME:
        raise bad_metadata("nameTooLong", "The name is too long.", "snippet.name", domain=_DOMAIN)
    draft = metadata.flag(snippet, "isDraft", "snippet") or False
    video = videos.own(channels, visit, video_id, location="body.snippet.videoId")

    def check_free() -> None:
        for other in channels.state.captions.values():
            if (other.video_id, other.language, other.name) == (video.id, language, name):
                text = "The specified video already has a caption track with the given language and name."
                raise ApiError(409, "captionExists", text, domain=_DOMAIN)

    check_free()

    def finish(medium: Medium, call: Call) -> dict[str, Any]:
        check_free()  # another upload may have been quicker
        _check(medium)
        caption = Caption(
            id="AUieDa" + channels.state.text("caption", 40),
            video_id=video.id,
            language=language,
            name=name,
            draft=draft,
            medium=medium,
            failed=not _is_timed(medium),
            updated_at=call.now,
        )
        channels.state.captions[caption.id] = caption
        return _show(caption, visit)

    return finish


def update(channels: Channels, visit: Visit) -> Callable[[Medium, Call], dict[str, Any]]:
    """Check captions.update, and return what is done with the new file."""
    caption, draft = _changed(channels, visit)

    def finish(medium: Medium, call: Call) -> dict[str, Any]:
        _check(medium)
        caption.medium, caption.failed = medium, not _is_timed(medium)
        caption.draft, caption.updated_at = draft, call.now
        return _show(caption, visit)

    return finish


def update_words(channels: Channels, visit: Visit) -> dict[str, Any]:
    """Answer captions.update without a new file."""
    caption, draft = _changed(channels, visit)
    caption.draft = draft
    caption.updated_at = visit.now
    return _show(caption, visit)


def listing(channels: Channels, visit: Visit) -> dict[str, Any]:
    """Answer captions.list."""
    video = videos.own(channels, visit, visit.params["videoId"], location="videoId")
    ids = visit.params.get("id")
    found = [
        _show(caption, visit)
        for caption in channels.state.captions.values()
        if caption.video_id == video.id and (ids is None or caption.id in ids)
    ]
    kind = "youtube#captionListResponse"
    return {"kind": kind, "etag": etag(kind, json.dumps(found)), "items": found}


def delete(channels: Channels, visit: Visit) -> None:
    """Answer captions.delete."""
    del channels.state.captions[_own(channels, visit, visit.params["id"]).id]


def _snippet(visit: Visit) -> dict[str, Any]:
    snippet = visit.body().get("snippet")
    if not isinstance(snippet, dict):
        raise bad_metadata(
            "invalidMetadata", "The request contains invalid metadata values.", "snippet", domain=_DOMAIN
        )
    return snippet


def _changed(channels: Channels, visit: Visit) -> tuple[Caption, bool]:
    caption = _own(channels, visit, metadata.text(visit.body(), "id", "caption") or "")
    return caption, metadata.flag(_snippet(visit), "isDraft", "snippet") or False


def _own(channels: Channels, visit: Visit, caption_id: str) -> Caption:
    visit.own_channel()
    caption = channels.state.captions.get(caption_id)
    if caption is None:
        raise not_found("captionNotFound", "The caption track could not be found.", domain=_DOMAIN, location="id")
    videos.own(channels, visit, caption.video_id)
    return caption


def _check(medium: Medium) -> None:
    if medium.size == 0:
        raise ApiError(400, "contentRequired", "The request does not contain the caption track.", domain=_DOMAIN)


def _is_timed(medium: Medium) -> bool:
    with medium.path.open("rb") as file:
        return _TIMES.search(file.read(1 << 16)) is not None


def _show(caption: Caption, visit: Visit) -> dict[str, Any]:
    shown: dict[str, Any] = {"kind": "youtube#caption", "etag": etag(caption.id, caption.updated_at), "id": caption.id}
    if "snippet" in visit.parts:
        shown["snippet"] = {
            "videoId": caption.video_id,
            "lastUpdated": written(caption.updated_at),
            "trackKind": "standard",
            "language": caption.language,
            "name": caption.name,
            "audioTrackType": "unknown",
            "isCC": False,
            "isLarge": False,
            "isEasyReader": False,
            "isDraft": caption.draft,
            "isAutoSynced": False,
            "status": "failed" if caption.failed else "serving",
        }
        if caption.failed:
            shown["snippet"]["failureReason"] = "unknownFormat"
    return shown
