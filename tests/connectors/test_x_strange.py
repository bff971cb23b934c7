"""Whatever X answers, only the errors of the house come out, and of a visible write only yes or nobody knows."""

import json
import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import ConnectorError, OutcomeUnknown, Rejected
from connectors.http import Door
from connectors.x import XConnector
from connectors.x_api import HOST
from connectors.x_login import TOKEN_URL
from connectors.x_reading import id_at
from core.accounts import Credentials
from core.deliveries import Stage
from core.media import OutgoingMedium
from core.posts import OutgoingPost
from tests.connectors.strange_peer import STRANGE, answering, misshapen
from tests.connectors.x_office import ACCOUNT, BEGAN, TEXT, THREAD, TOKEN, begun, image, video

FIRST = str(id_at(datetime.now(UTC) - timedelta(hours=5)))
OTHER = str(int(FIRST) + 9)
OURS = f"/2/users/{ACCOUNT.remote_id}/tweets"
LINKED = {"urls": [{"start": 0, "end": 23, "url": "https://t.co/AbCdEfGhIj", "expanded_url": "https://www.gob.pe"}]}
ITEM = {
    "id": OTHER,
    "text": "@inpe https://t.co/AbCdEfGhIj",
    "note_tweet": {"text": "@inpe https://t.co/AbCdEfGhIj", "entities": LINKED},
    "created_at": "2026-11-20T15:04:05.000Z",
    "author_id": "888",
    "conversation_id": FIRST,
    "referenced_tweets": [{"type": "replied_to", "id": FIRST}],
    "attachments": {"media_keys": ["3_1"]},
    "entities": LINKED,
}
LISTING = {
    "data": [ITEM],
    "includes": {"users": [{"id": "888", "name": "Rosa Q.", "username": "rosaq"}]},
    "errors": [{"parameter": "referenced_tweets.id", "type": "https://api.x.com/2/problems/resource-not-found"}],
    "meta": {"result_count": 1},
}
POST = {
    "data": {
        "id": FIRST,
        "text": "Uno",
        "created_at": "2026-11-20T15:04:05.000Z",
        "public_metrics": {"retweet_count": 3, "reply_count": 1},
        "non_public_metrics": {"engagements": 7},
    },
    "includes": {"media": [{"media_key": "7_1", "public_metrics": {"view_count": 9}}]},
}
PROCESSED = {"data": {"id": "9000", "processing_info": {"state": "pending", "check_after_secs": 1}}}
UPLOADED = {"data": {"id": "9000", "media_key": "3_9000", "expires_after_secs": 86400}}


def figures(x: XConnector, _folder: Path) -> None:
    values = (*x.metrics(FIRST).values.values(), *x.account_metrics().values.values())
    assert all(math.isfinite(value) and value >= 0 for value in values)


def prepare(x: XConnector, folder: Path) -> None:
    for medium in (image(folder, "Una plaza"), video(folder)):
        _steps(x, OutgoingPost(key="delivery-1", text="x", media=(medium,)), medium)


def _steps(x: XConnector, post: OutgoingPost, _medium: OutgoingMedium) -> None:
    stage: Stage | None = None
    for _step in range(5):
        stage = x.stage(post, stage)
        if stage.ready:
            return


def published(x: XConnector, _folder: Path) -> None:
    x.publish(TEXT, begun(TEXT, ready=True))
    x.publish(THREAD, begun(THREAD, ready=True, posted=(FIRST,)))
    x.reply(OTHER, "Sí")


