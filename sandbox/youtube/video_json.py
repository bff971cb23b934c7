"""A video as the API shows it, part by part (sheet 2.1, 2.3, 4.1)."""

import json
from collections.abc import Callable
from typing import Any

from sandbox.youtube.channels import Channels, Visit, etag, written
from sandbox.youtube.errors import forbidden
from sandbox.youtube.state import Video

OWNER_PARTS = ("fileDetails", "processingDetails", "suggestions")
PARTS_TOTAL = 1000
_SIZES = {
    "default": (120, 90),
    "medium": (320, 180),
    "high": (480, 360),
    "standard": (640, 480),
    "maxres": (1280, 720),
}


def thumbnails(video: Video) -> dict[str, Any]:
    """Return the sizes of a video's thumbnail; the two largest only of one that was set."""
    names = list(_SIZES) if video.thumbnail else list(_SIZES)[:3]
    files = dict(zip(_SIZES, ("default", "mqdefault", "hqdefault", "sddefault", "maxresdefault"), strict=True))
    return {
        name: {
            "url": f"https://i.ytimg.com/vi/{video.id}/{files[name]}.jpg",
            "width": _SIZES[name][0],
            "height": _SIZES[name][1],
        }
        for name in names
    }


def video(channels: Channels, visit: Visit, one: Video) -> dict[str, Any]:
    """Return the resource with the parts that the caller asked for. Raises ApiError for the owner's parts."""
    is_own = one.channel_id == visit.channel_id
    for part in OWNER_PARTS:
        if part in visit.parts and not is_own:
            raise forbidden(f"The request cannot access {part} of a video that belongs to someone else.")
    makers: dict[str, Callable[[], dict[str, Any]]] = {
        "snippet": lambda: _snippet(channels, one),
        "status": lambda: _status(visit, one, is_own=is_own),
        "statistics": lambda: _statistics(channels, visit, one, is_own=is_own),
        "contentDetails": lambda: _content(channels, one, is_own=is_own),
        "fileDetails": lambda: _file(one),
        "processingDetails": lambda: _processing(visit, one),
        "player": lambda: {
            "embedHtml": f'<iframe width="480" height="270" src="//www.youtube.com/embed/{one.id}"></iframe>'
        },
        "recordingDetails": lambda: {"recordingDate": one.recording_date} if one.recording_date else {},
        "localizations": lambda: one.localizations,
    }
    shown = {part: made for part, make in makers.items() if part in visit.parts and (made := make())}
    # Sheet 2.1: localizations appear only where there are some; kind, etag and id always.
    return {"kind": "youtube#video", "etag": etag(json.dumps(shown, sort_keys=True)), "id": one.id, **shown}


def _snippet(channels: Channels, one: Video) -> dict[str, Any]:
    snippet: dict[str, Any] = {
        "publishedAt": written(one.uploaded_at),
        "channelId": one.channel_id,
        "title": one.title,
        "description": one.description,
        "thumbnails": thumbnails(one),
        "channelTitle": channels.channels[one.channel_id].title,
        "categoryId": one.category_id,
        "liveBroadcastContent": "none",
        "localized": {"title": one.title, "description": one.description},
    }
    optional = {
        "tags": one.tags,
        "defaultLanguage": one.default_language,
        "defaultAudioLanguage": one.default_audio_language,
    }
    return snippet | {key: value for key, value in optional.items() if value}


def _status(visit: Visit, one: Video, *, is_own: bool) -> dict[str, Any]:
    status: dict[str, Any] = {
        "uploadStatus": one.upload_status(visit.now),
        "privacyStatus": one.privacy,
        "license": one.license,
        "embeddable": one.embeddable,
        "publicStatsViewable": one.stats_viewable,
        "madeForKids": bool(one.made_for_kids),
    }
    if one.is_over(visit.now) and one.failure:
        status["failureReason"] = one.failure
    elif one.is_over(visit.now) and one.rejection:
        status["rejectionReason"] = one.rejection
    if is_own:
        owners = {
            "publishAt": written(one.publish_at) if one.publish_at else None,
            "selfDeclaredMadeForKids": one.made_for_kids,
            "containsSyntheticMedia": one.synthetic,
        }
        status |= {key: value for key, value in owners.items() if value is not None}
    return status


def _statistics(channels: Channels, visit: Visit, one: Video, *, is_own: bool) -> dict[str, str]:
    state = channels.state
    numbers = {
        "viewCount": state.views(one, visit.now),
        "likeCount": state.likes(one, visit.now),
        "favoriteCount": 0,
    }
    if is_own:
        numbers["dislikeCount"] = state.likes(one, visit.now) // 40
    if one.takes_comments:
        numbers["commentCount"] = comment_count(channels, one)
    return {key: str(value) for key, value in numbers.items()}


def comment_count(channels: Channels, one: Video) -> int:
    """Return how many comments and replies are published."""
    return sum(comment.status == "published" for comment in channels.state.comments_of(one.id))


def duration(one: Video) -> int:
    """Return how long a video is, in seconds: made up from its size, for the bytes of rehearsals are not films."""
    return 20 + (one.medium.size // 50_000 if one.medium else 0) % 880


def _content(channels: Channels, one: Video, *, is_own: bool) -> dict[str, Any]:
    minutes, seconds = divmod(duration(one), 60)
    captioned = any(c.video_id == one.id and not c.draft and not c.failed for c in channels.state.captions.values())
    details: dict[str, Any] = {
        "duration": f"PT{minutes}M{seconds}S" if minutes else f"PT{seconds}S",
        "dimension": "2d",
        "definition": "hd",
        "caption": "true" if captioned else "false",
        "licensedContent": False,
        "contentRating": {},
        "projection": "rectangular",
    }
    if is_own:
        details["hasCustomThumbnail"] = one.thumbnail is not None
    return details


def _file(one: Video) -> dict[str, Any]:
    size = one.medium.size if one.medium else 0
    return {"fileName": one.file_name, "fileSize": str(size), "fileType": "other" if one.failure else "video"}


def _processing(visit: Visit, one: Video) -> dict[str, Any]:
    status = one.upload_status(visit.now)
    state = {"uploaded": "processing", "processed": "succeeded", "failed": "failed", "rejected": "terminated"}[status]
    over = one.is_over(visit.now)
    details: dict[str, Any] = {
        "processingStatus": state,
        "fileDetailsAvailability": "available",
        "processingIssuesAvailability": "available" if over else "inProgress",
        "thumbnailsAvailability": "available" if over else "inProgress",
    }
    if not over:
        done = PARTS_TOTAL // (one.polls + 1)
        details["processingProgress"] = {
            "partsTotal": str(PARTS_TOTAL),
            "partsProcessed": str(done),
            "timeLeftMs": str((PARTS_TOTAL - done) * 30),
        }
    elif state == "failed":
        details["processingFailureReason"] = "transcodeFailed" if one.failure in {"conversion", "codec"} else "other"
    return details
