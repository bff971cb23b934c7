"""How one file gets to X, one step a call: image in one shot; GIF and video in chunks, processed; what is said of it.

X tells nowhere how much of a file it has. A chunk has a number, and sending the same one again replaces it; so after a
lost answer that chunk goes once more, and no other (sheet of 2026-11-23, 2.2 [doc]).
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors import x_sentences as say
from connectors.errors import Gone, NotAuthorized, Rejected
from connectors.x_api import Api
from connectors.x_errors import Answer, unreadable
from connectors.x_progress import File
from connectors.x_reading import id_in
from core.media import MediaKind, OutgoingMedium
from core.platforms import Platform

# sheet 2.2 [doc]: 5 MB advised, more than 8 MB refused, chunk numbers up to 999
CHUNK = 4 * 1024 * 1024
LARGEST_CHUNK = 8_000_000
CHUNKS = 1000
# sheet 2.2 [doc], where the answer does not tell
FILE_LIFE = timedelta(seconds=86_400)
LONGEST_LOOK = timedelta(seconds=60)
_FIRST_LOOK = timedelta(seconds=1)

_TYPES = {"application/x-subrip": "text/srt"}
_LANGUAGES = {
    "ES": "Español",
    "EN": "English",
    "QU": "Runasimi",
    "AY": "Aymar aru",
    "PT": "Português",
    "FR": "Français",
}


class Uploads:
    """Brings files to X for one account."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def step(self, medium: OutgoingMedium, file: File | None) -> tuple[File, timedelta]:
        """Do the next step; return where the file is then, and when to go on.

        Raises Gone where X has dropped it: it must be uploaded anew.
        """
        try:
            return self._step(medium, file)
        except Rejected as error:
            # what is refused here with 403 is the token, not the content: media.write is missing (sheet 2.2 [doc])
            if error.status != 403:
                raise
            raise NotAuthorized(
                "files may not be uploaded",
                platform=Platform.X,
                status=403,
                code=error.code,
                detail=error.detail,
                sentence=say.MAY_NOT_UPLOAD,
            ) from error

    def is_alive(self, file: File) -> bool:
        """Tell whether X still has the file, as far as it tells."""
        try:
            self._status(file)
        except (Gone, Rejected):
            return False
        return True

    def _step(self, medium: OutgoingMedium, file: File | None) -> tuple[File, timedelta]:
        if not is_chunked(medium):
            if file is None:
                return self._send_whole(medium, "tweet_image"), timedelta(0)
            return self._describe(medium, file), timedelta(0)
        if file is None:
            return self._begin(medium), timedelta(0)
        if not file.is_sent:
            return self._send_chunk(medium, file), timedelta(0)
        if not file.is_processed:
            return self._look(medium, file)
        return self._describe(medium, file), timedelta(0)

    def caption_step(self, captions: OutgoingMedium, file: File | None, *, video: File) -> File:
        """Upload the captions, then bind them to the video."""
        if file is None:
            return self._send_whole(captions, "subtitles")
        code = captions.language[:2].upper() or "ES"
        track = {"id": file.id, "language_code": code, "display_name": _LANGUAGES.get(code, code)}
        self._api.post("/2/media/subtitles", {"id": video.id, "media_category": "TweetVideo", "subtitles": track})
        return replace(file, is_ready=True)

    def _send_whole(self, medium: OutgoingMedium, category: str) -> File:
        content = medium.path.read_bytes()
        answer = self._api.upload("/2/media/upload", {"media_category": category}, _part(medium, content))
        file = _file(answer)
        return replace(
            file,
            is_sent=True,
            is_processed=True,
            is_ready=category == "tweet_image" and not medium.alt_text,
        )

    def _begin(self, medium: OutgoingMedium) -> File:
        is_video = medium.medium.kind is MediaKind.VIDEO
        size = medium.path.stat().st_size
        if size > CHUNKS * LARGEST_CHUNK:
            raise Rejected(
                "the file is larger than can be sent in chunks", platform=Platform.X, sentence=say.FILE_LARGE
            )
        answer = self._api.post(
            "/2/media/upload/initialize",
            {
                "media_type": medium.medium.mime_type,
                "total_bytes": size,
                "media_category": "tweet_video" if is_video else "tweet_gif",
            },
        )
        return _file(answer)

    def _send_chunk(self, medium: OutgoingMedium, file: File) -> File:
        size = medium.path.stat().st_size
        chunk = chunk_of(size)
        start = file.next * chunk
        if start >= size:
            return self._finish(medium, file)
        with medium.path.open("rb") as source:
            source.seek(start)
            content = source.read(chunk)
        try:
            self._api.upload(
                f"/2/media/upload/{file.id}/append", {"segment_index": str(file.next)}, _part(medium, content)
            )
        except Rejected as error:
            if error.status == 403:  # that is about the token
                raise
            return self._closed(file, error)
        return replace(file, next=file.next + 1)

    def _closed(self, file: File, error: Rejected) -> File:
        """Return a file that takes no more chunks since another hand finished it; Gone where that is not why.

        Where it is not finished at all, what X said of the chunk stands.
        """
        try:
            answer = self._status(file)
        except Rejected:
            raise error from None
        if _state(answer) in ("pending", "in_progress", "succeeded"):
            return replace(file, is_sent=True)
        raise Gone("the upload takes no more chunks", platform=Platform.X, status=error.status) from error

    def _finish(self, medium: OutgoingMedium, file: File) -> File:
        try:
            answer = self._api.post(f"/2/media/upload/{file.id}/finalize")
        except Rejected as error:
            # finished by a call whose answer was lost? Then its state is known.
            try:
                answer = self._status(file)
            except Rejected:
                raise error from None
        sent = replace(file, is_sent=True)
        return _processed(medium, sent) if _state(answer) in ("", "succeeded") else sent

    def _look(self, medium: OutgoingMedium, file: File) -> tuple[File, timedelta]:
        answer = self._status(file)
        info = _processing(answer)
        if _state(answer) == "failed":
            error = info.get("error")
            raise Rejected(
                "the platform could not process the file",
                platform=Platform.X,
                code="processing",
                detail=str(error),
                sentence=say.FILE_FAILED,
            )
        if _state(answer) in ("", "succeeded"):
            return _processed(medium, file), timedelta(0)
        seconds = info.get("check_after_secs")
        wait = timedelta(seconds=seconds) if isinstance(seconds, int) and 0 < seconds < 3600 else _FIRST_LOOK
        return file, min(wait, LONGEST_LOOK)

    def _describe(self, medium: OutgoingMedium, file: File) -> File:
        if _may_be_described(medium):
            self._api.post("/2/media/metadata", {"id": file.id, "metadata": {"alt_text": {"text": medium.alt_text}}})
        return replace(file, is_ready=True)

    def _status(self, file: File) -> Answer:
        return self._api.look("/2/media/upload", command="STATUS", media_id=file.id)


