"""Images, documents, videos: initialize, bytes, finalize, processing."""

import hashlib
import io
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from sandbox import Sandbox
from tests.sandbox.clients import START, Stand, image
from tests.sandbox.linkedin_client import PART, LinkedIn, encoded, film, refused


@pytest.fixture
def linked(stand: Stand) -> LinkedIn:
    return LinkedIn(stand)


def pdf(pages: int = 2) -> bytes:
    return b"%PDF-1.4\n1 0 obj<</Type /Pages/Count 2>>endobj\n" + b"2 0 obj<</Type /Page>>endobj\n" * pages


def header(seconds: int) -> bytes:
    """Return a film with a header that tells its length."""

    def box(name: bytes, content: bytes) -> bytes:
        return (len(content) + 8).to_bytes(4, "big") + name + content

    times = b"\0" * 12 + (1000).to_bytes(4, "big") + (seconds * 1000).to_bytes(4, "big")
    start = box(b"ftyp", b"isom\0\0\0\0") + box(b"moov", box(b"free", b"1234") + box(b"mvhd", times + b"\0" * 80))
    return start + box(b"mdat", b"v" * 80_000)


def test_image_goes_through_its_states(stand: Stand, linked: LinkedIn) -> None:
    value = linked.initialize()
    assert value["uploadUrl"].startswith("https://www.linkedin.com/dms-uploads/")
    assert value["uploadUrlExpiresAt"] > START.timestamp() * 1000
    urn = value["image"]
    assert linked.status(urn) == {"id": urn, "owner": linked.page, "status": "WAITING_UPLOAD"}
    assert refused(linked.create(content={"media": {"id": urn}})) == (400, "MEDIA_ASSET_WAITING_UPLOAD")
    for _again in range(2):
        assert (linked.send_file(value, image()).status_code, linked.send_file(value, image()).content) == (201, b"")
    assert refused(linked.send_file(value, image("red")))[0] == 400
    assert linked.status(urn)["status"] == "PROCESSING"
    ready = linked.status(urn)
    assert ready["status"] == "AVAILABLE"
    assert stand.own("GET", ready["downloadUrl"].removeprefix("https:/")).content == image()
    assert stand.writes == []


def test_images_are_sent_with_a_token_that_may(stand: Stand, linked: LinkedIn) -> None:
    value = linked.initialize()
    assert refused(linked.put(value["uploadUrl"], image())) == (401, "EMPTY_ACCESS_TOKEN")
    for name, status in (("other_token", 403), ("reader_token", 403), ("expired_token", 401)):
        own = LinkedIn(stand, token=getattr(linked.world, name))
        assert own.send_file(value, image()).status_code == status
    assert linked.status(value["image"])["status"] == "WAITING_UPLOAD"
    forged = dict(value, uploadUrl=value["uploadUrl"][:-1] + "_")
    assert linked.send_file(forged, image()).status_code == 403
    assert linked.send_file(dict(value, uploadUrl=value["uploadUrl"].partition("?")[0]), image()).status_code == 403


def test_length_must_be_told(linked: LinkedIn) -> None:
    value = linked.initialize()
    answer = linked.put(value["uploadUrl"], iter([image()]), Authorization=f"Bearer {linked.token}")
    assert answer.status_code == 411
    assert linked.send_file(value, b"").status_code in {400, 411}


def test_upload_addresses_expire(stand: Stand, linked: LinkedIn) -> None:
    value = linked.initialize()
    film_value = linked.film_parts(film())
    stand.advance(days=2)
    assert refused(linked.send_file(value, image())) == (401, "EXPIRED_UPLOAD_URL")
    assert linked.send_part(film_value["uploadInstructions"][0], film()).status_code == 200
    stand.advance(days=29)
    assert refused(linked.send_part(film_value["uploadInstructions"][0], film())) == (401, "EXPIRED_UPLOAD_URL")


