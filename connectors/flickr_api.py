"""Flickr's REST and upload APIs: one way to call, one way to fail.

Source: sheet flickr.md of 2026-11-23. OAuth 1.0a is requests-oauthlib's. It leaves the fields of a multipart body out
of the signature, as RFC 5849 says, and Flickr wants them in (sheet 1.3): an upload is signed as the form that it would
be without its file.
"""

import json
import logging
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode

import requests
from oauthlib.oauth1 import SIGNATURE_TYPE_AUTH_HEADER, SIGNATURE_TYPE_BODY
from requests_oauthlib import OAuth1
from requests_toolbelt import MultipartEncoder  # type: ignore[import-untyped]  # 1.0 ships no types

from connectors.errors import ConnectorError, OutcomeUnknown, RateLimited, Unavailable
from connectors.flickr_errors import UPLOAD, Meaning, meaning_of, meaning_of_problem, meaning_of_status
from connectors.http import Door, is_visible_write, open_session
from connectors.redaction import redacted
from core.media import OutgoingMedium
from core.platforms import Platform

REST_URL = "https://api.flickr.com/services/rest/"
UPLOAD_URL = "https://up.flickr.com/services/upload/"
# the answer to an upload is waited for so much longer; the sheet has no figure, this is ours
SLOWEST_UPLOAD = 250_000  # bytes a second

_FORM = "application/x-www-form-urlencoded"
_LONGEST_WAIT = 24 * 3600
_OPENING = 2000  # bytes of an answer that we cannot read: more than anybody keeps of it

