"""Files that a container points at or waits for."""

import hashlib
import io
import socket
import threading
from collections.abc import Iterator

import pytest
from PIL import Image

from tests.sandbox.clients import Rest, Stand, error, image, video
from tests.sandbox.instagram_client import Insta, jpeg, shelf


@pytest.fixture
def insta(stand: Stand) -> Iterator[Insta]:
    with shelf() as files:
        yield Insta(stand, files)


def mpo() -> bytes:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (400, 400), color) for color in ("red", "blue")]
    frames[0].save(buffer, "MPO", save_all=True, append_images=frames[1:])
    return buffer.getvalue()


def test_image_is_fetched_at_once_over_http(insta: Insta) -> None:
    insta.picture("red")
    assert insta.shelf.asked == [("/red.jpg", "facebookexternalhit/1.1")]


def test_image_of_the_imitated_website(stand: Stand, insta: Insta, rest: Rest) -> None:
    data = jpeg("navy")
    url = rest.upload("foto.jpg", data, **{"Content-Type": "image/jpeg"}).json()["source_url"]
    assert url.startswith("https://www.inpe.example/")
    insta.publish(insta.ready(insta.container(image_url=url)))
    assert stand.writes[0].media == (hashlib.sha256(data).hexdigest(),)
    address = stand.server.address + "/" + url.removeprefix("https://")
    assert insta.container(image_url=address)
    assert insta.container(image_url=insta.shelf.put(url, "moved.jpg"))
    assert error(insta.create(image_url=url + "x.jpg")) == (400, 9004, 2207052)


def test_redirects_are_followed_to_an_end(insta: Insta) -> None:
    end = insta.shelf.put(jpeg(), "end.jpg")
    assert insta.container(image_url=insta.shelf.put(end, "start.jpg"))
    assert insta.container(image_url=insta.shelf.put("/end.jpg", "relative.jpg"))
    circle = insta.shelf.put(f"{insta.shelf.address}/circle.jpg", "circle.jpg")
    assert error(insta.create(image_url=circle)) == (400, 9004, 2207052)
    assert len(insta.shelf.asked) <= 12


@pytest.mark.parametrize("content", [403, 404, 500, b"<html>Inicie sesi\xc3\xb3n</html>", jpeg()[:900]], ids=str)
def test_what_is_no_public_image(insta: Insta, content: bytes | int) -> None:
    assert error(insta.create(image_url=insta.shelf.put(content))) == (400, 9004, 2207052)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/foto.jpg",
        "ftp://127.0.0.1/foto.jpg",
        "file:///etc/hostname",
        "foto.jpg",
        "http://[::1/foto.jpg",
        "https://www.inpe.example/año.jpg",
        "https://scontent.xx.fbcdn.net/v/1_n.jpeg",
    ],
)
def test_unreachable_addresses(insta: Insta, url: str) -> None:
    assert error(insta.create(image_url=url)) == (400, 9004, 2207052)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (image(size=(400, 400)), (400, 36001, 2207005)),
        (image(size=(400, 400), form="WEBP"), (400, 36001, 2207005)),
        (mpo(), (400, 36001, 2207005)),
        (jpeg() + b"\0" * (8 * 1024 * 1024), (400, 36000, 2207004)),
        (jpeg(size=(799, 1000)), (400, 36003, 2207009)),
        (jpeg(size=(1911, 1000)), (400, 36003, 2207009)),
    ],
    ids=["png", "webp", "mpo", "over 8 MiB", "too tall", "too wide"],
)
def test_bad_images_are_refused(insta: Insta, data: bytes, expected: object) -> None:
    answer = insta.create(image_url=insta.shelf.put(data))
    assert error(answer) == expected
    assert {"error_user_title", "error_user_msg", "is_transient"} <= answer.json()["error"].keys()


@pytest.mark.parametrize(
    "data",
    [
        jpeg(size=(800, 1000)),
        jpeg(size=(1910, 1000)),
        jpeg() + b"\0" * (8 * 1024 * 1024 - len(jpeg())),
        jpeg(size=(40, 40)),
    ],
    ids=["4:5", "1.91:1", "8 MiB", "small: rescaled"],
)
def test_images_at_the_limits_are_taken(insta: Insta, data: bytes) -> None:
    assert insta.container(image_url=insta.shelf.put(data))


