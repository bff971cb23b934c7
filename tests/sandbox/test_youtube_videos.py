"""Videos once they are there: privacy, processing, updates that erase, lists, playlists, captions (sheet 2.3, 3.1)."""

import json
from typing import Any

import pytest

from tests.sandbox.clients import Stand, video
from tests.sandbox.youtube_client import Other, Tube, metadata, reason

SUBTITLES = b"WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nHola\n"


@pytest.fixture
def tube(stand: Stand) -> Tube:
    return Tube(stand)


def test_private_video_becomes_public_once(stand: Stand, tube: Tube) -> None:
    video_id = tube.upload()
    stand.advance(minutes=1)
    assert tube.video(video_id)["status"]["uploadStatus"] == "processed"
    assert Other(stand).get("videos", part="id", id=video_id).json()["items"] == []
    assert stand.writes == []
    for _again in range(2):
        answer = tube.publish(video_id)
        assert (answer.status_code, answer.json()["status"]["privacyStatus"]) == (200, "public")
    (write,) = stand.writes
    assert (write.platform, write.account) == ("youtube", stand.world.youtube.channel_id)
    assert (write.kind, write.remote_id, write.title, write.text) == ("video", video_id, "Feria", "Texto")
    assert Other(stand).get("videos", part="id", id=video_id).json()["items"][0]["id"] == video_id


def test_going_private_and_deleting_are_taking_down(stand: Stand, tube: Tube) -> None:
    video_id = tube.public()
    answer = tube.change("videos", {"id": video_id, "status": {"privacyStatus": "private"}}, part="status")
    assert answer.status_code == 200
    tube.publish(video_id)
    gone = tube.delete("videos", id=video_id)
    assert (gone.status_code, gone.content) == (204, b"")
    assert [write.visible for write in stand.writes] == [True, False, True, False]
    assert reason(tube.delete("videos", id=video_id)) == (404, "videoNotFound")
    assert tube.get("videos", part="id", id=video_id).json()["items"] == []
    assert tube.listed() == []


def test_unlisted_is_seen_by_who_has_the_link(stand: Stand, tube: Tube) -> None:
    video_id = tube.upload(body=metadata("unlisted"))
    stand.advance(minutes=1)
    assert len(Other(stand).get("videos", part="id", id=video_id).json()["items"]) == 1
    assert Other(stand).listed() == []
    tube.publish(video_id)
    stand.own("GET", "/_ledger")
    assert [(write.remote_id, write.visible) for write in stand.writes] == [(video_id, True)]
    assert Other(stand).listed() == [video_id]


def test_update_erases_what_is_left_out(tube: Tube) -> None:
    video_id = tube.upload(body=metadata(defaultLanguage="es"))
    body = {"id": video_id, "snippet": {"title": "Nuevo", "categoryId": "22"}}
    assert tube.change("videos", body, part="snippet").status_code == 200
    snippet = tube.video(video_id)["snippet"]
    assert (snippet["title"], snippet["description"], snippet["categoryId"]) == ("Nuevo", "", "22")
    assert not {"tags", "defaultLanguage"} & snippet.keys()
    assert tube.video(video_id)["status"]["privacyStatus"] == "private"


def test_status_update_erases_too_and_reverts_to_public(stand: Stand, tube: Tube) -> None:
    body = metadata()
    body["status"] |= {"publishAt": "2026-12-01T09:00:00-05:00", "license": "creativeCommon"}
    video_id = tube.upload(body=body)
    stand.advance(minutes=1)
    assert tube.video(video_id)["status"]["publishAt"] == "2026-12-01T14:00:00Z"
    tube.change("videos", {"id": video_id, "status": {"privacyStatus": "private"}}, part="status")
    status = tube.video(video_id)["status"]
    assert (status["license"], status["embeddable"]) == ("youtube", False)
    assert not {"publishAt", "selfDeclaredMadeForKids"} & status.keys()
    assert stand.writes == []
    tube.change("videos", {"id": video_id, "status": {"embeddable": True}}, part="status")
    assert tube.video(video_id)["status"]["privacyStatus"] == "public"
    assert len(stand.writes) == 1


def test_parts_not_named_are_not_written(tube: Tube) -> None:
    video_id = tube.upload()
    body = {"id": video_id, "snippet": {"title": "Otro"}, "status": {"privacyStatus": "private", "embeddable": False}}
    answer = tube.change("videos", body, part="status")
    assert "snippet" not in answer.json()
    assert tube.video(video_id)["snippet"]["title"] == "Feria"


