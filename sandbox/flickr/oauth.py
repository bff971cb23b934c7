"""OAuth 1.0a: what a request claims, and whether its signature holds (sheet section 1.3)."""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, unquote

from sandbox.exchange import Call
from sandbox.flickr.errors import OAuthProblem, absent

WINDOW = timedelta(minutes=5)
""""Near server time (minutes)"; the size is [memory] (sheet 1.3)."""
_NEEDED = (
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_timestamp",
    "oauth_signature_method",
    "oauth_signature",
)
_PAIR = re.compile(r'\s*([^=\s]+)="([^"]*)"\s*')
_UNSIGNED = "photo"
"""The file of an upload is the one field that is not signed (sheet 1.3 [doc][ran])."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The oauth_* of a request, and all of its parameters (oauth_signature left out) as they were signed."""

    oauth: dict[str, str]
    pairs: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """The consumer key."""
        return self.oauth.get("oauth_consumer_key", "")

    @property
    def token(self) -> str:
        """The token, "" without."""
        return self.oauth.get("oauth_token", "")


def encode(text: str) -> str:
    """Return RFC 3986 encoding: UTF-8, space is %20, `~` plain."""
    return quote(text, safe="~")


def base_string(method: str, url: str, pairs: tuple[tuple[str, str], ...]) -> str:
    """Return the signature base string. `url` without query."""
    joined = "&".join(f"{name}={value}" for name, value in sorted((encode(n), encode(v)) for n, v in pairs))
    return "&".join((method.upper(), encode(url), encode(joined)))


def signature(base: str, *, key_secret: str, token_secret: str) -> str:
    """Return the HMAC-SHA1 signature, base64."""
    key = f"{encode(key_secret)}&{encode(token_secret)}"
    return base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()


def claim_of(call: Call) -> Claim | None:
    """Return what the request claims, from the Authorization header, the query and the form; None: nothing.

    Raises OAuthProblem when an oauth_* is given twice. The header's realm is no parameter.
    """
    pairs = [
        *_header(call.headers.get("Authorization", "")),
        *call.query.items(multi=True),
        *((name, value) for name, value in call.form.items(multi=True) if name != _UNSIGNED),
    ]
    oauth: dict[str, str] = {}
    for name, value in pairs:
        if name.startswith("oauth_"):
            if name in oauth:  # the name is the one of the public Problem Reporting extension
                raise OAuthProblem("parameter_rejected", f"oauth_parameters_rejected={name}")
            oauth[name] = value
    if not oauth:
        return None
    return Claim(oauth, tuple((name, value) for name, value in pairs if name != "oauth_signature"))


def _header(text: str) -> list[tuple[str, str]]:
    scheme, _, rest = text.partition(" ")
    if scheme.lower() != "oauth":
        return []
    found = [_PAIR.fullmatch(part) for part in rest.split(",")]
    pairs = [(unquote(match[1]), unquote(match[2])) for match in found if match]
    return [(name, value) for name, value in pairs if name != "realm"]


class Notary:
    """Checks claims, and remembers which nonces were used."""

    def __init__(self) -> None:
        self._nonces: dict[int, set[tuple[str, str, str]]] = {}

    def require(self, claim: Claim, *more: str) -> None:
        """Require that all parameters are there. Raises OAuthProblem."""
        missing = [name for name in (*_NEEDED, *more) if not claim.oauth.get(name)]
        if missing:
            raise absent(missing)
        # The two names are the public extension's; the sheet has no case of either.
        if claim.oauth.get("oauth_version", "1.0") != "1.0":
            raise OAuthProblem("version_rejected", "oauth_acceptable_versions=1.0-1.0")
        if claim.oauth["oauth_signature_method"] not in {"HMAC-SHA1", "PLAINTEXT"}:
            raise OAuthProblem("signature_method_rejected")

    def check(
        self,
        call: Call,
        claim: Claim,
        *,
        key_secret: str,
        token_secret: str,
        plaintext: bool,
        moments: tuple[datetime, ...],
    ) -> None:
        """Check time, signature and nonce. Raises OAuthProblem.

        `plaintext`: whether that method is taken, as on the OAuth steps ([memory]). `moments`: what now may be.
        """
        written = claim.oauth["oauth_timestamp"]
        stamp = int(written) if re.fullmatch(r"\d{1,11}", written) else -1
        clocks = [moment.timestamp() for moment in moments]
        if min(abs(clock - stamp) for clock in clocks) > WINDOW.total_seconds():
            raise OAuthProblem("timestamp_refused")
        self._check_signature(call, claim, key_secret, token_secret, plaintext=plaintext)
        oldest = min(clocks) - WINDOW.total_seconds()
        for old in [seen for seen in self._nonces if seen < oldest]:
            del self._nonces[old]
        used = self._nonces.setdefault(stamp, set())
        nonce = (claim.key, claim.token, claim.oauth["oauth_nonce"])
        if nonce in used:
            raise OAuthProblem("nonce_used")
        used.add(nonce)

    def _check_signature(
        self, call: Call, claim: Claim, key_secret: str, token_secret: str, *, plaintext: bool
    ) -> None:
        given = claim.oauth["oauth_signature"]
        if claim.oauth["oauth_signature_method"] == "PLAINTEXT":
            if not plaintext:
                raise OAuthProblem("signature_method_rejected")
            right = f"{encode(key_secret)}&{encode(token_secret)}"
            if not hmac.compare_digest(given.encode(), right.encode()):
                raise OAuthProblem("signature_invalid")
            return
        base = base_string(call.method, f"https://{call.host}{call.path}", claim.pairs)
        right = signature(base, key_secret=key_secret, token_secret=token_secret)
        if not hmac.compare_digest(given.encode(), right.encode()):
            raise OAuthProblem("signature_invalid", f"debug_sbs={base}")
