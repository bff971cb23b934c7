"""A file is lent to the network of an approved delivery under way, at its own address, for a while; to nobody else."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from PIL import Image

from core.deliveries import Delivery, DeliveryState
from core.errors import StorageError
from core.media import Attachment, OutgoingMedium
from core.posts import Content
from storage.database import Database
from storage.media import MediaStore
from tests.databases import Clock
from tests.storage.rows import SEAL, Desk
from vocero.desk.app import desk
from vocero.desk.links import LIFE, DeskHost, LinkSigner
from vocero.desk.server import DeskServer
from vocero.services import ReadLedger

SIGNER = LinkSigner(SEAL.derived("media links"))


@dataclass
class Lending:
    rows: Desk
    clock: Clock
    store: MediaStore
    server: DeskServer
    delivery: Delivery
    medium: OutgoingMedium

    def link(self, *, signer: LinkSigner = SIGNER, key: str = "", medium: OutgoingMedium | None = None) -> str:
        host = DeskHost(f"http://127.0.0.1:{self.server.port}", signer, self.clock)
        return host.put(medium or self.medium, key=key or self.delivery.key).url

    def status(self, url: str) -> int:
        return requests.get(url, timeout=10).status_code


def outgoing(store: MediaStore, path: Path) -> OutgoingMedium:
    medium = store.add(path)
    return OutgoingMedium(medium, "Un taller", store.path(medium.sha256))


@pytest.fixture
def lending(database: Database, clock: Clock, tmp_path: Path) -> Iterator[Lending]:
    store = MediaStore(tmp_path / "media")
    Image.new("RGB", (40, 30), "navy").save(tmp_path / "taller.jpg")
    medium = outgoing(store, tmp_path / "taller.jpg")
    rows = Desk.of(database)
    content = Content("Jornada", title="Jornada", attachments=(Attachment(medium.medium, "Un taller"),))
    delivery = rows.delivery(rows.account(), publish_at=clock.now + timedelta(minutes=5), content=content)
    with DeskServer(desk(database, store, SIGNER), host="127.0.0.1", port=0) as server:
        yield Lending(rows, clock, store, server, delivery, medium)


def test_the_network_gets_the_very_bytes(lending: Lending) -> None:
    answer = requests.get(lending.link(), timeout=10)
    assert answer.status_code == 200
    assert answer.content == lending.medium.path.read_bytes()
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Cache-Control"] == "no-store"
    assert lending.link().endswith(".jpg")
    head = requests.head(lending.link(), timeout=10)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(lending.medium.medium.size))


def test_an_address_ends(lending: Lending) -> None:
    link = lending.link()
    lending.clock.advance(seconds=LIFE.total_seconds())
    assert lending.status(link) == 200
    lending.clock.advance(seconds=1)
    assert lending.status(link) == 404


@pytest.mark.parametrize("state", list(DeliveryState))
def test_only_what_is_on_its_way_is_lent(lending: Lending, state: DeliveryState) -> None:
    lending.rows.put(lending.delivery, state)
    on_its_way = state in ("scheduled", "staging", "publishing", "unknown")
    assert lending.status(lending.link()) == (200 if on_its_way else 404)


def test_an_approval_taken_back_ends_it(lending: Lending) -> None:
    link = lending.link()
    with lending.rows.database.write() as transaction:
        transaction.posts.revoke_approvals(lending.delivery.post_id, reason="no", now=transaction.now)
    assert lending.status(link) == 404


def test_another_key_or_another_file_or_another_hour_is_not_found(lending: Lending, tmp_path: Path) -> None:
    Image.new("RGB", (40, 30), "red").save(tmp_path / "otra.jpg")
    other = outgoing(lending.store, tmp_path / "otra.jpg")
    link = lending.link()
    base, key, sha256, until, name = link.rsplit("/", 4)
    for wrong in (
        lending.link(signer=LinkSigner(b"guess")),
        lending.link(key="vocero-otra"),
        lending.link(medium=other),  # signed by us, kept by us, and no part of this post
        f"{base}/{key}/{sha256}/{int(until) + 1}/{name}",
        f"{base}/{key}/{other.medium.sha256}/{until}/{name}",
        f"{base}/{key}/{sha256}/{until}/{'0' * 64}.jpg",
        f"{base}/{key}/{sha256}/9{'9' * 30}/{name}",
        f"{base}/{key}/{sha256}/ñ/ñ",
        f"{base}/{key}/..%2f..%2fsecret.key/{until}/{name}",
        f"http://127.0.0.1:{lending.server.port}/",
        f"http://127.0.0.1:{lending.server.port}/docs",
    ):
        assert lending.status(wrong) == 404, wrong


def test_a_file_that_is_gone_from_the_disk_is_not_found(lending: Lending) -> None:
    lending.medium.path.unlink()
    assert lending.status(lending.link()) == 404


def test_a_port_that_is_taken_is_told(lending: Lending) -> None:
    second = DeskServer(desk(lending.rows.database, lending.store, SIGNER), host="127.0.0.1", port=lending.server.port)
    with pytest.raises(StorageError, match="desk_port"), second:
        pass


def test_the_secret_is_in_no_repr() -> None:
    assert repr(SIGNER) == "LinkSigner()"
    assert SEAL.derived("media links") != SEAL.derived("another")


def test_reads_are_counted_by_month(lending: Lending) -> None:
    with lending.rows.database.read() as transaction:
        account = transaction.accounts.all()[0]
    ledger = ReadLedger(lending.rows.database, account, 10)
    lending.clock.now = lending.clock.now.replace(month=12, day=31, hour=23, minute=59)
    ledger.spend(4)
    ledger.spend(8)
    ledger.spend(0)
    assert (ledger.spent(), ledger.left()) == (12, 0)
    assert ledger.renews_in() <= timedelta(minutes=1)
    lending.clock.advance(minutes=1)
    assert (ledger.spent(), ledger.left()) == (0, 10)
    assert replace(ledger, most=None).left() is None
