"""How requests are signed: the sheet's own vectors (1.3), which agree with oauthlib and with a hand-made verifier."""

import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
import requests

from connectors.flickr_api import REST_URL, Keys, upload_authorization

VECTOR = Keys(api_key="key123", api_secret="sec456", token="tok-1", token_secret="ts-789")
SIGNER = VECTOR.signer(nonce="n0nce", timestamp="1700000000")


def signature(header: str | bytes) -> str:
    text = header.decode() if isinstance(header, bytes) else header
    found = re.search(r'oauth_signature="([^"]+)"', text)
    assert found, text
    return unquote(found.group(1))


def test_query_is_signed() -> None:
    query = {"method": "flickr.test.login", "format": "json", "nojsoncallback": "1"}
    request = requests.Request("GET", REST_URL, params=query, auth=SIGNER).prepare()
    assert signature(request.headers["Authorization"]) == "LFeWVw6sJJkbn5m4GjF6qwive0s="


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"title": "Grüße & (a~b)", "tags": '"zwei worte" eins', "is_public": "1", "async": "1"},
            "fQKI4pPxHYFkLPXM6ydHESgMs/A=",
        ),
        ({"title": "A", "is_public": "1"}, "kNznjv8OIIyYEtHpUnITBhFo2YI="),
    ],
)
def test_upload_signs_every_text_field_and_not_the_file(fields: dict[str, str], expected: str) -> None:
    assert signature(upload_authorization(SIGNER, fields)) == expected


def test_upload_without_its_fields_would_be_the_library_s_mistake() -> None:
    assert signature(upload_authorization(SIGNER, {})) == "WrX6ij0Qc/Laflpj1CYgV9XIRkQ="


def test_token_travels_in_the_header_and_every_request_has_a_nonce_of_its_own() -> None:
    headers = [upload_authorization(VECTOR.signer(), {"title": "A"}) for _time in range(2)]
    nonces = {re.search(r'oauth_nonce="(\w+)"', header).group(1) for header in headers}  # type: ignore[union-attr]
    assert len(nonces) == 2
    assert all('oauth_token="tok-1"' in header for header in headers)


def test_another_secret_makes_another_signature() -> None:
    other = replace(VECTOR, token_secret="ts-790").signer(nonce="n0nce", timestamp="1700000000")
    assert signature(upload_authorization(other, {"title": "A"})) != signature(
        upload_authorization(SIGNER, {"title": "A"})
    )
