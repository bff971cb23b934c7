"""The methods that are imitated: addresses, parameters, scopes, prices (discovery rev 20261104; sheet 2 to 5.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.exchange import Call
from sandbox.youtube import quota, world
from sandbox.youtube.params import Param, method_of

PARTNER = "https://www.googleapis.com/auth/youtubepartner"
_WRITE = (world.MANAGE, world.FORCE_SSL, PARTNER)
_READ = (*_WRITE, world.READ_ONLY)
_FULL = (world.FORCE_SSL,)
_CAPTIONS = (world.FORCE_SSL, PARTNER)
_UPLOAD = (*_WRITE, world.UPLOAD)
_REPORTS = (world.MANAGE, world.READ_ONLY, PARTNER, world.ANALYTICS, world.MONETARY)

_TEXT = Param()
_TEXTS = Param(repeated=True)
_NEEDED = Param(required=True)
_FLAG = Param(kind="boolean")
_PART = Param(required=True, repeated=True)
_OWNER = {"onBehalfOfContentOwner": _TEXT}
_FIFTY = Param(kind="integer", low=0, high=50, default=5)
_HUNDRED = Param(kind="integer", low=1, high=100, default=20)
_FORMAT = Param(choices=("textFormatUnspecified", "html", "plainText"), default="html")

VIDEO_PARTS = (
    *("id", "snippet", "status", "statistics", "contentDetails", "fileDetails", "processingDetails", "player"),
    *("recordingDetails", "localizations", "liveStreamingDetails", "suggestions", "topicDetails"),
    "paidProductPlacementDetails",
)
MODERATION = ("published", "heldForReview", "likelySpam", "rejected")


@dataclass(frozen=True, slots=True)
class Media:
    """What an upload takes. `largest` in bytes; `accepts` types, where `video/*` is any video."""

    largest: int
    accepts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Method:
    """One method. `price` is taken out of `bucket`; `operation` is its name in fault rules."""

    name: str
    verb: str
    path: str
    operation: str
    scopes: tuple[str, ...]
    params: Mapping[str, Param] = field(default_factory=dict)
    price: int = 1
    bucket: str = quota.UNITS
    parts: tuple[str, ...] = ()
    public: bool = False
    """Whether an API key is enough (sheet 1.1: only public reads)."""
    media: Media | None = None


_VIDEO_MEDIA = Media(274_877_906_944, ("video/*", "application/octet-stream"))
_IMAGE_MEDIA = Media(52_428_800, ("image/jpeg", "image/png", "application/octet-stream"))
_CAPTION_MEDIA = Media(104_857_600, ("text/xml", "application/octet-stream", "*/*"))
_IDS = {"id": _NEEDED}
_BEHALF = {"onBehalfOf": _TEXT, **_OWNER}


def _method(name: str, verb: str, operation: str, scopes: tuple[str, ...], **rest: Any) -> Method:
    resource, _, action = name.partition(".")
    tail = {"set": "/set", "setModerationStatus": "/setModerationStatus", "batchGetStats": ":batchGetStats"}
    path = f"/youtube/v3/{resource}{tail.get(action, '')}"
    return Method(name=name, verb=verb, path=path, operation=operation, scopes=scopes, **rest)


METHODS: tuple[Method, ...] = (
    _method(
        "videos.insert",
        "POST",
        "upload_start",
        _UPLOAD,
        bucket=quota.INSERTS,
        parts=VIDEO_PARTS,
        media=_VIDEO_MEDIA,
        params={
            "part": _PART,
            "notifySubscribers": Param(kind="boolean", default=True),
            "autoLevels": _FLAG,
            "stabilize": _FLAG,
            **_OWNER,
            "onBehalfOfContentOwnerChannel": _TEXT,
        },
    ),
    _method(
        "videos.list",
        "GET",
        "read",
        _READ,
        parts=VIDEO_PARTS,
        public=True,
        params={
            "part": _PART,
            "id": _TEXTS,
            "chart": Param(choices=("chartUnspecified", "mostPopular")),
            "myRating": Param(choices=("none", "like", "dislike")),
            "hl": _TEXT,
            "locale": _TEXT,
            "maxHeight": Param(kind="integer", low=72, high=8192),
            "maxWidth": Param(kind="integer", low=72, high=8192),
            "maxResults": Param(kind="integer", low=1, high=50),
            "pageToken": _TEXT,
            "regionCode": _TEXT,
            "videoCategoryId": _TEXT,
            **_OWNER,
        },
    ),
    _method("videos.update", "PUT", "update", _WRITE, price=50, parts=VIDEO_PARTS, params={"part": _PART, **_OWNER}),
    _method("videos.delete", "DELETE", "delete", _WRITE, price=50, params={**_IDS, **_OWNER}),
    _method(
        "videos.batchGetStats",
        "GET",
        "stats",
        _READ,
        bucket=quota.STATS,
        public=True,
        parts=("id", "snippet", "statistics", "contentDetails"),
        params={"part": _TEXTS, "id": _TEXTS, **_OWNER},
    ),
    _method(
        "thumbnails.set",
        "POST",
        "thumbnail",
        _UPLOAD,
        price=50,
        media=_IMAGE_MEDIA,
        params={"videoId": _NEEDED, **_OWNER},
    ),
    _method(
        "captions.list",
        "GET",
        "captions",
        _CAPTIONS,
        price=50,
        parts=("id", "snippet"),
        params={"part": _PART, "videoId": _NEEDED, "id": _TEXTS, **_BEHALF},
    ),
    _method(
        "captions.insert",
        "POST",
        "caption",
        _CAPTIONS,
        price=400,
        media=_CAPTION_MEDIA,
        parts=("id", "snippet"),
        params={"part": _PART, "sync": _FLAG, **_BEHALF},
    ),
    _method(
        "captions.update",
        "PUT",
        "caption_update",
        _CAPTIONS,
        price=450,
        media=_CAPTION_MEDIA,
        parts=("id", "snippet"),
        params={"part": _PART, "sync": _FLAG, **_BEHALF},
    ),
    _method("captions.delete", "DELETE", "caption_delete", _CAPTIONS, price=50, params={**_IDS, **_BEHALF}),
    _method(
        "channels.list",
        "GET",
        "identify",
        (*_READ, "https://www.googleapis.com/auth/youtubepartner-channel-audit"),
        public=True,
        parts=("id", "snippet", "contentDetails", "statistics", "status", "brandingSettings", "topicDetails"),
        params={
            "part": _PART,
            "mine": _FLAG,
            "id": _TEXTS,
            "forHandle": _TEXT,
            "forUsername": _TEXT,
            "categoryId": _TEXT,
            "managedByMe": _FLAG,
            "mySubscribers": _FLAG,
            "hl": _TEXT,
            "maxResults": _FIFTY,
            "pageToken": _TEXT,
            **_OWNER,
        },
    ),
    _method(
        "playlists.list",
        "GET",
        "playlists",
        _READ,
        public=True,
        parts=("id", "snippet", "status", "contentDetails", "player", "localizations"),
        params={
            "part": _PART,
            "id": _TEXTS,
            "mine": _FLAG,
            "channelId": _TEXT,
            "hl": _TEXT,
            "maxResults": _FIFTY,
            "pageToken": _TEXT,
            **_OWNER,
            "onBehalfOfContentOwnerChannel": _TEXT,
        },
    ),
    _method(
        "playlists.insert",
        "POST",
        "playlist",
        _WRITE,
        price=50,
        parts=("id", "snippet", "status", "contentDetails", "localizations"),
        params={"part": _PART, **_OWNER, "onBehalfOfContentOwnerChannel": _TEXT},
    ),
    _method(
        "playlists.update",
        "PUT",
        "playlist_update",
        _WRITE,
        price=50,
        parts=("id", "snippet", "status", "contentDetails", "localizations"),
        params={"part": _PART, **_OWNER},
    ),
    _method("playlists.delete", "DELETE", "playlist_delete", _WRITE, price=50, params={**_IDS, **_OWNER}),
    _method(
        "playlistItems.list",
        "GET",
        "list",
        _READ,
        public=True,
        parts=("id", "snippet", "status", "contentDetails"),
        params={
            "part": _PART,
            "id": _TEXTS,
            "playlistId": _TEXT,
            "videoId": _TEXT,
            "maxResults": _FIFTY,
            "pageToken": _TEXT,
            **_OWNER,
        },
    ),
    _method(
        "playlistItems.insert",
        "POST",
        "playlist_add",
        _WRITE,
        price=50,
        parts=("id", "snippet", "status", "contentDetails"),
        params={"part": _PART, **_OWNER},
    ),
    _method("playlistItems.delete", "DELETE", "playlist_remove", _WRITE, price=50, params={**_IDS, **_OWNER}),
    _method(
        "commentThreads.list",
        "GET",
        "comments",
        _FULL,
        public=True,
        parts=("id", "snippet", "replies"),
        params={
            "part": _PART,
            "id": _TEXTS,
            "videoId": _TEXT,
            "channelId": _TEXT,
            "allThreadsRelatedToChannelId": _TEXT,
            "maxResults": Param(kind="integer", low=1, high=100),
            "moderationStatus": Param(choices=MODERATION),
            "order": Param(choices=("orderUnspecified", "time", "relevance")),
            "pageToken": _TEXT,
            "searchTerms": _TEXT,
            "textFormat": _FORMAT,
        },
    ),
    _method(
        "commentThreads.insert",
        "POST",
        "comment",
        _FULL,
        price=50,
        parts=("id", "snippet", "replies"),
        params={"part": _PART},
    ),
    _method(
        "comments.list",
        "GET",
        "replies",
        _FULL,
        public=True,
        parts=("id", "snippet"),
        params={
            "part": _PART,
            "id": _TEXTS,
            "parentId": _TEXT,
            "maxResults": Param(kind="integer", low=1, high=100),
            "pageToken": _TEXT,
            "textFormat": _FORMAT,
        },
    ),
    _method("comments.insert", "POST", "reply", _FULL, price=50, parts=("id", "snippet"), params={"part": _PART}),
    _method(
        "comments.update", "PUT", "comment_update", _FULL, price=50, parts=("id", "snippet"), params={"part": _PART}
    ),
    _method("comments.delete", "DELETE", "comment_delete", _FULL, price=50, params=_IDS),
    _method(
        "comments.setModerationStatus",
        "POST",
        "hide",
        _FULL,
        price=50,
        params={
            "id": Param(required=True, repeated=True),
            "moderationStatus": Param(required=True, choices=MODERATION),
            "banAuthor": Param(kind="boolean", default=False),
        },
    ),
    _method(
        "search.list",
        "GET",
        "search",
        _READ,
        bucket=quota.SEARCHES,
        parts=("id", "snippet"),
        params={
            "part": _PART,
            "forMine": _FLAG,
            "type": _TEXTS,
            "q": _TEXT,
            "order": Param(
                choices=(*("searchSortUnspecified", "date", "rating", "viewCount", "relevance", "title", "videoCount"),)
            ),
            "maxResults": _FIFTY,
            "pageToken": _TEXT,
        },
    ),
    _method(
        "videoCategories.list",
        "GET",
        "categories",
        _READ,
        public=True,
        parts=("id", "snippet"),
        params={"part": _PART, "id": _TEXTS, "regionCode": _TEXT, "hl": Param(default="en-US")},
    ),
)
REPORTS = Method(
    name="reports.query",
    verb="GET",
    path="/v2/reports",
    operation="analytics",
    scopes=_REPORTS,
    params={
        "ids": _TEXT,
        "startDate": _TEXT,
        "endDate": _TEXT,
        "metrics": _TEXT,
        "dimensions": _TEXT,
        "filters": _TEXT,
        "sort": _TEXT,
        "maxResults": Param(kind="integer"),
        "startIndex": Param(kind="integer"),
        "currency": _TEXT,
        "includeHistoricalChannelData": _FLAG,
    },
)
_BY_PATH = {(method.verb, method.path): method for method in METHODS}
_RESOURCES = frozenset(
    {
        *("abuseReports", "activities", "channelBanners", "channelSections", "channels", "i18nLanguages"),
        *("i18nRegions", "liveBroadcasts", "liveChat", "liveStreams", "members", "membershipsLevels"),
        *("playlistImages", "subscriptions", "superChatEvents", "thirdPartyLinks", "videoAbuseReportReasons"),
        *("videoTrainability", "watermarks", "videos", "comments", "captions", "playlistItems", "search"),
    }
)


def upload_path(path: str) -> str | None:
    """Return the method's path of an upload address, None for any other."""
    for prefix in ("/upload/youtube/", "/resumable/upload/youtube/"):
        if path.startswith(prefix):
            return "/youtube/" + path.removeprefix(prefix)
    return None


def find(call: Call) -> Method | None:
    """Return the method that a call to the Data API's hosts is about."""
    return _BY_PATH.get((method_of(call), upload_path(call.path) or call.path))


def exists(path: str) -> bool:
    """Whether the real API has something there although the imitation has not."""
    parts = path.removeprefix("/").split("/")
    return path == "/batch" or (parts[:2] == ["youtube", "v3"] and len(parts) > 2 and parts[2] in _RESOURCES)
