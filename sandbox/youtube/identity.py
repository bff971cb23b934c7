"""channels.list: whose token it is, and the channel's numbers (sheet 3.1, 4.1)."""

from datetime import UTC, datetime
from typing import Any

from sandbox.youtube import params
from sandbox.youtube.channels import Channels, Visit, etag, written
from sandbox.youtube.errors import dead_token, not_imitated
from sandbox.youtube.state import Channel


def subscribers(channel: Channel, now: datetime) -> int:
    """Return the exact number: grows by some dozen a day."""
    if channel.fresh:
        return 12
    days = (now - datetime(2026, 1, 1, tzinfo=UTC)).total_seconds() / 86_400
    return 23_417 + int(max(0.0, days) * 13)


def rounded(number: int) -> int:
    """Return a number cut to three digits, as `subscriberCount` is."""
    step: int = 10 ** max(0, len(str(number)) - 3)
    return number // step * step


def listing(channels: Channels, visit: Visit) -> dict[str, Any]:
    """Answer channels.list. An account without a channel gets an answer without `items`."""
    names = ("mine", "id", "forHandle", "forUsername", "categoryId", "managedByMe", "mySubscribers")
    by = params.one_filter(visit.params, names)
    known = list(channels.channels.values())
    if by == "mine":
        if visit.grant is None:
            raise dead_token()
        found = [one for one in known if one.id == visit.channel_id]
    elif by == "id":
        found = [one for one in known if one.id in visit.params["id"]]
    elif by == "forHandle":
        found = [one for one in known if one.handle == "@" + visit.params["forHandle"].removeprefix("@")]
    else:
        raise not_imitated(f"channels.list con {by}")
    kind = "youtube#channelListResponse"
    answer: dict[str, Any] = {
        "kind": kind,
        "etag": etag(kind, *(one.id for one in found), visit.now.date()),
        "pageInfo": {"totalResults": len(found), "resultsPerPage": visit.params["maxResults"]},
    }
    if found:
        answer["items"] = [_show(channels, visit, one) for one in found]
    return answer


def _show(channels: Channels, visit: Visit, channel: Channel) -> dict[str, Any]:
    videos = channels.state.videos_of(channel.id)
    views = 0 if channel.fresh else 1_204_330
    is_own = channel.id == visit.channel_id
    parts: dict[str, dict[str, Any]] = {
        "snippet": {
            "title": channel.title,
            "description": "",
            "customUrl": channel.handle,
            "publishedAt": written(channel.founded_at),
            "thumbnails": {
                "default": {"url": f"https://yt3.ggpht.com/{channel.id[2:]}=s88", "width": 88, "height": 88},
            },
            "localized": {"title": channel.title, "description": ""},
            "country": "PE",
        },
        "contentDetails": {"relatedPlaylists": {"likes": "", "uploads": channel.uploads}},
        "statistics": {
            "viewCount": str(views + sum(channels.state.views(video, visit.now) for video in videos)),
            "subscriberCount": str(rounded(subscribers(channel, visit.now))),
            "hiddenSubscriberCount": False,
            "videoCount": str(sum(video.privacy == "public" and video.is_visible(visit.now) for video in videos)),
        },
        "status": {
            "privacyStatus": "public",
            "isLinked": True,
            "longUploadsStatus": "allowed" if channel.verified else "eligible",
            "madeForKids": False,
        },
        "brandingSettings": {"channel": {"title": channel.title, "country": "PE"}},
    }
    if not is_own:
        parts["status"]["longUploadsStatus"] = "longUploadsUnspecified"
    shown = {part: value for part, value in parts.items() if part in visit.parts}
    kind = "youtube#channel"
    return {"kind": kind, "etag": etag(kind, channel.id, visit.now.date()), "id": channel.id, **shown}
