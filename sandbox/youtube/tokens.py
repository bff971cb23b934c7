"""Grants and their tokens, and Google's token and consent hosts (sheet section 1)."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from sandbox import seeded
from sandbox.exchange import Answer, Call
from sandbox.youtube.errors import dead_token
from sandbox.youtube.world import ANALYTICS, FORCE_SSL, MANAGE, MONETARY, READ_ONLY, SCOPES, UPLOAD, YouTubeWorld

ACCESS_LIFE = timedelta(seconds=3599)
TESTING_LIFE = timedelta(days=7)
UNUSED_LIFE = timedelta(days=182)
"""Six months (sheet 1.1 [doc])."""
MOST_GRANTS = 100
"""Living refresh tokens of one account and client; the oldest drops silently (sheet 1.1 [doc])."""
CODE_LIFE = timedelta(minutes=10)
_KNOWN_SCOPES = {UPLOAD, MANAGE, FORCE_SSL, READ_ONLY, ANALYTICS, MONETARY}


@dataclass(slots=True)
class Grant:
    """What an account allowed the office's client. `channel_id` None: the account has no channel."""

    refresh_token: str
    account: str
    channel_id: str | None
    scopes: tuple[str, ...]
    used_at: datetime
    ends_at: datetime | None = None
    revoked: bool = False

    def is_alive(self, now: datetime) -> bool:
        """Whether it still gives access tokens."""
        over = self.ends_at is not None and now >= self.ends_at
        return not self.revoked and not over and now - self.used_at < UNUSED_LIFE


@dataclass(frozen=True, slots=True)
class Access:
    """An access token."""

    text: str
    grant: Grant
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Code:
    """An authorisation code of the consent page."""

    grant: Grant
    redirect_uri: str
    challenge: str
    plain: bool
    ends_at: datetime


