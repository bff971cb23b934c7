"""A request as an imitation sees it, and its answer: no sockets, no sandbox paths."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from werkzeug.datastructures import Headers, MultiDict

from sandbox.fetching import Fetched
from sandbox.media import Incoming


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a multipart body."""

    field: str
    filename: str
    content_type: str
    incoming: Incoming


@dataclass(frozen=True, slots=True)
class Effects:
    """What the fault plan does to the state instead of to the answer."""

    hidden_seconds: float | None = None
    hidden_reads: int | None = None
    processing_polls: int | None = None
    token_subcode: int | None = None
    """Set: the token of this request counts as dead, with this reason where the platform gives one."""
    processing_error: int | None = None
    """Set: what this request hands over for processing will fail, with this reason where the platform gives one."""
    manners: frozenset[str] = frozenset()
    """Names of the platform's other manners that this request is answered in."""


@dataclass(slots=True)
class Call:
    """One request to a platform's host. `path` starts with a slash and holds no host; `now` is the sandbox's time.

    `target` is path and query, `form_text` an URL-encoded body, both as sent: nothing in them is decoded.
    """

    host: str
    method: str
    path: str
    query: MultiDict[str, str]
    headers: Headers
    now: datetime
    target: str = ""
    form: MultiDict[str, str] = field(default_factory=MultiDict)
    form_text: str = ""
    files: tuple[Upload, ...] = ()
    json: Any = None
    json_broken: bool = False
    body: Incoming | None = None
    effects: Effects = field(default_factory=Effects)
    cut_short: bool = False
    """The client went away before all of the body was here: `body` holds what arrived, nothing is answered."""
    fetched: dict[str, Fetched] = field(default_factory=dict)
    """What the imitation wished for (`Imitation.wishes`), by URL."""

    @property
    def content_type(self) -> str:
        """The body's media type, without parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def wants_json(self) -> bool:
        """Whether the request itself speaks of JSON, in Accept or Content-Type."""
        return "application/json" in self.headers.get("Accept", "") or self.content_type == "application/json"


@dataclass(slots=True)
class Answer:
    """What goes back: bytes, or a file to stream."""

    status: int
    body: bytes | Path
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, data: Any, *, status: int = 200, content_type: str = "application/json; charset=UTF-8") -> "Answer":
        """Return an answer of JSON, UTF-8."""
        return cls(status, json.dumps(data, ensure_ascii=False).encode(), content_type)

    @classmethod
    def html(cls, text: str, *, status: int = 200) -> "Answer":
        """Return an HTML page."""
        return cls(status, text.encode(), "text/html; charset=UTF-8")


def error_page(status: int, sentence: str) -> Answer:
    """Return the bare HTML page that a proxy or web server would send in the platform's stead."""
    return Answer.html(
        f"<html><head><title>{status}</title></head><body><center><h1>{status} {sentence}</h1></center><hr>"
        "<center>nginx</center></body></html>",
        status=status,
    )
