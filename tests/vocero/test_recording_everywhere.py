"""Every platform's reading calls can be recorded against its imitation, and nobody is left in what is written."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.accounts import Credentials
from core.capabilities import Operation
from storage.database import Database
from tests.connectors import test_fixtures as fixtures
from tests.connectors.contract import Stand, samples, server, stand
from tests.storage.rows import SEAL
from tests.vocero.desk import ActingOffice
from vocero.recording import record, save

__all__ = ["server", "stand"]  # fixtures

TEXT = "Soy Rosa Quispe: visito Ancón; rosa.quispe@correo.pe, 987 654 321"
PEOPLE = ("Rosa", "Quispe", "Ancón", "987 654", "correo.pe")
# a photo's own secret, which stands in every answer on it and opens only its larger files
LOOKED_AT = {"flickr": ("secret", "originalsecret")}


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_reading_calls_are_recorded_without_anybody(
    stand: Stand, database_url: str, quick_folder: Path, tmp_path: Path
) -> None:
    posts = samples(type(stand.connector()).capabilities, tmp_path)
    published = stand.published(posts.get("text") or next(iter(posts.values())))
    platform = str(stand.platform)
    for _number in range(3):
        stand.sandbox.grow(
            comments=1, platform=platform, remote_id=published.remote_id, text=TEXT, author="Rosa Quispe Mamani"
        )
    seen = stand.writes()
    database = Database(database_url)  # on its own clock: tokens end by the imitation's, which is the real one
    desk = ActingOffice.open(database, None, quick_folder)  # type: ignore[arg-type]
    office = replace(desk.office, door=replace(desk.office.door, routes=stand.server.routes, closed=True))
    account = stand.account
    with database.write() as transaction:
        account = transaction.accounts.add(
            platform=account.platform,
            handle=account.handle,
            name=account.name,
            remote_id=account.remote_id,
            address=account.address,
            sealed_credentials=SEAL.close(Credentials(stand.credentials)),
            credentials_expire_at=None,
            now=transaction.now,
        )
    recorded = record(office, account, [published.remote_id], masked=LOOKED_AT.get(platform, ()))
    database.close()
    assert recorded.failures == ()
    can = type(stand.connector()).capabilities.operations
    reads = {Operation.COMMENTS, Operation.METRICS, Operation.ACCOUNT_METRICS} & can
    assert set(recorded.fixtures) - {"comments__next_page"} == {"identify", *reads}
    assert stand.writes() == seen
    for file in save(recorded, tmp_path / "out", account):
        fixtures.test_fixture_is_well_formed(file)
        text = file.read_text("utf-8")
        assert fixtures._secrets(text) == []
        assert [each for each in PEOPLE if each in text] == []
        assert [name for name, value in stand.credentials.items() if len(value) > 4 and value in text] == []