class TokenRegister:
    """The grants and tokens that exist."""

    def __init__(self, world: YouTubeWorld, seed: int, now: datetime) -> None:
        self._world = world
        self._seed = seed
        self._made = 0
        self._grants: dict[str, Grant] = {}
        self._accesses: dict[str, Access] = {}
        self._codes: dict[str, Code] = {}
        official, other = world.channel_id, world.other_channel_id
        main = self._add(world.refresh_token, "prensa", official, SCOPES, now)
        self._add(world.dead_refresh_token, "prensa", official, SCOPES, now).revoked = True
        self._add(world.testing_refresh_token, "prensa", official, SCOPES, now).ends_at = now + TESTING_LIFE
        narrow = self._add(world.upload_only_refresh_token, "prensa", official, (UPLOAD, READ_ONLY), now)
        lone = self._add(world.no_channel_refresh_token, "persona", None, SCOPES, now)
        strange = self._add(world.other_refresh_token, "otra", other, SCOPES, now)
        for text, grant in (
            (world.access_token, main),
            (world.upload_only_access_token, narrow),
            (world.no_channel_access_token, lone),
            (world.other_access_token, strange),
        ):
            self._accesses[text] = Access(text, grant, now + ACCESS_LIFE)
        self._accesses[world.expired_access_token] = Access(world.expired_access_token, main, now)

    def _add(
        self, refresh_token: str, account: str, channel_id: str | None, scopes: tuple[str, ...], now: datetime
    ) -> Grant:
        grant = Grant(refresh_token, account, channel_id, scopes, now)
        self._grants[refresh_token] = grant
        return grant

    def check(self, call: Call) -> Grant | None:
        """Return whose token the call carries, None when it carries none. Raises ApiError."""
        scheme, _, text = call.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            text = call.query.get("access_token", "") or call.query.get("oauth_token", "")
        if call.effects.token_subcode is not None:
            raise dead_token()
        if not text.strip():
            return None
        access = self._accesses.get(text.strip())
        if access is None or call.now >= access.ends_at or not access.grant.is_alive(call.now):
            raise dead_token()
        return access.grant

    def authorise(self, call: Call) -> Answer:
        """Answer the consent page: the office's person agrees at once, to all that is asked."""
        asked = call.query
        scopes = tuple(asked.get("scope", "").split())
        target = asked.get("redirect_uri", "")
        wrong = (
            "invalid_client"
            if asked.get("client_id") != self._world.client_id
            else "redirect_uri_mismatch"
            if urlsplit(target).hostname not in {"localhost", "127.0.0.1", "::1"}
            else "unsupported_response_type"
            if asked.get("response_type") != "code"
            else "invalid_scope"
            if not scopes or not set(scopes) <= _KNOWN_SCOPES
            else ""
        )
        if wrong:
            return Answer.html(f"<h1>Error 400: {wrong}</h1>", status=400)
        offline = asked.get("access_type") == "offline"
        grant = Grant(
            refresh_token="1//0h" + self._fresh("refresh", 98) if offline else "",
            account="prensa",
            channel_id=self._world.channel_id,
            scopes=scopes,
            used_at=call.now,
        )
        code = "4/0A" + self._fresh("code", 70)
        challenge = asked.get("code_challenge", "")
        plain = asked.get("code_challenge_method", "plain") == "plain"
        self._codes[code] = Code(grant, target, challenge, plain, call.now + CODE_LIFE)
        back = urlencode({"state": asked.get("state", ""), "code": code, "scope": " ".join(scopes)})
        answer = Answer.html("", status=302)
        answer.headers["Location"] = f"{target}{'&' if '?' in target else '?'}{back}"
        return answer

    def token(self, call: Call) -> Answer:
        """Answer `POST /token`: a code or a refresh token for an access token."""
        form = call.form
        if call.content_type != "application/x-www-form-urlencoded" or not form.get("grant_type"):
            return refusal(400, "invalid_request", "Required parameter is missing: grant_type")
        if form.get("client_id") != self._world.client_id:
            return refusal(401, "invalid_client", "The OAuth client was not found.")
        if form.get("client_secret") != self._world.client_secret:
            return refusal(401, "invalid_client", "Unauthorized")
        if form["grant_type"] == "refresh_token":
            return self._refresh(call)
        if form["grant_type"] == "authorization_code":
            return self._exchange(call)
        return refusal(400, "unsupported_grant_type", f"Invalid grant_type: {form['grant_type']}")

    def revoke(self, call: Call) -> Answer:
        """Answer `POST /revoke`: the grant of that access or refresh token ends."""
        text = call.form.get("token", "") or call.query.get("token", "")
        access = self._accesses.get(text)
        grant = access.grant if access else self._grants.get(text)
        if grant is None or not grant.is_alive(call.now):
            return refusal(400, "invalid_token", "Token expired or revoked")
        grant.revoked = True
        return Answer.json({})

    def _refresh(self, call: Call) -> Answer:
        text = call.form.get("refresh_token", "")
        if not text:
            return refusal(400, "invalid_request", "Missing required parameter: refresh_token")
        grant = self._grants.get(text)
        if grant is None:
            return refusal(400, "invalid_grant", "Bad Request")
        if call.effects.token_subcode is not None or not grant.is_alive(call.now):
            return refusal(400, "invalid_grant", "Token has been expired or revoked.")
        asked = call.form.get("scope", "").split()
        if not set(asked) <= set(grant.scopes):
            return refusal(400, "invalid_scope", "Some requested scopes cannot be shown")
        grant.used_at = call.now
        return Answer.json(self._issue(grant, call.now))

    def _exchange(self, call: Call) -> Answer:
        form = call.form
        code = self._codes.pop(form.get("code", ""), None)
        if code is None or call.now >= code.ends_at:
            return refusal(400, "invalid_grant", "Malformed auth code.")
        if form.get("redirect_uri") != code.redirect_uri:
            return refusal(400, "redirect_uri_mismatch", "Bad Request")
        if code.challenge and _challenge(form.get("code_verifier", ""), plain=code.plain) != code.challenge:
            return refusal(400, "invalid_grant", "Invalid code verifier.")
        grant = code.grant
        answer = self._issue(grant, call.now)
        if grant.refresh_token:
            self._grants[grant.refresh_token] = grant
            answer["refresh_token"] = grant.refresh_token
            alive = [one for one in self._grants.values() if one.account == grant.account and one.is_alive(call.now)]
            for old in alive[:-MOST_GRANTS]:
                old.revoked = True
        return Answer.json(answer)

    def _issue(self, grant: Grant, now: datetime) -> dict[str, Any]:
        text = "ya29.a0" + self._fresh("access", 180)
        self._accesses[text] = Access(text, grant, now + ACCESS_LIFE)
        answer: dict[str, Any] = {
            "access_token": text,
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "scope": " ".join(grant.scopes),
            "token_type": "Bearer",
        }
        if grant.ends_at is not None:
            answer["refresh_token_expires_in"] = int((grant.ends_at - now).total_seconds())
        return answer

    def _fresh(self, kind: str, length: int) -> str:
        self._made += 1
        return seeded.letters(self._seed, "youtube", "made", kind, self._made, length=length)


def refusal(status: int, error: str, description: str) -> Answer:
    """Return an error of the token host."""
    return Answer.json({"error": error, "error_description": description}, status=status)


def _challenge(verifier: str, *, plain: bool) -> str:
    if plain:
        return verifier
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