@pytest.mark.parametrize(
    ("body", "part", "expected"),
    [
        ({"snippet": {"title": "Sin categoría"}}, "snippet", (400, "invalidCategoryId")),
        ({"snippet": {"categoryId": "22"}}, "snippet", (400, "invalidTitle")),
        ({"id": "unknown", "status": {"privacyStatus": "private"}}, "status", (404, "videoNotFound")),
        ({"id": None, "status": {"privacyStatus": "private"}}, "status", (400, "invalidVideoMetadata")),
        ({"localizations": {"qu": {"title": "x"}}}, "localizations", (400, "defaultLanguageNotSet")),
    ],
)
def test_updates_are_checked(tube: Tube, body: dict[str, Any], part: str, expected: tuple[int, str]) -> None:
    video_id = tube.upload()
    before = tube.video(video_id)
    assert reason(tube.change("videos", {"id": video_id} | body, part=part)) == expected
    assert tube.video(video_id)["snippet"] == before["snippet"]


def test_another_channel_changes_nothing(stand: Stand, tube: Tube) -> None:
    shown, kept = tube.public(), tube.upload()
    other = Other(stand)
    assert reason(other.publish(shown)) == (403, "forbidden")
    assert reason(other.delete("videos", id=shown)) == (403, "forbidden")
    assert reason(other.delete("videos", id=kept)) == (404, "videoNotFound")
    assert reason(other.get("videos", id=shown, part="fileDetails")) == (403, "forbidden")
    assert "publishAt" not in other.video(shown)["status"]
    assert len(stand.writes) == 1


def test_scheduled_video_appears_by_itself(stand: Stand, tube: Tube) -> None:
    body = metadata()
    body["status"]["publishAt"] = "2026-11-25T15:00:00Z"
    video_id = tube.upload(body=body)
    stand.advance(hours=23)
    assert stand.writes == []
    tube.later(hours=1)
    assert [write.remote_id for write in stand.writes] == [video_id]
    status = tube.video(video_id)["status"]
    assert (status["privacyStatus"], "publishAt" in status) == ("public", False)
    again = {"id": video_id, "status": {"privacyStatus": "private", "publishAt": "2027-01-01T00:00:00Z"}}
    assert reason(tube.change("videos", again, part="status")) == (400, "invalidPublishAt")


def test_publish_time_in_the_past_publishes_at_once(stand: Stand, tube: Tube) -> None:
    video_id = tube.upload()
    stand.advance(minutes=1)
    past = {"id": video_id, "status": {"privacyStatus": "private", "publishAt": "2026-11-01T00:00:00Z"}}
    assert tube.change("videos", past, part="status").json()["status"]["privacyStatus"] == "public"
    assert len(stand.writes) == 1


def test_public_video_is_seen_only_when_processed(stand: Stand, tube: Tube) -> None:
    stand.plant({"kind": "processing", "polls": 3}, match={"operation": "upload_last"})
    video_id = tube.upload(body=metadata("public"))
    part = "status,processingDetails"
    seen = [tube.video(video_id, part) for _ in range(4)]
    assert [one["status"]["uploadStatus"] for one in seen] == ["uploaded"] * 3 + ["processed"]
    assert [one["processingDetails"]["processingStatus"] for one in seen] == ["processing"] * 3 + ["succeeded"]
    done = [int(one["processingDetails"]["processingProgress"]["partsProcessed"]) for one in seen[:3]]
    assert done == sorted(done)
    assert done[0] < done[2]
    assert [write.remote_id for write in stand.writes] == [video_id]


def test_processing_planned_at_the_start_counts_too(stand: Stand, tube: Tube) -> None:
    stand.plant({"kind": "processing", "polls": 2}, match={"operation": "upload_start"})
    video_id = tube.upload()
    tube.later(hours=1)
    assert [tube.video(video_id)["status"]["uploadStatus"] for _ in range(3)] == ["uploaded", "uploaded", "processed"]


@pytest.mark.parametrize(
    ("data", "status", "key", "why", "processing"),
    [
        (b"no video at all", "failed", "failureReason", "invalidFile", "failed"),
        (video(40) + b"sandbox-failed-codec", "failed", "failureReason", "codec", "failed"),
        (video(40) + b"sandbox-rejected-copyright", "rejected", "rejectionReason", "copyright", "terminated"),
    ],
)
def test_bad_files_end_badly(
    stand: Stand, tube: Tube, data: bytes, status: str, key: str, why: str, processing: str
) -> None:
    video_id = tube.upload(data, metadata("public"))
    assert tube.video(video_id)["status"]["uploadStatus"] == "uploaded"
    ended = tube.video(video_id, "status,processingDetails")
    assert (ended["status"]["uploadStatus"], ended["status"][key]) == (status, why)
    assert ended["processingDetails"]["processingStatus"] == processing
    stand.advance(minutes=50)
    assert stand.writes == []
    assert Other(stand).get("videos", part="id", id=video_id).json()["items"] == []


