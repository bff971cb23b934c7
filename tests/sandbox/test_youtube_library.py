"""Google's own library as a peer of the imitated YouTube, and its discovery document as a measure (sheet section 7)."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from google.auth.exceptions import RefreshError
from googleapiclient.errors import HttpError, ResumableUploadError
from googleapiclient.http import MediaIoBaseUpload

from sandbox.youtube.methods import METHODS, REPORTS
from sandbox.youtube.params import GLOBAL
from tests.sandbox.clients import Stand, image, video
from tests.sandbox.youtube_client import CHUNK, DATA, Library, Tube, discovery, metadata

FILE = video(CHUNK * 3 + 5)


@pytest.fixture
def library(stand: Stand) -> Iterator[Library]:
    library = Library(stand)
    yield library
    library.close()


def insertion(youtube: Any, data: bytes = FILE, *, privacy: str = "private", chunk: int = CHUNK) -> Any:
    media = MediaIoBaseUpload(io.BytesIO(data), "video/mp4", chunksize=chunk, resumable=True)
    return youtube.videos().insert(part="snippet,status", body=metadata(privacy), media_body=media)


def reason(error: HttpError) -> str:
    return str(json.loads(error.content)["error"]["errors"][0]["reason"])


def test_library_uploads_in_chunks_and_publishes(stand: Stand, library: Library) -> None:
    youtube = library()
    request = insertion(youtube)
    steps, made = [], None
    while made is None:
        progress, made = request.next_chunk(num_retries=0)
        steps.append(progress.resumable_progress if progress else None)
    assert steps == [CHUNK, 2 * CHUNK, 3 * CHUNK, None]
    stand.advance(minutes=1)
    found = youtube.videos().list(part=["status", "fileDetails"], id=made["id"]).execute()["items"][0]
    assert found["fileDetails"]["fileSize"] == str(len(FILE))
    status = found["status"] | {"privacyStatus": "public"}
    changed = youtube.videos().update(part="status", body={"id": made["id"], "status": status}).execute()
    assert changed["status"]["privacyStatus"] == "public"
    assert youtube.videos().delete(id=made["id"]).execute() == ""
    assert [(write.remote_id, write.visible) for write in stand.writes] == [(made["id"], True), (made["id"], False)]


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_library_resumes_after_a_broken_chunk(stand: Stand, kind: str, library: Library) -> None:
    """httplib2 sends again by itself, from a stream already read: it hangs; then next_chunk probes and goes on."""
    request, made, troubles = insertion(library()), None, 0
    library.made[0].timeout = 1
    stand.plant({"kind": kind}, match={"operation": "upload_chunk"})
    while made is None:
        try:
            _progress, made = request.next_chunk(num_retries=0)
        except OSError:
            troubles += 1
    assert troubles
    (found,) = Tube(stand).listed()
    assert found == made["id"]


def test_library_finds_a_finished_upload_in_another_process(stand: Stand, library: Library) -> None:
    request = insertion(library())
    made = request.execute()
    again = insertion(library())
    again.resumable_uri, again._in_error_state = request.resumable_uri, True
    assert again.next_chunk() == (None, made)
    assert Tube(stand).listed() == [made["id"]]


def test_library_meets_a_lost_session(stand: Stand, library: Library) -> None:
    request = insertion(library())
    request.next_chunk()
    stand.plant({"kind": "status_before", "status": 404}, match={"operation": "upload_chunk"})
    for _again in range(2):
        with pytest.raises(HttpError) as caught:
            request.next_chunk()
        assert caught.value.status_code == 404


def test_library_refreshes_a_dead_token_by_itself(stand: Stand, library: Library) -> None:
    youtube = library(token=stand.world.youtube.expired_access_token)
    found = youtube.channels().list(part="id", mine=True).execute()
    assert found["items"][0]["id"] == stand.world.youtube.channel_id
    operations = [entry["operation"] for entry in stand.own("GET", "/_requests").json()["requests"]]
    assert operations == ["identify", "token", "identify"]


def test_library_says_that_the_grant_is_dead(stand: Stand, library: Library) -> None:
    youtube = library(token=None, refresh_token=stand.world.youtube.dead_refresh_token)
    with pytest.raises(RefreshError) as caught:
        youtube.channels().list(part="id", mine=True).execute()
    assert str(caught.value.args[0]).startswith("invalid_grant")
    assert caught.value.retryable is False


def test_library_raises_what_the_service_says(stand: Stand, library: Library) -> None:
    youtube = library()
    media = MediaIoBaseUpload(io.BytesIO(FILE), "video/mp4", resumable=True)
    request = youtube.videos().insert(part="snippet", body={"snippet": {"title": ""}}, media_body=media)
    with pytest.raises(ResumableUploadError) as caught:
        request.next_chunk()
    assert reason(caught.value) == "invalidTitle"
    with pytest.raises(HttpError) as refused:
        youtube.comments().insert(part="snippet", body={"snippet": {"textOriginal": "x"}}).execute()
    assert (refused.value.status_code, reason(refused.value)) == (400, "parentIdMissing")


def test_library_posts_twice_when_the_answer_is_lost(stand: Stand, library: Library) -> None:
    """The trap of sheet section 0, row 6: two replies from one call."""
    tube = Tube(stand)
    (thread,) = stand.sandbox.grow(platform="youtube", remote_id=tube.public())
    youtube = library()
    youtube.videos().list(part="id", id="x").execute()
    stand.plant({"kind": "drop_after"}, match={"operation": "reply"})
    body = {"snippet": {"parentId": thread, "textOriginal": "Gracias"}}
    made = youtube.comments().insert(part="snippet", body=body).execute()
    replies = youtube.comments().list(part="snippet", parentId=thread).execute()["items"]
    assert [one["snippet"]["textOriginal"] for one in replies] == ["Gracias", "Gracias"]
    assert made["id"] in {one["id"] for one in replies}
    assert [write.kind for write in stand.writes] == ["video", "comment", "comment"]


def test_library_sets_thumbnails_and_captions(stand: Stand, library: Library) -> None:
    youtube = library()
    video_id = insertion(youtube).execute()["id"]
    for resumable in (True, False):
        media = MediaIoBaseUpload(io.BytesIO(image(size=(1280, 720))), "image/png", resumable=resumable)
        made = youtube.thumbnails().set(videoId=video_id, media_body=media).execute()
        assert made["items"][0]["maxres"]["height"] == 720
    text = b"1\n00:00:00,000 --> 00:00:02,000\nHola\n"
    for number, resumable in enumerate((True, False)):
        body = {"snippet": {"videoId": video_id, "language": "es", "name": f"pista {number}", "isDraft": True}}
        media = MediaIoBaseUpload(io.BytesIO(text), "application/octet-stream", resumable=resumable)
        track = youtube.captions().insert(part="snippet", body=body, media_body=media).execute()
        assert (track["snippet"]["status"], track["snippet"]["isDraft"]) == ("serving", True)
    media = MediaIoBaseUpload(io.BytesIO(text), "application/octet-stream", resumable=True)
    body = {"id": track["id"], "snippet": {"isDraft": False}}
    track = youtube.captions().update(part="snippet", body=body, media_body=media).execute()
    assert track["snippet"]["isDraft"] is False
    assert len(youtube.captions().list(part="id", videoId=video_id).execute()["items"]) == 2


def test_library_uploads_in_one_multipart_request(stand: Stand, library: Library) -> None:
    data = FILE + b"\r\n--not the boundary\r\n\n"
    media = MediaIoBaseUpload(io.BytesIO(data), "video/mp4", resumable=False)
    made = library().videos().insert(part="snippet,status", body=metadata(), media_body=media).execute()
    assert Tube(stand).video(made["id"], "fileDetails")["fileDetails"]["fileSize"] == str(len(data))


def test_library_pages_and_moderates(stand: Stand, library: Library) -> None:
    tube, youtube = Tube(stand), library()
    video_id = tube.public()
    made = [stand.sandbox.grow(platform="youtube", remote_id=video_id)[0] for _ in range(5)]
    request, seen = youtube.commentThreads().list(part="snippet", videoId=video_id, maxResults=2), []
    while request is not None:
        found = request.execute()
        seen += [one["id"] for one in found["items"]]
        request = youtube.commentThreads().list_next(request, found)
    assert seen == made[::-1]
    hidden = youtube.comments().setModerationStatus(id=made[:2], moderationStatus="heldForReview").execute()
    assert hidden == ""
    left = youtube.commentThreads().list(part="id", videoId=video_id).execute()["items"]
    assert [one["id"] for one in left] == made[:1:-1]


def test_library_asks_for_reports_with_a_long_query(stand: Stand, library: Library) -> None:
    tube = Tube(stand)
    ids = [tube.public() for _ in range(2)] + [f"absent{number:05}" for number in range(190)]
    tube.later(days=10)
    report = library("youtubeAnalytics", "v2", token=stand.world.youtube.expired_access_token).reports()
    found = report.query(
        ids="channel==MINE",
        startDate="2026-11-20",
        endDate="2026-12-31",
        metrics="views,estimatedMinutesWatched",
        dimensions="video",
        filters="video==" + ",".join(ids),
        sort="-views",
        maxResults=200,
    ).execute()
    names = [header["name"] for header in found["columnHeaders"]]
    assert names == ["video", "views", "estimatedMinutesWatched"]
    assert {row[0] for row in found["rows"]} == set(ids[:2])
    last = stand.own("GET", "/_requests?last=1").json()["requests"][0]
    assert (last["method"], last["operation"]) == ("POST", "analytics")


def test_library_with_a_patched_root_url(stand: Stand, library: Library) -> None:
    """The other way of sheet 7.1; the session's address still names the real host."""
    youtube = library(rootUrl=f"{stand.server.address}/{DATA}/")
    request = insertion(youtube)
    assert request.uri.startswith(f"{stand.server.address}/{DATA}/upload/youtube/v3/videos")
    made = request.execute()
    assert request.resumable_uri.startswith(f"https://{DATA}/upload/")
    assert youtube.videos().list(part="id", id=made["id"]).execute()["items"][0]["id"] == made["id"]


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_methods_are_the_discovery_documents(method: Any) -> None:
    compare(method, "youtube", "v3")


