"""Media v2: one shot, initialize, append, finalize, status (sheet sections 2.2 and 5.2)."""

import base64
import binascii
import contextlib
import io
import re
from collections.abc import Iterator
from typing import Any

from sandbox.hiding import Hiding
from sandbox.media import Incoming, Medium, picture, video_type
from sandbox.x import film, params
from sandbox.x.bodies import ID, Choice, ListOf, Record, Text, Whole, check, checked
from sandbox.x.errors import XError, gone, invalid, invalid_about
from sandbox.x.media_state import LIFE, LONGEST_PROCESSING, USUAL_POLLS, Failure, Upload
from sandbox.x.visit import Visit

MEGABYTE = 1024 * 1024
LARGEST_CHUNK = 5 * MEGABYTE
"""5 MB are advised, above 8 MB the server refuses; the sheet's contract draws the line here."""
LARGEST = {"image": 5 * MEGABYTE, "gif": 15 * MEGABYTE, "subtitles": MEGABYTE, "video": 8 * 1024 * MEGABYTE}
LARGEST_PREMIUM_VIDEO = 16 * 1024 * MEGABYTE
GIF_SIDES = (1280, 1080)
IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
"""What a post shows; bmp, tiff and pjpeg can be announced but are not (sheet 5.2)."""
MEDIA_TYPES = (
    *("video/mp4", "video/webm", "video/mp2t", "video/quicktime", "text/srt", "text/vtt"),
    *("image/jpeg", "image/gif", "image/bmp", "image/png", "image/webp", "image/pjpeg", "image/tiff"),
    *("model/gltf-binary", "model/vnd.usdz+zip"),
)
CATEGORIES = {
    **dict.fromkeys(("tweet_image", "dm_image"), "image"),
    **dict.fromkeys(("tweet_gif", "dm_gif"), "gif"),
    **dict.fromkeys(("tweet_video", "dm_video", "amplify_video"), "video"),
    "subtitles": "subtitles",
}
_FITTING = {"image": "image/", "gif": "image/gif", "video": "video/", "subtitles": "text/"}
ONE_SHOT = ("tweet_image", "dm_image", "subtitles")
"""Document 2.166; 2.167 lists all, the sheet calls only these safe."""
_SECONDS = int(LIFE.total_seconds())
_ONE_SHOT = Record(
    {"media": object, "media_category": Choice(ONE_SHOT), "additional_owners": Text()},
    frozenset({"media", "media_category"}),
)
_INITIALIZE = Record(
    {
        "media_type": Choice(MEDIA_TYPES),
        "total_bytes": Whole(0, 17_179_869_184),
        "media_category": Choice(tuple(CATEGORIES)),
        "shared": bool,
        "additional_owners": ListOf(ID),
    },
    # The document calls none required; an upload of unknown type or size makes no sense, so the strict reading.
    frozenset({"media_type", "total_bytes", "media_category"}),
)
_APPEND = Record({"media": object, "segment_index": Whole(0, 999)}, frozenset({"media", "segment_index"}))


def one_shot(visit: Visit) -> dict[str, Any]:
    """Answer POST /2/media/upload."""
    params.only(visit, ())
    with _sent(visit, _ONE_SHOT) as (given, content):
        owners = str(given.get("additional_owners", ""))
        if owners and not re.fullmatch(r"\d{1,19}(,\d{1,19})*", owners, re.ASCII):
            raise invalid_about("[$.additional_owners: is not a list of user ids]", {})
        owned_by = frozenset(owners.split(",")) if owners else frozenset()
        upload = _new(visit, given["media_category"], "", content.size, owned_by)
        _require_size(visit, upload)
        _settle(visit, upload, visit.desk.ground.store.keep(content))
    visit.desk.uploads.all[upload.id] = upload
    return {"data": _described(visit, upload)}


def initialize(visit: Visit) -> dict[str, Any]:
    """Answer POST /2/media/upload/initialize."""
    params.only(visit, ())
    given = checked(visit.call, _INITIALIZE)
    category, media_type = given["media_category"], given["media_type"]
    if not media_type.startswith(_FITTING[CATEGORIES[category]]):
        raise invalid_about(f"[$.media_type: {media_type} does not fit media_category {category}]", {})
    owners = frozenset(given.get("additional_owners", ()))
    upload = _new(visit, category, media_type, given["total_bytes"], owners)
    _require_size(visit, upload)
    visit.desk.uploads.all[upload.id] = upload
    return {"data": {"id": upload.id, "media_key": upload.key, "expires_after_secs": _left(visit, upload)}}