def frames(count: int) -> bytes:
    buffer = io.BytesIO()
    many = [Image.new("P", (1, 1), number % 256) for number in range(count)]
    many[0].save(buffer, "GIF", save_all=True, append_images=many[1:], duration=20, optimize=False)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (image(form="JPEG"), "AVAILABLE"),
        (image(form="GIF"), "AVAILABLE"),
        (image(form="WEBP"), "PROCESSING_FAILED"),
        (b"no image at all", "PROCESSING_FAILED"),
        (image()[:60], "PROCESSING_FAILED"),
        (image(size=(36_152_320 // 16, 16)), "PROCESSING_FAILED"),
        (image(size=(36_152_320 // 16 - 1, 16)), "AVAILABLE"),
        (frames(251), "PROCESSING_FAILED"),
        (frames(250), "AVAILABLE"),
    ],
    ids=["jpeg", "gif", "webp", "garbage", "cut", "pixels", "nearly", "frames", "fewer"],
)
def test_processing_finds_bad_images(linked: LinkedIn, data: bytes, status: str) -> None:
    urn = linked.upload("image", data)
    linked.status(urn)
    assert linked.status(urn)["status"] == status


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (pdf(), "AVAILABLE"),
        (pdf(300), "AVAILABLE"),
        (pdf(301), "PROCESSING_FAILED"),
        (b"PK\x03\x04" + b"x" * 50, "AVAILABLE"),
        (b"plain text", "PROCESSING_FAILED"),
    ],
)
def test_documents(stand: Stand, linked: LinkedIn, data: bytes, status: str) -> None:
    urn = linked.upload("document", data)
    assert refused(linked.create(content={"media": {"id": urn, "title": "Acta"}})) == (
        400,
        "MEDIA_ASSET_WAITING_UPLOAD",
    )
    linked.status(urn)
    assert linked.status(urn)["status"] == status
    if status == "AVAILABLE":
        assert refused(linked.create(content={"media": {"id": urn}})) == (400, "MISSING_FIELD")
        assert linked.publish(content={"media": {"id": urn, "title": "Acta"}}).startswith("urn:li:share:")
        assert [(write.title, write.media) for write in stand.writes] == [("Acta", (hashlib.sha256(data).hexdigest(),))]


def test_video_parts_become_the_whole(stand: Stand, linked: LinkedIn) -> None:
    data = film(PART * 2 + 17)
    value = linked.film_parts(data)
    parts = value["uploadInstructions"]
    assert [(part["firstByte"], part["lastByte"]) for part in parts] == [
        (0, PART - 1),
        (PART, 2 * PART - 1),
        (2 * PART, 2 * PART + 16),
    ]
    etags = [linked.send_part(part, data).headers["ETag"] for part in parts]
    assert len(set(etags)) == 3
    assert linked.status(value["video"])["status"] == "WAITING_UPLOAD"
    assert linked.finalize(value, etags).status_code == 200
    urn = value["video"]
    assert refused(linked.create(content={"media": {"id": urn}})) == (400, "MEDIA_ASSET_WAITING_UPLOAD")
    assert [linked.status(urn)["status"] for _ in range(2)] == ["PROCESSING", "AVAILABLE"]
    post = linked.publish("Reportaje", content={"media": {"id": urn, "title": "Título"}})
    assert post.startswith("urn:li:ugcPost:")
    (write,) = stand.writes
    assert (write.media, write.title) == ((hashlib.sha256(data).hexdigest(),), "Título")


@pytest.mark.parametrize("order", [(2, 1, 0), (1, 0, 2), (0, 2, 1)])
def test_parts_may_come_in_any_order_and_again(stand: Stand, linked: LinkedIn, order: tuple[int, ...]) -> None:
    data = film(PART * 2 + 17)
    value = linked.film_parts(data)
    parts = value["uploadInstructions"]
    etags = {}
    wrong = b"z" * len(data)
    for number in order:
        first = linked.send_part(parts[number], wrong).headers["ETag"]
        etags[number] = linked.send_part(parts[number], data).headers["ETag"]
        assert etags[number] != first
        assert linked.send_part(parts[number], data).headers["ETag"] == etags[number]
    assert linked.finalize(value, [etags[number] for number in range(3)]).status_code == 200
    linked.status(value["video"])
    linked.publish(content={"media": {"id": value["video"]}})
    assert stand.writes[0].media == (hashlib.sha256(data).hexdigest(),)
    assert stand.own("GET", f"/_media/{stand.writes[0].media[0]}").content == data


def test_a_later_change_of_a_part_counts(stand: Stand, linked: LinkedIn) -> None:
    data, wrong = film(PART * 2 + 17), b"w" * (PART * 3)
    value = linked.film_parts(data)
    parts = value["uploadInstructions"]
    etags = [linked.send_part(part, wrong).headers["ETag"] for part in parts]
    right = [linked.send_part(part, data).headers["ETag"] for part in parts]
    assert refused(linked.finalize(value, etags)) == (400, "INVALID_VALUE_FOR_FIELD")
    assert linked.finalize(value, right).status_code == 200
    stand.advance(minutes=1)
    linked.publish(content={"media": {"id": value["video"]}})
    assert stand.writes[0].media == (hashlib.sha256(data).hexdigest(),)


def test_parts_have_rules_of_their_own(linked: LinkedIn) -> None:
    data = film(PART + 5)
    first, second = linked.film_parts(data)["uploadInstructions"]
    kind = "application/octet-stream"
    bearer = f"Bearer {linked.token}"
    assert linked.put(first["uploadUrl"], data[:PART], Content_Type=kind, Authorization=bearer).status_code == 400
    assert linked.put(first["uploadUrl"], data[:PART], Content_Type="video/mp4").status_code == 415
    assert linked.put(first["uploadUrl"], data, Content_Type=kind).status_code == 400
    assert linked.put(first["uploadUrl"], data[PART:], Content_Type=kind).status_code == 400
    assert linked.put(second["uploadUrl"], data[PART : PART + 4], Content_Type=kind).status_code == 400
    assert linked.put(second["uploadUrl"], data[PART:], Content_Type=kind).status_code == 200
    posted = linked.stand.own("POST", second["uploadUrl"].removeprefix("https:/"), data=data[PART:])
    assert posted.status_code == 405


@pytest.mark.parametrize(
    "spoil",
    [
        lambda etags: {"uploadedPartIds": etags[::-1]},
        lambda etags: {"uploadedPartIds": etags[:1]},
        lambda etags: {"uploadedPartIds": [f'"{etag}"' for etag in etags]},
        lambda _etags: {"uploadToken": ""},
        lambda _etags: {"video": "urn:li:video:none"},
    ],
)
def test_finalizing_wants_token_and_etags_in_order(linked: LinkedIn, spoil: Any) -> None:
    data = film(PART + 5)
    value = linked.film_parts(data)
    assert refused(linked.finalize(value, ["x", "y"]))[0] == 400
    etags = [linked.send_part(part, data).headers["ETag"] for part in value["uploadInstructions"]]
    assert refused(linked.finalize(value, etags, **spoil(etags)))[0] == 400
    assert linked.finalize(value, etags).status_code == 200
    assert refused(linked.finalize(value, etags)) == (400, "INVALID_VIDEO_ID")


def test_empty_token_must_be_sent_back_all_the_same(linked: LinkedIn) -> None:
    data = film()
    value = linked.film_parts(data)
    assert value["uploadToken"] == ""
    etag = linked.send_part(value["uploadInstructions"][0], data).headers["ETag"]
    wanted = {"video": value["video"], "uploadedPartIds": [etag]}
    answer = linked.post("/videos?action=finalizeUpload", {"finalizeUploadRequest": wanted})
    assert refused(answer)[0] == 422
    assert linked.finalize(value, [etag]).status_code == 200


@pytest.mark.parametrize("size", [75 * 1024 - 1, 500_000_001, 0])
def test_video_sizes_are_bounded(linked: LinkedIn, size: int) -> None:
    wanted = {"owner": linked.page, "fileSizeBytes": size, "uploadCaptions": False, "uploadThumbnail": False}
    answer = linked.post("/videos?action=initializeUpload", {"initializeUploadRequest": wanted})
    assert refused(answer) == (400, "INVALID_VALUE_FOR_FIELD")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (header(60), "AVAILABLE"),
        (header(2), "PROCESSING_FAILED"),
        (header(1801), "PROCESSING_FAILED"),
        (b"garbage!" * 10_000, "PROCESSING_FAILED"),
    ],
    ids=["minute", "short", "long", "garbage"],
)
def test_processing_finds_bad_videos(linked: LinkedIn, data: bytes, status: str) -> None:
    urn = linked.film(data)
    linked.status(urn)
    seen = linked.status(urn)
    assert (seen["status"], "processingFailureReason" in seen) == (status, status == "PROCESSING_FAILED")
    expected = 201 if status == "AVAILABLE" else 400
    assert linked.create(content={"media": {"id": urn}}).status_code == expected