def test_stories_may_be_tall(insta: Insta) -> None:
    url = insta.shelf.put(jpeg(size=(90, 160)))
    assert error(insta.create(image_url=url)) == (400, 36003, 2207009)
    assert insta.container(image_url=url, media_type="STORIES")


def test_slow_file_does_not_hold_others_up(stand: Stand, insta: Insta) -> None:
    url = insta.shelf.put(jpeg())
    insta.shelf.held.clear()
    made: list[int] = []
    waiting = threading.Thread(
        target=lambda: made.append(Insta(Stand(stand.server), insta.shelf).create(image_url=url).status_code)
    )
    waiting.start()
    try:
        assert insta.get(f"/{insta.account}").status_code == 200
        assert made == []
    finally:
        insta.shelf.held.set()
        waiting.join()
    assert made == [200]


@pytest.mark.parametrize("kind", ["drop_before", "status_before", "throttle", "expired_token"])
def test_nothing_is_fetched_for_what_is_refused(stand: Stand, insta: Insta, kind: str) -> None:
    stand.plant({"kind": kind}, match={"operation": "container"})
    try:
        assert not insta.create(image_url=insta.shelf.put(jpeg())).ok
    except OSError:
        assert kind == "drop_before"
    assert insta.shelf.asked == []


@pytest.mark.parametrize(
    ("content", "subcode"),
    [(404, 2207077), (b"no video", 2207026), (b"\x1a\x45\xdf\xa3" + b"w" * 99, 2207026)],
    ids=["missing", "text", "webm"],
)
def test_bad_video_fails_while_it_is_processed(insta: Insta, content: bytes | int, subcode: int) -> None:
    number = insta.container(media_type="REELS", video_url=insta.shelf.put(content, "a.mp4"))
    seen = [insta.get(f"/{number}", fields="status_code,status").json() for _ in range(4)]
    assert [one.get("status_code") for one in seen] == ["IN_PROGRESS", "IN_PROGRESS", None, "ERROR"]
    assert seen[-1]["status"].endswith(f"error code {subcode}")


def waiting_reel(insta: Insta) -> tuple[str, str]:
    made = insta.create(media_type="REELS", upload_type="resumable", caption="Mire").json()
    assert made["uri"] == f"https://rupload.facebook.com/ig-api-upload/v26.0/{made['id']}"
    return made["id"], made["uri"]


def trouble(answer: object) -> tuple[int, str]:
    return answer.status_code, answer.json()["debug_info"]["type"]  # type: ignore[attr-defined]  # a response


def test_reel_by_upload(stand: Stand, insta: Insta) -> None:
    number, uri = waiting_reel(insta)
    assert [insta.status(number) for _ in range(4)] == ["IN_PROGRESS"] * 4
    assert error(insta.publish(number)) == (400, 9007, 2207027)
    data = video(700_000)
    assert insta.upload(uri, data).json() == {"success": True, "message": "Upload successful."}
    assert trouble(insta.upload(uri, data)) == (400, "ProcessingFailedError")
    assert [insta.status(number) for _ in range(3)] == ["IN_PROGRESS", "IN_PROGRESS", "FINISHED"]
    insta.publish(number)
    assert stand.writes[0].media == (hashlib.sha256(data).hexdigest(),)
    assert stand.writes[0].text == "Mire"


def test_upload_in_pieces_goes_on_where_it_was(stand: Stand, insta: Insta) -> None:
    number, uri = waiting_reel(insta)
    data = video(300_000)
    assert trouble(insta.upload(uri, data[:100_000], size=len(data))) == (400, "PartialRequestError")
    assert trouble(insta.upload(uri, data, size=len(data))) == (400, "OffsetInvalidError")
    phase = insta.get(f"/{number}", fields="video_status").json()["video_status"]["uploading_phase"]
    assert phase == {"status": "in_progress", "bytes_transfered": 100_000}
    assert insta.upload(uri, data[100_000:], offset=100_000, size=len(data)).json()["success"] is True
    insta.publish(insta.ready(number))
    assert stand.writes[0].media == (hashlib.sha256(data).hexdigest(),)


