"""The resumable upload of one video: a session, then one chunk a call, from wherever the platform says that it is.

No video exists before the last byte is taken, so the session's address, once stored, makes the upload re-entrant: the
platform is asked how far it is before every chunk, by whichever process comes next, and after a lost last answer it
gives the finished video. At most the chunk under way is sent twice. Source: sheet of 2026-11-23, sections 2.2 and 7.4.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from io import BufferedReader
from typing import Any

import httplib2
from googleapiclient.http import MediaIoBaseUpload

from connectors.errors import ConnectorError, Rejected, Unavailable
from connectors.youtube_api import Answer, Api, text_at, without_cause
from connectors.youtube_errors import unreadable
from connectors.youtube_post import Wanted
from core.media import OutgoingMedium
from core.platforms import Platform
from core.texts import _

CHUNK = 8 * 1024 * 1024  # bytes; the platform wants a multiple of 262144 (sheet 2.2 [doc]). Streamed, not held.
_SKEW = timedelta(minutes=5)  # between the platform's clock and ours


@dataclass(frozen=True, slots=True)
class Session:
    """An upload on its way. `url` lets whoever has it write the video; it is in no repr and no error.

    `started`: ISO instant of the start by the platform's own clock, where it told it. `sent`: how many bytes it last
    said to have.
    """

    url: str = field(repr=False)
    started: str
    size: int
    sent: int = 0

    @property
    def may_be_complete(self) -> bool:
        """Tell whether the last chunk may have been taken: of at most two calls the answers were lost to us."""
        return self.sent + 2 * CHUNK >= self.size


@dataclass(frozen=True, slots=True)
class Step:
    """How far one call came: the session where there is more to send, the video's id where it is complete."""

    session: Session
    video: str = ""
    moved: bool = True


def start(api: Api, medium: OutgoingMedium, wanted: Wanted) -> Session:
    """Begin: quota and words are checked by the platform now, and no byte of the file is sent."""
    with medium.path.open("rb") as file:
        request = _request(api, file, medium, wanted)
        size = request.resumable.size()
        if size != medium.medium.size or not size:
            raise Rejected(
                "the file on our disk is not the approved one",
                platform=Platform.YOUTUBE,
                code="file_changed",
                sentence=_(
                    "El archivo del video que se guarda no es el que se aprobó, y no se envió. Súbalo otra vez y envíe"
                    " la publicación a aprobación."
                ),
            )
        headers = request.headers | {
            "X-Upload-Content-Type": request.resumable.mimetype(),
            "X-Upload-Content-Length": str(size),
        }
        # not the library's own start: it sends the first chunk in the same breath, before anybody could store the
        # session's address (sheet 7.4 [lib])
        response, _content = api.http.request(request.uri, "POST", body=request.body, headers=headers)
    location = response.get("location", "")
    if not location:
        raise unreadable("the platform opened no upload session", status=response.status)
    return Session(url=api.session_url(location), started=_instant(response.get("date", "")), size=size)


def go_on(api: Api, medium: OutgoingMedium, wanted: Wanted, session: Session) -> Step:
    """Ask where the platform is, and send the next chunk. Raises SessionLost where the session is gone."""
    try:
        http = api.upload_http(session.url)
        response, content = http.request(
            session.url, "PUT", headers={"Content-Range": f"bytes */{session.size}", "Content-Length": "0"}
        )
        with medium.path.open("rb") as file:
            request = _request(api, file, medium, wanted)
            if response.status != 308:
                return _finished(session, request.postproc(response, content))
            offset = _offset(response)
            if offset >= session.size:
                return Step(replace(session, sent=offset), moved=False)
            request.resumable_uri = session.url
            request.resumable_progress = offset
            _progress, video = request.next_chunk(http=http, num_retries=0)
            if video is not None:
                return _finished(session, video)
            return Step(replace(session, sent=request.resumable_progress), moved=request.resumable_progress > offset)
    except ConnectorError as error:
        raise without_cause(error)  # noqa: B904  (its very cause is what must go)
    except (IndexError, ValueError):
        # the library's reading of a misshapen Range
        raise Unavailable("the platform's Range is not readable", platform=Platform.YOUTUBE) from None


def _request(api: Api, file: BufferedReader, medium: OutgoingMedium, wanted: Wanted) -> Any:
    """Return the library's request for the whole upload; it sends nothing yet."""
    media = MediaIoBaseUpload(file, mimetype=medium.medium.mime_type, chunksize=CHUNK, resumable=True)
    # always private, and always said: left out it would mean public (sheet 0.2 [doc][lib])
    status = {"privacyStatus": "private", "selfDeclaredMadeForKids": wanted.for_kids, "embeddable": True}
    return api.data.videos().insert(
        part="snippet,status",
        notifySubscribers=wanted.notify,
        body={"snippet": wanted.snippet, "status": status},
        media_body=media,
    )


def _finished(session: Session, video: Answer | str) -> Step:
    video_id = text_at(video, "id")
    if not video_id:
        raise Unavailable("the finished upload's answer names no video", platform=Platform.YOUTUBE)
    return Step(replace(session, sent=session.size), video=video_id)


def _offset(response: httplib2.Response) -> int:
    """Return how many bytes the platform has; without Range none (sheet 2.2 [doc])."""
    first, _dash, last = str(response.get("range", "")).removeprefix("bytes=").partition("-")
    if not last:
        return 0
    if first != "0" or not last.isdecimal():
        raise ValueError(last)
    return int(last) + 1


def _instant(http_date: str) -> str:
    try:
        return parsedate_to_datetime(http_date).astimezone(UTC).isoformat()
    except (TypeError, ValueError):
        return (datetime.now(UTC) - _SKEW).isoformat()
