"""Every kind of request that the connector makes is one that X's own OpenAPI document describes."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.http import Exchange
from connectors.x_comments import Place
from core.media import OutgoingMedium
from sandbox import Sandbox, SandboxServer, serve
from tests.connectors.x_document import Document, document_file
from tests.connectors.x_office import captions
from tests.connectors.x_stand import TEXT, THREAD, Office, film, image

__all__ = ["film", "image"]

OPTIONS = (("x.made_with_ai", "yes"), ("x.paid_partnership", "yes"), ("x.reply_settings", "verified"))


@pytest.fixture(scope="module")
def document() -> Document:
    file = document_file()
    if not file.is_file():
        pytest.skip(f"X's OpenAPI document is not here ({file.name}; VOCERO_X_OPENAPI names it)")
    return Document(file)


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with serve(Sandbox(seed=7)) as running:
        yield running


@pytest.fixture
def office(server: SandboxServer) -> Office:
    server.sandbox.reset()
    return Office(server)


@pytest.mark.parametrize("way", ["signed", "bearing"])
def test_requests_are_as_described(
    document: Document,
    office: Office,
    image: OutgoingMedium,
    film: OutgoingMedium,
    tmp_path: Path,
    way: str,
) -> None:
    credentials = getattr(office, way)
    x = office.x(credentials)
    since = datetime.now(UTC) - timedelta(minutes=2)
    x.identify()
    shown = dataclasses.replace(TEXT, media=(image,), options=OPTIONS)
    filmed = dataclasses.replace(
        TEXT,
        text="Un video",
        media=(film,),
        captions=(captions(tmp_path),),
    )
    for post in (shown, filmed):
        stage = office.staged(post, None, credentials)
        x.publish(post, stage)
        x.find(post, stage, since)
    first = x.publish(THREAD, office.staged(THREAD, None, credentials))
    assert first.rest is not None
    x.publish(THREAD, office.staged(THREAD, first.rest, credentials))
    x.find(THREAD, first.rest, since)
    office.sandbox.grow(comments=1, platform="x", remote_id=first.remote_id, text="¿Hoy?", author="Rosa Q.")
    (comment,) = x.comments(first.remote_id).items
    x.reply(comment.id, "Sí")
    x.hide(comment.id, True)
    x.metrics(first.remote_id)
    x.account_metrics()
    page = x.comments(first.remote_id)
    x.comments(first.remote_id, page.resume_cursor)
    long_ago = dataclasses.replace(Place.parse(page.resume_cursor or "", first.remote_id), looked_at=1)
    x.comments(first.remote_id, long_ago.cursor)  # as far as the search does not reach
    x.take_down(first.remote_id)
    assert len(office.exchanges) > 30
    faults = {f"{one.method} {one.url}": fault for one in office.exchanges if (fault := document.faults(one))}
    assert faults == {}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/2/tweets", b'{"text": "x", "unknown": 1}'),
        ("POST", "/2/tweets", b'{"text": 7}'),
        ("POST", "/2/tweets", b'{"media": {"media_ids": ["3_9000"]}}'),
        ("POST", "/2/tweets", b'{"reply_settings": "everyone"}'),
        ("POST", "/2/tweets", b""),
        ("POST", "/1.1/statuses/update.json", b"{}"),
        ("GET", "/2/users/me?user.fields=names", b""),
        ("GET", "/2/users/7/tweets?max_results=200", b""),
        ("GET", "/2/users/x/tweets", b""),
        ("GET", "/2/users/7/tweets?tweet_fields=created_at", b""),
        ("GET", "/2/tweets/search/recent", b""),
        ("DELETE", "/2/tweets/7", b"{}"),
    ],
)
def test_the_document_is_strict_enough_to_notice(document: Document, method: str, path: str, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    assert document.faults(Exchange(method, f"https://api.twitter.com{path}", headers, body, 200, {}, b""))
