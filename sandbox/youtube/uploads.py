"""Uploads: in one request, or resumable as sheet section 2.2 describes it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from sandbox.exchange import Answer, Call
from sandbox.media import Incoming, Medium
from sandbox.youtube import multipart
from sandbox.youtube.channels import Channels, Visit
from sandbox.youtube.errors import ApiError, bad_request, media_required
from sandbox.youtube.methods import Media, upload_path

Finish = Callable[[Medium, Call], Any]
Begin = Callable[[Channels, Visit], Finish]

CHUNK = 262_144
"""All chunks but the last are a multiple of this many bytes (sheet 2.2 [doc])."""
SESSION_LIFE = timedelta(days=7)
"""About one week (sheet 2.2 [memory])."""
_BLOCK = 1 << 20
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")


@dataclass(slots=True)
class Session:
    """A resumable upload under way, or finished. `size` in bytes, as far as it is known."""

    id: str
    finish: Finish
    largest: int
    started_at: datetime
    size: int | None
    received: Incoming | None = None
    answer: Answer | None = None

    @property
    def got(self) -> int:
        """Bytes received so far."""
        return self.received.size if self.received else 0


@dataclass(frozen=True, slots=True)
class Piece:
    """What a PUT says of itself: `start` None is a probe, `end` is the last byte's number, `total` None unknown."""

    start: int | None
    end: int
    total: int | None


@dataclass(slots=True)
class Uploads:
    """The sessions, by id."""

    channels: Channels
    sessions: dict[str, Session] = field(default_factory=dict)

    def begin(self, visit: Visit, begin: Begin) -> Answer:
        """Answer the first request of an upload: with the session, or with all when the bytes came along."""
        kind = visit.call.query.get("uploadType", "")
        media = visit.method.media
        if media is None or kind not in {"media", "multipart", "resumable"}:
            raise bad_request("uploadType must be media, multipart or resumable", location="uploadType")
        if kind == "resumable":
            return self._open(visit, begin, media)
        store, body = self.channels.ground.store, visit.call.body
        if body is None:
            raise media_required()
        if kind == "media":
            _check_type(visit.call.content_type, media)
            finish = begin(self.channels, replace(visit, call=replace(visit.call, json=None)))
            _check_size(body.size, media.largest)
            return Answer.json(finish(store.keep(body), visit.call))
        metadata, incoming, content_type = multipart.split(visit.call, store)
        try:
            _check_type(content_type, media)
            finish = begin(self.channels, replace(visit, call=replace(visit.call, json=metadata)))
            _check_size(incoming.size, media.largest)
            return Answer.json(finish(store.keep(incoming), visit.call))
        finally:
            incoming.discard()

    def _open(self, visit: Visit, begin: Begin, media: Media) -> Answer:
        call = visit.call
        _check_type(call.headers.get("X-Upload-Content-Type", "application/octet-stream").lower(), media)
        length = call.headers.get("X-Upload-Content-Length")
        if length is not None and not re.fullmatch(r"\d{1,15}", length):
            raise bad_request("Invalid X-Upload-Content-Length header.")
        size = int(length) if length is not None else None
        _check_size(size or 0, media.largest)
        if call.body is not None:
            raise bad_request("A resumable upload begins with its metadata alone.")
        finish = begin(self.channels, visit)
        session = Session(
            id="AO" + self.channels.state.text("session", 130),
            finish=finish,
            largest=media.largest,
            started_at=visit.now,
            size=size,
        )
        self.sessions[session.id] = session
        # The real one names the host that was asked and keeps the query.
        secrets = {"access_token", "oauth_token", "key"}
        kept = urlencode([(name, value) for name, value in call.query.items(multi=True) if name not in secrets])
        answer = Answer(200, b"", "text/plain; charset=utf-8")
        answer.headers = {
            "Location": f"https://{call.host}{call.path}?{kept}&upload_id={session.id}",
            "X-GUploader-UploadID": session.id,
        }
        return answer

    def find(self, call: Call) -> Session | None:
        """Return the session that a call names, unless it is gone."""
        session = self.sessions.get(call.query.get("upload_id", ""))
        if session is not None and call.now - session.started_at >= SESSION_LIFE:
            self.lose(call)
            return None
        return session

    def lose(self, call: Call) -> None:
        """Forget the session that a call names, with its bytes."""
        session = self.sessions.pop(call.query.get("upload_id", ""), None)
        if session is not None:
            _close(session)

    def put(self, call: Call) -> Answer:
        """Answer a PUT on a session: a chunk, the last one, or a probe."""
        session = self.find(call)
        if session is None:
            return _plain(404, "Not Found")
        piece = read_piece(call, session)
        if piece is None:
            return _plain(400, "Failed to parse Content-Range header.")
        if session.answer is not None:
            return session.answer
        if piece.total is not None:
            if session.size is not None and piece.total != session.size:
                return _plain(400, "Invalid request. The total size differs from the one that was announced.")
            session.size = piece.total
        if piece.start is None:
            return self._look(session, call)
        return self._take(session, piece, call)

    def interrupted(self, call: Call) -> None:
        """Keep what arrived of a chunk whose connection broke, in whole multiples of 256 KiB [memory]."""
        session = self.find(call)
        piece = read_piece(call, session) if session else None
        if session is None or piece is None or piece.start is None or session.answer is not None or call.body is None:
            return
        if piece.start <= session.got:
            end = (piece.start + call.body.size) // CHUNK * CHUNK
            self._append(session, call.body, piece.start, end)

    def _look(self, session: Session, call: Call) -> Answer:
        if session.size is not None and session.got == session.size and session.size > 0:
            return self._end(session, call, None)
        return _incomplete(session)

    def _take(self, session: Session, piece: Piece, call: Call) -> Answer:
        sent = call.body.size if call.body else 0
        start, last = piece.start or 0, session.size is not None and piece.end + 1 == session.size
        if sent != piece.end + 1 - start:
            return _plain(400, f"Invalid request. There were {sent} byte(s) in the request body.")
        if session.size is not None and piece.end >= session.size:
            return _plain(400, "Invalid request. The chunk goes beyond the end of the file.")
        if not last and sent % CHUNK:
            # The real one says so of chunks that are too small; of the others too, to be strict.
            return _plain(
                400,
                "Invalid request. The number of bytes uploaded is required to be equal or greater than 262144, "
                "except for the final request (it's recommended to be the exact multiple of 262144). The received "
                f"request contained {sent} bytes, which does not meet this requirement.",
            )
        if start > session.got:
            return _plain(
                400,
                f"Invalid request. According to the Content-Range header, the upload offset is {start} byte(s), which "
                f"exceeds already uploaded size of {session.got} byte(s).",
            )
        if piece.end >= session.largest:
            return _plain(413, "Media is too large.")
        if last and start == 0 and session.got == 0 and call.body is not None:
            return self._end(session, call, call.body)
        if call.body is not None:
            # A transport that repeats a PUT by itself (sheet section 0, row 6) sends bytes that are here already.
            self._append(session, call.body, start, piece.end + 1)
        return self._end(session, call, session.received) if last else _incomplete(session)

    def _append(self, session: Session, source: Incoming, start: int, end: int) -> None:
        if session.received is None:
            session.received = self.channels.ground.store.incoming()
        target = session.received
        left = end - target.size
        source.seek(target.size - start)
        while left > 0 and (block := source.read(min(_BLOCK, left))):
            target.write(block)
            left -= len(block)

    def _end(self, session: Session, call: Call, whole: Incoming | None) -> Answer:
        store = self.channels.ground.store
        incoming = whole or session.received or store.incoming()
        try:
            session.answer = Answer.json(session.finish(store.keep(incoming), call))
        except ApiError:
            self.lose(call)
            raise
        finally:
            incoming.discard()
            _close(session)
        return session.answer


