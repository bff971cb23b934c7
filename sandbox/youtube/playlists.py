"""Playlists and their items, the playlist of a channel's uploads among them (sheet 2.3, 3.1)."""

from typing import Any

from sandbox.youtube import metadata, paging, params, video_json
from sandbox.youtube.channels import Channels, Visit, etag, written
from sandbox.youtube.errors import ApiError, bad_metadata, forbidden, not_found, not_imitated
from sandbox.youtube.state import Playlist, Video

LONGEST_TITLE, LONGEST_DESCRIPTION = 150, 5000
"""Characters [memory]."""
_DOMAIN = "youtube.playlist"


def listing(channels: Channels, visit: Visit) -> dict[str, Any]:
    """Answer playlists.list: the uploads are not among them unless asked for by id."""
    by = params.one_filter(visit.params, ("mine", "id", "channelId"))
    if by == "channelId" and visit.params["channelId"] not in channels.channels:
        raise not_found("channelNotFound", "Channel not found.", domain="youtube.channel", location="channelId")
    home = visit.own_channel() if by == "mine" else visit.params.get("channelId")
    ids = visit.params.get("id", [])
    found = [
        one
        for one in channels.state.playlists.values()
        if (one.id in ids if by == "id" else one.channel_id == home)
        and (
            one.privacy == "public" or one.channel_id == visit.channel_id or (by == "id" and one.privacy == "unlisted")
        )
    ]
    return paging.page(
        "youtube#playlistListResponse",
        found,
        key=lambda one: one.id,
        show=lambda one: _show(channels, visit, one),
        visit=visit,
        size=visit.params["maxResults"],
        total=len(found),
    )


def insert(channels: Channels, visit: Visit) -> dict[str, Any]:
    """Answer playlists.insert."""
    channel_id = visit.own_channel()
    playlist = Playlist("", channel_id, "", "", "public", visit.now)
    _write(playlist, visit)
    playlist.id = "PL" + channels.state.text("playlist", 32)
    channels.state.playlists[playlist.id] = playlist
    return _show(channels, visit, playlist)


def update(channels: Channels, visit: Visit) -> dict[str, Any]:
    """Answer playlists.update: the named parts are replaced whole."""
    playlist = _own(channels, visit, metadata.text(visit.body(), "id", "playlist") or "", "body.id")
    _write(playlist, visit)
    return _show(channels, visit, playlist)


def delete(channels: Channels, visit: Visit) -> None:
    """Answer playlists.delete."""
    del channels.state.playlists[_own(channels, visit, visit.params["id"], "id").id]


def _write(playlist: Playlist, visit: Visit) -> None:
    body = visit.body()
    snippet, status = body.get("snippet") or {}, body.get("status") or {}
    if not isinstance(snippet, dict) or not isinstance(status, dict):
        raise bad_metadata("invalidPlaylistSnippet", "The request is malformed.", "snippet", domain=_DOMAIN)
    if "snippet" in visit.parts or not playlist.id:
        title = metadata.text(snippet, "title", "snippet") or ""
        if not title.strip():
            raise bad_metadata("playlistTitleRequired", "Title is required.", "snippet.title", domain=_DOMAIN)
        description = metadata.text(snippet, "description", "snippet") or ""
        if len(title) > LONGEST_TITLE or len(description) > LONGEST_DESCRIPTION:
            raise bad_metadata("invalidPlaylistSnippet", "The snippet is invalid.", "snippet", domain=_DOMAIN)
        playlist.title, playlist.description = title, description
    if "status" in visit.parts:
        privacy = metadata.text(status, "privacyStatus", "status") or "public"
        if privacy not in {"public", "unlisted", "private"}:
            raise bad_metadata("playlistPrivacyStatusInvalid", "Invalid privacy.", "status", domain=_DOMAIN)
        playlist.privacy = privacy


def _own(channels: Channels, visit: Visit, playlist_id: str, location: str) -> Playlist:
    channel_id = visit.own_channel()
    if playlist_id in {channel.uploads for channel in channels.channels.values()}:
        raise ApiError(400, "playlistOperationUnsupported", "The playlist cannot be changed.", domain=_DOMAIN)
    playlist = channels.state.playlists.get(playlist_id)
    if playlist is None or (playlist.privacy == "private" and playlist.channel_id != channel_id):
        raise _missing(location)
    if playlist.channel_id != channel_id:
        raise forbidden("The playlist is not yours.", domain=_DOMAIN)
    return playlist


def _missing(location: str) -> ApiError:
    text = "The playlist identified with the request's playlistId parameter cannot be found."
    return not_found("playlistNotFound", text, domain="youtube.playlistItem", location=location)


def _show(channels: Channels, visit: Visit, playlist: Playlist) -> dict[str, Any]:
    parts = {
        "snippet": {
            "publishedAt": written(playlist.created_at),
            "channelId": playlist.channel_id,
            "title": playlist.title,
            "description": playlist.description,
            "thumbnails": {},
            "channelTitle": channels.channels[playlist.channel_id].title,
            "localized": {"title": playlist.title, "description": playlist.description},
        },
        "status": {"privacyStatus": playlist.privacy},
        "contentDetails": {"itemCount": len(playlist.items)},
    }
    kind = "youtube#playlist"
    shown = {part: value for part, value in parts.items() if part in visit.parts}
    return {"kind": kind, "etag": etag(kind, playlist.id, playlist.title), "id": playlist.id, **shown}


