"""The door's witness: told what travelled, and only what was answered."""

import io
import socket
import threading
from collections.abc import Iterator

import pytest

from connectors.errors import ConnectorError
from connectors.http import Door, Exchange, open_session
from core.platforms import Platform

TOKEN = "EAAB" + "x" * 40
GRAPH = "https://graph.example"


@pytest.fixture
def address() -> Iterator[str]:
    """Serve one request: a cookie, a status and four bytes."""
    answer = b"HTTP/1.1 404 No\r\nContent-Length: 4\r\nSet-Cookie: a=b\r\nConnection: close\r\n\r\nnada"
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def serve() -> None:
            client, _address = server.accept()
            with client:
                client.recv(65_536)
                client.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join(5)


def test_the_witness_is_told_the_platforms_own_address_and_all_that_travelled(address: str) -> None:
    heard: list[Exchange] = []
    session = open_session(
        Door(routes={GRAPH: address}, witness=heard.append),
        Platform.FACEBOOK,
        headers={"Authorization": f"Bearer {TOKEN}"},
    )
    response = session.post(f"{GRAPH}/me?access_token={TOKEN}", data={"a": "ñ"})
    [exchange] = heard
    assert (exchange.method, exchange.url) == ("POST", f"{GRAPH}/me?access_token={TOKEN}")
    assert (exchange.sent, exchange.sent_headers["Authorization"]) == (b"a=%C3%B1", f"Bearer {TOKEN}")
    assert (exchange.status, exchange.headers["Set-Cookie"], exchange.body) == (404, "a=b", b"nada")
    assert response.text == "nada"
    assert TOKEN not in repr(exchange) + repr(Door(witness=heard.append))


def test_of_a_file_that_is_streamed_the_witness_hears_nothing(address: str) -> None:
    heard: list[Exchange] = []
    session = open_session(Door(routes={GRAPH: address}, witness=heard.append), Platform.FACEBOOK)
    session.post(f"{GRAPH}/videos", data=io.BytesIO(b"film"))
    assert [each.sent for each in heard] == [b""]


def test_without_an_answer_there_is_nothing_to_witness() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    heard: list[Exchange] = []
    door = Door(routes={GRAPH: f"http://127.0.0.1:{port}"}, witness=heard.append)
    with pytest.raises(ConnectorError):
        open_session(door, Platform.FACEBOOK).get(f"{GRAPH}/me")
    assert heard == []
