"""`multipart/related`: metadata and media in one body, as the library sends what is not resumable."""

import json
import re
from typing import Any

from sandbox.exchange import Call
from sandbox.media import Incoming, MediaStore
from sandbox.youtube.errors import bad_request

_HEAD = 1 << 20
"""Metadata longer than this is nobody's."""
_BLOCK = 1 << 20
_BREAK = rb"\r?\n"


def split(call: Call, store: MediaStore) -> tuple[Any, Incoming, str]:
    """Return the JSON, the media streamed to a file of its own, and the media's type. Raises ApiError."""
    found = re.search(r'boundary="?([^";]+)"?', call.headers.get("Content-Type", ""))
    body = call.body
    if found is None or body is None:
        raise bad_request("Missing end boundary in multipart body.")
    mark = b"--" + re.escape(found[1].encode())
    body.seek(0)
    head = body.read(_HEAD)
    shape = re.compile(
        rb"\s*" + mark + _BREAK + rb"(.*?)" + _BREAK * 2 + rb"(.*?)" + _BREAK + mark + _BREAK + rb"(.*?)" + _BREAK * 2,
        re.DOTALL,
    )
    opened = shape.match(head)
    tail_at = max(opened.end() if opened else 0, body.size - 4 * len(mark) - 64)
    body.seek(tail_at)
    closed = re.search(_BREAK + mark + rb"--\s*\Z", body.read())
    if opened is None or closed is None:
        raise bad_request("Missing end boundary in multipart body.")
    try:
        metadata = json.loads(opened[2])
    except ValueError as error:
        raise bad_request("Parse Error") from error
    return metadata, _part(body, opened.end(), tail_at + closed.start(), store), _type(opened[3])


def _part(body: Incoming, start: int, end: int, store: MediaStore) -> Incoming:
    target = store.incoming()
    body.seek(start)
    left = end - start
    while left > 0 and (block := body.read(min(_BLOCK, left))):
        target.write(block)
        left -= len(block)
    return target


def _type(head: bytes) -> str:
    found = re.search(rb"(?im)^content-type:\s*([^\s;]+)", head)
    return found[1].decode().lower() if found else ""