def test_reports_are_the_discovery_documents() -> None:
    compare(REPORTS, "youtubeAnalytics", "v2")


def compare(method: Any, service: str, version: str) -> None:
    document = discovery(service, version)
    assert set(document["parameters"]) == GLOBAL
    resource, _, action = method.name.partition(".")
    described = document["resources"][resource]["methods"][action]
    assert (method.verb, method.path) == (described["httpMethod"], "/" + document["servicePath"] + described["path"])
    assert set(method.scopes) == set(described["scopes"])
    known = described["parameters"]
    # Of the search only what the desk could use is imitated; the service wants more than the documents say.
    assert set(method.params) <= set(known) if method.name == "search.list" else set(method.params) == set(known)
    for name, param in method.params.items():
        about = known[name]
        facts = (param.kind, param.required, param.repeated, param.choices)
        told = (
            about["type"],
            about.get("required", False),
            about.get("repeated", False),
            tuple(about.get("enum", ())),
        )
        assert facts == told, name
        if "maximum" in about:
            assert (param.low, param.high) == (int(about["minimum"]), int(about["maximum"])), name
    if "mediaUpload" in described:
        upload = described["mediaUpload"]
        assert (method.media.largest, list(method.media.accepts)) == (int(upload["maxSize"]), upload["accept"])
        assert upload["protocols"]["simple"]["path"] == "/upload" + method.path
    else:
        assert method.media is None


