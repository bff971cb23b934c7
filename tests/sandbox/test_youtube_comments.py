"""Comments of the imitated YouTube: threads, replies, moderation (sheet sections 3.2 and 3.3)."""

from typing import Any

import pytest

from tests.sandbox.clients import Stand, video
from tests.sandbox.youtube_client import Other, Tube, metadata, reason


@pytest.fixture
def tube(stand: Stand) -> Tube:
    return Tube(stand)


@pytest.fixture
def watched(tube: Tube) -> str:
    return tube.public()


def visit(stand: Stand, under: str, text: str = "¿A qué hora?", author: str = "Rosa Quispe") -> str:
    (made,) = stand.sandbox.grow(platform="youtube", remote_id=under, text=text, author=author)
    return made


def threads(tube: Tube, video_id: str, **params: Any) -> list[dict[str, Any]]:
    answer = tube.get("commentThreads", **({"part": "snippet,replies", "videoId": video_id} | params))
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def answer(tube: Tube, thread: str, text: str = "A las 9") -> Any:
    return tube.post("comments", {"snippet": {"parentId": thread, "textOriginal": text}}, part="snippet")


def moderate(tube: Tube, ids: str, status: str, **params: str) -> Any:
    return tube.send(
        "POST",
        "/youtube/v3/comments/setModerationStatus",
        params={"id": ids, "moderationStatus": status, **params},
    )


def test_visitors_comment_is_a_thread(stand: Stand, tube: Tube, watched: str) -> None:
    comment = visit(stand, watched, "a\nb & c")
    (thread,) = threads(tube, watched)
    assert thread["id"] == comment == thread["snippet"]["topLevelComment"]["id"]
    assert thread["kind"] == "youtube#commentThread"
    about = thread["snippet"]
    assert (about["canReply"], about["totalReplyCount"], about["isPublic"], "replies" in thread) == (
        True,
        0,
        True,
        False,
    )
    top = about["topLevelComment"]["snippet"]
    assert top["textDisplay"] == "a<br>b &amp; c"
    assert top["authorDisplayName"] == "@rosaquispe"
    assert top["authorChannelId"]["value"].startswith("UC")
    assert top["channelId"] == stand.world.youtube.channel_id
    assert not {"textOriginal", "moderationStatus", "parentId"} & top.keys()
    plain = threads(tube, watched, textFormat="plainText")[0]["snippet"]["topLevelComment"]["snippet"]
    assert plain["textDisplay"] == "a\nb & c"
    assert [write.kind for write in stand.writes] == ["video"]


def test_reply_is_one_visible_write(stand: Stand, tube: Tube, watched: str) -> None:
    thread = visit(stand, watched)
    made = answer(tube, thread)
    assert made.status_code == 200
    reply = made.json()
    assert reply["id"].startswith(f"{thread}.")
    assert (reply["snippet"]["parentId"], reply["snippet"]["textOriginal"]) == (thread, "A las 9")
    assert reply["snippet"]["authorChannelId"]["value"] == stand.world.youtube.channel_id
    write = stand.writes[-1]
    assert (write.kind, write.remote_id, write.text, write.visible) == ("comment", reply["id"], "A las 9", True)
    listed = tube.get("comments", part="snippet", parentId=thread).json()
    assert [one["id"] for one in listed["items"]] == [reply["id"]]
    assert answer(tube, thread).json()["id"] != reply["id"]
    assert len([write for write in stand.writes if write.kind == "comment"]) == 2


def test_thread_carries_only_some_replies(stand: Stand, tube: Tube, watched: str) -> None:
    thread = visit(stand, watched)
    for number in range(7):
        visit(stand, thread, f"respuesta {number}")
    (found,) = threads(tube, watched)
    assert found["snippet"]["totalReplyCount"] == 7
    assert len(found["replies"]["comments"]) < 7
    pages: list[list[str]] = []
    token: str | None = None
    while True:
        more = {"pageToken": token} if token else dict[str, str]()
        page = tube.get("comments", part="snippet", parentId=thread, maxResults="3", **more).json()
        assert page["pageInfo"] == {"totalResults": len(page["items"]), "resultsPerPage": 3}
        pages.append([one["snippet"]["textDisplay"] for one in page["items"]])
        token = page.get("nextPageToken")
        if token is None:
            break
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [text for page in pages for text in page] == [f"respuesta {number}" for number in range(6, -1, -1)]


