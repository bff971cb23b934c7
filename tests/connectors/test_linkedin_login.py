"""Whose token it is, what it lacks, when it ends, and a new one for an old, against documented answers."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import ConnectorError, NotAuthorized, RateLimited, Unavailable
from tests.connectors.linkedin_page import SECRETS, TOKEN, app_connector, connector, played


def test_identify_with_the_application_tells_scopes_and_end() -> None:
    with played("identify"):
        identity = app_connector().identify()
    assert (identity.remote_id, identity.name, identity.address) == (
        "123",
        "Prensa",
        "https://www.linkedin.com/company/prensa",
    )
    assert (identity.missing, identity.expires_at) == ((), datetime.fromtimestamp(1800184000, UTC))


def test_identify_without_the_application_tells_the_page() -> None:
    with played("identify__without_application"):
        identity = connector().identify()
    assert (identity.remote_id, identity.missing, identity.expires_at) == ("123", (), None)


def test_identify_names_missing_scopes_and_role() -> None:
    with played("identify__missing_scopes"):
        identity = app_connector().identify()
    assert identity.missing == ("rw_organization_admin", "ADMINISTRATOR")
    assert identity.name == "LinkedIn 123"


def test_identify_tells_of_another_page() -> None:
    with played("identify__other_page"):
        assert connector().identify().remote_id == "222"


@pytest.mark.parametrize("situation", ["no_role", "expired_token", "inactive", "wrong_secret"])
def test_identify_refuses_a_token_that_will_not_do(situation: str) -> None:
    with played(f"identify__{situation}"), pytest.raises(NotAuthorized) as caught:
        app_connector().identify()
    assert not any(secret in f"{caught.value}{caught.value.detail}" for secret in SECRETS)


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
