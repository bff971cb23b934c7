"""Uploads of the imitated Flickr: answers, defaults, duplicates, tickets, videos, the free account's room."""

import hashlib
import io
import xml.etree.ElementTree as ET
from typing import Any

import pytest
import requests
from PIL import Image

from sandbox.flickr import FlickrImitation, files
from sandbox.flickr.state import Privacy
from tests.sandbox.clients import Stand, animation, image, video
from tests.sandbox.flickr_client import API, REPLACE, UPLOAD, Flickr, film, header, other, rsp


@pytest.fixture
def flickr(stand: Stand) -> Flickr:
    return Flickr(stand)


def imitation(stand: Stand) -> FlickrImitation:
    found = stand.sandbox.imitation_of("api.flickr.com")
    assert isinstance(found, FlickrImitation)
    return found


def picture(form: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (20, 10), "olive").save(buffer, form)
    return buffer.getvalue()


def test_public_photo_is_seen_at_once(stand: Stand, flickr: Flickr) -> None:
    data = image("red", form="JPEG")
    photo = flickr.upload(data, title="Feria", description="Hola <b>a todos</b> &amp; más", is_public=1)
    assert photo.isdigit()
    (write,) = stand.writes
    assert (write.platform, write.account, write.remote_id) == ("flickr", flickr.nsid, photo)
    assert (write.kind, write.title, write.text) == ("photo", "Feria", "Hola a todos & más")
    assert write.media == (hashlib.sha256(data).hexdigest(),)


def test_prepared_quietly_then_shown(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(is_public=0, is_friend=0, is_family=0)
    flickr.do("photos.setMeta", photo_id=photo, title="Feria", description="Texto")
    flickr.do("photos.licenses.setLicense", photo_id=photo, license_id=11)
    flickr.do("photosets.create", title="Ferias", description="", primary_photo_id=photo)
    assert stand.writes == []
    before = flickr.info(photo)
    for _again in range(2):
        answer = flickr.do("photos.setPerms", photo_id=photo, is_public=1, is_friend=0, is_family=0)
    assert answer["photoid"]["_content"] == photo
    assert answer["photoid"]["secret"] != before["secret"]
    assert [(w.title, w.text, w.visible) for w in stand.writes] == [("Feria", "Texto", True)]
    flickr.do("photos.setPerms", photo_id=photo, is_public=0, is_friend=0, is_family=0)
    assert [w.visible for w in stand.writes] == [True, False]


def test_file_addresses_die_with_the_privacy(flickr: Flickr) -> None:
    data = image("navy", size=(2000, 1000), form="JPEG")
    photo = flickr.upload(data, is_public=1)
    (entry,) = flickr.get("people.getPhotos", user_id="me", extras="url_sq,url_m,url_l,url_o")["photos"]["photo"]
    assert flickr.send("GET", entry["url_o"]).content == data
    assert (entry["width_l"], entry["height_l"], entry["url_l"][-6:]) == (1024, 512, "_b.jpg")
    with Image.open(io.BytesIO(flickr.send("GET", entry["url_l"]).content)) as large:
        assert large.size == (1024, 512)
    assert entry["url_m"] == f"https://live.staticflickr.com/65535/{photo}_{entry['secret']}.jpg"
    flickr.do("photos.setPerms", photo_id=photo, is_public=0, is_friend=0, is_family=0)
    assert flickr.send("GET", entry["url_l"]).status_code == flickr.send("GET", entry["url_o"]).status_code == 404


def test_missing_privacy_means_the_account_s_settings(stand: Stand, flickr: Flickr) -> None:
    flickr.upload(title="se ve")
    assert [write.title for write in stand.writes] == ["se ve"]
    account = imitation(stand).streams.accounts[flickr.nsid]
    account.settings_privacy, account.settings_license = Privacy(public=False, family=True), "8"
    shown = flickr.info(flickr.upload())
    assert shown["visibility"] == {"ispublic": 0, "isfriend": 0, "isfamily": 1}
    assert (shown["license"], len(stand.writes)) == ("8", 1)


def test_title_is_the_file_s_name_unless_given(flickr: Flickr) -> None:
    assert flickr.info(flickr.upload(name="feria.2026.jpg", is_public=0))["title"] == {"_content": "feria.2026"}
    assert flickr.info(flickr.upload(title="", is_public=0))["title"] == {"_content": ""}


def test_answers_are_xml_whatever_is_asked(flickr: Flickr) -> None:
    answer = flickr.post(is_public=0, format="json", nojsoncallback=1)
    assert rsp(answer).find("photoid") is not None
    refused = flickr.post(b"", is_public=0, format="json")
    assert (refused.status_code, rsp(refused).get("stat")) == (200, "fail")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", 4),
        (b"no image at all", 5),
        (animation(), 5),
        (picture("WEBP"), 5),
        (b"\x1a\x45\xdf\xa3" + b"w" * 99, 5),
        (image()[:80], 5),
    ],
)
def test_bad_files_are_refused(stand: Stand, flickr: Flickr, data: bytes, expected: int) -> None:
    assert flickr.refused(data, is_public=1) == expected
    assert stand.writes == []


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (picture("JPEG"), "jpg"),
        (picture("PNG"), "png"),
        (picture("GIF"), "gif"),
        (picture("TIFF"), "jpg"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" + b"w" * 99, "wmv"),
        (b"\x00\x00\x01\xba" + b"m" * 99, "mpg"),
        (film(), "mp4"),
        (video(), "mp4"),
    ],
)
def test_known_types_are_taken(flickr: Flickr, data: bytes, ending: str) -> None:
    assert flickr.info(flickr.upload(data, is_public=0))["originalformat"] == ending


