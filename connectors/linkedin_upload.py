"""Images and videos on their way to LinkedIn: announced, sent, looked at.

Sheet of 2026-11-23, sections 2.3 and 2.4. What is uploaded nobody can see until a post shows it. An image goes in one
piece, with the token; a video in the parts that the platform sets, each to an address of its own, without it.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import IO, Any

from connectors import linkedin_sentences as say
from connectors.errors import ConnectorError, Gone, NotAuthorized, Rejected, Unavailable
from connectors.linkedin_api import Api, Thing, key
from connectors.linkedin_errors import Unconfirmed, UploadExpired, unreadable
from core.media import MediaKind, OutgoingMedium
from core.platforms import Platform

CHUNK = 8 * 1024 * 1024  # bytes held in memory; the platform's own parts have 4 MiB (sheet 2.4)
_BLOCK = 65_536
# Between looks at the processing, which takes seconds to minutes (sheet 2.4): each is a call, and calls are counted.
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(seconds=30)
# So often in a row it may say, of a file that was sent, that it waits for it; then the file has not come. Ours.
WAITING_LOOKS = 5
WAITING, PROCESSING, AVAILABLE, FAILED = "WAITING_UPLOAD", "PROCESSING", "AVAILABLE", "PROCESSING_FAILED"


class Dropped(Unavailable):
    """What was announced or uploaded is not there any more, or will take nothing more."""


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes `first` to `last` of a file, both included, and the address they go to."""

    url: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way. `etags`: the answers to the parts so far, in order; `still`: where a video's picture goes.

    `looks`: how often it was looked at since it was sent and was not ready; `waiting`: how often of these in a row the
    platform said that it still waits for it.
    """

    urn: str
    parts: tuple[Part, ...]
    etags: tuple[str, ...] = ()
    token: str = ""
    still: str = ""
    still_sent: bool = False
    sent: bool = False
    available: bool = False
    looks: int = 0
    waiting: int = 0

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Upload":
        """Return what a stage's token holds. Raises KeyError, TypeError for another's."""
        parts = tuple(Part(**part) for part in stored["parts"])
        return cls(**(stored | {"parts": parts, "etags": tuple(stored["etags"])}))

    def stored(self) -> dict[str, object]:
        """Return it as JSON."""
        return asdict(self) | {"parts": [asdict(part) for part in self.parts], "etags": list(self.etags)}

    @property
    def again_in(self) -> timedelta:
        """How long until the next look: longer each time."""
        if self.available:
            return timedelta(0)
        return min(FIRST_WAIT * (1 << min(max(self.looks - 1, 0), 8)), LONGEST_WAIT)


class Uploads:
    """Uploads files for one author; one write a call."""

    def __init__(self, api: Api, author: str) -> None:
        self._api = api
        self._author = author

    def announce(self, medium: OutgoingMedium, *, still: bool = False) -> Upload:
        """Ask where the file may go. `still`: a picture of the video goes with it."""
        if medium.medium.kind is not MediaKind.VIDEO:
            value = self._initialized("images", {"owner": self._author})
            address = value.needed("value", "uploadUrl")
            return Upload(value.needed("value", "image"), (Part(address, 0, medium.medium.size - 1),))
        wish = {
            "owner": self._author,
            "fileSizeBytes": medium.medium.size,
            "uploadCaptions": False,
            "uploadThumbnail": still,
        }
        value = self._initialized("videos", wish)
        return Upload(
            value.needed("value", "video"),
            _parts(value, medium.medium.size),
            token=value.text("value", "uploadToken"),
            still=value.needed("value", "thumbnailUploadUrl") if still else "",
        )

    def _initialized(self, resource: str, wish: dict[str, object]) -> Thing:
        return self._api.act(resource, "initializeUpload", {"initializeUploadRequest": wish})

    def send(self, upload: Upload, medium: OutgoingMedium, still: OutgoingMedium | None) -> Upload:
        """Send the next piece. Raises Dropped where the platform takes nothing more for it.

        A refusal may be the echo of a call whose answer was lost, so the platform is asked what it has; so it is after
        an answer that confirms nothing. Where it has nothing, the file itself is wrong (413, 415: Rejected), or the
        address (Dropped), or something between us and the platform (Unavailable: the same piece again).
        """
        try:
            return self._sent(upload, medium, still)
        except (Rejected, Gone, Unavailable) as error:
            if not isinstance(error, Unconfirmed) and not _is_refusal(error):
                raise
            if self._state(upload) in (PROCESSING, AVAILABLE):
                return replace(upload, sent=True)
            if isinstance(error, Unconfirmed) or error.status in (413, 415):
                raise
            raise Dropped("an upload is not taken", platform=Platform.LINKEDIN, code=error.code) from error

    def _state(self, upload: Upload) -> str:
        try:
            return self.status(upload).text("status")
        except Gone:
            return ""
        except NotAuthorized as error:
            if error.status != 403:
                raise
            return ""

    @staticmethod
    def _is_all_there(upload: Upload) -> bool:
        return len(upload.etags) == len(upload.parts) and (upload.still_sent or not upload.still)

    def _sent(self, upload: Upload, medium: OutgoingMedium, still: OutgoingMedium | None) -> Upload:
        if not _is_video(upload):
            with medium.path.open("rb") as file:
                self._api.put(upload.parts[0].url, file, signed=False)
            return replace(upload, sent=True)
        if len(upload.etags) < len(upload.parts):
            part = upload.parts[len(upload.etags)]
            with medium.path.open("rb") as file:
                etag = self._api.put(part.url, _piece(file, part), signed=True)
            if not etag:
                raise unreadable("ETag")
            return replace(upload, etags=(*upload.etags, etag))
        if still and not self._is_all_there(upload):
            with still.path.open("rb") as file:
                self._api.put(upload.still, file, signed=True)
            return replace(upload, still_sent=True)
        finish = {"video": upload.urn, "uploadToken": upload.token, "uploadedPartIds": list(upload.etags)}
        self._api.act("videos", "finalizeUpload", {"finalizeUploadRequest": finish})
        return replace(upload, sent=True)

    def look(self, upload: Upload) -> Upload:
        """Return it `available` where the platform is ready with it.

        Raises Rejected where it could not be processed, Dropped where it is not there, or never came. To whom may not
        look, it counts as ready: publishing itself will say so if it is not (sheet 2.3).
        """
        try:
            seen = self.status(upload)
        except Gone as error:
            raise Dropped("an uploaded file is not there any more", platform=Platform.LINKEDIN) from error
        except NotAuthorized as error:
            if error.status != 403:
                raise
            return replace(upload, available=True)
        state = seen.needed("status")
        if state == FAILED:
            reason = seen.get("processingFailureReason")
            raise Rejected(
                "the platform could not process a file",
                platform=Platform.LINKEDIN,
                code=state,
                detail=json.dumps(reason) if reason else "",
                sentence=say.FILE_FAILED,
            )
        if state == AVAILABLE:
            return replace(upload, available=True, looks=0, waiting=0)
        waiting = upload.waiting + 1 if state == WAITING else 0
        if state == WAITING and (upload.available or waiting >= WAITING_LOOKS):
            raise Dropped("an uploaded file is not there", platform=Platform.LINKEDIN, code=state)
        return replace(upload, available=False, looks=upload.looks + 1, waiting=waiting)

    def status(self, upload: Upload) -> Thing:
        """Read how far the platform is with the file."""
        return self._api.get(f"{'videos' if _is_video(upload) else 'images'}/{key(upload.urn)}")


def _is_refusal(error: ConnectorError) -> bool:
    # 409: the upload is in a state that does not take this; the same bytes would be refused again
    return isinstance(error, Rejected | Gone | UploadExpired) or error.status == 409


def _is_video(upload: Upload) -> bool:
    return upload.urn.startswith("urn:li:video:")


def _parts(value: Thing, size: int) -> tuple[Part, ...]:
    """Return the parts as the platform sets them: its numbers are obeyed, so they have to make up the file."""
    parts = []
    expected = 0
    for one in value.things("value", "uploadInstructions"):
        first, last = one.number("firstByte"), one.number("lastByte")
        if first != expected or last is None or last < first:
            raise unreadable("list of parts")
        parts.append(Part(one.needed("uploadUrl"), first, last))
        expected = last + 1
    if expected != size:
        raise unreadable("list of parts")
    return tuple(parts)


def _piece(file: IO[bytes], part: Part) -> bytes | IO[bytes]:
    """Return the part's bytes: in memory where they are few, else as a file of their own."""
    length = part.last - part.first + 1
    file.seek(part.first)
    if length > CHUNK:
        return _Window(file, length)  # type: ignore[return-value]  # all of IO that requests asks for
    piece = file.read(length)
    if len(piece) < length:
        raise OSError("the file is shorter than it was")
    return piece


class _Window:
    """The next bytes of a file as if they were all of it; read in blocks."""

    def __init__(self, file: IO[bytes], length: int) -> None:
        self._file = file
        self._length = length
        self._left = length

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        while block := self.read(_BLOCK):
            yield block

    def read(self, size: int = -1) -> bytes:
        """Return up to so many bytes, none at the end."""
        piece = self._file.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(piece)
        return piece
