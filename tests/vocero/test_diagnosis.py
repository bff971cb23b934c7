"""What the doctor makes of each fact: pure, a table a check."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from connectors.plugins import LeftOut, Unfit
from core.accounts import Account, AccountState, Identity
from core.capabilities import ApiVersion
from core.errors import StorageError
from core.platforms import Platform
from storage.schema import Schema
from vocero.diagnosis import (
    LITTLE_SPACE,
    NO_SPACE,
    Finding,
    Folder,
    Verdict,
    judge_account,
    judge_clock,
    judge_identity,
    judge_media,
    judge_plugins,
    judge_routes,
    judge_schema,
    judge_time_of_platforms,
    judge_versions,
)

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
FINE, WARNING, ERROR = Verdict.FINE, Verdict.WARNING, Verdict.ERROR


def check(finding: Finding, verdict: Verdict, says: str = "") -> None:
    """The verdict is that; the line is a sentence that says it; and where something is wrong there is a way out."""
    assert (finding.verdict, finding.said[-1]) == (verdict, ".")
    assert says in finding.said
    assert bool(finding.way_out) == (verdict is not FINE)


def account(**changes: object) -> Account:
    known: dict[str, object] = {"id": 3, "platform": Platform.X, "handle": "inpe", "name": "INPE", "remote_id": "1"}
    return Account(**{**known, "address": "", **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("schema", "verdict", "says"),
    [
        (Schema("0003", 0), FINE, "al día"),
        (Schema("0001", 2), WARNING, "le faltan 2 pasos"),
        (Schema("0002", 1), WARNING, "le falta 1 paso"),
        (Schema("0009", None), ERROR, "más nueva"),
        (Schema(None, 3), ERROR, "no tiene las tablas"),
    ],
)
def test_tables(schema: Schema, verdict: Verdict, says: str) -> None:
    check(judge_schema("vocero.db", schema), verdict, says)


@pytest.mark.parametrize(
    ("exists", "writable", "free", "verdict", "says"),
    [
        (True, True, LITTLE_SPACE, FINE, "2.0 GB libres"),
        (False, True, LITTLE_SPACE, FINE, "se creará"),
        (True, True, None, FINE, "? GB"),
        (True, True, LITTLE_SPACE - 1, WARNING, "2.0 GB"),
        (True, True, NO_SPACE, WARNING, "0.2 GB"),
        (True, True, NO_SPACE - 1, ERROR, "0.2 GB"),
        (True, False, LITTLE_SPACE, ERROR, "no se puede escribir"),
    ],
)
def test_media_folder(exists: bool, writable: bool, free: int | None, verdict: Verdict, says: str) -> None:
    check(judge_media(Folder(Path("medios"), exists=exists, writable=writable, free=free)), verdict, says)


@pytest.mark.parametrize(
    ("ends_in", "renews", "verdict", "says"),
    [
        (None, False, FINE, "sus credenciales se abren."),
        (timedelta(days=7, seconds=1), False, FINE, "vence el mar 01/12/2026 10:00:01"),
        (timedelta(days=7), False, WARNING, "vence el mar 01/12/2026 10:00"),
        (timedelta(seconds=1), False, WARNING, "vence"),
        (timedelta(0), False, ERROR, "venció el mar 24/11/2026 10:00"),
        (timedelta(hours=1), True, FINE, "se renueva sola"),
        (timedelta(hours=-9), True, FINE, "se renueva sola"),
    ],
)
def test_credentials_that_end(ends_in: timedelta | None, renews: bool, verdict: Verdict, says: str) -> None:
    ending = account(credentials_expire_at=None if ends_in is None else NOW + ends_in)
    [found] = judge_account(ending, now=NOW, renews=renews, sealed=None)
    check(found, verdict, says)
    assert found.subject == "X · INPE"


def test_a_paused_account_is_told_with_who_resumes_it() -> None:
    [found] = judge_account(account(state=AccountState.PAUSED, state_reason="robo"), now=NOW, sealed=None)
    check(found, WARNING, "está en pausa (robo)")
    assert "vocero accounts resume 3" in found.way_out


@pytest.mark.parametrize(("ahead", "verdict"), [(timedelta(hours=1), WARNING), (timedelta(hours=-1), FINE)])
def test_an_account_that_waits(ahead: timedelta, verdict: Verdict) -> None:
    [found] = judge_account(account(waits_until=NOW + ahead), now=NOW, sealed=None)
    check(found, verdict)


def test_every_trouble_of_an_account_has_its_line() -> None:
    troubled = account(state=AccountState.PAUSED, credentials_expire_at=NOW, waits_until=NOW + timedelta(hours=1))
    found = judge_account(troubled, now=NOW, sealed=StorageError("La clave no abre. Restaure la clave."))
    assert [each.verdict for each in found] == [ERROR, WARNING, WARNING, ERROR]
    assert found[0].said == "La clave no abre. Restaure la clave."


def test_an_account_without_connector_is_an_error() -> None:
    [found] = judge_account(account(), now=NOW, has_connector=False, sealed=None)
    check(found, ERROR, "no hay conector")


@pytest.mark.parametrize(
    ("identity", "verdict", "says"),
    [
        (Identity("1", "INPE"), FINE, "la reconoce"),
        (Identity("2", "Otra"), ERROR, "otra cuenta: 2"),
        (Identity("1", "INPE", missing=("leer", "publicar")), ERROR, "leer, publicar"),
    ],
)
def test_identity(identity: Identity, verdict: Verdict, says: str) -> None:
    check(judge_identity(account(), identity), verdict, says)


@pytest.mark.parametrize(
    ("ends_on", "verdict", "says"),
    [
        (None, FINE, "sin fecha de fin"),
        (date(2027, 1, 24), FINE, "hasta el 24/01/2027"),  # in 61 days
        (date(2027, 1, 23), WARNING, "termina el 23/01/2027"),
        (date(2026, 11, 24), WARNING, "termina el 24/11/2026"),  # its last day
        (date(2026, 11, 23), ERROR, "terminó el 23/11/2026"),
    ],
)
def test_versions(ends_on: date | None, verdict: Verdict, says: str) -> None:
    version = ApiVersion("v26.0", released_on=date(2026, 1, 1), ends_on=ends_on)
    [found] = judge_versions(Platform.FACEBOOK, [version], today=date(2026, 11, 24))
    check(found, verdict, says)
    assert "v26.0" in found.said


@pytest.mark.parametrize(
    ("seconds", "verdict", "says"),
    [(0, FINE, ""), (2, FINE, ""), (-3, WARNING, "3 segundos"), (60, WARNING, ""), (-61, ERROR, "61 segundos")],
)
def test_clock(seconds: int, verdict: Verdict, says: str) -> None:
    check(judge_clock(timedelta(seconds=seconds)), verdict, says)


@pytest.mark.parametrize(
    ("seconds", "verdict"), [(0, FINE), (-30, FINE), (31, WARNING), (-60, WARNING), (61, ERROR), (None, WARNING)]
)
def test_time_of_the_platforms(seconds: int | None, verdict: Verdict) -> None:
    check(judge_time_of_platforms(None if seconds is None else timedelta(seconds=seconds)), verdict)


@pytest.mark.parametrize(
    ("routes", "only_routed", "verdict", "says"),
    [
        ({}, False, FINE, "directa"),
        ({}, True, WARNING, "only_routed"),
        ({"https://graph.facebook.com": "http://127.0.0.1:1"}, False, WARNING, "https://graph.facebook.com"),
    ],
)
def test_routes(routes: dict[str, str], only_routed: bool, verdict: Verdict, says: str) -> None:
    check(judge_routes(routes, only_routed=only_routed), verdict, says)


@pytest.mark.parametrize("why", Unfit)
def test_plugins(why: Unfit) -> None:
    good, bad = judge_plugins({Platform.X: "vocero-x"}, [LeftOut("mural", "vocero-mural", why, "ValueError")])
    check(good, FINE, "X (vocero-x)")
    check(bad, WARNING, "[ValueError]")
    assert bad.subject == "Complemento mural (vocero-mural)"