def append(visit: Visit) -> dict[str, Any]:
    """Answer POST /2/media/upload/{id}/append. The same segment again changes nothing."""
    params.only(visit, ())
    upload = _open(visit)
    with _sent(visit, _APPEND) as (given, chunk):
        if not 0 < chunk.size <= LARGEST_CHUNK:
            raise invalid_about(f"[$.media: {chunk.size} bytes; a segment holds 1 to {LARGEST_CHUNK}]", {})
        index = given["segment_index"]
        if index not in upload.segments and upload.arrived + chunk.size > upload.total:
            raise invalid_about("[$.media: segments exceed total_bytes]", {})
        if not visit.desk.uploads.append(upload, index, chunk):
            raise invalid_about(f"[$.segment_index: {index} was sent already with other bytes]", {})
    return {"data": {"expires_at": int(upload.expires_at.timestamp())}}


def finalize(visit: Visit) -> dict[str, Any]:
    """Answer POST /2/media/upload/{id}/finalize; once more, it answers the same."""
    params.only(visit, ())
    upload = _named(visit, visit.place["id"])
    if not upload.finished:
        whole = sorted(upload.segments) == list(range(len(upload.segments))) and upload.arrived == upload.total
        if not whole or upload.received is None:
            raise invalid_about("Segments do not add up to provided total file size.", {})
        upload.received.seek(0, io.SEEK_SET)
        medium = visit.desk.ground.store.keep(upload.received)
        upload.drop()
        try:
            _settle(visit, upload, medium)
        except XError:
            del visit.desk.uploads.all[upload.id]
            raise
    return {"data": _described(visit, upload)}


def status(visit: Visit) -> dict[str, Any]:
    """Answer GET /2/media/upload. Each look moves processing on by one."""
    params.only(visit, ("command", "media_id"))
    params.choice(visit, "command", default="STATUS", words=("STATUS",))
    media_id = visit.call.query.get("media_id")
    if media_id is None:
        raise invalid("The `media_id` query parameter can not be empty", media_id="")
    upload = _named(visit, params.require_id(media_id, "media_id"))
    if not upload.finished:
        raise invalid("The upload has not been finalized", media_id=media_id)
    upload.looks += 1
    return {"data": _described(visit, upload)}


def _new(visit: Visit, category: str, media_type: str, total: int, owners: frozenset[str]) -> Upload:
    return Upload(
        id=visit.desk.uploads.new_id(),
        owner_id=visit.caller.user_id,
        sort=CATEGORIES[category],
        category=category,
        media_type=media_type,
        total=total,
        expires_at=visit.now + LIFE,
        owners=owners,
    )


def _named(visit: Visit, media_id: str) -> Upload:
    """Return an own upload; those of v1.1, of others and dead ones are not found (the sheet is silent)."""
    upload = visit.desk.uploads.find(params.require_id(media_id, "id"), visit.caller.user_id)
    if upload is None or upload.old:
        raise gone("id", media_id, "media")
    return upload


def _open(visit: Visit) -> Upload:
    upload = _named(visit, visit.place["id"])
    if upload.finished:
        raise invalid_about("The upload has been finalized already.", {})
    return upload


@contextlib.contextmanager
def _sent(visit: Visit, record: Record) -> Iterator[tuple[dict[str, Any], Incoming]]:
    """Give the fields and the bytes of a multipart or JSON (base64) body; what nobody keeps is gone afterwards."""
    call = visit.call
    if call.content_type == "multipart/form-data":
        given: dict[str, Any] = {}
        for name in (*call.form, *(file.field for file in call.files)):
            if name in given or len(call.form.getlist(name)) > 1:
                raise invalid_about(f"[$.{name}: is given twice]", {})
            given[name] = call.form.get(name, "")
        index = str(given.get("segment_index", ""))
        if re.fullmatch(r"\d{1,9}", index, re.ASCII):
            given["segment_index"] = int(index)
        check(given, record)
        file = next((file for file in call.files if file.field == "media"), None)
        if file is None:
            raise invalid_about("[$.media: is not a file]", {})
        yield given, file.incoming
        return
    given = checked(call, record)
    content = _decoded(visit, given["media"])
    try:
        yield given, content
    finally:
        content.discard()


