"""Large files go up piece by piece from the disk: memory does not grow with them."""

import os
import re
import socket
import threading
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from connectors.errors import Unavailable
from connectors.flickr_api import FlickrApi
from connectors.http import Door
from core.media import OutgoingMedium
from tests.connectors.flickr_account import FIRST, KEYS, medium

SIZE = 120_000_000
MOST_MEMORY = 16_000_000
ANSWER = f'<?xml version="1.0" encoding="utf-8" ?><rsp stat="ok"><photoid>{FIRST}</photoid></rsp>'


class Receiver:
    """Takes one upload, keeps none of it, and answers; `patience`: it hangs up after so many bytes."""

    def __init__(self, *, patience: int | None = None) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._patience = patience
        self.received = 0
        self.tail = b""
        self._thread = threading.Thread(target=self._take, daemon=True)
        self._thread.start()

    @property
    def routes(self) -> dict[str, str]:
        return {"https://up.flickr.com": f"http://127.0.0.1:{self._listener.getsockname()[1]}"}

    def close(self) -> None:
        self._listener.close()
        self._thread.join(timeout=10)

    def _take(self) -> None:
        peer, _address = self._listener.accept()
        buffer = bytearray(1 << 18)
        with peer:
            head = b""
            while b"\r\n\r\n" not in head:
                head += peer.recv(4096)
            found = re.search(rb"(?i)content-length: (\d+)", head)
            assert found, head
            expected = int(found.group(1))
            self.received = len(head.split(b"\r\n\r\n", 1)[1])
            while self.received < expected:
                count = peer.recv_into(buffer)
                self.received += count
                self.tail = bytes(buffer[:count])[-200:]
                if not count or (self._patience is not None and self.received > self._patience):
                    return
            body = ANSWER.encode()
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


@pytest.fixture
def film(tmp_path: Path) -> OutgoingMedium:
    film = medium(tmp_path, "clip.mp4")
    os.truncate(film.path, SIZE)  # a hole: it takes no place on the disk
    return replace(film, medium=replace(film.medium, size=SIZE))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


def api(receiver: Receiver) -> FlickrApi:
    return FlickrApi(Door(routes=receiver.routes, closed=True, read_timeout=timedelta(seconds=20)), KEYS)


def test_upload_needs_little_memory_however_large_the_file(film: OutgoingMedium, receiver: Receiver) -> None:
    tracemalloc.start()
    try:
        photo_id = api(receiver).upload(film, {"title": "Feria", "is_public": "0"}, name="delivery-1-1.mp4")
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert photo_id == FIRST
    assert receiver.received > SIZE
    assert receiver.tail.endswith(b"--\r\n")
    assert peak < MOST_MEMORY


def test_upload_that_breaks_off_is_unavailable(film: OutgoingMedium) -> None:
    receiver = Receiver(patience=SIZE // 10)
    with pytest.raises(Unavailable):
        api(receiver).upload(film, {"title": "Feria", "is_public": "0"}, name="delivery-1-1.mp4")
    receiver.close()
    assert receiver.received < SIZE


def test_upload_longer_than_a_whole_call_still_hears_its_answer(film: OutgoingMedium, receiver: Receiver) -> None:
    door = Door(routes=receiver.routes, closed=True, whole_call=timedelta(0))
    assert FlickrApi(door, KEYS).upload(film, {"title": "Feria"}, name="delivery-1-1.mp4") == FIRST
