"""Videos: in one call or in chunks, then processing (sheet section 2.4). Reels are not imitated yet."""

import io
from datetime import timedelta
from typing import Any

from sandbox.facebook import nodes, paging, params
from sandbox.facebook.errors import GraphError, bad_parameter, no_permission, not_imitated
from sandbox.facebook.pages import Pages, Visit
from sandbox.facebook.posts import check_text, schedule
from sandbox.facebook.state import Video
from sandbox.hiding import Hiding
from sandbox.media import Incoming, video_type

CHUNK = 1024 * 1024
"""How many bytes a `transfer` call is asked for; the platform asks for what it likes."""
LARGEST_ONE_SHOT = 1024**3
LARGEST = 10 * 1024**3
"""Bytes (sheet section 5: [code], [memory])."""
USUAL_POLLS = 1
LONGEST_PROCESSING = timedelta(seconds=30)
"""A video that nobody polls is ready after this anyway, unless the fault plan asked for polls."""


def create(pages: Pages, visit: Visit, page_id: str) -> dict[str, Any]:
    """Answer `POST /{page-id}/videos`: one shot, or a phase of a chunked upload."""
    pages.require_page(visit, page_id)
    phase = params.text(visit.params, "upload_phase")
    if "fbuploader_video_file_chunk" in visit.params:
        raise not_imitated("fbuploader_video_file_chunk")
    if not phase:
        return _one_shot(pages, visit, page_id)
    if "file_url" in visit.params:
        raise bad_parameter("file_url no se puede usar con upload_phase")
    if phase == "start":
        return _start(pages, visit, page_id)
    if phase not in {"transfer", "finish", "cancel"}:
        raise bad_parameter("upload_phase debe ser start, transfer, finish o cancel")
    video = _session(pages, visit, page_id)
    if phase == "transfer":
        return _transfer(pages, visit, video)
    if phase == "finish":
        return _finish(pages, visit, video)
    del pages.state.videos[video.id]
    _close(video)
    return {"success": True}


def _one_shot(pages: Pages, visit: Visit, page_id: str) -> dict[str, Any]:
    files = [file for file in visit.call.files if file.field != "thumb"]
    video = Video(id=pages.state.new_id(), page_id=page_id, created_at=visit.now, size=0)
    if files:
        medium = pages.ground.store.keep(files[0].incoming)
    elif url := params.text(visit.params, "file_url"):
        found = pages.ground.fetch(url)
        if found is None:
            raise GraphError(389, "(#389) No se pudo descargar el video de la dirección indicada")
        medium = found
    else:
        raise bad_parameter("Hace falta un video: source o file_url")
    _check_size(medium.size, LARGEST_ONE_SHOT)
    kind = video_type(medium.path)
    if kind is None:
        raise GraphError(6000, "(#6000) El archivo de video no es válido")
    _describe(visit, video)
    video.medium, video.mime, video.size = medium, kind, medium.size
    pages.state.videos[video.id] = video
    _accept(pages, visit, video)
    return {"id": video.id}


def _start(pages: Pages, visit: Visit, page_id: str) -> dict[str, Any]:
    size = params.number(visit.params, "file_size")
    _check_size(size, LARGEST)
    video = Video(id=pages.state.new_id(), page_id=page_id, created_at=visit.now, size=size)
    video.session_id = pages.state.new_id()
    video.received = pages.ground.store.incoming()
    pages.state.videos[video.id] = video
    return {"video_id": video.id, "upload_session_id": video.session_id, **_offsets(video)}


def _check_size(size: int, largest: int) -> None:
    if size == 0:
        raise GraphError(382, "(#382) El archivo de video es demasiado pequeño")
    if size > largest:
        raise GraphError(6000, "(#6000) El archivo de video es demasiado grande")


def _session(pages: Pages, visit: Visit, page_id: str) -> Video:
    session_id = params.text(visit.params, "upload_session_id")
    for video in pages.state.videos.values():
        if session_id and video.session_id == session_id and video.page_id == page_id and not video.finished:
            return video
    raise bad_parameter("upload_session_id no existe o ya terminó")


def _got(video: Video) -> Incoming:
    if video.received is None:
        raise bad_parameter("upload_session_id no existe o ya terminó")
    return video.received


def _offsets(video: Video) -> dict[str, str]:
    start = _got(video).size
    return {"start_offset": str(start), "end_offset": str(min(video.size, start + CHUNK))}


def _transfer(pages: Pages, visit: Visit, video: Video) -> dict[str, Any]:
    received = _got(video)
    offset = params.number(visit.params, "start_offset")
    chunk = next((file for file in visit.call.files if file.field == "video_file_chunk"), None)
    if chunk is None:
        raise bad_parameter("Hace falta video_file_chunk")
    if offset != received.size or offset + chunk.incoming.size > video.size:
        raise _wrong_offset(video)
    pages.ground.store.append(received, chunk.incoming)
    return _offsets(video)


def _wrong_offset(video: Video) -> GraphError:
    return GraphError(
        6001,
        "(#6001) Hubo un problema al subir el archivo de video",
        subcode=1363037,
        transient=True,
        data={key: int(value) for key, value in _offsets(video).items()},
    )


