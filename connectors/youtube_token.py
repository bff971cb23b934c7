"""Google's token host: new access tokens for a refresh token, which does not rotate (sheet 2026-11-23 section 1 [doc]).

Our own POST, not google-auth's: that one repeats by itself for three seconds, and takes a 503 without JSON for a
permanent failure (sheet 1.3 [lib]).
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connectors.errors import NotAuthorized, Unavailable
from connectors.http import Door, open_session
from connectors.youtube_errors import token_error_for
from core.accounts import Credentials
from core.platforms import Platform
from core.texts import _

TOKEN_URL = "https://oauth2.googleapis.com/token"  # noqa: S105  (an address)
LIFE = timedelta(seconds=3599)  # of an access token, where the answer does not tell (sheet 1.1 [doc])
# uploads, answers, moderates (sheet 1.2 [lib]); without the scope that measures the rest still works
SCOPES = ("https://www.googleapis.com/auth/youtube.force-ssl",)
ANALYTICS_SCOPE = "https://www.googleapis.com/auth/yt-analytics.readonly"
_CONSENT_ENDS_AT = "consent_ends_at"  # in the stored credentials: an ISO instant


@dataclass(frozen=True, slots=True)
class Grant:
    """A new access token. `scope` as the host gives it: granted scopes, blanks between; empty where it told none.

    `consent_ends_at`: when the refresh token itself ends; None where the host told no end.
    """

    access_token: str = field(repr=False)
    ends_at: datetime
    scope: str
    refresh_token: str = field(default="", repr=False)
    consent_ends_at: datetime | None = None

    def added_to(self, credentials: Credentials) -> Credentials:
        """Return the credentials with it; a refresh token in the answer replaces the held one (sheet 1.3 [lib])."""
        values = credentials.values | {"access_token": self.access_token}
        if self.scope:
            values["scope"] = self.scope
        if self.refresh_token:
            values["refresh_token"] = self.refresh_token
            values.pop(_CONSENT_ENDS_AT, None)  # it was the other one's
        if self.consent_ends_at:
            values[_CONSENT_ENDS_AT] = self.consent_ends_at.isoformat()
        return Credentials(values, expires_at=self.ends_at)


def fetch_grant(door: Door, credentials: Credentials) -> Grant:
    """Ask for a new access token. NotAuthorized where a person must connect again, else Unavailable."""
    form = {name: credentials.get(name) for name in ("client_id", "client_secret", "refresh_token")}
    if not all(form.values()):
        raise NotAuthorized(
            "there is no refresh token to renew with",
            platform=Platform.YOUTUBE,
            sentence=_(
                "Faltan datos de la conexión con Google. Pida a la administración técnica que conecte la cuenta otra"
                " vez."
            ),
        )
    session = open_session(door, Platform.YOUTUBE, secrets=(form["client_secret"], form["refresh_token"]))
    asked_at = datetime.now(UTC)
    response = session.post(TOKEN_URL, data={"grant_type": "refresh_token", **form})
    if response.status_code != 200:
        raise token_error_for(response.status_code, response.headers, response.content)
    try:
        # bytes that are no UTF-8 and a depth that no answer has are caught too; the body is in no error: it may hold
        # half of a token
        answer = json.loads(response.content.decode("utf-8"))
        access_token = answer["access_token"]
        life = timedelta(seconds=int(answer["expires_in"])) if "expires_in" in answer else LIFE
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise _no_token() from None
    if not is_sendable(access_token):
        raise _no_token()
    replacement = answer.get("refresh_token")
    return Grant(
        access_token=access_token,
        ends_at=asked_at + min(max(life, timedelta(0)), timedelta(days=1)),
        scope=str(answer.get("scope") or ""),
        refresh_token=replacement if isinstance(replacement, str) else "",
        consent_ends_at=_after(asked_at, answer.get("refresh_token_expires_in")),
    )


def _no_token() -> Unavailable:
    return Unavailable("the token host's answer holds no token", platform=Platform.YOUTUBE, status=200)


def _after(instant: datetime, seconds: object) -> datetime | None:
    """Return the instant so many seconds later, None where that is no number of seconds."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | str):
        return None
    try:
        return instant + timedelta(seconds=int(seconds))
    except (ValueError, OverflowError):
        return None


def consent_end(credentials: Credentials) -> datetime | None:
    """Return when the refresh token itself ends, as the token host last told it; None: it told no end."""
    text = credentials.get(_CONSENT_ENDS_AT)
    return datetime.fromisoformat(text) if text else None


def missing_scopes(scope: str) -> tuple[str, ...]:
    """Return the short names of the scopes that our work needs and that were not granted."""
    granted = scope.split()
    return tuple(wanted.rpartition("/")[2] for wanted in SCOPES if wanted not in granted)


def lacking_scopes(scope: str) -> tuple[str, ...]:
    """Return for people what does not work for want of a scope that the rest of our work can do without."""
    if ANALYTICS_SCOPE in scope.split():
        return ()
    return (_("las estadísticas de YouTube Analytics (permiso yt-analytics.readonly)"),)


def is_sendable(token: object) -> bool:
    """Tell whether this can stand in a header: requests refuses the rest with errors of its own."""
    return isinstance(token, str) and bool(token) and token.isascii() and token.isprintable() and " " not in token
