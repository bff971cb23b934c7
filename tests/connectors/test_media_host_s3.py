"""Files in an S3-like bucket that verifies signatures itself; the bucket's verdict is the test."""

import hashlib
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors.errors import ConnectorError, Misconfigured, NotAuthorized, RateLimited, Rejected, Unavailable
from connectors.http import Door
from connectors.media_hosts.s3 import Bucket, S3MediaHost
from core.media import MediaKind, Medium, OutgoingMedium
from core.platforms import Platform
from tests.connectors.bucket import ACCESS_KEY, REGION, SECRET_KEY, Refused, Shelf, bucket, signing_key, verify

KEY = "entrega-0001"


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with bucket() as running:
        yield running


@pytest.fixture
def photo(tmp_path: Path) -> OutgoingMedium:
    return medium(tmp_path / "foto.jpg", b"\xff\xd8\xff" + bytes(range(256)) * 40)


def medium(path: Path, content: bytes) -> OutgoingMedium:
    path.write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    return OutgoingMedium(Medium(sha256, MediaKind.IMAGE, "image/jpeg", len(content)), "Una foto", path)


def settings(shelf: Shelf, **changes: str) -> Bucket:
    return replace(Bucket(shelf.address, REGION, ACCESS_KEY, SECRET_KEY), **changes)


def host(shelf: Shelf, door: Door | None = None, **changes: Any) -> S3MediaHost:
    return S3MediaHost(settings(shelf, **changes), door or Door(), platform=Platform.INSTAGRAM)


def test_verifier_agrees_with_awss_own_example() -> None:
    """The verifier itself, on AWS' published derivation of a signing key."""
    key = signing_key("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830", "us-east-1", "iam")
    assert key.hex() == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"


def test_put_makes_the_very_bytes_public(shelf: Shelf, photo: OutgoingMedium) -> None:
    hosted = host(shelf).put(photo, key=KEY)
    answer = requests.get(hosted.url, timeout=10)
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (
        200,
        photo.path.read_bytes(),
        "image/jpeg",
    )


def test_put_again_is_the_same_object_and_another_key_another(shelf: Shelf, photo: OutgoingMedium) -> None:
    first = host(shelf).put(photo, key=KEY)
    assert host(shelf).put(photo, key=KEY) == first
    assert len(shelf.objects) == 1
    assert host(shelf).put(photo, key="entrega-0002") != first


def test_name_cannot_be_guessed_from_what_others_know(shelf: Shelf, photo: OutgoingMedium) -> None:
    url = host(shelf).put(photo, key=KEY).url
    name = url.rsplit("/", 1)[1]
    assert url.startswith(f"{shelf.address}/vocero/")
    assert name.endswith(".jpg")
    assert len(name) >= 40
    for known in (KEY, photo.medium.sha256[:10], hashlib.sha256(KEY.encode()).hexdigest()[:10]):
        assert known not in name


def test_public_address_may_be_elsewhere(shelf: Shelf, photo: OutgoingMedium) -> None:
    hosted = host(shelf, public_address="https://archivos.example.org/", prefix="p/q/").put(photo, key=KEY)
    assert hosted.url.startswith("https://archivos.example.org/p/q/")
    assert hosted.url.isascii()


def test_remove_takes_it_away_and_may_be_repeated(shelf: Shelf, photo: OutgoingMedium) -> None:
    hosted = host(shelf).put(photo, key=KEY)
    for _time in range(2):
        host(shelf).remove(hosted.token)
    assert requests.get(hosted.url, timeout=10).status_code == 404


@pytest.mark.parametrize("name", ["", "otra/cosa.jpg", "vocero/../secreto", "vocero/a b", "vocero/a?acl"])
def test_remove_takes_nothing_else(shelf: Shelf, name: str) -> None:
    with pytest.raises(Misconfigured):
        host(shelf).remove({"name": name})
    assert shelf.asked == []


