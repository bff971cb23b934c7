"""What came back to the imitated Flickr, comments and numbers; and what goes wrong there."""

from typing import Any

import pytest
import requests

from sandbox import FaultPlan
from sandbox.flickr import FlickrImitation
from tests.sandbox.clients import START, Stand
from tests.sandbox.flickr_client import Flickr, other, problem, rsp

NOW = int(START.timestamp())


@pytest.fixture
def flickr(stand: Stand) -> Flickr:
    return Flickr(stand)


def imitation(stand: Stand) -> FlickrImitation:
    found = stand.sandbox.imitation_of("api.flickr.com")
    assert isinstance(found, FlickrImitation)
    return found


def comments(flickr: Flickr, photo: str, **args: Any) -> list[dict[str, Any]]:
    found = flickr.get("photos.comments.getList", photo_id=photo, **args)["comments"]
    return list(found["comment"])


def say(flickr: Flickr, photo: str, text: str) -> str:
    made = flickr.do("photos.comments.addComment", photo_id=photo, comment_text=text)["comment"]
    return str(made["id"])


def test_comments_are_flat_and_oldest_first(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(title="Feria", is_public=1)
    (first,) = stand.sandbox.grow(text='¿A qué "hora" & dónde? <3 <b>Ya</b>', author="Rosa Quispe", platform="flickr")
    stand.advance(minutes=5)
    (second,) = stand.sandbox.grow(text="Gracias", author="Luis Rojas", platform="flickr", remote_id=first)
    reply = say(flickr, photo, "[https://www.flickr.com/photos/1@N05/] A las nueve")
    found = comments(flickr, photo)
    assert [comment["id"] for comment in found] == [first, second, reply]
    assert found[0]["_content"] == "¿A qué &quot;hora&quot; &amp; dónde? &lt;3 <b>Ya</b>"
    assert (found[0]["authorname"], found[0]["author_is_deleted"]) == ("Rosa Quispe", 0)
    assert (found[2]["author"], found[2]["datecreate"]) == (flickr.nsid, str(NOW + 300))
    assert found[2]["permalink"].startswith(f"https://www.flickr.com/photos/inpeperu-ensayo/{photo}/#comment")
    assert first.split("-")[1] == photo
    since = comments(flickr, photo, min_comment_date=NOW + 300)
    assert [comment["id"] for comment in since] == [second, reply]
    assert [comment["id"] for comment in comments(flickr, photo, max_comment_date=NOW)] == [first]
    assert [comment["id"] for comment in comments(flickr, photo, per_page=2, page=2)] == [reply]
    assert flickr.info(photo)["comments"] == {"_content": "3"}


def test_same_words_again_are_swallowed(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(is_public=1)
    first = say(flickr, photo, "Gracias")
    assert say(flickr, photo, " Gracias ") == first
    assert say(other(stand), photo, "Gracias") != first
    assert len(comments(flickr, photo)) == 2
    assert [(w.kind, w.text) for w in stand.writes if w.account == flickr.nsid] == [
        ("photo", ""),
        ("comment", "Gracias"),
    ]
    flickr.do("photos.comments.deleteComment", comment_id=first)
    assert say(flickr, photo, "Gracias") != first


def test_comment_refusals(stand: Stand, flickr: Flickr) -> None:
    photo, private = flickr.upload(is_public=1), flickr.upload(is_public=0)
    assert flickr.code("photos.comments.addComment", photo_id="1", comment_text="x") == 1
    assert flickr.code("photos.comments.addComment", photo_id=photo, comment_text="  ") == 8
    assert flickr.code("photos.comments.addComment", photo_id=photo, comment_text="http://malo.invalid/") == 116
    assert other(stand).code("photos.comments.addComment", photo_id=private, comment_text="x") == 1
    perms = {"is_public": 1, "is_friend": 0, "is_family": 0, "perm_comment": 1}
    flickr.do("photos.setPerms", photo_id=photo, **perms)
    assert other(stand).code("photos.comments.addComment", photo_id=photo, comment_text="x") == 99
    assert stand.sandbox.grow(platform="flickr") == ()
    assert say(flickr, photo, "el dueño puede")


def test_too_many_comments_at_once(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(is_public=1)
    for number in range(20):
        say(flickr, photo, f"Gracias {number}")
    assert flickr.code("photos.comments.addComment", photo_id=photo, comment_text="una más") == 9
    assert say(flickr, photo, "Gracias 3")
    stand.advance(minutes=1)
    assert say(flickr, photo, "una más")


def test_deleting_is_hiding(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(is_public=1)
    (visitor,) = stand.sandbox.grow(text="Feo", platform="flickr")
    own = say(flickr, photo, "Gracias")
    world = stand.world.flickr
    write = Flickr(stand, token=(world.write_token, world.write_token_secret))
    write.do("photos.comments.deleteComment", comment_id=visitor)
    assert write.code("photos.comments.deleteComment", comment_id=visitor) == 2
    assert other(stand).code("photos.comments.deleteComment", comment_id=own) == 99
    flickr.do("photos.comments.editComment", comment_id=own, comment_text="Gracias a todos")
    assert other(stand).code("photos.comments.editComment", comment_id=own, comment_text="x") == 99
    assert [(w.kind, w.text, w.visible) for w in stand.writes[1:]] == [
        ("comment", "Gracias", True),
        ("comment", "Feo", False),
        ("edit", "Gracias a todos", True),
    ]


def test_comments_of_a_private_photo_are_seen_with_it(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(is_public=0)
    say(flickr, photo, "Pronto")
    assert stand.writes == []
    flickr.do("photos.setPerms", photo_id=photo, is_public=1, is_friend=0, is_family=0)
    assert [write.kind for write in stand.writes] == ["photo", "comment"]


def test_deleted_authors(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(is_public=1)
    stand.sandbox.grow(author="Rosa Quispe", platform="flickr")
    author = comments(flickr, photo)[0]["author"]
    imitation(stand).streams.state.people[author].deleted = True
    assert comments(flickr, photo)[0]["author_is_deleted"] == 1
    assert flickr.code("people.getInfo", user_id=author) == 5


def test_comments_on_albums(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(is_public=1)
    made = flickr.do("photosets.create", title="A", primary_photo_id=photo)["photoset"]["id"]
    first = flickr.do("photosets.comments.addComment", photoset_id=made, comment_text="Hola")["comment"]["id"]
    again = flickr.do("photosets.comments.addComment", photoset_id=made, comment_text="Hola")["comment"]["id"]
    assert first == again
    assert len(flickr.get("photosets.comments.getList", photoset_id=made)["comments"]["comment"]) == 1
    assert flickr.code("photos.comments.deleteComment", comment_id=first) == 2
    flickr.do("photosets.comments.deleteComment", comment_id=first)
    assert comments(flickr, photo) == []


def test_activity(stand: Stand, flickr: Flickr) -> None:
    flickr.upload(is_public=1)
    photo = flickr.upload(is_public=1)
    stand.sandbox.grow(text="Hola", platform="flickr", remote_id=photo)
    say(flickr, photo, "propio")
    (item,) = flickr.get("activity.userPhotos", timeframe="2d")["items"]["item"]
    assert item["id"] == photo
    assert [event["_content"] for event in item["activity"]["event"]] == ["Hola"]
    stand.advance(days=3)
    assert flickr.get("activity.userPhotos", timeframe="2d")["items"]["item"] == []


def views(flickr: Flickr, photo: str) -> int:
    return int(flickr.info(photo)["views"])


def test_views_grow_while_it_is_public(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(is_public=1)
    seen = [views(flickr, photo)]
    for _day in range(3):
        stand.advance(days=1)
        seen.append(views(flickr, photo))
    assert seen[0] == 0
    assert seen == sorted(set(seen))
    (entry,) = flickr.get("people.getPhotos", user_id="me", extras="views,count_faves,count_comments")["photos"][
        "photo"
    ]
    assert (entry["views"], entry["count_comments"]) == (str(seen[-1]), "0")
    favorites = flickr.get("photos.getFavorites", photo_id=photo, per_page=2)["photo"]
    assert (favorites["total"], len(favorites["person"])) == (int(entry["count_faves"]), 2)
    assert favorites["person"][0]["favedate"] >= favorites["person"][1]["favedate"]
    flickr.do("photos.setPerms", photo_id=photo, is_public=0, is_friend=0, is_family=0)
    stand.advance(days=5)
    assert views(flickr, photo) == seen[-1]


def test_stats_of_days_add_up(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(is_public=1)
    stand.advance(days=2)
    stand.sandbox.grow(comments=2, platform="flickr")
    days = [
        flickr.get("stats.getPhotoStats", date=day, photo_id=photo)["stats"]
        for day in ("2026-11-24", "2026-11-25", "2026-11-26")
    ]
    assert sum(int(day["views"]) for day in days) == views(flickr, photo)
    assert [day["comments"] for day in days] == ["0", "0", "2"]
    assert set(days[0]) == {"views", "comments", "favorites"}
    by_seconds = flickr.get("stats.getPhotoStats", date=NOW, photo_id=photo)["stats"]
    assert by_seconds == days[0]


def test_stats_reach_back_28_days(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(is_public=1)
    stand.advance(days=27)
    assert flickr.get("stats.getPhotoStats", date="2026-11-24", photo_id=photo)
    stand.advance(days=1)
    assert flickr.code("stats.getPhotoStats", date="2026-11-24", photo_id=photo) == 2
    assert flickr.code("stats.getPhotoStats", date="2026-12-30", photo_id=photo) == 2
    assert flickr.code("stats.getPhotoStats", date="24/11/2026", photo_id=photo) == 3
    assert flickr.code("stats.getPhotoStats", date="2026-02-30", photo_id=photo) == 3
    assert flickr.code("stats.getPhotoStats", date="2026-12-22", photo_id="1") == 4
    late = flickr.upload(is_public=1)
    assert flickr.code("stats.getPhotoStats", date="2026-12-01", photo_id=late) == 2


def test_stats_are_for_pro(stand: Stand, flickr: Flickr) -> None:
    free = other(stand)
    photo = free.upload(is_public=1)
    assert free.code("stats.getPhotoStats", date="2026-11-24", photo_id=photo) == 1
    assert free.code("stats.getTotalViews") == 1
    imitation(stand).streams.accounts[flickr.nsid].stats = False
    assert flickr.code("stats.getPhotostreamStats", date="2026-11-24") == 1


def test_account_stats(stand: Stand, flickr: Flickr) -> None:
    one, two = flickr.upload(is_public=1), flickr.upload(is_public=1)
    made = flickr.do("photosets.create", title="A", primary_photo_id=one)["photoset"]["id"]
    stand.advance(days=2)
    day = {"date": "2026-11-25"}
    total = flickr.get("stats.getTotalViews")["stats"]
    parts = [int(total[name]["views"]) for name in ("photos", "photostream", "sets", "collections", "galleries")]
    assert int(total["total"]["views"]) == sum(parts)
    assert parts[0] == views(flickr, one) + views(flickr, two)
    assert int(flickr.get("stats.getTotalViews", **day)["stats"]["photos"]["views"]) > 0
    popular = flickr.get("stats.getPopularPhotos", **day)["photos"]["photo"]
    counts = [int(photo["stats"]["views"]) for photo in popular]
    assert counts == sorted(counts, reverse=True)
    assert int(flickr.get("stats.getPhotostreamStats", **day)["stats"]["views"]) > 0
    assert int(flickr.get("stats.getPhotosetStats", photoset_id=made, **day)["stats"]["views"]) > 0
    (first, *_) = flickr.get("stats.getPhotoDomains", photo_id=one, **day)["domains"]["domain"]
    (referrer,) = flickr.get("stats.getPhotoReferrers", photo_id=one, domain=first["name"], **day)["domain"]["referrer"]
    assert referrer["views"] == first["views"]


@pytest.mark.parametrize(("kind", "entries"), [("drop_before", 0), ("drop_after", 1)])
def test_cut_uploads(stand: Stand, flickr: Flickr, kind: str, entries: int) -> None:
    stand.plant({"kind": kind}, match={"platform": "flickr", "operation": "upload"})
    with pytest.raises(requests.ConnectionError):
        flickr.post(is_public=1, tags="myapp:post=1234-1")
    assert len(stand.writes) == entries
    found = flickr.get("people.getPhotos", user_id="me", min_upload_date=NOW - 60, extras="machine_tags")["photos"]
    assert [photo["machine_tags"] for photo in found["photo"]] == ["myapp:post=1234-1"] * entries
    assert (rsp(flickr.post(is_public=1, dedup_check=1)).get("stat") == "fail") is bool(entries)


@pytest.mark.parametrize("status", [500, 502, 504])
def test_proxy_answers_after_the_photo_was_stored(stand: Stand, flickr: Flickr, status: int) -> None:
    stand.plant({"kind": "status_after", "status": status}, match={"operation": "upload"})
    answer = flickr.post(is_public=1)
    assert (answer.status_code, "<html" in answer.text, len(stand.writes)) == (status, True, 1)


@pytest.mark.parametrize("code", [105, 106, 116, 2])
def test_planned_codes_come_under_200(stand: Stand, flickr: Flickr, code: int) -> None:
    stand.plant({"kind": "status_before", "code": code}, times=2)
    assert flickr.refused(is_public=1) == code
    assert flickr.code("test.login") == code
    assert flickr.get("test.login")
    assert stand.writes == []


@pytest.mark.parametrize("code", [0, 201])
def test_outages_answer_in_the_other_format(stand: Stand, flickr: Flickr, code: int) -> None:
    stand.plant({"kind": "status_before", "code": code}, times=3)
    outage = "Sorry, the Flickr API service is not currently available."
    said = {"stat": "fail", "code": code, "message": outage}
    assert flickr.ask("test.login", format="-").json() == said
    assert flickr.post(is_public=0).json() == said
    assert rsp(flickr.ask("test.login")).get("stat") == "fail"


def test_throttling_is_a_page(stand: Stand, flickr: Flickr) -> None:
    stand.plant({"kind": "throttle"}, times=3)
    for answer in (flickr.ask("test.login"), flickr.post(is_public=1), flickr.send("GET", "https://www.flickr.com/")):
        assert (answer.status_code, answer.headers["Content-Type"][:9]) == (429, "text/html")
        assert not {name.lower() for name in answer.headers} & {"retry-after", "x-ratelimit-remaining"}
    assert stand.writes == []


def test_methods_say_too_many_in_their_own_codes(stand: Stand, flickr: Flickr) -> None:
    stand.plant({"kind": "throttle", "code": 14}, match={"operation": "upload"})
    assert flickr.refused(is_public=1) == 14


def test_planned_oauth_problems(stand: Stand, flickr: Flickr) -> None:
    stand.plant({"kind": "expired_token"}, times=2)
    assert problem(flickr.ask("test.login")) == {"oauth_problem": "token_rejected"}
    assert problem(flickr.post(is_public=1)) == {"oauth_problem": "token_rejected"}
    stand.plant({"kind": "expired_token", "subcode": 98})
    assert flickr.code("test.login") == 98
    stand.plant({"kind": "status_before", "code": "permission_denied"})
    assert problem(flickr.ask("test.login")) == {"oauth_problem": "permission_denied"}
    assert stand.writes == []


def test_hidden_in_lists(stand: Stand, flickr: Flickr) -> None:
    stand.plant({"kind": "hidden_in_lists", "reads": 2}, match={"operation": "upload"})
    photo = flickr.upload(is_public=1)
    assert [flickr.listed() for _ in range(3)] == [[], [], [photo]]
    private = flickr.upload(is_public=0)
    stand.plant({"kind": "hidden_in_lists", "seconds": 30}, match={"operation": "publish"})
    flickr.do("photos.setPerms", photo_id=private, is_public=1, is_friend=0, is_family=0)
    assert flickr.listed() == [photo]
    assert flickr.info(private)["id"] == private
    stand.advance(seconds=31)
    assert flickr.listed() == [private, photo]


def test_operations_have_names(stand: Stand, flickr: Flickr) -> None:
    photo = flickr.upload(is_public=0)
    for public in (1, 0):
        flickr.do("photos.setPerms", photo_id=photo, is_public=public, is_friend=0, is_family=0)
    say(flickr, photo, "Hola")
    flickr.get("stats.getTotalViews")
    flickr.do("photos.delete", photo_id=photo)
    seen = [entry["operation"] for entry in stand.sandbox.requests]
    assert seen == ["upload", "publish", "unpublish", "reply", "account_metrics", "delete"]
    assert set(seen) <= FlickrImitation.operations
    document = {"rules": [{"match": {"platform": "flickr", "operation": "feed"}, "fault": {"kind": "html"}}]}
    with pytest.raises(ValueError, match="feed"):
        stand.sandbox.plant(FaultPlan.parse(document))


def test_every_method_has_a_known_operation(stand: Stand) -> None:
    names = {method.operation for method in imitation(stand).methods.values()}
    assert names - {"perms"} <= FlickrImitation.operations


def test_over_use_kills_the_key(stand: Stand, flickr: Flickr) -> None:
    imitation(stand).gate.abuse = 5
    for _ in range(5):
        flickr.get("test.login")
    assert flickr.ask("test.login").json()["message"] == "Invalid API Key (Key has expired)"
    stand.advance(hours=2)
    assert flickr.refused(is_public=1) == 100


def test_calls_of_an_earlier_hour_do_not_count(stand: Stand, flickr: Flickr) -> None:
    imitation(stand).gate.abuse = 5
    for _ in range(3):
        for _call in range(4):
            flickr.get("test.login")
        stand.advance(hours=1)
    assert flickr.get("test.login")


def test_world_has_no_secret_twice(stand: Stand) -> None:
    world = stand.own("GET", "/_world").json()["flickr"]
    secrets = [value for name, value in world.items() if "secret" in name or "token" in name]
    assert len(secrets) == len(set(secrets)) == 12


def test_requests_are_remembered_without_secrets(stand: Stand, flickr: Flickr) -> None:
    flickr.get("test.login")
    seen = stand.own("GET", "/_requests").text
    assert "/services/rest/" in seen
    assert all(secret not in seen for secret in (*flickr.token, *flickr.key))
