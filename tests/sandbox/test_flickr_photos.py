"""Photos of the imitated Flickr after the upload: meta, tags, rights, lists, search, albums, groups, pages."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.flickr import FlickrImitation
from tests.sandbox.clients import START, Stand, image
from tests.sandbox.flickr_client import API, Flickr, film, other, rsp

NOW = int(START.timestamp())


@pytest.fixture
def flickr(stand: Stand) -> Flickr:
    return Flickr(stand)


def test_meta_overwrites_both_and_needs_both(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(title="uno", description="dos", is_public=1)
    assert flickr.code("photos.setMeta", photo_id=photo, title="x") == 2
    flickr.do("photos.setMeta", photo_id=photo, title="tres", description="")
    shown = flickr.info(photo)
    assert (shown["title"], shown["description"]) == ({"_content": "tres"}, {"_content": ""})
    assert [(w.kind, w.title, w.text) for w in stand.writes] == [("photo", "uno", "dos"), ("edit", "tres", "")]


def tags(flickr: Flickr, photo: str) -> dict[str, str]:
    return {tag["raw"]: tag["_content"] for tag in flickr.info(photo)["tags"]["tag"]}


def test_tags_have_two_spellings(flickr: Flickr) -> None:
    photo = flickr.upload(tags='"Zwei Worte!" Año-2026 myapp:post=1234-1 zweiworte', is_public=0)
    assert tags(flickr, photo) == {
        "Zwei Worte!": "zweiworte",
        "Año-2026": "año2026",
        "myapp:post=1234-1": "myapp:post=1234-1",
    }
    (entry,) = flickr.get("people.getPhotos", user_id="me", extras="tags,machine_tags,date_upload")["photos"]["photo"]
    assert entry["tags"] == "zweiworte año2026 myapp:post=1234-1"
    assert (entry["machine_tags"], entry["dateupload"]) == ("myapp:post=1234-1", str(NOW))
    shown = flickr.info(photo)["tags"]["tag"]
    assert [tag["machine_tag"] for tag in shown] == [0, 0, 1]


def test_commas_separate_nothing(flickr: Flickr) -> None:
    photo = flickr.upload(tags="feria,taller otro", is_public=0)
    assert tags(flickr, photo) == {"feria,taller": "feriataller", "otro": "otro"}


def test_tags_are_replaced_added_and_removed(flickr: Flickr) -> None:
    photo = flickr.upload(tags="uno dos", is_public=0)
    flickr.do("photos.addTags", photo_id=photo, tags="dos tres")
    assert list(tags(flickr, photo)) == ["uno", "dos", "tres"]
    flickr.do("photos.setTags", photo_id=photo, tags="tres cuatro")
    assert list(tags(flickr, photo)) == ["tres", "cuatro"]
    number = flickr.info(photo)["tags"]["tag"][0]["id"]
    flickr.do("photos.removeTag", tag_id=number)
    assert list(tags(flickr, photo)) == ["cuatro"]
    assert flickr.code("photos.removeTag", tag_id=number) == 1
    many = " ".join(f"t{one}" for one in range(76))
    assert flickr.code("photos.setTags", photo_id=photo, tags=many) == 2
    assert flickr.code("photos.addTags", photo_id=photo, tags=many) == 2


def test_private_is_not_found_for_others(stand: Stand, flickr: Flickr) -> None:
    photo, stranger = flickr.upload(is_public=0), other(stand)
    for name in ("photos.getInfo", "photos.comments.getList", "photos.getFavorites", "photos.delete"):
        assert stranger.code(name, photo_id=photo) == 1
    assert flickr.unsigned("photos.getInfo", photo_id=photo).json() == {
        "stat": "fail",
        "code": 1,
        "message": "Photo not found",
    }
    assert stranger.get("people.getPhotos", user_id=flickr.nsid)["photos"]["photo"] == []


def test_others_see_what_is_public_and_change_nothing(stand: Stand, flickr: Flickr) -> None:
    photo, stranger = flickr.upload(title="Feria", is_public=1), other(stand)
    shown = stranger.info(photo)
    assert "originalsecret" not in shown
    assert "permissions" not in shown
    assert stranger.code("photos.setMeta", photo_id=photo, title="x", description="") == 2
    assert stranger.code("photos.setPerms", photo_id=photo, is_public=0, is_friend=0, is_family=0) == 2
    assert flickr.info(photo)["title"] == {"_content": "Feria"}


def test_delete_takes_it_down(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(is_public=1)
    assert flickr.do("photos.delete", photo_id=photo) == {"stat": "ok"}
    assert flickr.code("photos.delete", photo_id=photo) == 1
    assert [w.visible for w in stand.writes] == [True, False]
    assert flickr.listed() == []


def test_info_as_the_sheet_shows_it(flickr: Flickr) -> None:
    photo = flickr.upload(title="Zelt", description="Texto", is_public=1)
    shown = flickr.info(photo)
    assert {"id", "secret", "server", "farm", "dateuploaded", "license", "safety_level", "views", "media"} <= set(shown)
    assert shown["owner"]["nsid"] == flickr.nsid
    assert shown["visibility"] == {"ispublic": 1, "isfriend": 0, "isfamily": 0}
    assert shown["dates"]["posted"] == shown["dates"]["lastupdate"] == str(NOW)
    assert shown["dates"]["taken"] == "2026-11-24 15:00:00"
    assert (shown["comments"], shown["views"], shown["media"]) == ({"_content": "0"}, "0", "photo")
    assert shown["urls"]["url"] == [
        {"type": "photopage", "_content": f"https://www.flickr.com/photos/inpeperu-ensayo/{photo}/"}
    ]


def test_formats(flickr: Flickr) -> None:
    params = {"method": "flickr.photos.licenses.getInfo", "api_key": flickr.key[0]}
    assert len(rsp(flickr.send("GET", API, params=params)).findall("licenses/license")) == 17
    padded = flickr.send("GET", API, params=params | {"format": "json"})
    assert padded.text.startswith("jsonFlickrApi({")
    unknown = rsp(flickr.send("GET", API, params=params | {"format": "yaml"}))
    assert unknown.get("stat") == "fail"
    failed = flickr.ask("photos.getInfo", photo_id="1", format="-", nojsoncallback="-")
    err = rsp(failed).find("err")
    assert err is not None
    assert err.attrib == {"code": "1", "msg": "Photo not found"}
    assert flickr.code("photos.geo.setLocation", photo_id="1") == 112
    assert flickr.code("photos.getInfo", photo_id="1", fields="all") == 112
    assert flickr.send("GET", "https://api.flickr.com/services/rest").status_code == 404


@pytest.mark.parametrize(("number", "allowed"), [("0", True), ("9", True), ("16", True), ("7", False), ("4", False)])
def test_licenses(flickr: Flickr, number: str, allowed: bool) -> None:
    photo = flickr.upload(is_public=0)
    answer = flickr.ask("photos.licenses.setLicense", photo_id=photo, license_id=number).json()
    assert answer.get("code") == (None if allowed else 2)
    assert flickr.info(photo)["license"] == (number if allowed else "0")
    assert flickr.code("photos.licenses.setLicense", photo_id="1", license_id=number) == 1


def test_safety_content_and_comment_rights(flickr: Flickr) -> None:
    photo = flickr.upload(is_public=0)
    flickr.do("photos.setSafetyLevel", photo_id=photo, safety_level=3, hidden=1)
    flickr.do("photos.setContentType", photo_id=photo, content_type=2)
    assert flickr.code("photos.setContentType", photo_id=photo) == 2
    assert flickr.code("photos.setContentType", photo_id=photo, content_type=9) == 112
    perms = {"is_public": 1, "is_friend": 0, "is_family": 0, "perm_comment": 0, "perm_addmeta": 1}
    flickr.do("photos.setPerms", photo_id=photo, **perms)
    shown = flickr.info(photo)
    assert shown["permissions"] == {"permcomment": 0, "permaddmeta": 1}
    assert shown["publiceditability"]["cancomment"] == 0
    assert flickr.code("photos.setPerms", photo_id=photo, is_public=1) == 2


def test_posted_date_moves_a_photo_in_the_list(stand: Stand, flickr: Flickr) -> None:
    first, second = flickr.upload(is_public=1), flickr.upload(is_public=1)
    assert flickr.listed() == [second, first]
    flickr.do("photos.setDates", photo_id=second, date_posted=NOW - 3600)
    assert flickr.listed() == [first, second]
    assert flickr.listed(min_upload_date=NOW) == [first]
    assert flickr.listed(max_upload_date=NOW - 3600) == [second]
    assert flickr.code("photos.setDates", photo_id=first) == 2
    assert flickr.code("photos.setDates", photo_id=first, date_posted=NOW + 3600) == 112
    assert flickr.info(second)["dateuploaded"] == str(NOW)


def test_listing_pages(flickr: Flickr) -> None:
    made = [flickr.upload(is_public=0) for _ in range(3)]
    first = flickr.get("people.getPhotos", user_id="me", per_page=2)["photos"]
    assert (first["page"], first["pages"], first["perpage"], first["total"]) == (1, 2, 2, 3)
    assert [photo["id"] for photo in first["photo"]] == made[:0:-1]
    assert flickr.listed(per_page=2, page=2) == [made[0]]
    assert flickr.get("people.getPhotos", user_id="me", per_page=9999)["photos"]["perpage"] == 500
    assert flickr.code("people.getPhotos", user_id="me", extras="nonsense") == 112
    assert flickr.code("people.getPhotos", user_id="1@N1") == 1


def test_search_lags_behind_the_list(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(title="Feria navideña", tags="myapp:post=7 feria", is_public=1)
    assert flickr.listed() == [photo]
    assert flickr.listed("photos.search") == []
    stand.advance(seconds=31)
    for asked in (
        {"machine_tags": "myapp:post=7"},
        {"machine_tags": "myapp:post="},
        {"machine_tags": "myapp:"},
        {"tags": "Feria,otra"},
        {"text": "navideña"},
        {"min_upload_date": NOW},
    ):
        assert flickr.listed("photos.search", **asked) == [photo], asked
    assert flickr.listed("photos.search", tags="feria,otra", tag_mode="all") == []
    assert flickr.listed("photos.search", machine_tags="myapp:post=70") == []


def test_search_refusals(flickr: Flickr) -> None:
    assert flickr.code("photos.search") == 3
    assert flickr.code("photos.search", tags=",".join(f"t{number}" for number in range(21))) == 1
    assert flickr.code("photos.search", user_id="me", per_page=500, page=9) == 20
    assert flickr.listed("photos.search", per_page=500, page=8) == []


def test_recently_updated_is_a_cursor(stand: Stand, flickr: Flickr) -> None:
    quiet, loud = flickr.upload(is_public=0), flickr.upload(is_public=1)
    stand.advance(minutes=1)
    assert flickr.listed("photos.recentlyUpdated", min_date=NOW) == []
    stand.sandbox.grow(platform="flickr", remote_id=loud)
    assert flickr.listed("photos.recentlyUpdated", min_date=NOW) == [loud]
    flickr.do("photos.addTags", photo_id=quiet, tags="x")
    stand.advance(minutes=1)
    flickr.do("photos.setMeta", photo_id=quiet, title="x", description="")
    assert flickr.listed("photos.recentlyUpdated", min_date=NOW) == [quiet, loud]
    assert flickr.code("photos.recentlyUpdated") == 1


def test_counts_between_dates(flickr: Flickr) -> None:
    flickr.upload(is_public=0)
    spans = flickr.get("photos.getCounts", dates=f"{NOW - 60},{NOW + 60},{NOW + 120}")["photocounts"]["photocount"]
    assert [span["count"] for span in spans] == [1, 0]


def album(flickr: Flickr, photo: str, title: str = "Ferias") -> str:
    made = flickr.do("photosets.create", title=title, description="", primary_photo_id=photo)["photoset"]
    assert made["url"].endswith(f"/albums/{made['id']}")
    return str(made["id"])


def in_album(flickr: Flickr, number: str) -> list[str]:
    document = flickr.get("photosets.getPhotos", photoset_id=number, user_id=flickr.nsid)
    return [photo["id"] for photo in document["photoset"]["photo"]]


def test_album_life(stand: Stand, flickr: Flickr) -> None:
    one, two, three = (flickr.upload(is_public=1) for _ in range(3))
    number = album(flickr, one)
    assert int(number) > 2**53
    flickr.do("photosets.addPhoto", photoset_id=number, photo_id=two)
    assert flickr.code("photosets.addPhoto", photoset_id=number, photo_id=two) == 3
    flickr.do("photosets.addPhoto", photoset_id=number, photo_id=three)
    flickr.do("photosets.reorderPhotos", photoset_id=number, photo_ids=f"{three},{one},{two}")
    assert in_album(flickr, number) == [three, one, two]
    flickr.do("photosets.setPrimaryPhoto", photoset_id=number, photo_id=two)
    flickr.do("photosets.editMeta", photoset_id=number, title="Otro", description="d")
    (shown,) = flickr.get("photosets.getList", user_id=flickr.nsid)["photosets"]["photoset"]
    assert (shown["id"], shown["primary"], shown["photos"]) == (number, two, 3)
    assert (shown["title"], shown["count_views"]) == ({"_content": "Otro"}, "0")
    flickr.do("photos.delete", photo_id=two)
    assert in_album(flickr, number) == [three, one]
    flickr.do("photosets.removePhoto", photoset_id=number, photo_id=three)
    flickr.do("photosets.removePhoto", photoset_id=number, photo_id=one)
    assert flickr.code("photosets.getPhotos", photoset_id=number) == 1
    assert {w.kind for w in stand.writes} == {"photo"}


def test_album_refusals(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(is_public=0)
    assert flickr.code("photosets.create", title="", primary_photo_id=photo) == 1
    assert flickr.code("photosets.create", title="A", primary_photo_id="1") == 2
    assert other(stand).code("photosets.create", title="A", primary_photo_id=photo) == 2
    first, second = album(flickr, photo), album(flickr, photo)
    assert first != second
    assert other(stand).get("photosets.getList", user_id=flickr.nsid)["photosets"]["photoset"] == []
    account = imitation(stand).streams.accounts[flickr.nsid]
    account.album_limit, account.album_size = 2, 1
    assert flickr.code("photosets.create", title="A", primary_photo_id=photo) == 3
    assert flickr.code("photosets.addPhoto", photoset_id=first, photo_id=flickr.upload(is_public=0)) == 10
    assert flickr.code("photosets.addPhoto", photoset_id="1", photo_id=photo) == 1
    assert flickr.code("photosets.addPhoto", photoset_id=first, photo_id="1") == 2
    assert other(stand).code("photosets.delete", photoset_id=first) == 1
    flickr.do("photosets.delete", photoset_id=first)
    assert flickr.listed()


def imitation(stand: Stand) -> FlickrImitation:
    found = stand.sandbox.imitation_of("api.flickr.com")
    assert isinstance(found, FlickrImitation)
    return found


def pool(flickr: Flickr, photo: str, group: str) -> int:
    """Return the code, 0 for a success."""
    answer: dict[str, Any] = flickr.ask("groups.pools.add", photo_id=photo, group_id=group).json()
    return int(answer.get("code", 0))


def test_groups(stand: Stand, flickr: Flickr) -> None:
    world = stand.world.flickr
    photo, second, hidden = flickr.upload(is_public=1), flickr.upload(is_public=1), flickr.upload(is_public=0)
    known = {group["nsid"] for group in flickr.get("groups.pools.getGroups")["groups"]["group"]}
    assert known == {world.open_group, world.moderated_group, world.throttled_group, world.photo_group}
    assert [pool(flickr, photo, world.open_group) for _ in range(2)] == [0, 3]
    assert [pool(flickr, photo, world.moderated_group) for _ in range(2)] == [6, 7]
    stand.advance(hours=2)
    assert pool(flickr, photo, world.moderated_group) == 3
    assert [pool(flickr, one, world.throttled_group) for one in (photo, second)] == [0, 5]
    throttle = flickr.get("groups.getInfo", group_id=world.throttled_group)["group"]["throttle"]
    assert throttle == {"count": 1, "mode": "day", "remaining": 0}
    stand.advance(hours=24)
    assert pool(flickr, second, world.throttled_group) == 0
    assert (pool(flickr, "1", world.open_group), pool(flickr, second, "1@N1")) == (1, 2)
    assert pool(flickr, hidden, world.open_group) == 8
    film_id = flickr.upload(film(), is_public=1)
    assert pool(flickr, film_id, world.photo_group) == 8
    assert flickr.get("groups.getInfo", group_id=world.photo_group)["group"]["restrictions"]["videos_ok"] == 0
    imitation(stand).streams.accounts[flickr.nsid].pool_limit = 3
    assert pool(flickr, photo, world.photo_group) == 4
    flickr.do("groups.pools.remove", photo_id=photo, group_id=world.open_group)
    assert flickr.code("groups.pools.remove", photo_id=photo, group_id=world.open_group) == 2
    imitation(stand).streams.state.groups[world.open_group].capacity = 0
    assert pool(flickr, second, world.open_group) == 10


def test_public_pages(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(image(), title="Feria <i>", description="Texto", is_public=1)
    page = f"https://www.flickr.com/photos/inpeperu-ensayo/{photo}/"
    shown = flickr.send("GET", page)
    assert (shown.status_code, "Feria &lt;i&gt;" in shown.text) == (200, True)
    assert flickr.send("GET", f"https://www.flickr.com/photos/{flickr.nsid}/{photo}/").status_code == 200
    assert photo in flickr.send("GET", "https://www.flickr.com/photos/inpeperu-ensayo/").text
    short = f"https://flic.kr/p/{base58(int(photo))}"
    assert flickr.send("GET", short, allow_redirects=False).headers["Location"] == page
    (card,) = imitation(stand).cards()
    assert (card.title, card.text, card.link) == ("Feria <i>", "Texto", page)
    flickr.do("photos.setPerms", photo_id=photo, is_public=0, is_friend=0, is_family=0)
    assert flickr.send("GET", page).status_code == flickr.send("GET", short).status_code == 404
    assert imitation(stand).cards() == []


def base58(number: int) -> str:
    letters = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
    return (base58(number // 58) if number >= 58 else "") + letters[number % 58]


def test_people(stand: Stand, flickr: Flickr) -> None:
    flickr.upload(is_public=0)
    person = flickr.get("people.getInfo", user_id="me")["person"]
    assert (person["nsid"], person["ispro"], person["photos"]["count"]) == (flickr.nsid, 1, {"_content": "1"})
    assert other(stand).get("people.getInfo", user_id=flickr.nsid)["person"]["photos"]["count"] == {"_content": "0"}
    assert flickr.code("people.getInfo", user_id="1@N1") == 1
    stand.advance(seconds=timedelta(days=2).total_seconds())
    contacts = flickr.get("contacts.getPublicList", user_id=flickr.nsid, per_page=5)["contacts"]
    assert (len(contacts["contact"]), contacts["total"] > 300) == (5, True)