def test_late_replies_do_not_move_a_thread_up(stand: Stand, tube: Tube, watched: str) -> None:
    old, new = visit(stand, watched, "primero"), visit(stand, watched, "segundo")
    visit(stand, old, "tarde")
    assert [one["id"] for one in threads(tube, watched)] == [new, old]
    assert [one["id"] for one in threads(tube, watched, order="relevance")] == [old, new]
    assert [one["id"] for one in threads(tube, watched, searchTerms="PRIMERO")] == [old]
    channel = {"videoId": None, "allThreadsRelatedToChannelId": stand.world.youtube.channel_id}
    assert [one["id"] for one in threads(tube, watched, **channel)] == [new, old]
    byid = tube.get("commentThreads", part="snippet", id=f"{old},unknown").json()["items"]
    assert [one["id"] for one in byid] == [old]


def test_a_reply_to_a_reply_goes_under_the_top(stand: Stand, tube: Tube, watched: str) -> None:
    thread = visit(stand, watched)
    reply = visit(stand, thread)
    assert visit(stand, reply).startswith(f"{thread}.")
    assert reason(answer(tube, reply)) == (400, "operationNotSupported")


@pytest.mark.parametrize(
    ("snippet", "expected"),
    [
        ({"textOriginal": "Hola"}, (400, "parentIdMissing")),
        ({"parentId": "Ugxunknown", "textOriginal": "Hola"}, (404, "parentCommentNotFound")),
        ({"parentId": "THREAD", "textOriginal": "  "}, (400, "commentTextRequired")),
        ({"parentId": "THREAD"}, (400, "commentTextRequired")),
        ({"parentId": "THREAD", "textOriginal": "x" * 10_001}, (400, "commentTextTooLong")),
        ({"parentId": "THREAD", "textOriginal": 5}, (400, "badRequest")),
    ],
)
def test_replies_are_checked(
    stand: Stand, tube: Tube, watched: str, snippet: dict[str, Any], expected: tuple[int, str]
) -> None:
    thread = visit(stand, watched)
    sent = {key: thread if value == "THREAD" else value for key, value in snippet.items()}
    assert reason(tube.post("comments", {"snippet": sent}, part="snippet")) == expected
    assert len(stand.writes) == 1


def test_own_comment_is_edited_and_deleted(stand: Stand, tube: Tube, watched: str) -> None:
    body = {
        "snippet": {
            "channelId": stand.world.youtube.channel_id,
            "videoId": watched,
            "topLevelComment": {"snippet": {"textOriginal": "Inscripciones abiertas"}},
        }
    }
    thread = tube.post("commentThreads", body, part="snippet").json()
    stand.advance(seconds=5)
    changed = tube.change("comments", {"id": thread["id"], "snippet": {"textOriginal": "Cerradas"}}, part="snippet")
    snippet = changed.json()["snippet"]
    assert snippet["updatedAt"] > snippet["publishedAt"]
    assert tube.delete("comments", id=thread["id"]).status_code == 204
    assert reason(tube.delete("comments", id=thread["id"])) == (404, "commentNotFound")
    said = [(write.kind, write.text, write.visible) for write in stand.writes[1:]]
    assert said == [
        ("comment", "Inscripciones abiertas", True),
        ("edit", "Cerradas", True),
        ("comment", "Cerradas", False),
    ]
    for missing in ("channelId", "videoId"):
        part = {"snippet": {key: value for key, value in body["snippet"].items() if key != missing}}
        assert reason(tube.post("commentThreads", part, part="snippet")) == (400, "channelOrVideoIdMissing")


def test_others_comments_are_not_edited_nor_deleted(stand: Stand, tube: Tube, watched: str) -> None:
    thread = visit(stand, watched)
    assert reason(tube.delete("comments", id=thread)) == (403, "forbidden")
    change = {"id": thread, "snippet": {"textOriginal": "x"}}
    assert reason(tube.change("comments", change, part="snippet")) == (403, "forbidden")


def test_moderation_hides_shows_and_rejects_for_good(stand: Stand, tube: Tube, watched: str) -> None:
    thread = visit(stand, watched, "grosería")
    reply = visit(stand, thread, "de acuerdo")
    done = moderate(tube, thread, "heldForReview")
    assert (done.status_code, done.content) == (204, b"")
    assert threads(tube, watched) == []
    (held,) = threads(tube, watched, moderationStatus="heldForReview")
    assert held["snippet"]["topLevelComment"]["snippet"]["moderationStatus"] == "heldForReview"
    assert held["snippet"]["isPublic"] is False
    byid = tube.get("comments", part="snippet", id=thread).json()["items"][0]["snippet"]
    assert "moderationStatus" not in byid
    assert reason(answer(tube, thread)) == (400, "parentCommentIsPrivate")
    for _again in range(2):
        assert moderate(tube, thread, "published").status_code == 204
    assert [one["id"] for one in threads(tube, watched)] == [thread]
    for _again in range(2):
        assert moderate(tube, thread, "rejected").status_code == 204
    for status in ("published", "heldForReview", "likelySpam"):
        assert threads(tube, watched, moderationStatus=status) == []
    assert tube.get("comments", part="snippet", id=f"{thread},{reply}").json()["items"] == []
    assert reason(moderate(tube, thread, "published")) == (400, "processingFailure")
    hidden = [(write.remote_id, write.visible) for write in stand.writes if write.kind == "comment"]
    assert hidden[:4] == [(thread, False), (reply, False), (thread, True), (reply, True)]
    assert hidden[4:] == [(thread, False), (reply, False)]


