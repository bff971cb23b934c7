"""The one door to the network: bounds, routes, and what a failure on the way means. Over real sockets."""

import contextlib
import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from connectors.errors import ConnectorError, Misconfigured, OutcomeUnknown, Unavailable
from connectors.http import Door, is_visible_write, open_session, visible_write
from core.platforms import Platform

TOKEN = "EAAB" + "x" * 40
GRAPH = "https://graph.example"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"

Peer = Callable[[bytes], str]


@pytest.fixture
def peer() -> Iterator[Peer]:
    """Return a server that answers every connection with the given bytes; `heard` keeps the requests."""
    with contextlib.ExitStack() as closing:

        def start(answer: bytes) -> str:
            server = closing.enter_context(socket.create_server(("127.0.0.1", 0)))
            heard: list[bytes] = []
            _HEARD[server.getsockname()[1]] = heard
            thread = threading.Thread(target=_answer, args=(server, answer, heard), daemon=True)
            thread.start()
            closing.callback(thread.join, 5)
            closing.callback(server.shutdown, socket.SHUT_RDWR)
            return f"http://127.0.0.1:{server.getsockname()[1]}"

        yield start


_HEARD: dict[int, list[bytes]] = {}


def heard_at(address: str) -> str:
    return b"".join(_HEARD[int(address.rsplit(":", 1)[1])]).decode()


def _answer(server: socket.socket, answer: bytes, heard: list[bytes]) -> None:
    with contextlib.suppress(OSError):
        while True:
            client, _address = server.accept()
            with client:
                client.settimeout(5)
                heard.append(client.recv(65_536))
                client.sendall(answer)
                if answer == b"":  # silence: wait until the caller has had enough
                    client.recv(1)


def session(address: str = "", **settings: object) -> requests.Session:
    routes = {GRAPH: address} if address else {}
    door = Door(routes=routes, **settings)  # type: ignore[arg-type]
    return open_session(door, Platform.FACEBOOK, secrets=(TOKEN,), headers={"Authorization": f"Bearer {TOKEN}"})


def failure(call: Callable[[], object]) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        call()
    assert TOKEN not in f"{caught.value}{caught.value!r}{caught.value.detail}"
    return caught.value


def both(call: Callable[[], object]) -> list[type[ConnectorError]]:
    """Return how the call fails unseen, and as the visible write."""
    unseen = type(failure(call))
    with visible_write():
        return [unseen, type(failure(call))]


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def test_route_sends_a_host_elsewhere_and_keeps_path_and_query(peer: Peer) -> None:
    address = peer(OK)
    response = session(address + "/graph.example").get(f"{GRAPH}/v26.0/me?fields=id")
    assert heard_at(address).startswith("GET /graph.example/v26.0/me?fields=id HTTP/1.1\r\n")
    assert response.url == f"{GRAPH}/v26.0/me?fields=id"
    assert response.text == "ok"


@pytest.mark.parametrize(
    "url",
    [f"{GRAPH}.evil.example/me", "https://other.example/me", "http://graph.example/me", f"{GRAPH}:8443/me"],
)
def test_closed_door_lets_only_routed_hosts_out(peer: Peer, url: str) -> None:
    address = peer(OK)
    with pytest.raises(Misconfigured):
        session(address, closed=True).get(url, timeout=1)
    assert heard_at(address) == ""


def test_closed_door_does_not_tell_what_was_asked() -> None:
    with pytest.raises(Misconfigured) as caught:
        session(closed=True).get(f"{GRAPH}/me?access_token={TOKEN}")
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("closed", [True, False])
def test_longest_route_wins(peer: Peer, closed: bool) -> None:
    general, special = peer(OK), peer(OK)
    door = Door(routes={GRAPH: general, f"{GRAPH}/upload": special}, closed=closed)
    open_session(door, Platform.FACEBOOK).get(f"{GRAPH}/upload/1")
    assert (heard_at(general), heard_at(special)[:10]) == ("", "GET /1 HTT")


def test_redirect_is_not_followed(peer: Peer) -> None:
    other = peer(OK)
    address = peer(f"HTTP/1.1 302 Found\r\nLocation: {other}/steal\r\nContent-Length: 0\r\n\r\n".encode())
    response = session(address).post(f"{GRAPH}/feed", data={"a": "1"})
    assert response.status_code == 302
    assert heard_at(other) == ""


