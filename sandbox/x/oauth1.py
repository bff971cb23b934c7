"""OAuth 1.0a: what a request claims, and whether its HMAC-SHA1 signature holds (sheet section 1.1)."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, quote, unquote

from sandbox.exchange import Call
from sandbox.x.errors import unauthorized

WINDOW = timedelta(minutes=5)
"""How far a timestamp may be off; that it is checked is [memory] (sheet 1.1), the size is ours."""
_NEEDED = frozenset(
    {
        *("oauth_consumer_key", "oauth_token", "oauth_nonce"),
        *("oauth_timestamp", "oauth_signature_method", "oauth_signature"),
    }
)
_KNOWN = _NEEDED | {"oauth_version", "realm"}
_PAIR = re.compile(r'\s*([A-Za-z_]+)="([^"]*)"\s*')


def encode(text: str) -> str:
    """Return RFC 3986 encoding."""
    return quote(text, safe="~")


def claim(header: str) -> dict[str, str]:
    """Return the oauth_* of an `Authorization: OAuth …` header. Raises XError 401 when it is not a whole one."""
    pairs = [_PAIR.fullmatch(part) for part in header.partition(" ")[2].split(",")]
    found = {match[1]: unquote(match[2]) for match in pairs if match}
    whole = len(found) == len(pairs) and found.keys() >= _NEEDED and found.keys() <= _KNOWN
    if not whole or found["oauth_signature_method"] != "HMAC-SHA1" or found.get("oauth_version", "1.0") != "1.0":
        raise unauthorized()
    return found


def _base_string(call: Call, oauth: dict[str, str]) -> str:
    """Return the signature base string, over the original https address: clients are re-routed after signing.

    Bodies are no part of it, except URL-encoded forms (sheet 1.1: JSON and multipart are not signed).
    """
    path, _, query = call.target.partition("?")
    pairs: Iterable[tuple[str, str]] = [
        *((name, value) for name, value in oauth.items() if name not in {"oauth_signature", "realm"}),
        *parse_qsl(query, keep_blank_values=True),
        *parse_qsl(call.form_text, keep_blank_values=True),
    ]
    joined = "&".join(f"{name}={value}" for name, value in sorted((encode(n), encode(v)) for n, v in pairs))
    return "&".join((call.method.upper(), encode(f"https://{call.host}{path}"), encode(joined)))


class Notary:
    """Checks signatures, and remembers which nonces were used."""

    def __init__(self) -> None:
        self._used: dict[int, set[tuple[str, str]]] = {}

    def check(
        self, call: Call, oauth: dict[str, str], *, secrets: tuple[str, str], moments: tuple[datetime, ...]
    ) -> None:
        """Check signature, time and nonce. Raises XError 401.

        `secrets`: the consumer's and the token's. `moments`: what now may be.
        """
        key = "&".join(encode(secret) for secret in secrets).encode()
        right = base64.b64encode(hmac.new(key, _base_string(call, oauth).encode(), hashlib.sha1).digest())
        if not hmac.compare_digest(right, oauth["oauth_signature"].encode()):
            raise unauthorized()
        written = oauth["oauth_timestamp"]
        stamp = int(written) if re.fullmatch(r"\d{1,11}", written) else 0
        clocks = [moment.timestamp() for moment in moments]
        if min(abs(clock - stamp) for clock in clocks) > WINDOW.total_seconds():
            raise unauthorized()
        for old in [seen for seen in self._used if seen < min(clocks) - WINDOW.total_seconds()]:
            del self._used[old]
        nonce = (oauth["oauth_token"], oauth["oauth_nonce"])
        used = self._used.setdefault(stamp, set())
        if not nonce[1] or nonce in used:
            raise unauthorized()
        used.add(nonce)