def test_planned_processing_takes_its_looks(stand: Stand, linked: LinkedIn) -> None:
    stand.plant({"kind": "processing", "polls": 3}, match={"operation": "finalize"})
    urn = linked.film(film())
    stand.advance(hours=1)
    assert [linked.status(urn)["status"] for _ in range(4)] == ["PROCESSING"] * 3 + ["AVAILABLE"]


def test_thumbnail_and_captions_have_their_own_addresses(linked: LinkedIn) -> None:
    data = film()
    assert not {"thumbnailUploadUrl", "captionsUploadUrl"} & linked.film_parts(data).keys()
    value = linked.film_parts(data, uploadThumbnail=True, uploadCaptions=True)
    assert linked.put(value["thumbnailUploadUrl"], image()).status_code == 201
    assert linked.put(value["captionsUploadUrl"], b"1\n00:00:00,000 --> 00:00:01,000\nHola\n").status_code == 201


def test_initializing_wants_the_right_owner_and_all_fields(stand: Stand, linked: LinkedIn) -> None:
    def wish(**given: object) -> tuple[int, str | None]:
        return refused(linked.post("/images?action=initializeUpload", {"initializeUploadRequest": given}))

    assert wish() == (422, None)
    assert wish(owner="INPE") == (400, "INVALID_URN_TYPE")
    assert wish(owner=linked.page, size=5) == (422, None)
    assert wish(owner=linked.world.other_organization_urn) == (403, "ACCESS_DENIED")
    assert refused(linked.post("/images?action=finalizeUpload", {}))[0] == 400
    assert refused(linked.post("/images", {})) == (405, "METHOD_NOT_ALLOWED")