def test_signature_holds_where_traffic_is_sent_elsewhere(shelf: Shelf, photo: OutgoingMedium) -> None:
    """The signed host is the bucket's own, whatever VOCERO_ROUTES does: here it is not the one that is reached."""
    real = "https://prensa.s3.sa-east-1.amazonaws.com"
    door = Door(routes={real: shelf.address.rpartition("/")[0]}, closed=True)
    hosted = host(shelf, door, address=real).put(photo, key=KEY)
    assert hosted.url.startswith(f"{real}/vocero/")
    assert len(shelf.objects) == 1


def test_bytes_that_are_not_the_approved_ones_never_become_public(shelf: Shelf, photo: OutgoingMedium) -> None:
    photo.path.write_bytes(photo.path.read_bytes().replace(b"\x01", b"\x02"))
    with pytest.raises(Rejected) as caught:
        host(shelf).put(photo, key=KEY)
    assert caught.value.code == "XAmzContentSHA256Mismatch"
    assert shelf.objects == {}


def test_large_file_is_streamed_from_the_disk(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "grande.jpg"
    with path.open("wb") as file:
        file.truncate(40_000_000)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    large = OutgoingMedium(Medium(sha256, MediaKind.IMAGE, "image/jpeg", 40_000_000), "", path)
    shelf.forgets = True
    tracemalloc.start()
    try:
        host(shelf).put(large, key=KEY)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert shelf.taken == 40_000_000
    assert peak < 4_000_000


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"secret_key": "otra-clave-secreta"}, "SignatureDoesNotMatch"),
        ({"access_key": "AKIDUNKNOWN0000"}, "InvalidAccessKeyId"),
        ({"region": "us-east-1"}, "AuthorizationHeaderMalformed"),
    ],
)
def test_wrong_key_is_not_authorized_and_shown_nowhere(
    shelf: Shelf, photo: OutgoingMedium, changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(NotAuthorized) as caught:
        host(shelf, **changes).put(photo, key=KEY)
    assert caught.value.code == code
    told = f"{caught.value!r}{caught.value}{caught.value.detail}"
    assert SECRET_KEY not in told + repr(settings(shelf))


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        ((503, "SlowDown"), RateLimited),
        ((429, "TooManyRequests"), RateLimited),
        ((500, "InternalError"), Unavailable),
        ((400, "RequestTimeout"), Unavailable),
        ((400, "EntityTooLarge"), Rejected),
        ((404, "NoSuchBucket"), NotAuthorized),
        ((301, "PermanentRedirect"), NotAuthorized),
        ((403, "AccessDenied"), NotAuthorized),
    ],
)
def test_refusal_says_what_must_happen_next(
    shelf: Shelf, photo: OutgoingMedium, failure: tuple[int, str], expected: type[ConnectorError]
) -> None:
    shelf.failure = failure
    with pytest.raises(ConnectorError) as caught:
        host(shelf).put(photo, key=KEY)
    assert (type(caught.value), caught.value.platform) == (expected, Platform.INSTAGRAM)
    shelf.failure = failure
    with pytest.raises(expected):
        host(shelf).remove({"name": "vocero/" + "a" * 40 + ".jpg"})


def test_nobody_there_is_unavailable(shelf: Shelf, photo: OutgoingMedium) -> None:
    door = Door(routes={"https://s3.example.org": "http://127.0.0.1:9"})
    with pytest.raises(Unavailable):
        host(shelf, door, address="https://s3.example.org/b").put(photo, key=KEY)


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "s3.example.org"},
        {"address": "http://s3.example.org/b"},
        {"address": "https://s3.example.org/b?x=1"},
        {"public_address": "ftp://files.example.org"},
        {"prefix": "sin-barra"},
        {"prefix": "../"},
        {"secret_key": ""},
        {"region": ""},
    ],
)
def test_settings_that_cannot_work_are_misconfigured(shelf: Shelf, changes: dict[str, Any]) -> None:
    with pytest.raises(Misconfigured):
        host(shelf, **changes)


def test_unsigned_request_is_refused_by_the_bucket(shelf: Shelf) -> None:
    """The bucket of these tests is no pushover."""
    assert requests.put(f"{shelf.address}/vocero/x", data=b"x", timeout=10).status_code == 403
    with pytest.raises(Refused):
        verify("PUT", "/x", {"authorization": "AWS4-HMAC-SHA256 Credential=a/b/c/d/e"}, "")
