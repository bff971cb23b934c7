"""Clients of the imitated YouTube: plain `requests`, and Google's own library on an `httplib2` that is re-routed."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httplib2
import requests
from google.oauth2.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp  # type: ignore[import-untyped]  # ships no types
from googleapiclient.discovery import build_from_document  # type: ignore[attr-defined]  # the stubs lack it
from googleapiclient.discovery_cache import get_static_doc

from tests.sandbox.clients import LONG, Stand, video

CHUNK = 262_144
DATA = "youtube.googleapis.com"
REPORTS = "youtubeanalytics.googleapis.com"
TOKENS = "oauth2.googleapis.com"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def reason(answer: requests.Response) -> tuple[int, str]:
    """Return HTTP status and `errors[0].reason`, after a look at the envelope."""
    error = answer.json()["error"]
    first = error["errors"][0]
    assert error["code"] == answer.status_code
    assert error["message"] == first["message"]
    assert {"message", "domain", "reason"} <= first.keys()
    return answer.status_code, first["reason"]


def metadata(privacy: str | None = "private", **snippet: Any) -> dict[str, Any]:
    """Return the body of an upload."""
    status: dict[str, Any] = {"selfDeclaredMadeForKids": False, "embeddable": True}
    if privacy is not None:
        status["privacyStatus"] = privacy
    words = {"title": "Feria", "description": "Texto", "tags": ["feria"], "categoryId": "25"}
    return {"snippet": words | snippet, "status": status}


@dataclass
class Tube:
    """A client with the official channel's token."""

    stand: Stand
    token: str = ""

    def __post_init__(self) -> None:
        self.token = self.token or self.stand.world.youtube.access_token

    def later(self, **span: float) -> None:
        """Move the clock, and fetch a new access token: they live an hour."""
        self.stand.advance(**span)
        self.token = refresh(self.stand).json()["access_token"]

    def send(self, method: str, path: str, *, host: str = DATA, **kwargs: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"} | kwargs.pop("headers", {})
        headers = {name: value for name, value in headers.items() if value is not None}
        return self.stand.own(method, f"/{host}{path}", headers=headers, **kwargs)

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.send("GET", f"/youtube/v3/{path}", params=params)

    def post(self, path: str, body: Any = None, **params: Any) -> requests.Response:
        return self.send("POST", f"/youtube/v3/{path}", params=params, json=body)

    def change(self, path: str, body: Any, **params: Any) -> requests.Response:
        return self.send("PUT", f"/youtube/v3/{path}", params=params, json=body)

    def delete(self, path: str, **params: Any) -> requests.Response:
        return self.send("DELETE", f"/youtube/v3/{path}", params=params)

    def report(self, **params: Any) -> requests.Response:
        return self.send("GET", "/v2/reports", host=REPORTS, params=params)

    def start(
        self, body: Any = None, *, size: int, part: str = "snippet,status", kind: str = "video/mp4"
    ) -> requests.Response:
        return self.send(
            "POST",
            "/upload/youtube/v3/videos",
            params={"uploadType": "resumable", "part": part},
            headers={"X-Upload-Content-Type": kind, "X-Upload-Content-Length": str(size)},
            json=metadata() if body is None else body,
        )

    def session(self, size: int, body: Any = None, **kwargs: Any) -> str:
        answer = self.start(body, size=size, **kwargs)
        assert answer.status_code == 200, answer.text
        assert answer.content == b""
        return answer.headers["Location"]

    def put(self, session: str, data: bytes = b"", span: str | None = None, **headers: Any) -> requests.Response:
        parts = urlsplit(session)
        assert parts.scheme == "https"
        sent = headers | ({"Content-Range": f"bytes {span}"} if span else {})
        return self.send(
            "PUT", f"{parts.path}?{parts.query}", host=parts.netloc, data=data, headers=sent, allow_redirects=False
        )

    def upload(self, data: bytes | None = None, body: Any = None, **kwargs: Any) -> str:
        data = video() if data is None else data
        answer = self.put(self.session(len(data), body, **kwargs), data, f"0-{len(data) - 1}/{len(data)}")
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    def public(self, data: bytes | None = None, **snippet: Any) -> str:
        video_id = self.upload(data, metadata("public", **snippet))
        self.stand.advance(minutes=1)
        return video_id

    def video(self, video_id: str, part: str = "snippet,status") -> dict[str, Any]:
        (found,) = self.get("videos", id=video_id, part=part).json()["items"]
        return dict(found)

    def publish(self, video_id: str) -> requests.Response:
        status = {"privacyStatus": "public", "embeddable": True, "publicStatsViewable": True, "license": "youtube"}
        return self.change("videos", {"id": video_id, "status": status}, part="status")

    def listed(self, **params: Any) -> list[str]:
        answer = self.get(
            "playlistItems", playlistId=self.stand.world.youtube.uploads_playlist_id, part="contentDetails", **params
        )
        return [item["contentDetails"]["videoId"] for item in answer.json()["items"]]


@dataclass
class Other(Tube):
    """A client with the other channel's token."""

    def __post_init__(self) -> None:
        self.token = self.stand.world.youtube.other_access_token


def refresh(stand: Stand, **form: str) -> requests.Response:
    """Ask the token host for a new access token, by default for the official channel."""
    world = stand.world.youtube
    sent = {
        "grant_type": "refresh_token",
        "client_id": world.client_id,
        "client_secret": world.client_secret,
        "refresh_token": world.refresh_token,
    }
    return stand.own("POST", f"/{TOKENS}/token", data={key: value for key, value in (sent | form).items() if value})


class RoutedHttp(httplib2.Http):
    """`httplib2` as `googleapiclient.http.build_http` makes it, with every https host led to the sandbox."""

    def __init__(self, address: str) -> None:
        super().__init__(timeout=LONG, proxy_info=None)
        self.redirect_codes = frozenset(self.redirect_codes) - {308}
        self._address = address

    def request(self, uri: str, *args: Any, **kwargs: Any) -> Any:
        parts = urlsplit(uri)
        if parts.scheme == "https":
            uri = f"{self._address}/{parts.netloc}{parts.path}" + (f"?{parts.query}" if parts.query else "")
        return super().request(uri, *args, **kwargs)


def discovery(service: str, version: str) -> dict[str, Any]:
    """Return the discovery document that comes with the library."""
    return dict(json.loads(get_static_doc(service, version)))  # type: ignore[no-untyped-call]  # has no types


@dataclass
class Library:
    """Makes Google's clients with the official channel's credentials, and closes their connections."""

    stand: Stand
    made: list[RoutedHttp] = field(default_factory=list)

    def __call__(self, service: str = "youtube", version: str = "v3", **changes: Any) -> Any:
        """Return a client. `changes` replace what the discovery document or the credentials say."""
        world = self.stand.world.youtube
        document = discovery(service, version)
        root = changes.pop("rootUrl", document["rootUrl"])
        credentials = Credentials(  # type: ignore[no-untyped-call]  # google-auth has no types here
            changes.pop("token", world.access_token),
            refresh_token=changes.pop("refresh_token", world.refresh_token),
            token_uri=f"https://{TOKENS}/token",
            client_id=world.client_id,
            client_secret=world.client_secret,
        )
        assert not changes
        http = RoutedHttp(self.stand.server.address)
        self.made.append(http)
        return build_from_document(document | {"rootUrl": root}, http=AuthorizedHttp(credentials, http=http))

    def close(self) -> None:
        for http in self.made:
            http.close()