CALLS: dict[str, tuple[Callable[[XConnector, Path], object], dict[str, Any]]] = {
    "identify": (
        lambda x, _folder: x.identify(),
        {"/2/users/me": {"data": {"id": "777", "name": "Prensa", "username": "inpe"}}},
    ),
    "figures": (
        figures,
        {
            f"/2/tweets/{FIRST}": POST,
            "/2/users/me": {"data": {"id": "777", "public_metrics": {"followers_count": 1, "post_count": 2}}},
        },
    ),
    "comments": (
        lambda x, _folder: x.comments(FIRST),
        {f"/2/tweets/{FIRST}": POST, "/2/tweets/search/recent": LISTING},
    ),
    "find": (lambda x, _folder: x.find(THREAD, begun(THREAD, ready=True, posted=(FIRST,)), BEGAN), {OURS: LISTING}),
    "stage": (
        prepare,
        {
            "POST /2/media/upload": UPLOADED,
            "/2/media/upload/initialize": UPLOADED,
            "/2/media/upload/9000/append": {"data": {"expires_at": 1}},
            "/2/media/upload/9000/finalize": PROCESSED,
            "GET /2/media/upload": PROCESSED,
            "/2/media/metadata": {"data": {"id": "9000"}},
            OURS: LISTING,
        },
    ),
    "take_down": (
        lambda x, _folder: x.take_down(FIRST),
        {
            f"GET /2/tweets/{FIRST}": POST,
            OURS: LISTING,
            f"DELETE /2/tweets/{OTHER}": {"data": {"deleted": True}},
            f"DELETE /2/tweets/{FIRST}": {"data": {"deleted": True}},
        },
    ),
    "publish": (published, {"/2/tweets": {"data": {"id": FIRST, "text": "x", "edit_history_tweet_ids": [""]}}}),
}


@pytest.mark.parametrize("name", CALLS)
def test_no_answer_makes_anything_but_an_error_of_the_house(name: str, tmp_path: Path) -> None:
    call, answers = CALLS[name]
    escaped = []
    with answering(answers) as peer:
        x = XConnector(ACCOUNT, Credentials({"access_token": TOKEN}), Door(routes=peer.routes(HOST), closed=True))
        call(x, tmp_path)
        for where, spoilt in misshapen(answers):
            peer.answers = spoilt
            try:
                call(x, tmp_path)
            except ConnectorError as error:
                if name == "publish" and not isinstance(error, OutcomeUnknown):
                    escaped.append(f"{where}: {error!r}")
            except Exception as error:  # noqa: BLE001  (what escapes is what the test is about)
                escaped.append(f"{where}: {error!r}")
    assert escaped == []


ERRORS: dict[str, Any] = {
    "title": "Forbidden",
    "detail": "no",
    "type": "https://api.x.com/2/problems/not-authorized-for-resource",
    "reason": "x",
    "status": 403,
    "errors": [{"code": 64, "message": "no", "type": "https://api.x.com/2/problems/invalid-request"}],
}


@pytest.mark.parametrize("status", [302, 400, 401, 402, 403, 404, 409, 429, 500, 503])
def test_no_refusal_makes_anything_but_an_error_of_the_house(status: int, tmp_path: Path) -> None:
    answers = {"/2/tweets": ERRORS, OURS: {"meta": {"result_count": 0}}}
    with answering(answers, status=status) as peer:
        x = XConnector(ACCOUNT, Credentials({"access_token": TOKEN}), Door(routes=peer.routes(HOST), closed=True))
        for _where, spoilt in misshapen(answers):
            peer.answers = spoilt
            with pytest.raises(ConnectorError) as caught:
                x.publish(TEXT, begun(TEXT, ready=True))
            if isinstance(caught.value, Rejected):
                assert caught.value.sentence != Rejected.sentence


def _tokens() -> Iterator[dict[str, Any]]:
    whole = {"access_token": "new", "refresh_token": "next", "expires_in": 7200}
    yield from (spoilt["/"] for _where, spoilt in misshapen({"/": whole}))


def test_no_answer_of_the_token_host_makes_anything_but_an_error_of_the_house() -> None:
    values = {"access_token": TOKEN, "refresh_token": "old", "client_id": "client"}
    path = "/2/oauth2/token"
    assert TOKEN_URL.endswith(path)
    with answering({}) as peer:
        x = XConnector(
            ACCOUNT, Credentials(values), Door(routes=peer.routes(TOKEN_URL.removesuffix(path)), closed=True)
        )
        for answer in _tokens():
            peer.answers = {path: answer}
            with suppress(OutcomeUnknown):
                renewed = x.refresh()
                assert renewed is not None
                assert renewed.expires_at is not None
                assert timedelta(0) < renewed.expires_at - datetime.now(UTC) < timedelta(days=4000)


def test_the_strange_values_are_json() -> None:
    assert all(isinstance(json.dumps(strange), str) for strange in STRANGE)