def test_upload_needs_a_photo(flickr: Flickr) -> None:
    fields = {"is_public": "0"}
    signed = header(flickr.oauth("POST", UPLOAD, fields))
    assert code(flickr.send("POST", UPLOAD, data=fields, headers=signed)) == 2
    signed = header(flickr.oauth("POST", UPLOAD, fields))
    files_ = {"other": ("a.png", image(), "image/png")}
    assert code(flickr.send("POST", UPLOAD, data=fields, files=files_, headers=signed)) == 112
    unsigned = flickr.send("POST", UPLOAD, data={"api_key": flickr.key[0]}, files={"photo": ("a.png", image())})
    assert code(unsigned) == 99
    assert flickr.send("GET", UPLOAD).status_code == 405


def code(answer: requests.Response) -> int:
    err = rsp(answer).find("err")
    assert err is not None
    return int(err.get("code", ""))


@pytest.mark.parametrize(
    "fields",
    [
        {"license": "11"},
        {"photoset_id": "1"},
        {"is_pubic": "0"},
        {"is_public": "true"},
        {"safety_level": "4"},
        {"content_type": "0"},
        {"hidden": "0"},
        {"title": "ñ" * 128},
        {"description": "a" * 63_001},
        {"tags": " ".join(f"t{number}" for number in range(76))},
    ],
)
def test_unknown_fields_and_values_are_refused(stand: Stand, flickr: Flickr, fields: dict[str, Any]) -> None:
    answer = rsp(flickr.post(**fields))
    err = answer.find("err")
    assert err is not None
    assert err.get("msg", "").startswith("[ensayo]")
    assert stand.writes == []


def test_abused_addresses_are_refused(flickr: Flickr) -> None:
    assert flickr.refused(description="vea https://malo.invalid/x", is_public=0) == 116
    photo = flickr.upload(is_public=0)
    assert flickr.code("photos.setMeta", photo_id=photo, title="https://malo.invalid", description="") == 116


