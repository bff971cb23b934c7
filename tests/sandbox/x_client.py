"""A plain client of the imitated X: `requests`, requests-oauthlib's signature, and the sheet; nothing of connectors."""

import itertools
from dataclasses import dataclass
from typing import Any

import requests
from requests_oauthlib import OAuth1

from sandbox.x import XImitation
from tests.sandbox.clients import Stand, image, video

_NONCES = itertools.count(1)
MEDIA = "/2/media/upload"


def imitation(stand: Stand) -> XImitation:
    """Return the imitation itself, for what visitors do."""
    found = stand.sandbox.imitation_of("api.x.com")
    assert isinstance(found, XImitation)
    return found


def problem(answer: requests.Response) -> tuple[int, str]:
    """Return HTTP status and the end of the type of a problem; "" is about:blank."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    body = answer.json()
    assert body["title"]
    assert body["detail"]
    assert body.get("status", answer.status_code) == answer.status_code
    host, found, tail = body["type"].partition("/2/problems/")
    assert body["type"] == "about:blank" or (found and host in {"https://api.x.com", "https://api.twitter.com"})
    return answer.status_code, tail


def reason(answer: requests.Response) -> str:
    """Return the message of an invalid request, else the detail."""
    body = answer.json()
    return str(body["errors"][0]["message"] if "errors" in body else body["detail"])


def film(seconds: float = 30, *, size: int = 4000) -> bytes:
    """Return bytes that begin like an MP4 and say how long they last; no two blocks are alike."""

    def box(kind: bytes, content: bytes) -> bytes:
        return (len(content) + 8).to_bytes(4, "big") + kind + content

    header = bytes(12) + (1000).to_bytes(4, "big") + int(seconds * 1000).to_bytes(4, "big") + bytes(80)
    filler = b"".join(b"%08d" % number for number in range(size // 8))
    return box(b"ftyp", b"isom\0\0\2\0isom") + box(b"mdat", filler) + box(b"moov", box(b"mvhd", header))


@dataclass
class X:
    """A client with a bearer token, or with an OAuth 1.0a pair."""

    stand: Stand
    token: str = ""
    pair: tuple[str, str] | None = None
    host: str = "api.x.com"

    def __post_init__(self) -> None:
        self.world = self.stand.world.x
        self.token = self.token or self.world.token

    def send(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        host = kwargs.pop("host", self.host)
        if self.pair is not None:
            return self.signed(method, path, host=host, **kwargs)
        headers = {"Authorization": f"Bearer {self.token}"} | kwargs.pop("headers", {})
        return self.stand.own(method, f"/{host}{path}", headers=headers, **kwargs)

    def signed(self, method: str, path: str, *, host: str = "api.x.com", **kwargs: Any) -> requests.Response:
        """Sign for the real address, then go to the sandbox, as a re-routed client does."""
        oauth: dict[str, Any] = {
            "timestamp": str(int(self.stand.sandbox.clock().timestamp())),
            "nonce": f"nonce{next(_NONCES)}",
        }
        oauth |= kwargs.pop("oauth", {})
        keys = kwargs.pop("keys", (self.world.consumer_key, self.world.consumer_secret))
        pair = self.pair or (self.world.access_token, self.world.access_token_secret)
        auth = OAuth1(keys[0], keys[1], pair[0], pair[1], None, **oauth)
        asked = requests.Request(method, f"https://{host}{path}", auth=auth, **kwargs).prepare()
        assert asked.url is not None
        asked.url = asked.url.replace("https://", f"{self.stand.server.address}/", 1)
        return self.stand.session.send(asked, timeout=15)

    def get(self, path: str, **params: Any) -> requests.Response:
        named = {name.replace("__", "."): value for name, value in params.items()}
        return self.send("GET", path, params=named)

    def post(self, path: str, body: Any = None) -> requests.Response:
        return self.send("POST", path, json=body)

    def tweet(self, text: str | None = "Hola", **more: Any) -> requests.Response:
        return self.post("/2/tweets", ({} if text is None else {"text": text}) | more)

    def tweeted(self, text: str | None = "Hola", **more: Any) -> str:
        answer = self.tweet(text, **more)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["data"]["id"])

    def reply(self, to: str, text: str = "Gracias", **more: Any) -> requests.Response:
        return self.tweet(text, reply={"in_reply_to_tweet_id": to, **more})

    def image(self, data: bytes | None = None, **fields: str) -> requests.Response:
        sent = {"media_category": "tweet_image"} | fields
        return self.send("POST", MEDIA, data=sent, files={"media": ("a.png", data or image(), "image/png")})

    def pictured(self, color: str = "teal") -> str:
        answer = self.image(image(color))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["data"]["id"])

    def initialize(self, total: int, kind: str = "video/mp4", category: str = "tweet_video") -> requests.Response:
        return self.post(f"{MEDIA}/initialize", {"media_type": kind, "total_bytes": total, "media_category": category})

    def append(self, media_id: str, index: int, data: bytes) -> requests.Response:
        return self.send(
            "POST", f"{MEDIA}/{media_id}/append", data={"segment_index": str(index)}, files={"media": ("c", data)}
        )

    def finalize(self, media_id: str) -> requests.Response:
        return self.send("POST", f"{MEDIA}/{media_id}/finalize")

    def status(self, media_id: str) -> requests.Response:
        return self.get(MEDIA, command="STATUS", media_id=media_id)

    def uploaded(
        self, data: bytes | None = None, kind: str = "video/mp4", category: str = "tweet_video", *, part: int = 1000
    ) -> str:
        """Upload in parts and finalize; processing may still go on."""
        data = video() if data is None else data
        media_id = str(self.initialize(len(data), kind, category).json()["data"]["id"])
        for index, start in enumerate(range(0, len(data), part)):
            assert self.append(media_id, index, data[start : start + part]).status_code == 200
        answer = self.finalize(media_id)
        assert answer.status_code == 200, answer.text
        return media_id

    def filmed(self, data: bytes | None = None) -> str:
        """Upload a video and wait for it."""
        media_id = self.uploaded(data)
        while self.status(media_id).json()["data"]["processing_info"]["state"] not in {"succeeded", "failed"}:
            pass
        return media_id

    def listed(self, path: str, **params: Any) -> list[str]:
        answer = self.get(path, **params)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json().get("data", [])]

    def found(self, query: str, **params: Any) -> list[str]:
        return self.listed("/2/tweets/search/recent", query=query, **params)

    def seen(self, post_id: str, **params: Any) -> dict[str, Any]:
        answer = self.get(f"/2/tweets/{post_id}", **params)
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["data"])


def refresh(stand: Stand, token: str, *, public: bool = False, **change: Any) -> requests.Response:
    """Ask for a new pair, as the application that it was made through."""
    world = stand.world.x
    form = {"grant_type": "refresh_token", "refresh_token": token}
    if public:
        form["client_id"] = world.public_client_id
    auth = change.pop("auth", None if public else (world.client_id, world.client_secret))
    return stand.own("POST", "/api.x.com/2/oauth2/token", data=form | change, auth=auth)
