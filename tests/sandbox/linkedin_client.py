"""A plain client of the imitated LinkedIn, shared by its tests: `requests` and the sheet, nothing of the connectors."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests

from tests.sandbox.clients import Stand, image

PART = 4 * 1024 * 1024


def encoded(urn: str) -> str:
    """Return a URN as it stands in paths and lists."""
    return quote(urn, safe="")


def film(size: int = 80_000) -> bytes:
    """Return bytes that begin like an MP4, no two blocks alike."""
    filler = b"".join(b"%08d" % number for number in range(size // 8 + 1))
    return (b"\x00\x00\x00\x18ftypisom" + filler)[:size]


def refused(answer: requests.Response) -> tuple[int, str | None]:
    """Return HTTP status and code of an error."""
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["message"]
    return answer.status_code, body.get("code")


@dataclass
class LinkedIn:
    """A client with the page administrator's token; `headers` are added, None takes one away."""

    stand: Stand
    token: str = ""
    version: str = "202608"

    def __post_init__(self) -> None:
        self.world = self.stand.world.linkedin
        self.token = self.token or self.world.token
        self.page = self.world.organization_urn

    def send(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "LinkedIn-Version": self.version,
            "X-Restli-Protocol-Version": "2.0.0",
        } | kwargs.pop("headers", {})
        return self.stand.own(method, f"/api.linkedin.com{path}", headers=headers, **kwargs)

    def get(self, path: str) -> requests.Response:
        return self.send("GET", f"/rest{path}")

    def post(self, path: str, body: Any, **headers: str) -> requests.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send("POST", f"/rest{path}", json=body, headers=named)

    def patch(self, path: str, patch: Any) -> requests.Response:
        return self.post(path, {"patch": patch}, X_RestLi_Method="PARTIAL_UPDATE")

    def delete(self, path: str) -> requests.Response:
        return self.send("DELETE", f"/rest{path}")

    def body(self, commentary: str = "Hola", **more: Any) -> dict[str, Any]:
        return {
            "author": self.page,
            "commentary": commentary,
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": False,
        } | more

    def create(self, commentary: str = "Hola", **more: Any) -> requests.Response:
        return self.post("/posts", self.body(commentary, **more))

    def publish(self, commentary: str = "Hola", **more: Any) -> str:
        answer = self.create(commentary, **more)
        assert (answer.status_code, answer.content) == (201, b""), answer.text
        return answer.headers["x-restli-id"]

    def read(self, urn: str) -> dict[str, Any]:
        answer = self.get(f"/posts/{encoded(urn)}?viewContext=AUTHOR")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def found(self, more: str = "") -> list[str]:
        answer = self.get(f"/posts?q=author&author={encoded(self.page)}&sortBy=CREATED{more}")
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["elements"]]

    def initialize(self, kind: str = "image", owner: str = "", **more: Any) -> dict[str, Any]:
        wanted = {"initializeUploadRequest": {"owner": owner or self.page} | more}
        answer = self.post(f"/{kind}s?action=initializeUpload", wanted)
        assert answer.status_code == 200, answer.text
        return dict(answer.json()["value"])

    def put(self, address: str, data: Any, **headers: str) -> requests.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.stand.own("PUT", address.removeprefix("https:/"), data=data, headers=named)

    def send_file(self, value: dict[str, Any], data: bytes) -> requests.Response:
        return self.put(value["uploadUrl"], data, Authorization=f"Bearer {self.token}")

    def upload(self, kind: str = "image", data: bytes = b"") -> str:
        value = self.initialize(kind)
        answer = self.send_file(value, data or image())
        assert (answer.status_code, answer.content) == (201, b""), answer.text
        return str(value[kind])

    def status(self, urn: str) -> dict[str, Any]:
        answer = self.get(f"/{urn.split(':')[2]}s/{encoded(urn)}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def image(self, color: str = "teal", data: bytes = b"") -> str:
        urn = self.upload("image", data or image(color))
        assert [self.status(urn)["status"] for _ in range(2)] == ["PROCESSING", "AVAILABLE"]
        return urn

    def film_parts(self, data: bytes, **more: Any) -> dict[str, Any]:
        wishes = {"uploadCaptions": False, "uploadThumbnail": False} | more
        return self.initialize("video", fileSizeBytes=len(data), **wishes)

    def send_part(self, part: dict[str, Any], data: bytes) -> requests.Response:
        piece = data[part["firstByte"] : part["lastByte"] + 1]
        return self.put(part["uploadUrl"], piece, Content_Type="application/octet-stream")

    def finalize(self, value: dict[str, Any], etags: list[str], **more: Any) -> requests.Response:
        wanted = {"video": value["video"], "uploadToken": value["uploadToken"], "uploadedPartIds": etags} | more
        return self.post("/videos?action=finalizeUpload", {"finalizeUploadRequest": wanted})

    def film(self, data: bytes) -> str:
        value = self.film_parts(data)
        etags = [self.send_part(part, data).headers["ETag"] for part in value["uploadInstructions"]]
        assert self.finalize(value, etags).status_code == 200
        return str(value["video"])

    def comment(self, thread: str, text: str = "Gracias", **more: Any) -> requests.Response:
        body = {"actor": self.page, "object": thread, "message": {"text": text}} | more
        return self.post(f"/socialActions/{encoded(thread)}/comments", body)

    def comments(self, thread: str, more: str = "") -> list[dict[str, Any]]:
        answer = self.get(f"/socialActions/{encoded(thread)}/comments{more}")
        assert answer.status_code == 200, answer.text
        return list(answer.json()["elements"])