def is_session(call: Call) -> bool:
    """Whether a call is about a session, not the beginning of one."""
    return "upload_id" in call.query and upload_path(call.path) is not None


def read_piece(call: Call, session: Session | None) -> Piece | None:
    """Return what a PUT says of itself; None when it is not to be understood."""
    header = call.headers.get("Content-Range")
    if header is None:
        size = int(call.headers.get("Content-Length", "0") or 0)
        known = session.size if session else None
        return Piece(0, size - 1, size if known is None else known)
    found = _RANGE.fullmatch(header.strip())
    if found is None:
        return None
    total = None if found[3] == "*" else int(found[3])
    if found[1] is None:
        return Piece(None, -1, total)
    start, end = int(found[1]), int(found[2])
    return Piece(start, end, total) if start <= end else None


def _incomplete(session: Session) -> Answer:
    answer = Answer(HTTPStatus.PERMANENT_REDIRECT, b"", "text/plain; charset=utf-8")
    answer.headers["X-GUploader-UploadID"] = session.id
    if session.got:
        answer.headers["Range"] = f"bytes=0-{session.got - 1}"
    return answer


def _close(session: Session) -> None:
    if session.received is not None:
        session.received.discard()
        session.received = None


def _check_type(content_type: str, media: Media) -> None:
    kind = content_type.partition(";")[0].strip()
    family = kind.partition("/")[0] + "/*"
    if not {kind, family, "*/*"} & set(media.accepts):
        raise ApiError(
            400,
            "badContent",  # [memory]; the sheet names only what is accepted
            f"Media type '{kind}' is not supported. Valid media types: [{', '.join(media.accepts)}]",
        )


def _check_size(size: int, largest: int) -> None:
    if size > largest:
        raise ApiError(413, "uploadTooLarge", f"Media is too large. Limit: {largest}")  # [memory]


def _plain(status: int, text: str) -> Answer:
    # The upload servers speak plain text, not the API's envelope [memory].
    return Answer(status, text.encode(), "text/plain; charset=utf-8")