def test_uploads_are_listed_newest_first_and_lag(stand: Stand, tube: Tube) -> None:
    first = tube.upload()
    stand.plant({"kind": "hidden_in_lists", "seconds": 90, "reads": 1}, match={"operation": "upload_last"})
    second = tube.upload()
    assert tube.listed() == [first]
    assert tube.listed() == [first]
    assert tube.video(second)["id"] == second
    stand.advance(seconds=91)
    assert tube.listed() == [second, first]
    answer = tube.get(
        "playlistItems", playlistId=stand.world.youtube.uploads_playlist_id, part="snippet,status,contentDetails"
    ).json()
    assert answer["pageInfo"] == {"totalResults": 2, "resultsPerPage": 5}
    item = answer["items"][0]
    assert item["status"] == {"privacyStatus": "private"}
    assert item["snippet"]["resourceId"] == {"kind": "youtube#video", "videoId": second}
    assert item["contentDetails"] == {"videoId": second}


def test_lists_are_paged_by_opaque_tokens(tube: Tube) -> None:
    made = [tube.upload() for _ in range(7)]
    home = tube.stand.world.youtube.uploads_playlist_id
    first = tube.get("playlistItems", playlistId=home, part="contentDetails", maxResults="3").json()
    token = first["nextPageToken"]
    newer = tube.upload()
    second = tube.get("playlistItems", playlistId=home, part="contentDetails", maxResults="3", pageToken=token).json()
    seen = [item["contentDetails"]["videoId"] for page in (first, second) for item in page["items"]]
    assert seen == made[:0:-1]
    assert newer not in seen
    last = tube.get(
        "playlistItems", playlistId=home, part="contentDetails", maxResults="3", pageToken=second["nextPageToken"]
    ).json()
    assert "nextPageToken" not in last
    for wrong in ("garbage", "Z2FyYmFnZQ=="):
        answer = tube.get("playlistItems", playlistId=home, part="contentDetails", pageToken=wrong)
        assert reason(answer) == (400, "invalidPageToken")
    answer = tube.get("playlistItems", playlistId=home, part="snippet", pageToken=token)
    assert reason(answer) == (400, "invalidPageToken")


def test_brand_new_channel_has_no_uploads_playlist(stand: Stand, tube: Tube) -> None:
    other = Other(stand)
    home = "UU" + stand.world.youtube.other_channel_id[2:]
    assert reason(other.get("playlistItems", part="id", playlistId=home)) == (404, "playlistNotFound")
    other.upload()
    assert len(other.get("playlistItems", part="id", playlistId=home).json()["items"]) == 1
    assert tube.get("playlistItems", part="id", playlistId=home).json()["items"] == []
    assert tube.listed() == []


def test_search_lags(stand: Stand, tube: Tube) -> None:
    video_id = tube.upload()

    def found() -> list[str]:
        answer = tube.get("search", part="id", forMine="true", type="video").json()
        return [item["id"]["videoId"] for item in answer["items"]]

    assert found() == []
    tube.later(hours=5)
    assert (tube.listed(), found()) == ([video_id], [])
    tube.later(hours=1)
    assert found() == [video_id]


def test_categories_tell_which_may_be_used(tube: Tube) -> None:
    found = tube.get("videoCategories", part="snippet", regionCode="PE").json()["items"]
    usable = {one["id"] for one in found if one["snippet"]["assignable"]}
    assert {"22", "24", "26", "27"} <= usable
    assert len(usable) < len(found)