def test_netrc_does_not_replace_our_credential(peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login thief password stolen\n")
    monkeypatch.setenv("NETRC", str(netrc))
    address = peer(OK)
    session().get(f"{address}/me")
    assert f"Authorization: Bearer {TOKEN}" in heard_at(address)


def test_proxy_of_the_environment_is_not_used(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, address = peer(OK), peer(OK)
    monkeypatch.setenv("HTTP_PROXY", proxy)
    session().get(f"{address}/me")
    assert heard_at(proxy) == ""


def test_proxy_of_the_settings_is_used_and_passed_by_for_routed_hosts(peer: Peer) -> None:
    proxy, address = peer(OK), peer(OK)
    speaker = session(address, proxy=proxy)
    speaker.get(f"{GRAPH}/me")
    assert heard_at(proxy) == ""
    speaker.get("http://platform.example/me")
    assert heard_at(proxy).startswith("GET http://platform.example/me HTTP/1.1")


def test_connection_refused_was_never_sent_even_as_the_visible_write() -> None:
    address = closed_port()
    assert both(lambda: session(address).post(f"{GRAPH}/feed", data={"a": "1"})) == [Unavailable, Unavailable]


def test_name_that_nobody_knows_was_never_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_settings: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert both(lambda: session().post("http://nowhere.invalid/feed")) == [Unavailable, Unavailable]


def test_proxy_that_is_not_there_was_never_sent() -> None:
    speaker = session(proxy=closed_port())
    assert both(lambda: speaker.post("http://platform.example/feed")) == [Unavailable, Unavailable]


def test_silence_is_unknown_only_for_the_visible_write(peer: Peer) -> None:
    speaker = session(peer(b""), read_timeout=timedelta(seconds=0.1))
    assert both(lambda: speaker.post(f"{GRAPH}/feed", data={"a": "1"})) == [Unavailable, OutcomeUnknown]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"garbage\r\n\r\n", id="no HTTP"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", id="cut by length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal", id="cut chunk"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="bad chunk"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nhalf", id="no gzip"),
    ],
)
def test_broken_answer_is_unknown_only_for_the_visible_write(peer: Peer, answer: bytes) -> None:
    speaker = session(peer(answer))
    assert both(lambda: speaker.post(f"{GRAPH}/feed", data={"a": "1"})) == [Unavailable, OutcomeUnknown]


def test_answer_larger_than_the_bound_is_not_read(peer: Peer) -> None:
    body = b"x" * 300_000
    speaker = session(peer(b"HTTP/1.1 200 OK\r\n\r\n" + body), largest_answer=100_000)
    assert both(lambda: speaker.post(f"{GRAPH}/feed")) == [Unavailable, OutcomeUnknown]


def test_compressed_answer_is_bounded_by_what_it_grows_to(peer: Peer) -> None:
    packed = gzip.compress(b"x" * 3_000_000)
    answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)
    speaker = session(peer(answer + packed), largest_answer=1_000_000)
    assert type(failure(lambda: speaker.get(f"{GRAPH}/me"))) is Unavailable


def test_whole_call_is_bounded_where_an_answer_trickles() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()

        def trickle() -> None:
            client, _address = server.accept()
            with client, contextlib.suppress(OSError):
                client.recv(65_536)
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
                while not stop.wait(0.05):
                    client.sendall(b"x")

        thread = threading.Thread(target=trickle, daemon=True)
        thread.start()
        speaker = session(f"http://127.0.0.1:{server.getsockname()[1]}", whole_call=timedelta(seconds=0.3))
        try:
            with visible_write():
                assert type(failure(lambda: speaker.get(f"{GRAPH}/me"))) is OutcomeUnknown
        finally:
            stop.set()
            thread.join(5)


def test_certificate_that_nobody_vouches_for_was_never_sent(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as server:

        def handshake() -> None:
            for _call in range(2):
                client, _address = server.accept()
                with client, contextlib.suppress(OSError):
                    context.wrap_socket(client, server_side=True).close()

        thread = threading.Thread(target=handshake, daemon=True)
        thread.start()
        speaker = session(f"https://127.0.0.1:{server.getsockname()[1]}")
        assert both(lambda: speaker.post(f"{GRAPH}/feed")) == [Unavailable, Unavailable]
        thread.join(5)


def _self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "self-signed.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    return path


def test_answer_without_length_is_read_to_its_end(peer: Peer) -> None:
    assert session(peer(b"HTTP/1.1 200 OK\r\n\r\nwhole")).get(f"{GRAPH}/me").text == "whole"


def test_head_and_empty_answers_are_no_failures(peer: Peer) -> None:
    speaker = session(peer(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n"))
    assert speaker.head(f"{GRAPH}/me").status_code == 200
    assert session(peer(b"HTTP/1.1 204 No Content\r\n\r\n")).get(f"{GRAPH}/me").content == b""


@pytest.mark.parametrize("url", ["no-scheme", "https://", "http://[::1"])
def test_address_that_is_none_was_never_sent(url: str) -> None:
    with visible_write(), pytest.raises((ConnectorError, requests.RequestException)) as caught:
        session().get(url)
    assert not isinstance(caught.value, OutcomeUnknown)


def test_mark_of_the_visible_write_ends_with_its_block() -> None:
    assert not is_visible_write()
    with contextlib.suppress(RuntimeError), visible_write():
        assert is_visible_write()
        raise RuntimeError
    assert not is_visible_write()


def test_mark_of_the_visible_write_stays_in_its_thread() -> None:
    seen: list[bool] = []
    with visible_write():
        thread = threading.Thread(target=lambda: seen.append(is_visible_write()))
        thread.start()
        thread.join()
    assert seen == [False]
