"""The two ways to act as an account on X, and the renewal of the one that ends.

OAuth 1.0a: four keys that do not end. OAuth 2: an access token of two hours and a refresh token that may be used once;
its successor comes in the answer, so a lost answer may have used it up (sheet of 2026-11-23, section 1).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeGuard

import requests
import tweepy

from connectors import x_sentences as say
from connectors.errors import ConnectorError, Misconfigured, NotAuthorized, OutcomeUnknown, RateLimited
from connectors.http import Door, open_session, visible_write
from connectors.redaction import redacted
from connectors.x_errors import Answer, body_of, wait_of
from core.accounts import CredentialField, Credentials
from core.platforms import Platform
from core.texts import _

TOKEN_URL = "https://api.x.com/2/oauth2/token"  # noqa: S105  (an address)
ACCESS_LIFE = timedelta(seconds=7200)  # sheet 1.1 [doc]: where the answer does not tell
_LONGEST_LIFE = 10 * 365 * 86_400  # seconds; what is beyond is no lifetime

# The host's words that say: a person must do something. Used, revoked and expired refresh tokens are all called
# `invalid_request`, sometimes `invalid_grant` (sheet 1.2 [code]); the others are of RFC 6749, 5.2.
_OF_APPLICATION = frozenset({"invalid_client", "unauthorized_client"})
_DEAD = _OF_APPLICATION | {"invalid_request", "invalid_grant"}
_KEYS = ("consumer_key", "consumer_secret", "access_token_secret")

FIELDS: tuple[CredentialField, ...] = (
    CredentialField("access_token", _("Token de acceso de la cuenta")),
    CredentialField("consumer_key", _("Clave de la aplicación (API key; OAuth 1.0a)"), required=False),
    CredentialField("consumer_secret", _("Clave secreta de la aplicación (OAuth 1.0a)"), required=False),
    CredentialField("access_token_secret", _("Secreto del token de acceso (OAuth 1.0a)"), required=False),
    CredentialField("client_id", _("Identificador de cliente (OAuth 2)"), secret=False, required=False),
    CredentialField(
        "client_secret", _("Clave secreta de cliente (OAuth 2; solo aplicaciones confidenciales)"), required=False
    ),
    CredentialField("refresh_token", _("Token de renovación (OAuth 2)"), required=False),
)


@dataclass(frozen=True, slots=True)
class Login:
    """Credentials in one of the two ways. Raises Misconfigured where they are neither, or malformed."""

    credentials: Credentials

    def __post_init__(self) -> None:
        for name, value in self.credentials.values.items():
            if not (value.isascii() and value.isprintable()) or " " in value:
                raise Misconfigured(f"the x {name} holds characters that it cannot have")
        given = [name for name in _KEYS if self.credentials.get(name)]
        if given and len(given) < len(_KEYS):
            lacking = ", ".join(name for name in _KEYS if name not in given)
            raise Misconfigured(f"x by OAuth 1.0a needs {lacking} as well")

    @property
    def is_signed(self) -> bool:
        """Whether requests are signed (OAuth 1.0a) rather than bear a token (OAuth 2)."""
        return bool(self.credentials.get("consumer_key"))

    @property
    def secrets(self) -> tuple[str, ...]:
        """All that must be in no message."""
        names = (field.name for field in FIELDS if field.secret)
        return tuple(value for name in names if (value := self.credentials.get(name)))

    def client(self, session: requests.Session) -> tweepy.Client:
        """Return the library's client on that session; its waiting stays off, which would sleep and resend."""
        get = self.credentials.get
        client = tweepy.Client(
            bearer_token=None if self.is_signed else get("access_token"),
            consumer_key=get("consumer_key") or None,
            consumer_secret=get("consumer_secret") or None,
            access_token=get("access_token"),
            access_token_secret=get("access_token_secret") or None,
            return_type=requests.Response,
            wait_on_rate_limit=False,
        )
        client.session = session
        client.user_agent = str(session.headers["User-Agent"])
        return client

    def renewed(self, door: Door) -> Credentials:
        """Use the refresh token up for new ones. OutcomeUnknown where the answer was lost: it may be dead by then."""
        get = self.credentials.get
        form = {"grant_type": "refresh_token", "refresh_token": get("refresh_token")}
        client, secret = get("client_id"), get("client_secret")
        if not client:
            raise Misconfigured("x needs client_id to renew the token")
        session = open_session(door, Platform.X, secrets=self.secrets, headers={"Accept": "application/json"})
        asked_at = datetime.now(UTC)
        # as for a visible write: unless the request never left, the old token may be dead
        with visible_write():
            # a public client names itself in the form, a confidential one by Basic; mixed it is refused (sheet 1.2)
            response = session.post(
                TOKEN_URL,
                data=form if secret else form | {"client_id": client},
                auth=(client, secret) if secret else None,
            )
        body = body_of(response)
        if response.status_code != requests.codes.ok or body is None:
            raise self._refused(response, body)
        access, refresh, life = (body.get(name) for name in ("access_token", "refresh_token", "expires_in"))
        if not isinstance(access, str) or not access:
            raise OutcomeUnknown("the token host gave no token", platform=Platform.X, status=response.status_code)
        lasts = timedelta(seconds=life) if _is_lifetime(life) else ACCESS_LIFE
        return Credentials(
            values=self.credentials.values
            | {"access_token": access}
            | ({"refresh_token": refresh} if isinstance(refresh, str) and refresh else {}),
            expires_at=asked_at + lasts,
        )

    def _refused(self, response: requests.Response, body: Answer | None) -> ConnectorError:
        status = response.status_code
        word = body.get("error") if body else None
        # of what should have been a yes nothing is kept: it may hold a token
        told = "" if status < 300 or body is None else redacted(str(body.get("error_description") or ""), self.secrets)
        if 400 <= status < 500 and isinstance(word, str) and word in _DEAD:
            return NotAuthorized(
                "the token host refuses our credentials: a person must connect the account again",
                platform=Platform.X,
                status=status,
                code=word,
                detail=told,
                sentence=say.APPLICATION if word in _OF_APPLICATION else "",
            )
        if status == requests.codes.too_many_requests:
            wait = wait_of(response.headers)
            return RateLimited("too many renewals", platform=Platform.X, status=status, retry_after=wait)
        return OutcomeUnknown("the token host gave no usable answer", platform=Platform.X, status=status, detail=told)


def _is_lifetime(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < _LONGEST_LIFE