def test_bytes_of_a_broken_connection_are_kept(stand: Stand, insta: Insta) -> None:
    number, uri = waiting_reel(insta)
    data = video(200_000)
    host, port = stand.server.address.removeprefix("http://").split(":")
    head = (
        f"POST {uri.removeprefix('https:/')} HTTP/1.1\r\nHost: {host}\r\nAuthorization: OAuth {insta.token}\r\n"
        f"offset: 0\r\nfile_size: {len(data)}\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    with socket.create_connection((host, int(port))) as line:
        line.sendall(head.encode() + data[:70_000])
        line.shutdown(socket.SHUT_WR)
        assert line.recv(10) == b""
    phase = insta.get(f"/{number}", fields="video_status").json()["video_status"]["uploading_phase"]
    assert phase["bytes_transfered"] == 70_000
    assert insta.upload(uri, data[70_000:], offset=70_000, size=len(data)).status_code == 200
    insta.publish(insta.ready(number))
    assert stand.writes[0].media == (hashlib.sha256(data).hexdigest(),)


def test_upload_by_address(stand: Stand, insta: Insta) -> None:
    number, uri = waiting_reel(insta)
    missing = insta.upload(uri, b"", file_url=f"{insta.shelf.address}/nothing.mp4")
    assert trouble(missing) == (400, "ProcessingFailedError")
    url = insta.shelf.put(video(), "a.mp4")
    assert insta.upload(uri, b"", file_url=url).json()["success"] is True
    insta.publish(insta.ready(number))
    assert stand.writes[0].media == (hashlib.sha256(video()).hexdigest(),)


def test_upload_needs_its_headers_and_its_token(insta: Insta) -> None:
    _number, uri = waiting_reel(insta)
    data = video()
    assert trouble(insta.upload(uri, data, file_size="")) == (400, "ProcessingFailedError")
    assert trouble(insta.upload(uri, data, offset=1)) == (400, "OffsetInvalidError")
    assert trouble(insta.upload(uri, data, size=len(data) - 1)) == (400, "ProcessingFailedError")
    assert trouble(insta.upload(uri, data, size=300 * 1024 * 1024 + 1)) == (400, "ProcessingFailedError")
    assert trouble(insta.upload(uri[:-1], data)) == (400, "ProcessingFailedError")
    other = insta.with_token(insta.world.other_page_token)
    assert trouble(other.upload(uri, data)) == (400, "ProcessingFailedError")
    assert error(insta.upload(uri, data, Authorization="OAuth nothing")) == (400, 190, None)
    assert error(insta.upload(uri, data, Authorization=f"Bearer {insta.token}")) == (400, 190, None)
    assert error(insta.login().upload(uri, data)) == (400, 190, None)
    assert insta.upload(uri, data).status_code == 200


def test_unfinished_upload_expires(stand: Stand, insta: Insta) -> None:
    number, uri = waiting_reel(insta)
    insta.upload(uri, video()[:100], size=4000)
    stand.advance(hours=24)
    assert insta.status(number) == "EXPIRED"
    assert trouble(insta.upload(uri, video()[100:], offset=100, size=4000)) == (400, "ProcessingFailedError")


def test_upload_fails_in_its_host_s_own_shape(stand: Stand, insta: Insta) -> None:
    number, uri = waiting_reel(insta)
    stand.plant({"kind": "status_before", "status": 500}, match={"operation": "upload"})
    answer = insta.upload(uri, video())
    assert answer.json()["debug_info"]["retriable"] is True
    assert insta.status(number) == "IN_PROGRESS"


def test_file_of_a_post_is_public(insta: Insta) -> None:
    media = insta.posted("red")
    url = insta.get(f"/{media}", fields="media_url").json()["media_url"]
    assert insta.stand.own("GET", url.removeprefix("https:/")).content == jpeg("red")
