"""OAuth 2: consent, code, token, refresh, revocation (sheet section 1.2)."""

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import urlencode

from sandbox import seeded
from sandbox.exchange import Answer, Call
from sandbox.x.errors import GrantError
from sandbox.x.tokens import ACCESS_LIFE, ALL_SCOPES, App, Bearer, Caller, Refresh, TokenRegister, user_caller

CODE_LIFE = timedelta(seconds=30)
LONGEST_STATE = 500
AUTHORIZE_PATHS = ("/i/oauth2/authorize", "/2/oauth2/authorize")
TOKEN_PATH, REVOKE_PATH = "/2/oauth2/token", "/2/oauth2/revoke"
_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")


@dataclass(frozen=True, slots=True)
class _Code:
    app: App
    caller: Caller
    redirect_uri: str
    challenge: str
    method: str
    expires_at: datetime


class Consent:
    """The consent page, which says yes at once for the official account, and the token endpoint."""

    def __init__(self, register: TokenRegister, *, user_id: str, redirect_uri: str, seed: int) -> None:
        self._register = register
        self._user_id = user_id
        self._redirect_uri = redirect_uri
        self._seed = seed
        self._codes: dict[str, _Code] = {}
        self._made = 0

    def page(self, call: Call) -> Answer:
        """Answer the consent page: 302 back with `code` and `state`, or a page that says what is wrong."""
        given = {name: call.query.get(name, "") for name in call.query}
        app = self._register.apps.get(given.get("client_id", ""))
        scopes = tuple(given.get("scope", "").split())
        trouble = (
            ("response_type", given.get("response_type") != "code"),
            ("client_id", app is None),
            ("redirect_uri (415)", given.get("redirect_uri") != self._redirect_uri),
            ("scope", not scopes or not set(scopes) <= set(ALL_SCOPES)),
            ("state", not 1 <= len(given.get("state", "")) <= LONGEST_STATE),
            ("code_challenge", not given.get("code_challenge")),
            ("code_challenge_method", given.get("code_challenge_method") not in {"S256", "plain"}),
        )
        wrong = [name for name, bad in trouble if bad]
        if app is None or wrong:
            return Answer.html(
                f"<h1>Something went wrong</h1><p>You weren’t able to give access to the App: {escape(wrong[0])}.</p>",
                status=400,
            )
        self._made += 1
        code = seeded.letters(self._seed, "x code", self._made, length=91)
        self._codes[code] = _Code(
            app=app,
            caller=user_caller(app, self._user_id, scopes),
            redirect_uri=given["redirect_uri"],
            challenge=given["code_challenge"],
            method=given["code_challenge_method"],
            expires_at=call.now + CODE_LIFE,
        )
        answer = Answer(302, b"", "text/html; charset=utf-8")
        answer.headers["Location"] = f"{self._redirect_uri}?{urlencode({'state': given['state'], 'code': code})}"
        return answer

    def answer(self, call: Call) -> Any:
        """Answer POST /2/oauth2/token and /2/oauth2/revoke. Raises GrantError."""
        if call.method != "POST" or call.content_type != "application/x-www-form-urlencoded":
            raise GrantError(400, "invalid_request", "Missing required parameter [grant_type].")
        app = self._client(call)
        if call.path == REVOKE_PATH:
            self._register.revoke(_needed(call, "token"), app)
            return {"revoked": True}
        grant = _needed(call, "grant_type")
        if call.effects.token_subcode is not None:
            raise GrantError(400, "invalid_request", "Value passed for the token was invalid.")
        if grant == "refresh_token":
            caller = self._register.spend(_needed(call, "refresh_token"), app, call.now)
            # The answer's scopes stand in another order than they were granted (sheet section 8).
            return _pair(*self._register.issue(caller, call.now), turned=True)
        if grant != "authorization_code":
            raise GrantError(400, "unsupported_grant_type", "Value passed for the grant type was invalid.")
        return _pair(*self._register.issue(self._exchanged(call, app), call.now))

    def _client(self, call: Call) -> App:
        """Confidential applications come with Basic, public ones with `client_id`; mixing them is refused."""
        header = call.headers.get("Authorization", "")
        named = self._register.apps.get(call.form.get("client_id", ""))
        if not header:
            if named is None or named.client_secret:
                raise GrantError(401, "unauthorized_client", "Missing valid authorization header")
            return named
        app = self._register.apps.get(_basic(header)[0])
        right = app is not None and app.client_secret != "" and named in {None, app}
        if app is None or not right or not hmac.compare_digest(_basic(header)[1].encode(), app.client_secret.encode()):
            raise GrantError(401, "unauthorized_client", "Missing valid authorization header")
        return app

    def _exchanged(self, call: Call, app: App) -> Caller:
        code = self._codes.pop(_needed(call, "code"), None)
        redirect_uri, verifier = _needed(call, "redirect_uri"), _needed(call, "code_verifier")
        if code is None or code.app != app or call.now >= code.expires_at:
            raise GrantError(400, "invalid_request", "Value passed for the authorization code was invalid.")
        if redirect_uri != code.redirect_uri:
            raise GrantError(400, "invalid_request", "Value passed for the redirect uri did not match the uri.")
        made = verifier
        if code.method == "S256":
            digest = hashlib.sha256(verifier.encode()).digest()
            made = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if not _VERIFIER.fullmatch(verifier) or made != code.challenge:
            raise GrantError(400, "invalid_request", "Value passed for the code verifier did not match the challenge.")
        return code.caller


def _needed(call: Call, name: str) -> str:
    value = call.form.get(name, "")
    if not value:
        raise GrantError(400, "invalid_request", f"Missing required parameter [{name}].")
    return value


def _basic(header: str) -> tuple[str, str]:
    scheme, _, text = header.partition(" ")
    try:
        client, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (client, secret) if scheme.lower() == "basic" else ("", "")


def _pair(bearer: Bearer, refresh: Refresh | None, *, turned: bool = False) -> dict[str, Any]:
    scopes = list(bearer.caller.scopes)
    answer: dict[str, Any] = {
        "token_type": "bearer",
        "expires_in": int(ACCESS_LIFE.total_seconds()),
        "access_token": bearer.text,
        "scope": " ".join(reversed(scopes) if turned else scopes),
    }
    if refresh is not None:
        answer["refresh_token"] = refresh.text
    return answer