def items(channels: Channels, visit: Visit) -> dict[str, Any]:
    """Answer playlistItems.list: of the uploads, newest first, with the lag of the fault plan."""
    by = params.one_filter(visit.params, ("playlistId", "id"))
    if by == "id":
        raise not_imitated("playlistItems.list con id")
    playlist_id = visit.params["playlistId"]
    home = next((one for one in channels.channels.values() if one.uploads == playlist_id), None)
    rows: list[tuple[str, Video]]
    if home is not None:
        if home.fresh:
            raise _missing("playlistId")
        rows = [
            (f"UU{video.id}", video)
            for video in channels.state.videos_of(home.id)
            if not (video.hiding is not None and video.hiding.hides(visit.now))
        ]
    else:
        playlist = channels.state.playlists.get(playlist_id)
        if playlist is None or (playlist.privacy == "private" and playlist.channel_id != visit.channel_id):
            raise _missing("playlistId")
        rows = [(item_id, channels.state.videos[video_id]) for item_id, video_id, _at in playlist.items]
    wanted = visit.params.get("videoId")
    rows = [
        (item_id, video)
        for item_id, video in rows
        if wanted in {None, video.id}
        and (video.channel_id == visit.channel_id or video.is_visible(visit.now))
        # Uploads show others only what is public; unlisted ones are known by their link alone.
        and (home is None or video.channel_id == visit.channel_id or video.privacy == "public")
    ]
    places = {item_id: number for number, (item_id, _video) in enumerate(rows)}
    return paging.page(
        "youtube#playlistItemListResponse",
        rows,
        key=lambda row: row[0],
        show=lambda row: _show_item(channels, visit, playlist_id, row[0], row[1], places[row[0]]),
        visit=visit,
        size=visit.params["maxResults"],
        total=len(rows),
    )


def add(channels: Channels, visit: Visit) -> dict[str, Any]:
    """Answer playlistItems.insert: the same video twice is two items (sheet 2.3 [doc])."""
    visit.own_channel()
    snippet = visit.body().get("snippet")
    resource = snippet.get("resourceId") if isinstance(snippet, dict) else None
    if not isinstance(snippet, dict) or not isinstance(resource, dict) or resource.get("kind") != "youtube#video":
        raise bad_metadata(
            "resourceIdRequired", "The resourceId is required.", "snippet.resourceId", domain="youtube.playlistItem"
        )
    playlist_id = metadata.text(snippet, "playlistId", "snippet")
    if not playlist_id:
        raise bad_metadata(
            "playlistIdRequired", "The playlistId is required.", "snippet.playlistId", domain="youtube.playlistItem"
        )
    if "position" in snippet:
        raise not_imitated("snippet.position")
    playlist = _own(channels, visit, playlist_id, "body.snippet.playlistId")
    video = channels.seen_video(
        visit, metadata.text(resource, "videoId", "snippet.resourceId") or "", location="body.snippet.resourceId"
    )
    item_id = "UEw" + channels.state.text("item", 45)
    playlist.items.append((item_id, video.id, visit.now))
    return _show_item(channels, visit, playlist.id, item_id, video, len(playlist.items) - 1)


def remove(channels: Channels, visit: Visit) -> None:
    """Answer playlistItems.delete."""
    channel_id = visit.own_channel()
    for playlist in channels.state.playlists.values():
        for item in playlist.items:
            if item[0] == visit.params["id"] and playlist.channel_id == channel_id:
                playlist.items.remove(item)
                return
    text = "The playlist item identified with the request's id parameter cannot be found."
    raise not_found("playlistItemNotFound", text, domain="youtube.playlistItem", location="id")


def _show_item(
    channels: Channels, visit: Visit, playlist_id: str, item_id: str, video: Video, position: int
) -> dict[str, Any]:
    owner = channels.channels[video.channel_id]
    parts: dict[str, dict[str, Any]] = {
        "snippet": {
            "publishedAt": written(video.uploaded_at),
            "channelId": video.channel_id,
            "title": video.title,
            "description": video.description,
            "thumbnails": video_json.thumbnails(video),
            "channelTitle": owner.title,
            "playlistId": playlist_id,
            "position": position,
            "resourceId": {"kind": "youtube#video", "videoId": video.id},
            "videoOwnerChannelTitle": owner.title,
            "videoOwnerChannelId": owner.id,
        },
        "contentDetails": {"videoId": video.id},
        "status": {"privacyStatus": video.privacy},
    }
    if video.published_at is not None:
        parts["contentDetails"]["videoPublishedAt"] = written(video.published_at)
    shown = {part: value for part, value in parts.items() if part in visit.parts}
    kind = "youtube#playlistItem"
    return {"kind": kind, "etag": etag(kind, item_id, video.privacy, video.title), "id": item_id, **shown}
