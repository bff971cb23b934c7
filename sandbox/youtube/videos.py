"""Videos: insert, list, update, delete, statistics, search (sheet 2.1, 2.3, 3.1, 4.1)."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sandbox.exchange import Call
from sandbox.hiding import Hiding
from sandbox.media import Medium, video_type
from sandbox.youtube import metadata, paging, params, video_json
from sandbox.youtube.channels import Channels, Visit, etag, written
from sandbox.youtube.errors import bad_metadata, bad_request, forbidden, incompatible, missing_parameter, not_imitated
from sandbox.youtube.state import Video

USUAL_POLLS = 1
LONGEST_PROCESSING = timedelta(seconds=30)
"""A video that nobody asks about is ready after this anyway, unless the fault plan asked for polls."""
SEARCH_LAG = timedelta(hours=6)
"""The sheet says only that the search index lags."""
MOST_IDS = 50
_FATE = re.compile(rb"sandbox-(failed|rejected)-([A-Za-z]+)")
_FAILURES = ("conversion", "invalidFile", "emptyFile", "tooSmall", "codec", "uploadAborted")
_REJECTIONS = (
    *("copyright", "inappropriate", "duplicate", "termsOfUse", "uploaderAccountSuspended", "length", "claim"),
    *("uploaderAccountClosed", "trademark", "legal"),
)


def insert(channels: Channels, visit: Visit) -> Callable[[Medium, Call], dict[str, Any]]:
    """Check videos.insert, and return what is done once the last byte is there."""
    channel_id = visit.own_channel()
    draft = Video(id="", channel_id=channel_id, uploaded_at=visit.now)
    metadata.write(draft, visit.body(), visit.parts, visit.now, new=True)
    # The library sends no name; where a client does it is in Slug [memory].
    draft.file_name = visit.call.headers.get("Slug", "unknown")

    def finish(medium: Medium, call: Call) -> dict[str, Any]:
        draft.id = channels.state.new_video_id()
        draft.uploaded_at = call.now
        draft.medium = medium
        _settle_fate(draft, medium)
        first, last = visit.call.effects.processing_polls, call.effects.processing_polls
        asked = first if last is None else last
        draft.polls = USUAL_POLLS if asked is None else asked
        draft.ready_at = call.now + LONGEST_PROCESSING if asked is None else None
        draft.hiding = Hiding.wanted(call) or Hiding.wanted(replace(call, effects=visit.call.effects))
        if draft.publish_at is not None and draft.publish_at <= call.now:
            draft.privacy, draft.publish_at = "public", None
        channels.state.videos[draft.id] = draft
        channels.state.waiting.add(draft.id)
        channels.channels[channel_id].fresh = False
        channels.show(draft)
        return video_json.video(channels, replace(visit, call=call), draft)

    return finish


def _settle_fate(draft: Video, medium: Medium) -> None:
    with medium.path.open("rb") as file:
        found = _FATE.search(file.read(256))
    kind, reason = (found[1].decode(), found[2].decode()) if found else ("", "")
    if kind == "failed" and reason in _FAILURES:
        draft.failure = reason
    elif kind == "rejected" and reason in _REJECTIONS:
        draft.rejection = reason
    elif medium.size == 0:
        draft.failure = "emptyFile"
    elif video_type(medium.path) is None:
        draft.failure = "invalidFile"


def listing(channels: Channels, visit: Visit) -> dict[str, Any]:
    """Answer videos.list: unknown and others' private ones are absent. The owner's look moves processing on."""
    by = params.one_filter(visit.params, ("id", "chart", "myRating"))
    if by != "id":
        raise not_imitated(f"videos.list con {by}")
    if "maxResults" in visit.params or "pageToken" in visit.params:
        # The discovery document: not supported in conjunction with id.
        raise incompatible("id, maxResults" if "maxResults" in visit.params else "id, pageToken")
    ids = _ids(visit)
    found = []
    for video_id in dict.fromkeys(ids):
        video = channels.state.videos.get(video_id)
        if video is None:
            continue
        if video.channel_id == visit.channel_id:
            found.append(video_json.video(channels, visit, video))
            if {"status", "processingDetails"} & set(visit.parts) and video.polls > 0:
                video.polls -= 1
                channels.show(video)
        elif video.is_visible(visit.now):
            found.append(video_json.video(channels, visit, video))
    found.reverse()  # the order is not promised
    return {
        "kind": "youtube#videoListResponse",
        "etag": etag(json.dumps(found, sort_keys=True)),
        "items": found,
        "pageInfo": {"totalResults": len(found), "resultsPerPage": len(found)},
    }


def _ids(visit: Visit) -> list[str]:
    ids: list[str] = visit.params.get("id", [])
    if not ids:
        raise missing_parameter("id")
    if len(ids) > MOST_IDS:
        raise bad_request(f"The request specifies more than {MOST_IDS} ids.", location="id")
    return ids


def own(channels: Channels, visit: Visit, video_id: str, *, location: str = "id") -> Video:
    """Return a video of the caller's own. Raises ApiError."""
    channel_id = visit.own_channel()
    video = channels.seen_video(visit, video_id, location=location)
    if video.channel_id != channel_id:
        raise forbidden("The request might not be properly authorized: the video is not yours.")
    return video


