"""thumbnails.set (sheet 2.3)."""

from collections.abc import Callable
from typing import Any

from sandbox.exchange import Call
from sandbox.media import Medium, picture
from sandbox.youtube import video_json, videos
from sandbox.youtube.channels import Channels, Visit, etag
from sandbox.youtube.errors import ApiError, forbidden

_LONGEST_SIDE = 20_000
"""Pixels. The reasons imageTooWide and imageTooTall are in the sheet, the numbers are not."""


def begin(channels: Channels, visit: Visit) -> Callable[[Medium, Call], dict[str, Any]]:
    """Check whose video it is, and return what is done with the image."""
    video = videos.own(channels, visit, visit.params["videoId"], location="videoId")
    if not channels.channels[video.channel_id].verified:
        raise forbidden(
            "The authenticated user doesn't have permissions to upload and set custom video thumbnails.",
            domain="youtube.thumbnail",
        )

    def finish(medium: Medium, _call: Call) -> dict[str, Any]:
        _check(medium)
        video.thumbnail = medium
        kind = "youtube#thumbnailSetResponse"
        return {
            "kind": kind,
            "etag": etag(kind, video.id, medium.sha256),
            "items": [video_json.thumbnails(video)],
        }

    return finish


def _check(medium: Medium) -> None:
    if medium.size == 0:
        raise _refusal("mediaBodyRequired", "The request does not include the image content.")
    seen = picture(medium.path)
    if seen is None:
        raise _refusal("invalidImage", "The provided image content is invalid.")
    if seen.mime not in {"image/jpeg", "image/png"}:
        raise _refusal("imageFormatUnsupported", "The provided image format is not supported.")
    if seen.height > _LONGEST_SIDE:
        raise _refusal("imageTooTall", "The provided image is too tall.")
    if seen.width > _LONGEST_SIDE:
        raise _refusal("imageTooWide", "The provided image is too wide.")


def _refusal(reason: str, message: str) -> ApiError:
    return ApiError(400, reason, message, domain="youtube.thumbnail")
