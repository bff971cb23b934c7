"""A plain Flickr client: `requests` and the sheet's signature rules, nothing of the sandbox's own signing."""

import base64
import hashlib
import hmac
import itertools
import struct
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote

import requests

from tests.sandbox.clients import Stand, image

API = "https://api.flickr.com/services/rest/"
UPLOAD = "https://up.flickr.com/services/upload/"
REPLACE = "https://up.flickr.com/services/replace/"
STEPS = "https://www.flickr.com/services/oauth/"
_NONCES = itertools.count(1)


def signed(
    method: str, url: str, params: dict[str, str], *, key: tuple[str, str], token: tuple[str, str], **oauth: str
) -> dict[str, str]:
    """Return the oauth_* of a request with these parameters."""
    given = {
        "oauth_consumer_key": key[0],
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_version": "1.0",
        "oauth_nonce": f"nonce-{next(_NONCES)}",
        **({"oauth_token": token[0]} if token[0] else {}),
        **oauth,
    }
    pairs = sorted((quote(k, safe="-._~"), quote(v, safe="-._~")) for k, v in (params | given).items())
    text = "&".join(f"{k}={v}" for k, v in pairs)
    base = f"{method}&{quote(url, safe='')}&{quote(text, safe='')}"
    secret = f"{quote(key[1], safe='')}&{quote(token[1], safe='')}"
    given["oauth_signature"] = base64.b64encode(
        hmac.new(secret.encode(), base.encode(), hashlib.sha1).digest()
    ).decode()
    return given


def header(oauth: dict[str, str]) -> dict[str, str]:
    """Return the Authorization header."""
    parts = ", ".join(f'{name}="{quote(value, safe="")}"' for name, value in oauth.items())
    return {"Authorization": f'OAuth realm="", {parts}'}


@dataclass
class Flickr:
    """A client of one account; `token` and `key` are pairs with their secrets."""

    stand: Stand
    token: tuple[str, str] = ("", "")
    key: tuple[str, str] = ("", "")
    now: datetime | None = None

    def __post_init__(self) -> None:
        world = self.stand.world.flickr
        self.token = self.token if self.token != ("", "") else (world.token, world.token_secret)
        self.key = self.key if self.key != ("", "") else (world.api_key, world.api_secret)
        self.nsid = world.nsid

    def oauth(self, method: str, url: str, params: dict[str, str], **more: str) -> dict[str, str]:
        now = self.now or self.stand.sandbox.clock()
        more = {"oauth_timestamp": str(int(now.timestamp()))} | more
        return signed(method, url, params, key=self.key, token=self.token, **more)

    def send(self, method: str, url: str, **kwargs: Any) -> requests.Response:
        return self.stand.own(method, "/" + url.removeprefix("https://"), **kwargs)

    def ask(self, name: str, *, http: str = "POST", **args: Any) -> requests.Response:
        """Call a method with a signed form or query; JSON unless `format` says otherwise."""
        params = {"method": f"flickr.{name}", "format": "json", "nojsoncallback": "1"}
        params |= {key: str(value) for key, value in args.items()}
        params = {key: value for key, value in params.items() if value != "-"}
        sent = {"params" if http == "GET" else "data": params}
        return self.send(http, API, headers=header(self.oauth(http, API, params)), **sent)

    def unsigned(self, name: str, **args: str) -> requests.Response:
        params = {"method": f"flickr.{name}", "format": "json", "nojsoncallback": "1", "api_key": self.key[0]}
        return self.send("GET", API, params=params | args)

    def get(self, name: str, **args: Any) -> dict[str, Any]:
        """Return the document of a success."""
        answer = self.ask(name, http="GET", **args)
        assert answer.status_code == 200, answer.text
        document: dict[str, Any] = answer.json()
        assert document["stat"] == "ok", document
        return document

    def do(self, name: str, **args: Any) -> dict[str, Any]:
        answer = self.ask(name, **args)
        assert answer.status_code == 200, answer.text
        document: dict[str, Any] = answer.json()
        assert document["stat"] == "ok", document
        return document

    def code(self, name: str, **args: Any) -> int:
        """Return the code of a failure."""
        answer = self.ask(name, **args)
        assert (answer.status_code, answer.json()["stat"]) == (200, "fail"), answer.text
        return int(answer.json()["code"])

    def post(self, data: bytes | None = None, *, url: str = UPLOAD, name: str = "foto.jpg", **fields: Any) -> Any:
        """Upload with the oauth_* in the header, all text fields signed, the photo not."""
        texts = {key.removesuffix("_"): str(value) for key, value in fields.items()}
        files = {"photo": (name, image(form="JPEG") if data is None else data, "image/jpeg")}
        return self.send("POST", url, data=texts, files=files, headers=header(self.oauth("POST", url, texts)))

    def upload(self, data: bytes | None = None, **fields: Any) -> str:
        """Upload and return the photo's id."""
        answer = rsp(self.post(data, **fields))
        assert answer.get("stat") == "ok", ET.tostring(answer)
        return answer.findtext("photoid", "")

    def refused(self, data: bytes | None = None, **fields: Any) -> int:
        answer = rsp(self.post(data, **fields))
        assert answer.get("stat") == "fail", ET.tostring(answer)
        err = answer.find("err")
        assert err is not None
        return int(err.get("code", ""))

    def listed(self, name: str = "people.getPhotos", **args: Any) -> list[str]:
        document = self.get(name, **({} if name == "photos.recentlyUpdated" else {"user_id": "me"}) | args)
        return [photo["id"] for photo in document["photos"]["photo"]]

    def info(self, photo: str) -> dict[str, Any]:
        return dict(self.get("photos.getInfo", photo_id=photo)["photo"])


def rsp(answer: requests.Response) -> ET.Element:
    """Return the document of an XML answer."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/xml")
    return ET.fromstring(answer.content)


def problem(answer: requests.Response) -> dict[str, str]:
    """Return the parts of an OAuth failure."""
    assert answer.status_code == 401, answer.text
    assert answer.headers["Content-Type"].startswith("text/plain")
    return dict(parse_qsl(answer.text))


def other(stand: Stand) -> Flickr:
    """Return the client of the free account that is not the office's."""
    world = stand.world.flickr
    client = Flickr(stand, token=(world.other_token, world.other_token_secret))
    client.nsid = world.other_nsid
    return client


def film(seconds: int = 30, *, padding: int = 500) -> bytes:
    """Return bytes that begin like an MP4 and say how long they last."""

    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I4s", len(content) + 8, kind) + content

    header_box = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000) + bytes(80))
    return box(b"ftyp", b"isom\0\0\2\0isom") + box(b"mdat", b"v" * padding) + box(b"moov", header_box)