# on their debug level both write the text that is signed, with the token in it
for _library in ("oauthlib", "requests_oauthlib"):
    logging.getLogger(_library).setLevel(logging.INFO)

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Keys:
    """The application's key and the account's token, each with its secret."""

    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)
    token: str = field(repr=False)
    token_secret: str = field(repr=False)

    def signer(self, *, nonce: str | None = None, timestamp: str | None = None, in_body: bool = False) -> OAuth1:
        """Return what signs a request: in its header, or `in_body` among the fields of its form."""
        return OAuth1(
            self.api_key,
            self.api_secret,
            self.token,
            self.token_secret,
            signature_type=SIGNATURE_TYPE_BODY if in_body else SIGNATURE_TYPE_AUTH_HEADER,
            decoding=None,  # texts, not bytes
            nonce=nonce,
            timestamp=timestamp,
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """All that no message may hold."""
        return (self.api_key, self.api_secret, self.token, self.token_secret)


@dataclass(frozen=True, slots=True)
class _Told:
    """What an answer says, in either of its languages. `code` None: a failure without one."""

    is_ok: bool
    document: Answer
    code: int | None = None
    message: str = ""
    wait: int | None = None


def upload_authorization(signer: OAuth1, fields: Mapping[str, str]) -> str:
    """Return the Authorization header of an upload: its text fields are signed, its file is not."""
    _url, headers, _body = signer.client.sign(UPLOAD_URL, "POST", urlencode(fields), {"Content-Type": _FORM})
    return str(headers["Authorization"])


class FlickrApi:
    """The API with one account's token, which travels in a header."""

    def __init__(self, door: Door, keys: Keys) -> None:
        self._door = door
        self._keys = keys
        self._session = open_session(door, Platform.FLICKR, secrets=keys.secrets)

    def get(self, method: str, **arguments: str) -> Answer:
        """Read."""
        response = self._session.get(REST_URL, params=_call(method, arguments), auth=self._keys.signer())
        return self._read(method, response)

    def post(self, method: str, **arguments: str) -> Answer:
        """Write."""
        response = self._session.post(REST_URL, data=_call(method, arguments), auth=self._keys.signer())
        return self._read(method, response)

    def examine_token(self) -> Answer:
        """Ask what the token may do. Here it is an argument, and so travels in the form with all that is signed."""
        method = "flickr.auth.oauth.checkToken"
        signer = self._keys.signer(in_body=True)
        return self._read(method, self._session.post(REST_URL, data=_call(method, {}), auth=signer))

    def upload(self, medium: OutgoingMedium, fields: Mapping[str, str], *, name: str) -> str:
        """Send a file, piece by piece from the disk, and return the photo's id. Raises OSError too."""
        wait = self._door.whole_call + timedelta(seconds=medium.medium.size / SLOWEST_UPLOAD)
        door = replace(self._door, whole_call=wait)
        with (
            medium.path.open("rb") as file,
            open_session(door, Platform.FLICKR, secrets=self._keys.secrets) as session,
        ):
            body = MultipartEncoder({**fields, "photo": (name, file, medium.medium.mime_type)})
            headers = {
                "Authorization": upload_authorization(self._keys.signer(), fields),
                "Content-Type": body.content_type,
            }
            response = session.post(UPLOAD_URL, data=body, headers=headers)
        photo = content_of(self._read(UPLOAD, response).get("photoid"))
        if not photo.isdecimal():
            raise self.unreadable("the answer to the upload names no photo", response)
        return photo

    def unreadable(self, what: str, response: requests.Response | None = None) -> ConnectorError:
        """Return the error of an answer that says neither success nor failure."""
        meaning: Meaning = OutcomeUnknown
        detail = ""
        if response is not None:
            meaning = meaning_of_status(response.status_code)
            opening = _opening(response)
            # what is signed may be repeated in it, with the token
            detail = "" if "oauth" in opening.lower() else opening
        return self._error(meaning, what, response=response, detail=detail)

    def _read(self, method: str, response: requests.Response) -> Answer:
        told = _told(response)
        if told is None and response.status_code == 401:
            raise self._problem(response)
        if told is None or (told.is_ok and not 200 <= response.status_code < 300):
            raise self.unreadable("the answer is not of the Flickr API", response)
        if told.is_ok:
            return told.document
        if told.code is None:
            raise self.unreadable("the failure has no code", response)
        raise self._error(
            meaning_of(method, told.code),
            f"{method} failed",
            response=response,
            code=str(told.code),
            detail=told.message,
            wait=told.wait,
        )

    def _problem(self, response: requests.Response) -> ConnectorError:
        """Return what OAuth objects to. Of the body only that word is taken: the rest repeats the tokens."""
        word = next(iter(parse_qs(_opening(response)).get("oauth_problem", ())), "")
        problem = word if word.isascii() and word.replace("_", "").isalpha() and len(word) <= 40 else ""
        return self._error(
            meaning_of_problem(problem), "the signature or the token was refused", response=response, code=problem
        )

    def _error(
        self,
        meaning: Meaning,
        what: str,
        *,
        response: requests.Response | None = None,
        code: str = "",
        detail: str = "",
        wait: int | None = None,
    ) -> ConnectorError:
        if meaning is OutcomeUnknown and not is_visible_write():
            meaning = Unavailable
        status = response.status_code if response is not None else None
        detail = redacted(detail, self._keys.secrets)
        if meaning is RateLimited:
            asked = number(response.headers.get("Retry-After")) if response is not None else None
            seconds = min(asked or wait or 0, _LONGEST_WAIT)
            return RateLimited(
                what,
                platform=Platform.FLICKR,
                status=status,
                code=code,
                detail=detail,
                # no header is documented: without a wait the caller's own holds
                retry_after=timedelta(seconds=seconds) if seconds > 0 else None,
            )
        return meaning(what, platform=Platform.FLICKR, status=status, code=code, detail=detail)


def number(value: object) -> int | None:
    """Return a number that Flickr wrote as a number or as text (both happen), None for anything else."""
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


def content_of(value: object) -> str:
    """Return a text, which JSON answers wrap in `_content`."""
    if isinstance(value, dict):
        value = value.get("_content")
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def inside(answer: Any, *names: str) -> Any:
    """Return what stands under these names, None where the answer has another shape."""
    for name in names:
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer


def listed(answer: Any, *names: str) -> list[Answer]:
    """Return the objects of a list under these names; none where there is no list."""
    found = inside(answer, *names)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _call(method: str, arguments: Mapping[str, str]) -> dict[str, str]:
    return {"method": method, "format": "json", "nojsoncallback": "1", **arguments}


def _opening(response: requests.Response) -> str:
    return response.content[:_OPENING].decode(errors="replace")


def _told(response: requests.Response) -> _Told | None:
    """Read an answer: JSON or XML, whatever was asked for (on outages one comes for the other, sheet 6.1)."""
    try:
        text = response.content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return None
    return _told_in_json(text) if text.startswith("{") else _told_in_xml(text)


def _told_in_json(text: str) -> _Told | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or document.get("stat") not in ("ok", "fail"):
        return None
    return _Told(
        is_ok=document["stat"] == "ok",
        document=document,
        code=number(document.get("code")),
        message=str(document.get("message") or ""),
    )


def _told_in_xml(text: str) -> _Told | None:
    if not text.startswith(("<?xml", "<rsp")) or "<!DOCTYPE" in text:
        return None
    try:
        root = ET.fromstring(text)  # noqa: S314  (without a document type it has no entities; the door bounds its size)
    except (ET.ParseError, ValueError):
        return None
    if root.tag != "rsp" or root.get("stat") not in ("ok", "fail"):
        return None
    error = root.find("err")
    return _Told(
        is_ok=root.get("stat") == "ok",
        document={child.tag: {"_content": (child.text or "").strip()} for child in root},
        code=number(error.get("code")) if error is not None else None,
        message=str(error.get("msg") or "") if error is not None else "",
        # code 14 brings a waiting time in an element whose name the sheet does not know
        wait=next((seconds for child in root.iter() if (seconds := number(child.text))), None),
    )
