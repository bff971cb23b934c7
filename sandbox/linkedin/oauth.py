"""The OAuth host: consent, tokens, introspection (sheet sections 1.1 to 1.3)."""

import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from sandbox.exchange import Answer, Call
from sandbox.linkedin.errors import OAuthError
from sandbox.linkedin.tokens import App, Token, TokenRegister

OPERATIONS = {
    "/oauth/v2/authorization": "authorize",
    "/oauth/v2/accessToken": "exchange",
    "/oauth/v2/introspectToken": "introspect",
    "/oauth/v2/revoke": "revoke",
}


def answer(register: TokenRegister, redirect_uri: str, call: Call) -> Answer:
    """Answer a call to `/oauth/v2/…`. `redirect_uri` is the one that is registered."""
    try:
        return _carry_out(register, redirect_uri, call)
    except OAuthError as error:
        return refusal(error)


def _carry_out(register: TokenRegister, redirect_uri: str, call: Call) -> Answer:
    if call.path == "/oauth/v2/authorization" and call.method == "GET":
        return _authorize(register, redirect_uri, call)
    act = _POSTED.get(call.path)
    if act is None:
        raise OAuthError("invalid_request", "Resource not found", status=404)
    if call.method != "POST":
        raise OAuthError("invalid_request", "Method not allowed", status=405)
    if call.content_type != "application/x-www-form-urlencoded":
        raise OAuthError("invalid_request", "The request must be a form")
    return act(register, call, _application(register, call))


def refusal(error: OAuthError) -> Answer:
    """Return the answer of an error."""
    return Answer.json(error.to_json(), status=error.status)


def _field(call: Call, name: str) -> str:
    value = str(call.form.get(name, ""))
    if not value:
        raise OAuthError("invalid_request", f'A required parameter "{name}" is missing')
    return value


def _application(register: TokenRegister, call: Call) -> App:
    client_id, secret = _field(call, "client_id"), _field(call, "client_secret")
    app = register.apps.get(client_id)
    if app is None or not hmac.compare_digest(app.client_secret.encode(), secret.encode()):
        raise OAuthError("invalid_client", "Client authentication failed", status=401)
    return app


def _authorize(register: TokenRegister, redirect_uri: str, call: Call) -> Answer:
    """Consent at once, in the press officer's name; the real page asks a person."""
    given = call.query
    app = register.apps.get(given.get("client_id", ""))
    if app is None or given.get("redirect_uri") != redirect_uri:
        # Never redirected: the address is not known to be the application's.
        return Answer.html("<html><body><h1>Bummer, something went wrong.</h1></body></html>", status=400)
    state = {"state": given["state"]} if "state" in given else {}
    scopes = tuple(given.get("scope", "").split())
    if given.get("response_type") != "code":
        back = {"error": "invalid_request", "error_description": "response_type must be code"}
    elif not scopes or not set(scopes) <= set(app.scopes):
        back = {
            "error": "unauthorized_scope_error",
            "error_description": "Scope is not authorized for your application",
        }
    else:
        back = {"code": register.consent(app, scopes, redirect_uri, call.now)}
    return Answer(302, b"", "text/html", {"Location": f"{redirect_uri}?{urlencode(back | state)}"})


def _exchange(register: TokenRegister, call: Call, app: App) -> Answer:
    grant = _field(call, "grant_type")
    fresh: Token | None
    if grant == "authorization_code":
        access, fresh = register.redeem(app, _field(call, "code"), _field(call, "redirect_uri"), call.now)
    elif grant == "refresh_token":
        if call.effects.token_subcode is not None:
            raise OAuthError("invalid_request", "The provided refresh token is invalid, expired or revoked")
        access, fresh = register.refresh(app, _field(call, "refresh_token"), call.now)
    else:
        raise OAuthError("invalid_request", f"The grant type {grant} is not supported")
    body: dict[str, Any] = {
        "access_token": access.text,
        "expires_in": int((access.expires_at - call.now).total_seconds()),
        "scope": ",".join(access.scopes),
        "token_type": "Bearer",
    }
    if fresh is not None:
        body["refresh_token"] = fresh.text
        # Seconds, as public code reads it; the documentation's own sample cannot be (sheet 1.2).
        body["refresh_token_expires_in"] = int((fresh.expires_at - call.now).total_seconds())
    return Answer.json(body)


def _introspect(register: TokenRegister, call: Call, app: App) -> Answer:
    token = register.find(_field(call, "token"))
    if token is None or token.app is not app:
        return Answer.json({"active": False})
    status = token.status(call.now)
    body = {
        "active": status == "active",
        "status": status,
        "scope": ",".join(token.scopes),
        "client_id": app.client_id,
        "created_at": int(token.created_at.timestamp()),
        "authorized_at": int(token.consented_at.timestamp()),
        "expires_at": int(token.expires_at.timestamp()),
        "auth_type": "3L",
    }
    return Answer.json(body)


def _revoke(register: TokenRegister, call: Call, app: App) -> Answer:
    register.revoke(app, _field(call, "token"))
    return Answer(200, b"", "application/json")


_POSTED: dict[str, Callable[[TokenRegister, Call, App], Answer]] = {
    "/oauth/v2/accessToken": _exchange,
    "/oauth/v2/introspectToken": _introspect,
    "/oauth/v2/revoke": _revoke,
}