def test_playlists_take_a_video_twice(stand: Stand, tube: Tube) -> None:
    video_id = tube.public()
    body = {"snippet": {"title": "Ferias"}, "status": {"privacyStatus": "public"}}
    playlist = tube.post("playlists", body, part="snippet,status").json()
    assert playlist["snippet"]["title"] == "Ferias"
    item = {"snippet": {"playlistId": playlist["id"], "resourceId": {"kind": "youtube#video", "videoId": video_id}}}
    made = [tube.post("playlistItems", item, part="snippet").json()["id"] for _twice in range(2)]
    assert len(set(made)) == 2
    listed = tube.get("playlistItems", part="contentDetails", playlistId=playlist["id"]).json()["items"]
    assert [one["contentDetails"]["videoId"] for one in listed] == [video_id] * 2
    assert tube.delete("playlistItems", id=made[0]).status_code == 204
    assert reason(tube.delete("playlistItems", id=made[0])) == (404, "playlistItemNotFound")
    assert [one["id"] for one in tube.get("playlists", part="id", mine="true").json()["items"]] == [playlist["id"]]
    assert reason(Other(stand).post("playlistItems", item, part="snippet")) == (403, "forbidden")
    changed = {"id": playlist["id"], "snippet": {"title": "Otras"}}
    assert tube.change("playlists", changed, part="snippet").json()["snippet"]["title"] == "Otras"
    assert tube.delete("playlists", id=playlist["id"]).status_code == 204
    assert reason(tube.post("playlistItems", item, part="snippet")) == (404, "playlistNotFound")
    assert reason(tube.post("playlists", {}, part="snippet")) == (400, "playlistTitleRequired")
    uploads = {"snippet": item["snippet"] | {"playlistId": stand.world.youtube.uploads_playlist_id}}
    assert tube.post("playlistItems", uploads, part="snippet").status_code == 400


def caption(tube: Tube, video_id: str, data: bytes = SUBTITLES, **snippet: Any) -> Any:
    words = {"videoId": video_id, "language": "es-419", "name": ""} | snippet
    head = b"--b\r\nContent-Type: application/json\r\n\r\n" + json.dumps({"snippet": words}).encode()
    body = head + b"\r\n--b\r\nContent-Type: application/octet-stream\r\n\r\n" + data + b"\r\n--b--"
    return tube.send(
        "POST",
        "/upload/youtube/v3/captions",
        params={"uploadType": "multipart", "part": "snippet"},
        data=body,
        headers={"Content-Type": 'multipart/related; boundary="b"'},
    )


def test_captions_are_inserted_listed_and_deleted(stand: Stand, tube: Tube) -> None:
    video_id = tube.upload()
    made = caption(tube, video_id)
    assert made.status_code == 200, made.text
    snippet = made.json()["snippet"]
    assert (snippet["language"], snippet["isDraft"], snippet["status"]) == ("es-419", False, "serving")
    assert reason(caption(tube, video_id)) == (409, "captionExists")
    assert caption(tube, video_id, name="Con nombre").status_code == 200
    listed = tube.get("captions", part="id,snippet", videoId=video_id).json()["items"]
    assert [one["snippet"]["name"] for one in listed] == ["", "Con nombre"]
    assert tube.video(video_id, "contentDetails")["contentDetails"]["caption"] == "true"
    hidden = {"id": made.json()["id"], "snippet": {"isDraft": True}}
    assert tube.change("captions", hidden, part="snippet").json()["snippet"]["isDraft"] is True
    assert tube.delete("captions", id=made.json()["id"]).status_code == 204
    assert reason(tube.delete("captions", id=made.json()["id"])) == (404, "captionNotFound")
    assert len(tube.get("captions", part="id", videoId=video_id).json()["items"]) == 1
    assert stand.writes == []


def test_captions_are_refused(stand: Stand, tube: Tube) -> None:
    video_id = tube.public()
    assert reason(caption(tube, video_id, language="")) == (400, "invalidMetadata")
    assert reason(caption(tube, video_id, name=None)) == (400, "invalidMetadata")
    assert reason(caption(tube, video_id, name="x" * 151)) == (400, "nameTooLong")
    assert reason(caption(tube, "unknown")) == (404, "videoNotFound")
    assert reason(caption(tube, video_id, b"")) == (400, "contentRequired")
    assert reason(caption(Other(stand), video_id)) == (403, "forbidden")
    assert reason(Other(stand).get("captions", part="id", videoId=video_id)) == (403, "forbidden")
    failed = caption(tube, video_id, b"only words").json()["snippet"]
    assert (failed["status"], failed["failureReason"]) == ("failed", "unknownFormat")


def test_page_shows_public_videos(stand: Stand, tube: Tube) -> None:
    tube.upload(body=metadata(title="En reserva"))
    video_id = tube.public(title="<b>Feria</b>".replace("<", "«").replace(">", "»"))
    page = stand.own("GET", "/").text
    assert "«b»Feria«/b»" in page
    assert f"www.youtube.com/watch?v={video_id}" in page
    assert "En reserva" not in page
