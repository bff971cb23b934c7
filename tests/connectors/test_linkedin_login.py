"""Whose token it is, what it lacks, when it ends, and a new one for an old, against documented answers."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import ConnectorError, NotAuthorized, RateLimited, TokenRefused, Unavailable
from connectors.http import Door
from connectors.linkedin import LinkedInConnector
from core.accounts import Credentials
from tests.connectors.linkedin_page import (
    ACCOUNT,
    ENDS_AT,
    SECRETS,
    TOKEN,
    app_connector,
    app_credentials,
    connector,
    played,
)


def test_identify_with_the_application_tells_scopes_and_end() -> None:
    with played("identify"):
        identity = app_connector().identify()
    assert (identity.remote_id, identity.name, identity.address) == (
        "123",
        "Prensa",
        "https://www.linkedin.com/company/prensa",
    )
    assert (identity.missing, identity.expires_at) == ((), datetime.fromtimestamp(ENDS_AT, UTC))


def test_identify_without_the_application_tells_the_page() -> None:
    with played("identify__without_application"):
        identity = connector().identify()
    assert (identity.remote_id, identity.missing, identity.expires_at) == ("123", (), None)


def test_identify_names_missing_scopes_and_role() -> None:
    with played("identify__missing_scopes"):
        identity = app_connector().identify()
    assert identity.missing == ("rw_organization_admin", "ADMINISTRATOR")
    assert identity.name == "LinkedIn 123"


@pytest.mark.parametrize(
    ("situation", "kind", "words"),
    [
        ("no_role", NotAuthorized, "ningún rol en la página"),
        ("other_page", NotAuthorized, "ningún rol en la página"),
        ("expired_token", TokenRefused, "conecte otra vez"),
        ("revoked", TokenRefused, "conecte otra vez"),
        ("inactive", NotAuthorized, "no es de la aplicación"),
        ("wrong_secret", NotAuthorized, "clave secreta"),
    ],
)
def test_identify_refuses_a_token_that_will_not_do(situation: str, kind: type[ConnectorError], words: str) -> None:
    with played(f"identify__{situation}"), pytest.raises(NotAuthorized) as caught:
        app_connector().identify()
    assert type(caught.value) is kind
    assert words in caught.value.sentence
    assert not any(secret in f"{caught.value}{caught.value.detail}" for secret in SECRETS)


@pytest.mark.parametrize(
    "told",
    [0, -1, 1, True, "1800184000", None, 10**11, 10**30, 1.5, pytest.param(int(ENDS_AT) - 90 * 86_400, id="past")],
    ids=str,
)
def test_identify_takes_no_impossible_end(told: object) -> None:
    with played("identify__some_end", END=json.dumps(told)):
        assert app_connector().identify().expires_at is None


def test_refresh_gives_a_new_token_and_keeps_the_rest() -> None:
    with played("refresh"):
        renewed = app_connector().refresh()
    assert renewed is not None
    assert renewed.values.keys() == {"access_token", "refresh_token", "client_id", "client_secret"}
    assert renewed.get("access_token") != TOKEN
    assert renewed.expires_at is not None
    assert abs(renewed.expires_at - datetime.now(UTC) - timedelta(days=60)) < timedelta(minutes=1)


def test_refresh_without_a_lifetime_takes_the_documented_one() -> None:
    with played("refresh__without_end"):
        renewed = app_connector().refresh()
    assert renewed is not None
    assert renewed.expires_at is not None
    assert renewed.get("refresh_token")


def test_refresh_renews_whatever_the_clock_says() -> None:
    far = Credentials(app_credentials(), expires_at=datetime.now(UTC) + timedelta(days=59))
    with played("refresh"):
        assert LinkedInConnector(ACCOUNT, far, Door()).refresh() is not None


def test_refresh_that_is_dead_asks_for_the_persons_consent() -> None:
    with played("refresh__dead"), pytest.raises(NotAuthorized) as caught:
        app_connector().refresh()
    assert "dé su permiso otra vez" in caught.value.sentence


def test_refresh_without_a_refresh_token_renews_nothing() -> None:
    assert connector().refresh() is None


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("dead", NotAuthorized),
        ("html_body", Unavailable),
        ("server_error", Unavailable),
        ("no_token", Unavailable),
        ("lost_answer", Unavailable),
        ("list_body", Unavailable),
        ("throttled", RateLimited),
    ],
)
def test_refresh_failure_is_final_only_by_the_hosts_own_word(situation: str, expected: type[ConnectorError]) -> None:
    with played(f"refresh__{situation}"), pytest.raises(ConnectorError) as caught:
        app_connector().refresh()
    assert type(caught.value) is expected
    assert not any(secret in f"{caught.value}{caught.value.detail}" for secret in SECRETS)
