"""LinkedIn's OAuth host: what a token is worth, and a new one for an old.

Sheet of 2026-11-23, sections 1.1 to 1.3. An access token lives 60 days. A refresh token gives new ones for 365 days
from the person's consent, and refreshing does not prolong that. Self-serve applications get none.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors import linkedin_sentences as say
from connectors.errors import ConnectorError, NotAuthorized, RateLimited, TokenRefused, Unavailable
from connectors.http import Door, open_session
from connectors.linkedin_errors import wait_of
from connectors.redaction import redacted
from core.accounts import Credentials
from core.platforms import Platform

HOST = "https://www.linkedin.com/oauth/v2"

# The host's words that say: a person must do something. A dead refresh token is called `invalid_request` (sheet 6
# [doc]); the others are those of the OAuth 2.0 standard (RFC 6749, 5.2).
_DEAD = {
    "invalid_request": say.CONSENT,
    "invalid_grant": say.CONSENT,
    "invalid_client": say.APPLICATION,
    "invalid_client_id": say.APPLICATION,
    "unauthorized_client": say.APPLICATION,
}
ACCESS_LIFE = timedelta(days=60)  # sheet 1.2 [doc]: where the answer does not tell
_SKEW = timedelta(minutes=5)  # between the platform's clock and ours
_LONGEST_LIFE = timedelta(days=3650)  # ours: what is beyond is no lifetime


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What the host says of an access token."""

    scopes: frozenset[str]
    expires_at: datetime | None


class Login:
    """The OAuth host, in the name of our application. Everything secret travels in the body, as it must."""

    def __init__(self, door: Door, credentials: Credentials) -> None:
        self._credentials = credentials
        self._secrets = tuple(
            value for name in ("access_token", "refresh_token", "client_secret") if (value := credentials.get(name))
        )
        self._session = open_session(
            door, Platform.LINKEDIN, secrets=self._secrets, headers={"Accept": "application/json"}
        )

    @property
    def is_possible(self) -> bool:
        """Tell whether the application's id and secret were given."""
        return bool(self._credentials.get("client_id") and self._credentials.get("client_secret"))

    def examine(self) -> TokenFacts:
        """Ask about the access token. Raises TokenRefused for a dead one, NotAuthorized for another application's."""
        facts = self._ask("introspectToken", token=self._credentials.get("access_token"))
        if facts.get("active") is not True:
            status = facts.get("status")
            if not isinstance(status, str) or not status:  # of another's the host says nothing more (sheet 1.3)
                raise NotAuthorized(
                    "the token is another application's", platform=Platform.LINKEDIN, sentence=say.OTHER_APPLICATION
                )
            code = redacted(status, self._secrets)[:40]
            raise TokenRefused("the token is not active", platform=Platform.LINKEDIN, code=code)
        # separated by commas here, by spaces where consent is asked for (sheet 1.2)
        scopes = frozenset(str(facts.get("scope") or "").replace(",", " ").split())
        return TokenFacts(scopes=scopes, expires_at=_end(facts.get("expires_at"), datetime.now(UTC)))

    def renewed(self) -> Credentials | None:
        """Return a new access token with everything else; None where the application was given no refresh token.

        The old one is not known to die, so a lost answer is Unavailable and the call may be repeated.
        """
        old = self._credentials.get("refresh_token")
        if not old or not self.is_possible:
            return None
        asked_at = datetime.now(UTC)
        fresh = self._ask("accessToken", grant_type="refresh_token", refresh_token=old)
        token, life = fresh.get("access_token"), fresh.get("expires_in")
        if not isinstance(token, str) or not token:
            raise self._unclear("the host gave no token", None, "")
        refresh = fresh.get("refresh_token")
        return Credentials(
            values=self._credentials.values
            | {"access_token": token, "refresh_token": refresh if isinstance(refresh, str) and refresh else old},
            expires_at=asked_at + _life(life),
        )

    def _ask(self, path: str, **form: str) -> Mapping[str, Any]:
        application = {name: self._credentials.get(name) for name in ("client_id", "client_secret")}
        answer = self._session.post(f"{HOST}/{path}", data=form | application)
        try:
            document = json.loads(answer.content)
        except (ValueError, RecursionError):
            document = None
        status = answer.status_code
        if isinstance(document, Mapping):
            if 200 <= status < 300:
                return document
            word = document.get("error")
            told = str(document.get("error_description") or "")
            if 400 <= status < 500 and isinstance(word, str) and word in _DEAD:
                raise NotAuthorized(
                    "the host refuses our credentials: a person must connect the account again",
                    platform=Platform.LINKEDIN,
                    status=status,
                    code=word,
                    detail=redacted(told, self._secrets),
                    sentence=_DEAD[word],
                )
        if status == 429:
            raise RateLimited(
                "too many calls to the OAuth host",
                platform=Platform.LINKEDIN,
                status=status,
                retry_after=wait_of(answer.headers, "", datetime.now(UTC)),
            )
        # of what should have been a yes nothing is kept: it may hold a token
        told = "" if status < 300 else answer.content.decode("utf-8", "replace")
        raise self._unclear("the OAuth host gave no usable answer", status, told)

    def _unclear(self, what: str, status: int | None, told: str) -> ConnectorError:
        return Unavailable(what, platform=Platform.LINKEDIN, status=status, detail=redacted(told, self._secrets))


def _life(seconds: object) -> timedelta:
    """Return how long a new token lives; what is documented where the host does not tell a possible time."""
    if not isinstance(seconds, int) or isinstance(seconds, bool) or not 0 < seconds < _LONGEST_LIFE.total_seconds():
        return ACCESS_LIFE
    return timedelta(seconds=seconds)


def _end(seconds: object, now: datetime) -> datetime | None:
    """Return when a token ends, by the host's seconds since the epoch, where the API has milliseconds.

    None for what cannot be the end of a token that is active: the past, 0, a time beyond all lifetimes.
    """
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        return None
    try:
        ends_at = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return ends_at if now - _SKEW < ends_at < now + _LONGEST_LIFE else None