def test_moderation_is_checked(stand: Stand, tube: Tube, watched: str) -> None:
    thread = visit(stand, watched)
    assert reason(moderate(tube, thread, "likelySpam")) == (400, "operationNotSupported")
    assert reason(moderate(tube, thread, "hidden")) == (400, "badRequest")
    assert reason(moderate(tube, thread, "heldForReview", banAuthor="true")) == (400, "banWithoutReject")
    assert reason(moderate(tube, f"{thread},unknown", "rejected")) == (404, "commentNotFound")
    assert reason(moderate(Other(stand), thread, "rejected")) == (403, "forbidden")
    assert [one["id"] for one in threads(tube, watched)] == [thread]
    assert reason(tube.get("commentThreads", part="id", videoId=watched, moderationStatus="rejected")) == (
        400,
        "badRequest",
    )
    assert reason(Other(stand).get("commentThreads", part="id", videoId=watched, moderationStatus="heldForReview")) == (
        403,
        "forbidden",
    )


def test_banned_authors_are_not_seen_again(stand: Stand, tube: Tube, watched: str) -> None:
    first = visit(stand, watched, author="Spam")
    assert moderate(tube, first, "rejected", banAuthor="true").status_code == 204
    visit(stand, watched, author="Spam")
    other = visit(stand, watched, author="Ana Flores")
    assert [one["id"] for one in threads(tube, watched)] == [other]


def test_links_are_held_until_somebody_looks(stand: Stand, tube: Tube, watched: str) -> None:
    held = visit(stand, watched, "vea https://example.org")
    spam = visit(stand, watched, "https://a.example https://b.example")
    assert threads(tube, watched) == []
    assert [one["id"] for one in threads(tube, watched, moderationStatus="heldForReview")] == [held]
    assert [one["id"] for one in threads(tube, watched, moderationStatus="likelySpam")] == [spam]
    assert tube.video(watched, "statistics")["statistics"]["commentCount"] == "0"
    moderate(tube, held, "published")
    assert (stand.writes[-1].remote_id, stand.writes[-1].visible) == (held, True)


def test_held_reply_is_found_in_its_thread(stand: Stand, tube: Tube, watched: str) -> None:
    thread = visit(stand, watched)
    held = visit(stand, thread, "https://example.org")
    assert tube.get("comments", part="id", parentId=thread).json()["items"] == []
    (found,) = threads(tube, watched, moderationStatus="heldForReview")
    assert found["id"] == thread
    assert [one["id"] for one in found["replies"]["comments"]] == [held]


def test_comments_are_off_on_what_is_made_for_kids(stand: Stand, tube: Tube) -> None:
    body = metadata("public")
    body["status"]["selfDeclaredMadeForKids"] = True
    video_id = tube.upload(video(), body)
    stand.advance(minutes=1)
    refused = tube.get("commentThreads", part="snippet", videoId=video_id)
    assert reason(refused) == (403, "commentsDisabled")
    assert "commentCount" not in tube.video(video_id, "statistics")["statistics"]
    assert stand.sandbox.grow(platform="youtube", remote_id=video_id) == ()


def test_comments_of_a_private_video(stand: Stand, tube: Tube) -> None:
    video_id = tube.upload()
    stand.advance(minutes=1)
    assert stand.sandbox.grow(platform="youtube", remote_id=video_id) == ()
    assert reason(Other(stand).get("commentThreads", part="id", videoId=video_id)) == (404, "videoNotFound")
    body = {
        "snippet": {
            "channelId": stand.world.youtube.channel_id,
            "videoId": video_id,
            "topLevelComment": {"snippet": {"textOriginal": "Adelanto"}},
        }
    }
    assert tube.post("commentThreads", body, part="snippet").status_code == 200
    assert stand.writes == []
    tube.publish(video_id)
    assert [write.kind for write in stand.writes] == ["video", "comment"]


def test_fresh_reply_may_be_missing_from_lists(stand: Stand, tube: Tube, watched: str) -> None:
    thread = visit(stand, watched)
    stand.plant({"kind": "hidden_in_lists", "reads": 1}, match={"operation": "reply"})
    reply = answer(tube, thread).json()["id"]
    assert tube.get("comments", part="id", parentId=thread).json()["items"] == []
    assert [one["id"] for one in tube.get("comments", part="id", parentId=thread).json()["items"]] == [reply]
