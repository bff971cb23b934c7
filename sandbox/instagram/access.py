"""Who is calling, and what they may: Pages' and persons' tokens on one host, Instagram's own on the other."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sandbox import seeded
from sandbox.exchange import Call
from sandbox.facebook.errors import GraphError, bad_parameter, dead_token
from sandbox.facebook.tokens import SCOPES, Token, TokenRegister, given_token
from sandbox.instagram.errors import no_permission, unreadable_token
from sandbox.instagram.world import InstagramWorld

LOGIN_HOST = "graph.instagram.com"
LONG_LIFE = timedelta(days=60)
SHORT_LIFE = timedelta(hours=1)
CODE_LIFE = timedelta(hours=1)
REFRESHABLE_AFTER = timedelta(hours=24)
"""Lifetimes and permissions: sheet section 1."""
BASIC, PUBLISH, COMMENTS, INSIGHTS, DELETE = "basic", "publish", "comments", "insights", "delete"
_BY_PAGE: dict[str, tuple[str, ...]] = {
    BASIC: ("instagram_basic", "pages_read_engagement", "pages_show_list"),
    PUBLISH: ("instagram_content_publish",),
    COMMENTS: ("instagram_manage_comments",),
    INSIGHTS: ("instagram_manage_insights",),
    DELETE: ("instagram_manage_contents",),
}
_BY_LOGIN: dict[str, tuple[str, ...]] = {
    BASIC: ("instagram_business_basic",),
    PUBLISH: ("instagram_business_content_publish",),
    COMMENTS: ("instagram_business_manage_comments",),
    INSIGHTS: ("instagram_business_manage_insights",),
    # DELETE: the sheet knows no permission for it on this variant (an open point), so nobody has it.
}
LOGIN_SCOPES = tuple(scope for scopes in _BY_LOGIN.values() for scope in scopes)
_WORDS = {PUBLISH: "post", BASIC: "read the account", DELETE: "delete media"}


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated client. `account_id` is the account that its token reaches, "" for none."""

    text: str
    account_id: str
    by_login: bool
    may: frozenset[str]

    def require(self, *permissions: str) -> None:
        """Require permissions. Raises GraphError 10."""
        for permission in permissions:
            if permission not in self.may:
                raise no_permission(_WORDS.get(permission, f"manage {permission}"))