def test_status_needs_the_right_to_read(stand: Stand, linked: LinkedIn) -> None:
    member = LinkedIn(stand, token=linked.world.member_token)
    member.page = linked.world.member_urn
    urn = member.upload("image")
    assert refused(member.get(f"/images/{encoded(urn)}")) == (403, "ACCESS_DENIED")
    stand.advance(minutes=1)
    member.publish(content={"media": {"id": urn}})
    assert len(stand.writes) == 1


def test_part_that_broke_off_is_not_there(linked: LinkedIn) -> None:
    data = film(PART + 5)
    value = linked.film_parts(data)
    first, second = value["uploadInstructions"]
    place = urlsplit(linked.stand.server.address)
    target = first["uploadUrl"].removeprefix("https:/")
    with socket.create_connection((place.hostname, place.port)) as wire:
        head = f"PUT {target} HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n"
        wire.sendall(f"{head}Content-Length: {PART}\r\n\r\n".encode() + data[: PART // 2])
        wire.shutdown(socket.SHUT_WR)
        assert wire.recv(100) == b""
    etag = linked.send_part(second, data).headers["ETag"]
    assert refused(linked.finalize(value, [etag]))[0] == 400
    whole = [linked.send_part(first, data).headers["ETag"], etag]
    assert linked.finalize(value, whole).status_code == 200


def test_parts_leave_no_files_behind() -> None:
    with Sandbox(seed=7) as sandbox:
        folder = sandbox.store._root
        from sandbox import serve

        with serve(sandbox) as server:
            linked = LinkedIn(Stand(server))
            data = film(PART * 2 + 17)
            value = linked.film_parts(data)
            parts = value["uploadInstructions"]
            etags = [linked.send_part(parts[number], data).headers["ETag"] for number in (2, 1, 0)][::-1]
            linked.finalize(value, etags)
            linked.stand.session.close()
            assert [file.name for file in folder.iterdir()] == [hashlib.sha256(data).hexdigest()]