def is_chunked(medium: OutgoingMedium) -> bool:
    """Tell whether a file goes in chunks and is processed: a video, or a GIF that moves."""
    return medium.medium.kind is MediaKind.VIDEO or is_moving(medium)


def is_moving(medium: OutgoingMedium) -> bool:
    """Tell whether it is an animated GIF, of which a post takes one alone."""
    return medium.medium.mime_type == "image/gif" and medium.medium.frames > 1


def chunk_of(size: int) -> int:
    """Return how large the chunks of such a file are (bytes): larger ones only where their numbers would not reach."""
    return max(CHUNK, -(-size // CHUNKS))


def _processed(medium: OutgoingMedium, file: File) -> File:
    return replace(file, is_processed=True, is_ready=not _may_be_described(medium))


def _may_be_described(medium: OutgoingMedium) -> bool:
    return bool(medium.alt_text) and medium.medium.kind is MediaKind.IMAGE


def _part(medium: OutgoingMedium, content: bytes) -> tuple[str, bytes, str]:
    """Return the part of a form; its name tells nothing of the office's folders."""
    kind = _TYPES.get(medium.medium.mime_type, medium.medium.mime_type)
    return medium.medium.sha256[:16] + medium.medium.extension, content, kind


def _file(answer: Answer) -> File:
    data = _data(answer)
    file_id = id_in(data.get("id"))
    if not file_id:
        raise unreadable("the answer to an upload has no id")
    seconds = data.get("expires_after_secs")
    life = timedelta(seconds=seconds) if isinstance(seconds, int) and 0 < seconds < 10**8 else FILE_LIFE
    now = datetime.now(UTC)
    return File(id=file_id, uploaded_at=now.isoformat(), expires_at=(now + life).isoformat())


def _data(answer: Answer) -> dict[str, Any]:
    data = answer.get("data")
    return data if isinstance(data, dict) else {}


def _processing(answer: Answer) -> dict[str, Any]:
    info = _data(answer).get("processing_info")
    return info if isinstance(info, dict) else {}


def _state(answer: Answer) -> str:
    """Return the state of processing; empty where there is none to wait for."""
    if not _data(answer).get("id"):
        raise unreadable("the answer tells nothing of the file")
    return str(_processing(answer).get("state") or "")