def test_every_method_is_carried_out_and_has_a_name_for_faults() -> None:
    from sandbox.youtube.api import _BEGINNERS, _DOERS, YouTubeImitation

    for method in (*METHODS, REPORTS):
        assert method.name in (_BEGINNERS if method.media else _DOERS)
        assert method.operation in YouTubeImitation.operations


def test_answers_have_only_keys_of_the_schema(stand: Stand) -> None:
    schemas = discovery("youtube", "v3")["schemas"]
    tube = Tube(stand)
    body = metadata(defaultLanguage="es") | {
        "localizations": {"qu": {"title": "Qhatu", "description": ""}},
        "recordingDetails": {"recordingDate": "2026-11-20T10:00:00Z"},
    }
    video_id = tube.upload(body=body, part="snippet,status,localizations,recordingDetails")
    kept = tube.video(video_id, "snippet,localizations,recordingDetails")
    assert kept["localizations"] == body["localizations"]
    assert kept["recordingDetails"] == body["recordingDetails"]
    stand.advance(minutes=1)
    tube.publish(video_id)
    (thread,) = stand.sandbox.grow(platform="youtube", remote_id=video_id)
    stand.sandbox.grow(platform="youtube", remote_id=thread)
    every = "id,snippet,status,statistics,contentDetails,fileDetails,processingDetails,player,recordingDetails"
    uploads = stand.world.youtube.uploads_playlist_id
    answers = {
        "VideoListResponse": tube.get("videos", part=f"{every},localizations", id=video_id),
        "ChannelListResponse": tube.get(
            "channels", part="snippet,contentDetails,statistics,status,brandingSettings", mine="true"
        ),
        "PlaylistItemListResponse": tube.get("playlistItems", part="snippet,status,contentDetails", playlistId=uploads),
        "CommentThreadListResponse": tube.get("commentThreads", part="snippet,replies", videoId=video_id),
        "CommentListResponse": tube.get("comments", part="snippet", parentId=thread),
        "BatchGetStatsResponse": tube.get(
            "videos:batchGetStats", part="statistics,snippet,contentDetails", id=video_id
        ),
        "VideoCategoryListResponse": tube.get("videoCategories", part="snippet", regionCode="PE"),
    }
    for name, answer in answers.items():
        assert answer.json()["items"], name
        check(answer.json(), {"$ref": name}, schemas, name)


def check(value: Any, schema: Any, schemas: Any, where: str) -> None:
    """Check the value's shape: known keys, and numbers as strings where the document says so."""
    schema = schemas[schema["$ref"]] if "$ref" in schema else schema
    if "properties" in schema:
        unknown = set(value) - set(schema["properties"])
        assert not unknown, (where, unknown)
        for key, one in value.items():
            check(one, schema["properties"][key], schemas, f"{where}.{key}")
    elif schema.get("type") == "array":
        for one in value:
            check(one, schema["items"], schemas, where)
    elif schema.get("type") == "object":
        for one in value.values():
            check(one, schema["additionalProperties"], schemas, where)
    else:
        kinds = {"string": str, "boolean": bool, "integer": int, "number": float}
        assert type(value) is kinds[schema["type"]], where
        assert value in schema.get("enum", [value]), where