def _decoded(visit: Visit, text: Any) -> Incoming:
    try:
        data = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError):
        data = b""
    if not data:
        raise invalid_about("[$.media: is not base64]", {})
    content = visit.desk.ground.store.incoming()
    content.write(data)
    return content


def _require_size(visit: Visit, upload: Upload) -> None:
    largest = LARGEST[upload.sort]
    if upload.sort == "video" and visit.network.people[visit.caller.user_id].premium:
        largest = LARGEST_PREMIUM_VIDEO
    if upload.total > largest:
        raise invalid_about(f"File size exceeds {largest} bytes.", {})


def _settle(visit: Visit, upload: Upload, medium: Medium) -> None:
    """Look at what arrived. Bad images are refused, bad videos fail in processing."""
    if upload.sort == "video":
        upload.mime = video_type(medium.path) or ""
        upload.duration_ms = film.duration_ms(medium.path)
        if upload.mime not in {"video/mp4", "video/quicktime", "video/webm"}:
            upload.failure = Failure(1, "InvalidMedia", "Unsupported video format")
    elif upload.sort == "subtitles":
        upload.mime = upload.media_type or "text/srt"
    else:
        _settle_image(upload, medium)
    if visit.call.effects.processing_error is not None and upload.sort in {"video", "gif"}:
        upload.failure = Failure(visit.call.effects.processing_error or 1, "InvalidMedia", "Media processing failed")
    upload.medium = medium
    upload.hiding = Hiding.wanted(visit.call)
    asked = visit.call.effects.processing_polls
    upload.polls = USUAL_POLLS if asked is None else asked
    upload.ready_at = visit.now + LONGEST_PROCESSING if asked is None else None


def _settle_image(upload: Upload, medium: Medium) -> None:
    seen = picture(medium.path)
    if seen is None or seen.mime not in IMAGE_TYPES or (upload.media_type and upload.media_type != seen.mime):
        raise invalid_about("Media type unrecognized.", {})
    # An animation is a GIF of its own category (sheet 2.2); as a picture it is refused here.
    if seen.animated and upload.sort == "image":
        raise invalid_about("An animated GIF needs media_category tweet_gif.", {})
    upload.mime, upload.width, upload.height = seen.mime, seen.width, seen.height
    if upload.sort == "gif":
        if seen.mime != "image/gif":
            raise invalid_about("Media type unrecognized.", {})
        if seen.width > GIF_SIDES[0] or seen.height > GIF_SIDES[1]:
            upload.failure = Failure(1, "InvalidMedia", "Gif dimensions are too large")


def _described(visit: Visit, upload: Upload) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": upload.id,
        "media_key": upload.key,
        "size": upload.total,
        "expires_after_secs": _left(visit, upload),
    }
    if upload.sort == "image":
        data["image"] = {"image_type": upload.mime, "w": upload.width, "h": upload.height}
    if upload.sort in {"video", "gif"}:
        data["processing_info"] = _processing(visit, upload)
    return data


def _processing(visit: Visit, upload: Upload) -> dict[str, Any]:
    if upload.is_processed(visit.now):
        if upload.failure is None:
            return {"state": "succeeded", "progress_percent": 100}
        failure = upload.failure
        error = {"code": failure.code, "name": failure.name, "message": failure.message}
        # The document of 2.167 closes processing_info without `error`; the sheet's older pages show it.
        return {"state": "failed", "progress_percent": 100, "error": error}
    if upload.looks == 0:
        return {"state": "pending", "check_after_secs": 1}
    percent = min(99, 100 * upload.looks // (upload.polls + 1))
    return {"state": "in_progress", "check_after_secs": 1, "progress_percent": percent}


def _left(visit: Visit, upload: Upload) -> int:
    return max(0, min(_SECONDS, int((upload.expires_at - visit.now).total_seconds())))
