"""The ground that all tests stand on: what the shared fixtures promise holds."""

import socket
from pathlib import Path

import pytest
import requests

from storage.database import Database
from tests.conftest import BlockedError
from tests.databases import Clock

BEYOND = "192.0.2.1"  # RFC 5737: an address that nobody has


def test_a_name_beyond_this_machine_is_not_looked_up() -> None:
    with pytest.raises(BlockedError):
        socket.getaddrinfo("graph.facebook.com", 443)


@pytest.mark.parametrize("how", ["connect", "connect_ex"])
def test_an_address_beyond_this_machine_is_not_reached(how: str) -> None:
    with socket.socket() as outward, pytest.raises(BlockedError):
        getattr(outward, how)((BEYOND, 443))


def test_a_client_library_is_blocked_too() -> None:
    with pytest.raises(BlockedError):
        requests.get(f"http://{BEYOND}/", timeout=1)


def test_loopback_and_unix_sockets_work(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()[:2]) as client:
        assert client.getpeername()[0] == "127.0.0.1"
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind("\0vocero-test-ground")
        server.listen()
        client.connect("\0vocero-test-ground")


def test_a_database_is_on_the_test_clock(database: Database, clock: Clock) -> None:
    with database.read() as transaction:
        before = transaction.now
    clock.advance(minutes=5)
    with database.read() as transaction:
        assert (transaction.now - before).total_seconds() == 300
