"""Access tokens: whose they are, where a request may carry them, what they may do (sheet section 1)."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox import seeded
from sandbox.exchange import Call
from sandbox.facebook.errors import GRAPH_METHOD, GraphError, bad_parameter, dead_token
from sandbox.world import FacebookWorld

LONG_LIFE = timedelta(seconds=5_183_944)
SHORT_LIFE = timedelta(hours=1)
SCOPES = (
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_posts",
    "pages_manage_engagement",
    "read_insights",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_comments",
    "instagram_manage_insights",
    "instagram_manage_contents",
)
"""What the person granted: one login for the Page and the Instagram account linked to it."""
TASKS = ("ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MESSAGING", "MODERATE", "MANAGE")
_NO_PROOF = "Invalid appsecret_proof provided in the API argument"


@dataclass(frozen=True, slots=True)
class Token:
    """Who is calling. `kind`: USER, PAGE or APP; `owner_id` a person, a Page or the app."""

    text: str
    kind: str
    owner_id: str
    issued_at: datetime
    expires_at: datetime | None
    scopes: tuple[str, ...] = SCOPES

    @property
    def is_page(self) -> bool:
        """Whether it is a Page's token."""
        return self.kind == "PAGE"


def make_world(seed: int) -> FacebookWorld:
    """Return the accounts of the imitated Facebook, with secrets of that seed."""

    def token(name: str) -> str:
        return "EAA" + seeded.letters(seed, "facebook", name, length=120)

    return FacebookWorld(
        app_id="700100200300400",
        app_secret=seeded.hexadecimal(seed, "facebook", "app secret", length=32),
        page_id="111222333444555",
        page_name="INPE Perú",
        page_token=token("page"),
        user_id="122094000000000001",
        user_name="Persona de Prensa",
        user_token=token("user"),
        short_user_token=token("short user"),
        other_page_id="999888777666555",
        other_page_name="Noticias INPE (no oficial)",
        other_page_token=token("other page"),
    )


class TokenRegister:
    """The tokens that exist."""

    def __init__(self, world: FacebookWorld, now: datetime) -> None:
        self._world = world
        self._tokens: dict[str, Token] = {}
        self._add(world.page_token, "PAGE", world.page_id, now, None)
        self._add(world.other_page_token, "PAGE", world.other_page_id, now, None)
        self._add(world.user_token, "USER", world.user_id, now, LONG_LIFE)
        self._add(world.short_user_token, "USER", world.user_id, now, SHORT_LIFE)
        self._add(f"{world.app_id}|{world.app_secret}", "APP", world.app_id, now, None)

    def add(self, token: Token) -> None:
        """Let one more token exist."""
        self._tokens[token.text] = token

    def _add(self, text: str, kind: str, owner_id: str, now: datetime, life: timedelta | None) -> None:
        self.add(Token(text, kind, owner_id, now, now + life if life else None))

    def find(self, text: str) -> Token | None:
        """Return the token of that text, alive or not."""
        return self._tokens.get(text)

    def check(self, call: Call, given: str) -> Token:
        """Return who is calling. Raises GraphError."""
        if call.effects.token_subcode is not None:
            raise dead_token(call.effects.token_subcode)
        if not given:
            raise GraphError(104, "(#104) Hace falta un token de acceso para pedir este recurso")
        token = self.find(given)
        if token is None:
            raise dead_token(None)
        if token.expires_at is not None and call.now >= token.expires_at:
            raise dead_token(463)
        return token

    def check_proof(self, token: Token, proof: str | None) -> None:
        """Check `appsecret_proof` where it was sent. Raises GraphError."""
        if proof is None:
            return
        right = hmac.new(self._world.app_secret.encode(), token.text.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(proof.encode(), right.encode()):
            raise GraphError(100, _NO_PROOF, kind=GRAPH_METHOD)

    def exchange(self, params: dict[str, Any], now: datetime) -> dict[str, Any]:
        """Answer `GET /oauth/access_token`: a long-lived user token for a living one, or the app's own."""
        if params.get("client_id") != self._world.app_id:
            raise GraphError(101, "Error al validar la aplicación: no existe")
        if params.get("client_secret") != self._world.app_secret:
            raise GraphError(1, "Error al validar el secreto de la aplicación")
        grant = params.get("grant_type")
        if grant == "client_credentials":
            text = f"{self._world.app_id}|{self._world.app_secret}"
            return {"access_token": text, "token_type": "bearer"}
        if grant != "fb_exchange_token":
            raise bad_parameter("grant_type no válido")
        old = self.find(str(params.get("fb_exchange_token", "")))
        if old is None or old.kind != "USER":
            raise dead_token(None)
        if old.expires_at is not None and now >= old.expires_at:
            raise dead_token(463)
        new = "EAA" + seeded.letters(0, old.text, now.isoformat(), length=120)
        self._add(new, "USER", old.owner_id, now, LONG_LIFE)
        return {"access_token": new, "token_type": "bearer", "expires_in": int(LONG_LIFE.total_seconds())}

    def debug(self, text: str, now: datetime) -> dict[str, Any]:
        """Answer `GET /debug_token`; HTTP 200 for dead tokens too."""
        token = self.find(text)
        if token is None:
            error = {"code": 190, "message": "No se puede interpretar el token de acceso"}
            return {"data": {"is_valid": False, "scopes": [], "error": error}}
        dead = token.expires_at is not None and now >= token.expires_at
        data: dict[str, Any] = {
            "app_id": self._world.app_id,
            "type": token.kind,
            "application": "Vocero (ensayo)",
            "data_access_expires_at": 0,
            "expires_at": int(token.expires_at.timestamp()) if token.expires_at else 0,
            "is_valid": not dead,
            "issued_at": int(token.issued_at.timestamp()),
            "scopes": [],
        }
        if token.kind != "APP":
            page_id = token.owner_id if token.is_page else self._world.page_id
            data["scopes"] = list(token.scopes)
            data["granular_scopes"] = [
                # The sheet tells only what the Pages' scopes point at; without target_ids: every asset.
                {"scope": scope} | ({} if scope.startswith("instagram_") else {"target_ids": [page_id]})
                for scope in token.scopes
            ]
            data["user_id"] = self._world.user_id
        if token.is_page:
            data["profile_id"] = token.owner_id
        if dead:
            data["error"] = {"code": 190, "subcode": 463, "message": "La sesión caducó."}
        return {"data": data}


def given_token(call: Call, params: dict[str, Any]) -> str:
    """Return the token of the request: query, form, JSON, or the Authorization header (Bearer or OAuth)."""
    sent = params.get("access_token")
    if sent:
        return str(sent)
    scheme, _, text = call.headers.get("Authorization", "").partition(" ")
    return text.strip() if scheme.lower() in {"bearer", "oauth"} else ""
