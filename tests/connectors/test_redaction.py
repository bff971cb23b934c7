"""No secret survives redaction, and ordinary text does."""

import pytest

from connectors.errors import ConnectorError, Rejected
from connectors.redaction import MASK, redacted
from core.platforms import Platform

SECRET = "Zx81-Spectrum_48"


@pytest.mark.parametrize(
    "text",
    [
        f"https://graph.facebook.com/v26.0/me?access_token={SECRET}&fields=id",
        f"https://graph.facebook.com/debug_token?input_token={SECRET}&x=1",
        f"fb_exchange_token={SECRET}",
        f"client_secret={SECRET}",
        f"appsecret_proof={SECRET}",
        f'{{"access_token": "{SECRET}", "expires_in": 5}}',
        f"{{'access_token': '{SECRET}'}}",
        f'{{"refresh_token":"{SECRET}"}}',
        f"Authorization: Bearer {SECRET}",
        f"Authorization: OAuth {SECRET}",
        f"'Authorization': 'Basic {SECRET}'",
        f"headers were Bearer {SECRET} and so on",
        f"https://user:{SECRET}@example.org/wp-json",
        f"application_password = {SECRET}",
        f"password:{SECRET}",
        f"ACCESS_TOKEN={SECRET}",
        f'WWW-Authenticate: OAuth "Facebook Platform", access_token="{SECRET}"',
        f"?access_token%3D{SECRET}",
        f'{{\\"access_token\\": \\"{SECRET}\\"}}',
    ],
)
def test_credentials_are_masked_wherever_they_stand(text: str) -> None:
    shown = redacted(text)
    assert SECRET not in shown
    assert MASK in shown


def test_what_stands_beside_a_credential_stays() -> None:
    shown = redacted(f"GET /v26.0/me?access_token={SECRET}&fields=id failed")
    assert shown == f"GET /v26.0/me?access_token={MASK}&fields=id failed"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "La contraseña no sirve",
        "(#100) Requires a basic understanding of the tokens",
        "https://example.org/a?b=c@d",
        "token expired at 2026-11-23T10:00:00+0000",
        "the password is wrong",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert redacted(text) == text


def test_given_secrets_are_masked_without_any_mark() -> None:
    assert redacted(f"Malformed access token {SECRET}", (SECRET,)) == f"Malformed access token {MASK}"


def test_given_secret_is_masked_in_its_url_form() -> None:
    assert "s3cret%2Fvalue" not in redacted("GET /x?y=s3cret%2Fvalue", ("s3cret/value",))


def test_secret_with_spaces_is_masked_whole() -> None:
    # an application password of WordPress is shown in groups
    assert redacted("user:abcd efgh ijkl", ("abcd efgh ijkl",)) == f"user:{MASK}"


def test_longer_secret_is_masked_before_its_part() -> None:
    assert redacted("42abcdef|tail", ("42abcdef", "42abcdef|tail")) == MASK


def test_short_values_are_not_masked() -> None:
    assert redacted("abcdef", ("abc", "")) == "abcdef"


def test_error_redacts_its_message_and_detail_and_cuts_it() -> None:
    error: ConnectorError = Rejected(
        f"access_token={SECRET}", platform=Platform.X, detail=f"Bearer {SECRET} {'x' * 900}"
    )
    assert SECRET not in str(error) + repr(error) + error.detail
    assert len(error.detail) == 500


def test_long_text_is_cut_only_after_secrets_are_out_of_it() -> None:
    shown = redacted("x" * 90 + SECRET + "y" * 90, (SECRET,), longest=100)
    assert shown == "x" * 90 + MASK + "y" * (10 - len(MASK))