def update(channels: Channels, visit: Visit) -> dict[str, Any]:
    """Answer videos.update: the named parts are replaced whole."""
    body = visit.body()
    video_id = metadata.text(body, "id", "video")
    visit.own_channel()
    if not video_id:
        raise bad_metadata("invalidVideoMetadata", "The request metadata is invalid.", "id")
    video = own(channels, visit, video_id, location="body.id")
    before = video.privacy
    metadata.write(video, body, visit.parts, visit.now, new=False)
    if video.privacy == "public" and before != "public":
        video.hiding = Hiding.wanted(visit.call) or video.hiding
    if video.publish_at is not None or not video.is_over(visit.now):
        channels.state.waiting.add(video.id)
    channels.show(video)
    return video_json.video(channels, visit, video)


def delete(channels: Channels, visit: Visit) -> None:
    """Answer videos.delete."""
    channels.remove(own(channels, visit, visit.params["id"]))


def batch_stats(channels: Channels, visit: Visit) -> dict[str, Any]:
    """Answer videos.batchGetStats."""
    if not visit.parts:
        raise missing_parameter("part")
    items = []
    for video_id in dict.fromkeys(_ids(visit)):
        video = channels.state.videos.get(video_id)
        if video is None or not (video.channel_id == visit.channel_id or video.is_visible(visit.now)):
            continue
        state = channels.state
        numbers = {"viewCount": str(state.views(video, visit.now)), "likeCount": str(state.likes(video, visit.now))}
        if video.takes_comments:
            numbers["commentCount"] = str(video_json.comment_count(channels, video))
        parts = {
            "statistics": numbers,
            "snippet": {"publishTime": written(video.uploaded_at)},
            "contentDetails": {"duration": f"{video_json.duration(video)}s"},
        }
        shown = {part: value for part, value in parts.items() if part in visit.parts}
        items.append({"kind": "youtube#videoStats", "etag": etag(json.dumps(shown)), "id": video.id, **shown})
    return {"kind": "youtube#batchGetStatsResponse", "etag": etag(json.dumps(items)), "items": items}


def search(channels: Channels, visit: Visit) -> dict[str, Any]:
    """Answer search.list for the caller's own videos, from an index that lags."""
    if not visit.params.get("forMine"):
        raise not_imitated("search.list sin forMine=true")
    if visit.params.get("type") != ["video"]:
        raise incompatible("forMine, type")
    channel_id = visit.own_channel()
    words = visit.params.get("q", "").lower()
    found = [
        video
        for video in channels.state.videos_of(channel_id)
        if visit.now - video.uploaded_at >= SEARCH_LAG and words in f"{video.title} {video.description}".lower()
    ]

    def show(video: Video) -> dict[str, Any]:
        kind = "youtube#searchResult"
        item: dict[str, Any] = {
            "kind": kind,
            "etag": etag(kind, video.id),
            "id": {"kind": "youtube#video", "videoId": video.id},
        }
        if "snippet" in visit.parts:
            item["snippet"] = {
                "publishedAt": written(video.uploaded_at),
                "channelId": channel_id,
                "title": video.title,
                "description": video.description,
                "thumbnails": video_json.thumbnails(video),
                "channelTitle": channels.channels[channel_id].title,
                "liveBroadcastContent": "none",
            }
        return item

    return paging.page(
        "youtube#searchListResponse",
        found,
        key=lambda video: video.id,
        show=show,
        visit=visit,
        size=visit.params["maxResults"],
        total=len(found),
    )