def test_too_large_is_refused(flickr: Flickr, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_PHOTO", 300)
    monkeypatch.setattr(files, "LARGEST_VIDEO", 900)
    assert flickr.refused(b"no image at all" * 30, is_public=0) == 5
    assert flickr.refused(image("red", size=(300, 300), form="PNG"), is_public=0) == 8
    assert flickr.upload(film(padding=100), is_public=0)
    assert flickr.refused(film(padding=2000), is_public=0) == 8


def test_same_file_twice_is_two_photos_unless_asked(stand: Stand, flickr: Flickr) -> None:
    first = flickr.upload(is_public=1)
    assert flickr.upload(is_public=1) != first
    assert len(stand.writes) == 2


@pytest.mark.parametrize("check", ["1", "2"])
def test_duplicates_are_refused_with_the_first_copy(stand: Stand, flickr: Flickr, check: str) -> None:
    first = flickr.upload(title="uno", is_public=1, dedup_check=check)
    answer = rsp(flickr.post(title="dos", is_public=1, dedup_check=check))
    err = answer.find("err")
    assert err is not None
    assert (answer.get("stat"), err.attrib) == ("fail", {"code": "9", "msg": "Duplicate photo detected"})
    assert answer.findtext("duplicate_photo_id") == first
    assert answer.find("duplicate_photo_status") is not None
    imitation(stand).uploads.duplicate_as_attribute = True
    err = rsp(flickr.post(dedup_check=check)).find("err")
    assert err is not None
    assert err.get("duplicate_photo_id") == first
    assert len(stand.writes) == 1
    assert flickr.upload(image("red"), dedup_check=check)
    assert other(stand).upload(is_public=0, dedup_check=check)


def tickets(flickr: Flickr, *numbers: str) -> list[dict[str, object]]:
    answer = flickr.unsigned("photos.upload.checkTickets", tickets=",".join(numbers)).json()
    return list(answer["uploader"]["ticket"])


def begin(flickr: Flickr, data: bytes | None = None, **fields: Any) -> str:
    return str(rsp(flickr.post(data, async_=1, **fields)).findtext("ticketid"))


def test_ticket_is_done_after_a_look(stand: Stand, flickr: Flickr) -> None:
    ticket = begin(flickr, title="Feria", is_public=1)
    assert stand.writes == []
    assert tickets(flickr, ticket, "77") == [{"id": ticket, "complete": 0}, {"id": "77", "invalid": 1}]
    (done,) = tickets(flickr, ticket)
    assert (done["complete"], flickr.listed()) == (1, [done["photoid"]])
    assert [write.title for write in stand.writes] == ["Feria"]


def test_ticket_that_fails(flickr: Flickr) -> None:
    ticket = begin(flickr, b"no image at all", is_public=1)
    tickets(flickr, ticket)
    assert tickets(flickr, ticket) == [{"id": ticket, "complete": 2}]
    assert flickr.listed() == []


def test_ticket_that_nobody_asks_for_is_done_by_time(stand: Stand, flickr: Flickr) -> None:
    begin(flickr, is_public=1)
    assert flickr.listed() == []
    stand.advance(seconds=31)
    assert len(stand.writes) == len(flickr.listed()) == 1


def test_planned_processing_of_tickets(stand: Stand, flickr: Flickr) -> None:
    stand.plant({"kind": "processing", "polls": 3}, match={"operation": "upload"})
    ticket = begin(flickr, is_public=1)
    stand.advance(hours=1)
    assert [tickets(flickr, ticket)[0]["complete"] for _ in range(4)] == [0, 0, 0, 1]


def test_second_ticket_of_the_same_file_fails_with_dedup(flickr: Flickr) -> None:
    first, second = (begin(flickr, is_public=0, dedup_check=1) for _ in range(2))
    tickets(flickr, first, second)
    assert [ticket["complete"] for ticket in tickets(flickr, first, second)] == [1, 2]
    assert len(flickr.listed()) == 1


def test_ticket_answer_in_xml(flickr: Flickr) -> None:
    ticket = begin(flickr, is_public=0)
    params = {"method": "flickr.photos.upload.checkTickets", "tickets": ticket, "api_key": flickr.key[0]}
    answer = rsp(flickr.send("GET", API, params=params))
    found = answer.find("uploader/ticket")
    assert found is not None
    assert found.attrib == {"id": ticket, "complete": "0"}


def test_video_has_an_id_before_it_is_seen(stand: Stand, flickr: Flickr) -> None:
    data = film(30)
    number = flickr.upload(data, title="Reportaje", is_public=1)
    assert stand.writes == []
    assert flickr.info(number)["video"] == {"ready": 0, "failed": 0, "pending": 1, "duration": "30"}
    assert flickr.info(number)["video"]["ready"] == 1
    (write,) = stand.writes
    assert (write.kind, write.media) == ("video", (hashlib.sha256(data).hexdigest(),))


def test_planned_processing_of_videos(stand: Stand, flickr: Flickr) -> None:
    stand.plant({"kind": "processing", "polls": 2}, match={"operation": "upload"})
    number = flickr.upload(film(), is_public=1)
    stand.advance(hours=1)
    assert [flickr.info(number)["video"]["ready"] for _ in range(3)] == [0, 0, 1]
    assert len(stand.writes) == 1


@pytest.mark.parametrize(("seconds", "failed_pro", "failed_free"), [(100, 0, 0), (181, 0, 1), (601, 1, 1)])
def test_long_videos_fail_in_processing(
    stand: Stand, flickr: Flickr, seconds: int, failed_pro: int, failed_free: int
) -> None:
    for client, failed in ((flickr, failed_pro), (other(stand), failed_free)):
        number = client.upload(film(seconds), is_public=1)
        stand.advance(seconds=31)
        assert client.info(number)["video"]["failed"] == failed
        assert any(write.remote_id == number for write in stand.writes) is not bool(failed)


def test_replacing_keeps_id_comments_and_counts(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(title="Feria", is_public=1)
    stand.sandbox.grow(platform="flickr")
    before = flickr.info(photo)
    data = image("red")
    answer = rsp(flickr.post(data, url=REPLACE, photo_id=photo)).find("photoid")
    assert answer is not None
    assert (answer.text, answer.get("secret") != before["secret"]) == (photo, True)
    after = flickr.info(photo)
    assert (after["comments"], after["dates"]["posted"]) == ({"_content": "1"}, before["dates"]["posted"])
    assert [(w.kind, w.media) for w in stand.writes[1:]] == [("edit", (hashlib.sha256(data).hexdigest(),))]
    free = other(stand)
    theirs = free.upload(is_public=1)
    assert free.refused(data, url=REPLACE, photo_id=theirs) == 1
    assert flickr.refused(data, url=REPLACE, photo_id=theirs) == 2
    assert flickr.refused(data, url=REPLACE, photo_id="1") == 1


def test_replacing_in_the_background(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(is_public=1)
    good, bad = (
        str(rsp(flickr.post(data, url=REPLACE, photo_id=photo, async_=1)).findtext("ticketid"))
        for data in (image("red"), film())
    )
    tickets(flickr, good, bad)
    found = tickets(flickr, good, bad)
    assert found == [{"id": good, "complete": 1, "photoid": photo}, {"id": bad, "complete": 2}]
    assert [write.kind for write in stand.writes] == ["photo", "edit"]


def test_free_account_is_full(stand: Stand) -> None:
    free = other(stand)
    account = imitation(stand).streams.accounts[free.nsid]
    assert (account.item_limit, account.private_limit) == (1000, 50)
    account.item_limit, account.private_limit = 3, 1
    free.upload(is_public=0)
    assert free.refused(is_public=0) == 6
    free.upload(is_public=1)
    begin(free, is_public=1)
    assert free.refused(is_public=1) == 6
    public = free.listed()[0]
    assert free.code("photos.setPerms", photo_id=public, is_public=0, is_friend=0, is_family=0) == 2


def test_free_account_is_safe_only(stand: Stand, flickr: Flickr) -> None:
    assert other(stand).refused(is_public=0, safety_level=2) == 99
    assert flickr.info(flickr.upload(is_public=0, safety_level=2))["safety_level"] == "1"


def test_video_limit_of_an_account(stand: Stand, flickr: Flickr) -> None:
    imitation(stand).streams.accounts[flickr.nsid].video_limit = 1
    flickr.upload(film(), is_public=0)
    assert flickr.refused(film(20), is_public=0) == 7
    assert flickr.upload(is_public=0)


def test_same_bytes_are_kept_once(stand: Stand, flickr: Flickr) -> None:
    data = film(padding=3 * 1024 * 1024)
    flickr.upload(data, is_public=0)
    flickr.upload(data, is_public=0)
    stored = imitation(stand).streams.state.photos.values()
    assert len({photo.medium.path for photo in stored}) == 1
    assert {photo.medium.size for photo in stored} == {len(data)}


def test_status_and_limits(stand: Stand, flickr: Flickr) -> None:
    flickr.upload(film(), is_public=0)
    user = flickr.get("people.getUploadStatus")["user"]
    assert (user["ispro"], user["bandwidth"]["unlimited"], user["videos"]["uploaded"]) == (1, 1, 1)
    limits = flickr.get("people.getLimits")["person"]
    assert limits["videos"] == {"maxduration": "600", "maxupload": str(1024**3)}
    assert other(stand).get("people.getLimits")["person"]["videos"]["maxduration"] == "180"


def test_xml_escapes_what_people_write(flickr: Flickr) -> None:
    photo = flickr.upload(title='<a> & "b"', is_public=0)
    answer = flickr.ask("photos.getInfo", photo_id=photo, format="-", nojsoncallback="-")
    assert rsp(answer).findtext("photo/title") == '<a> & "b"'
    assert ET.fromstring(answer.content).get("stat") == "ok"