class Access:
    """The tokens of both variants. `pages` are Facebook's, of which Instagram adds two."""

    def __init__(self, world: InstagramWorld, pages: TokenRegister, now: datetime) -> None:
        self._world = world
        self._pages = pages
        self._logins: dict[str, Token] = {}
        self._code: str | None = world.login_code
        self._code_until = now + CODE_LIFE
        self.began_at = now
        self._links = {world.page_id: world.account_id}
        if other := pages.find(world.other_page_token):
            self._links[other.owner_id] = world.other_account_id
        basic = tuple(scope for scope in SCOPES if not scope.startswith("instagram_") or scope == "instagram_basic")
        pages.add(Token(world.narrow_page_token, "PAGE", world.page_id, now, None, basic))
        pages.add(Token(world.expired_page_token, "PAGE", world.page_id, now - LONG_LIFE, now - timedelta(hours=1)))
        days = timedelta(days=1)
        self._add(world.login_token, world.account_id, now - 2 * days, LONG_LIFE)
        self._add(world.login_short_token, world.account_id, now, SHORT_LIFE)
        self._add(world.login_young_token, world.account_id, now, LONG_LIFE)
        self._add(world.login_narrow_token, world.account_id, now - 2 * days, LONG_LIFE, LOGIN_SCOPES[:1])
        self._add(world.login_expired_token, world.account_id, now - 61 * days, LONG_LIFE)
        self._add(world.login_other_token, world.other_account_id, now - 2 * days, LONG_LIFE)

    def _add(
        self, text: str, account_id: str, at: datetime, life: timedelta, scopes: tuple[str, ...] = LOGIN_SCOPES
    ) -> Token:
        token = Token(text, "INSTAGRAM", account_id, at, at + life, scopes)
        self._logins[text] = token
        return token

    def check(self, call: Call, params: dict[str, Any]) -> Caller:
        """Return who is calling. Raises GraphError."""
        given = given_token(call, params)
        if call.host == LOGIN_HOST:
            token = self._login(call, given)
            return Caller(given, token.owner_id, by_login=True, may=_granted(_BY_LOGIN, token.scopes))
        try:
            token = self._pages.check(call, given)
        except GraphError as error:
            raise unreadable_token() if error.code == 190 and error.subcode is None else error from error
        self._pages.check_proof(token, params.get("appsecret_proof"))
        return self.caller(token)

    def caller(self, token: Token) -> Caller:
        """Return what a Page's or a person's token is worth on Instagram."""
        page_id = self._world.page_id if token.kind == "USER" else token.owner_id
        account_id = "" if token.kind == "APP" else self._links.get(page_id, "")
        return Caller(token.text, account_id, by_login=False, may=_granted(_BY_PAGE, token.scopes))

    def _login(self, call: Call, given: str) -> Token:
        if call.effects.token_subcode is not None:
            raise dead_token(call.effects.token_subcode) if call.effects.token_subcode else unreadable_token()
        if not given:
            raise GraphError(104, "(#104) Hace falta un token de acceso para pedir este recurso")
        token = self._logins.get(given)
        if token is None:
            raise unreadable_token()
        if token.expires_at is not None and call.now >= token.expires_at:
            raise dead_token(463)
        return token

    def first_token(self, params: dict[str, Any], now: datetime) -> dict[str, Any]:
        """Answer `POST api.instagram.com/oauth/access_token`: a code, once, for a token of an hour."""
        world = self._world
        if params.get("client_id") != world.login_app_id:
            raise GraphError(101, "Error al validar la aplicación: no existe")
        self._check_secret(params)
        if params.get("grant_type") != "authorization_code":
            raise bad_parameter("grant_type debe ser authorization_code")
        if params.get("redirect_uri") != world.login_redirect_uri:
            raise bad_parameter("redirect_uri no es la misma con que se pidió el código")
        if not params.get("code") or params["code"] != self._code or now >= self._code_until:
            raise bad_parameter("El código no es válido, caducó o ya se usó")
        self._code = None
        token = self._add(_letters("code", world.login_code), world.account_id, now, SHORT_LIFE)
        return {"access_token": token.text, "user_id": world.login_scoped_id, "permissions": _listed(token)}

    def _check_secret(self, params: dict[str, Any]) -> None:
        if params.get("client_secret") != self._world.login_app_secret:
            raise GraphError(1, "Error al validar el secreto de la aplicación")

    def long_token(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        """Answer `GET /access_token`: 60 days for a living token of an hour."""
        if params.get("grant_type") != "ig_exchange_token":
            raise bad_parameter("grant_type debe ser ig_exchange_token")
        self._check_secret(params)
        old = self._login(call, given_token(call, params))
        if old.expires_at is None or old.expires_at - old.issued_at > SHORT_LIFE:
            raise bad_parameter("El token ya es de larga duración")
        return self._renewed(old, call.now)

    def refreshed(self, call: Call, params: dict[str, Any]) -> dict[str, Any]:
        """Answer `GET /refresh_access_token`: 60 more days for a token of 60 that is at least a day old."""
        if params.get("grant_type") != "ig_refresh_token":
            raise bad_parameter("grant_type debe ser ig_refresh_token")
        old = self._login(call, given_token(call, params))
        if old.expires_at is None or old.expires_at - old.issued_at <= SHORT_LIFE:
            raise bad_parameter("Solo se renuevan tokens de larga duración")
        if call.now - old.issued_at < REFRESHABLE_AFTER:
            raise bad_parameter("El token debe tener al menos 24 horas")
        return self._renewed(old, call.now) | {"permissions": _listed(old)}

    def _renewed(self, old: Token, now: datetime) -> dict[str, Any]:
        text = _letters(old.text, now.isoformat())
        self._logins[text] = replace(old, text=text, issued_at=now, expires_at=now + LONG_LIFE)
        return {"access_token": text, "token_type": "bearer", "expires_in": int(LONG_LIFE.total_seconds())}


def _letters(*parts: object) -> str:
    return "IGAA" + seeded.letters(0, *parts, length=140)


def _listed(token: Token) -> str:
    return ",".join(token.scopes)


def _granted(table: dict[str, tuple[str, ...]], scopes: tuple[str, ...]) -> frozenset[str]:
    return frozenset(permission for permission, needed in table.items() if set(needed) <= set(scopes))
