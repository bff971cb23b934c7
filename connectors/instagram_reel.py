"""A reel's bytes on their way into its container, a chunk a call (sheet instagram.md 2.3, facebook.md 2.5).

The platform is asked where it is before every chunk, so that after a broken connection or a killed process at most one
chunk is sent again. [memory] that it takes a file in parts: the sheet shows one request with the whole of it. Where a
part is refused (PartialRequestError) and its bytes were not kept, the rest goes in one request, streamed from the disk.
"""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from connectors.errors import Rejected, Unavailable
from connectors.instagram_post import Progress
from connectors.instagram_sentences import FAILED
from connectors.meta import API_VERSION, UPLOAD_HOST, Answer, Graph, UploadRefused
from connectors.meta_values import part_of, whole
from core.deliveries import Stage
from core.media import OutgoingMedium
from core.platforms import Platform

UPLOAD_FIELDS = "video_status"
CHUNK = 8 * 1024 * 1024
PROCESSING_WAIT = timedelta(seconds=20)
OFFSET_WAIT = timedelta(seconds=2)
WRONG_OFFSET = "OffsetInvalidError"
PARTIAL = "PartialRequestError"
# sheet 2.1: where the platform lets bytes be sent; anything else is not asked
_ADDRESS = re.compile(
    re.escape(UPLOAD_HOST) + r"/ig-api-upload/(?:[A-Za-z0-9_.-]+/)?[A-Za-z0-9_-]+(?:\?[\w.=&%-]*)?", re.ASCII
)


class Reel:
    """Uploads videos into containers."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def step(self, video: OutgoingMedium, progress: Progress, seen: Answer) -> Stage:
        """Send the next chunk. `seen`: the container as the platform shows it now."""
        size = video.medium.size
        told = _received(seen, size)
        offset = progress.sent if told is None else told
        if offset >= size:
            return replace(progress, sent=size).stage(again_in=PROCESSING_WAIT)
        goes_back = offset < progress.sent  # what it says may lag behind what it has; its upload host knows
        address = progress.address if _ADDRESS.fullmatch(progress.address) else _address(progress.container)
        try:
            if offset == progress.stalled:
                self._send_rest(video.path, address, offset=offset, size=size)
                offset = size
            else:
                chunk = _read(video.path, offset, min(CHUNK, size - offset))
                self._graph.upload(address, chunk, offset=offset, size=size)
                offset += len(chunk)
        except UploadRefused as error:
            return self._refused(progress, offset, error)
        wait = PROCESSING_WAIT if offset >= size else OFFSET_WAIT if goes_back else timedelta(0)
        return replace(progress, sent=offset).stage(again_in=wait)

    def _send_rest(self, path: Path, address: str, *, offset: int, size: int) -> None:
        with path.open("rb") as file:
            file.seek(offset)
            self._graph.upload(address, file, offset=offset, size=size)

    def _refused(self, progress: Progress, offset: int, error: UploadRefused) -> Stage:
        if error.kind == PARTIAL and offset != progress.stalled:
            return replace(progress, sent=offset, stalled=offset).stage(again_in=OFFSET_WAIT)
        if error.kind == WRONG_OFFSET or error.retriable:
            raise error
        if progress.failures:
            raise Rejected(
                "the platform could not take the video",
                platform=Platform.INSTAGRAM,
                code=error.kind,
                detail=error.detail,
                sentence=FAILED,
            ) from error
        return replace(progress.anew(), failures=progress.failures + 1).stage()


def _received(seen: Answer, size: int) -> int | None:
    """Return how many of the file's bytes the platform has, None where it does not tell."""
    phase = part_of(seen, "video_status", "uploading_phase")
    # the platform's own spelling, and the library's (facebook.md 2.5)
    told = [whole(part_of(phase, name)) for name in ("bytes_transfered", "bytes_transferred")]
    return next((count for count in told if count is not None and count <= size), None)


def _read(path: Path, offset: int, length: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        chunk = file.read(length)
    if len(chunk) < length:
        raise Unavailable("the video's file is shorter than it was", platform=Platform.INSTAGRAM)
    return chunk


def _address(container: str) -> str:
    return f"{UPLOAD_HOST}/ig-api-upload/{API_VERSION.name}/{container}"