def _finish(pages: Pages, visit: Visit, video: Video) -> dict[str, Any]:
    received = _got(video)
    if received.size != video.size:
        raise _wrong_offset(video)
    _describe(visit, video)
    received.seek(0, io.SEEK_SET)
    video.medium = pages.ground.store.keep(received)
    _close(video)
    video.mime = video_type(video.medium.path) or ""
    video.failed = not video.mime
    _accept(pages, visit, video)
    return {"success": True}


def _close(video: Video) -> None:
    if video.received is not None:
        video.received.discard()
        video.received = None


def _describe(visit: Visit, video: Video) -> None:
    given = visit.params
    video.title, video.description = params.text(given, "title"), params.text(given, "description")
    check_text(video.description)
    video.published = params.flag(given, "published", default=True)
    video.scheduled_at = schedule(visit, published=video.published)


def _accept(pages: Pages, visit: Visit, video: Video) -> None:
    video.finished = True
    asked = visit.call.effects.processing_polls
    video.polls = USUAL_POLLS if asked is None else asked
    video.ready_at = visit.now + LONGEST_PROCESSING if asked is None else None
    post = pages.new_post(
        video.page_id,
        now=visit.now,
        message=video.description,
        status_type="added_video",
        published=video.published,
    )
    post.video = video
    post.scheduled_at = video.scheduled_at
    post.hiding = Hiding.wanted(visit.call)
    video.post_id = post.id
    pages.state.waiting.add(post.id)
    pages.show(post)


def read(pages: Pages, visit: Visit, video: Video) -> dict[str, Any]:
    """Answer `GET /{video-id}`. Each look at `status` moves processing on by one."""
    pages.require_sight(visit, video.id, video.page_id)

    def look() -> dict[str, Any]:
        seen = _status(video, visit)
        if video.finished and video.polls > 0:
            video.polls -= 1
        if video.post_id is not None:
            pages.show(pages.state.posts[video.post_id])
        return seen

    return nodes.video(pages, video, look, nodes.wanted(visit, nodes.VIDEO_DEFAULT))


def _status(video: Video, visit: Visit) -> dict[str, Any]:
    if not video.finished:
        got = video.received.size if video.received else 0
        return {
            "video_status": "uploading",
            "uploading_phase": {"status": "in_progress", "bytes_transfered": got},
            "processing_phase": {"status": "not_started"},
            "publishing_phase": {"status": "not_started"},
        }
    ready = video.is_ready(visit.now)
    over = "error" if video.failed else "completed" if ready else "in_progress"
    publishing: dict[str, Any] = {"status": "not_started"}
    if ready and video.published:
        publishing = {"status": "completed", "publish_status": "published"}
    return {
        "video_status": "error" if video.failed else "ready" if ready else "processing",
        "uploading_phase": {"status": "completed", "bytes_transfered": video.size},
        "processing_phase": {"status": over},
        "publishing_phase": publishing,
    }


def update(pages: Pages, visit: Visit, video: Video) -> dict[str, Any]:
    """Answer `POST /{video-id}`: show a video that was held back, or change its words.

    The sheet names only `is_published` on posts; for the video's own id both that and `published` are taken.
    """
    pages.require_page(visit, video.page_id)
    given = visit.params
    if video.post_id is None:
        raise bad_parameter("El video todavía no terminó de subir")
    post = pages.state.posts[video.post_id]
    names = [name for name in ("is_published", "published") if name in given]
    if not names and not {"description", "title"} & given.keys():
        raise bad_parameter("No se indicó ningún cambio")
    shown = params.flag(given, names[0], default=post.published) if names else post.published
    if post.published and not shown:
        raise bad_parameter("Un video visible no puede volver a estar sin publicar")
    if "title" in given:
        video.title = params.text(given, "title")
    if "description" in given:
        video.description = post.message = params.text(given, "description")
    if shown:
        if not post.published:
            post.hiding = Hiding.wanted(visit.call)
        pages.publish(post, visit.now)
    pages.show(post)
    return {"success": True}


def delete(pages: Pages, visit: Visit, video: Video) -> dict[str, Any]:
    """Answer `DELETE /{video-id}`: the video goes with its post."""
    pages.require_page(visit, video.page_id)
    if video.post_id is not None:
        pages.remove(pages.state.posts[video.post_id])
    else:
        del pages.state.videos[video.id]
        _close(video)
    return {"success": True}


def listing(pages: Pages, visit: Visit, page_id: str) -> dict[str, Any]:
    """Answer `GET /{page-id}/videos`: the finished and published ones."""
    if not pages.may_see(visit.token, page_id):
        raise no_permission()
    wanted = nodes.wanted(visit, nodes.VIDEO_DEFAULT)
    found = [
        video
        for video in reversed(pages.state.videos.values())
        if video.page_id == page_id and video.published and video.is_ready(visit.now)
    ]
    return paging.page(
        found,
        key=lambda video: video.id,
        show=lambda video: nodes.video(pages, video, lambda: _status(video, visit), wanted),
        call=visit.call,
        params=visit.params,
        token=visit.token.text,
    )
