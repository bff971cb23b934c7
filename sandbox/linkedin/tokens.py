"""Tokens, and who may do what: applications, people, page roles (sheet sections 1.1 to 1.5)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox import seeded
from sandbox.exchange import Call
from sandbox.linkedin.errors import OAuthError, dead_token, no_token
from sandbox.linkedin.world import ADMINISTRATOR, CONTENT_ADMINISTRATOR, LinkedInWorld, person_id

ACCESS_LIFE = timedelta(days=60)
REFRESH_LIFE = timedelta(days=365)
CODE_LIFE = timedelta(minutes=30)

READING = (
    "r_organization_social",
    "r_organization_social_feed",
    "rw_organization_admin",
    "r_organization_followers",
    "openid",
    "profile",
)
SCOPES = (*READING, "w_organization_social", "w_organization_social_feed", "email")
MEMBER_SCOPES = ("w_member_social", "openid", "profile")

PUBLISHERS = frozenset({ADMINISTRATOR, "DIRECT_SPONSORED_CONTENT_POSTER", CONTENT_ADMINISTRATOR})
ADMINISTRATORS = frozenset({ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Right:
    """What an act as a page takes: one of these scopes, consented to by somebody with one of these roles."""

    scopes: frozenset[str]
    roles: frozenset[str]


PUBLISH = Right(frozenset({"w_organization_social"}), PUBLISHERS)
READ = Right(frozenset({"r_organization_social"}), PUBLISHERS)
WRITE_COMMENTS = Right(frozenset({"w_organization_social", "w_organization_social_feed"}), PUBLISHERS)
READ_COMMENTS = Right(frozenset({"r_organization_social", "r_organization_social_feed"}), PUBLISHERS)
ADMINISTER = Right(frozenset({"rw_organization_admin", "r_organization_admin"}), ADMINISTRATORS)
COUNT_FOLLOWERS = Right(ADMINISTER.scopes | {"r_organization_followers"}, ADMINISTRATORS)


@dataclass(frozen=True, slots=True)
class App:
    """A registered application. Daily limits of the standard tier are unpublished: these are ours."""

    client_id: str
    client_secret: str
    scopes: tuple[str, ...]
    refreshes: bool = True
    development: bool = False
    calls_a_day: int = 100_000
    member_calls_a_day: int = 10_000


@dataclass(slots=True)
class Token:
    """A token of a person for an application. `consented_at` starts the 365 days of refreshing."""

    text: str
    app: App
    member: str
    scopes: tuple[str, ...]
    consented_at: datetime
    created_at: datetime
    expires_at: datetime
    kind: str = "access"
    revoked: bool = False

    @property
    def person_urn(self) -> str:
        """The person, as this application sees them."""
        return f"urn:li:person:{person_id(self.app.client_id, self.member)}"

    def status(self, now: datetime) -> str:
        """Return active, expired or revoked."""
        return "revoked" if self.revoked else "expired" if now >= self.expires_at else "active"


@dataclass(slots=True)
class Code:
    """What consent gives: to be exchanged once within half an hour."""

    app: App
    member: str
    scopes: tuple[str, ...]
    redirect_uri: str
    expires_at: datetime
    used: bool = False


@dataclass(slots=True)
class Members:
    """People: their names and roles on pages."""

    names: dict[str, str] = field(default_factory=dict)
    roles: dict[str, dict[str, str]] = field(default_factory=dict)

    def role(self, member: str, organization_urn: str) -> str:
        """Return the role of a person on a page, "" for none."""
        return self.roles.get(member, {}).get(organization_urn, "")


class TokenRegister:
    """The applications, people and tokens that exist."""

    def __init__(self, world: LinkedInWorld, *, seed: int, now: datetime) -> None:
        self._seed = seed
        self._made = 0
        self._tokens: dict[str, Token] = {}
        self._codes: dict[str, Code] = {}
        main = App(world.client_id, world.client_secret, SCOPES)
        selfserve = App(
            world.member_client_id,
            world.member_client_secret,
            MEMBER_SCOPES,
            refreshes=False,
            member_calls_a_day=150,
        )
        development = App(
            "78vocero0desarrollo",
            "WPL_AP1." + seeded.letters(seed, "linkedin", "development secret", length=16) + ".OTAxMg==",
            SCOPES,
            development=True,
            calls_a_day=500,
            member_calls_a_day=100,
        )
        self.apps = {app.client_id: app for app in (main, selfserve, development)}
        official, other = world.organization_urn, world.other_organization_urn
        self.members = Members(
            names={
                "press": "Persona de Prensa",
                "reader": "Persona Lectora",
                "content": "Persona de Contenidos",
                "former": "Persona Anterior",
                "stranger": "Persona Ajena",
            },
            roles={
                "press": {official: ADMINISTRATOR},
                "reader": {official: ADMINISTRATOR},
                "content": {official: CONTENT_ADMINISTRATOR},
                "stranger": {other: ADMINISTRATOR},
            },
        )
        long_ago = now - timedelta(days=400)
        self._add(world.token, main, "press", SCOPES, now)
        self._add(world.refresh_token, main, "press", SCOPES, now, kind="refresh")
        self._add(world.expired_token, main, "press", SCOPES, now - timedelta(days=61))
        self._add(world.expired_refresh_token, main, "press", SCOPES, long_ago, kind="refresh")
        self._add(world.revoked_token, main, "former", SCOPES, now).revoked = True
        self._add(world.reader_token, main, "reader", READING, now)
        self._add(world.content_token, main, "content", SCOPES, now)
        self._add(world.former_token, main, "former", SCOPES, now)
        self._add(world.other_token, main, "stranger", SCOPES, now)
        self._add(world.development_token, development, "press", SCOPES, now)
        self._add(world.member_token, selfserve, "press", MEMBER_SCOPES, now)

    def _add(
        self, text: str, app: App, member: str, scopes: tuple[str, ...], now: datetime, *, kind: str = "access"
    ) -> Token:
        life = ACCESS_LIFE if kind == "access" else REFRESH_LIFE
        token = Token(text, app, member, scopes, now, now, now + life, kind)
        self._tokens[text] = token
        return token

    def find(self, text: str) -> Token | None:
        """Return the token of that text, alive or not."""
        return self._tokens.get(text)

    def check(self, call: Call) -> Token:
        """Return who is calling. Raises LinkedInError 401."""
        scheme, _, text = call.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            raise no_token()
        if call.effects.token_subcode is not None:
            asked = call.effects.token_subcode
            raise dead_token(asked if asked in {65600, 65601, 65602} else 65602)
        token = self.find(text.strip())
        if token is None or token.kind != "access":
            raise dead_token(65600)
        status = token.status(call.now)
        if status != "active":
            raise dead_token(65601 if status == "revoked" else 65602)
        return token

    def consent(self, app: App, scopes: tuple[str, ...], redirect_uri: str, now: datetime) -> str:
        """Return a code: the press officer says yes at once."""
        text = "AQT" + self._new("code", 120)
        self._codes[text] = Code(app, "press", scopes, redirect_uri, now + CODE_LIFE)
        return text

    def redeem(self, app: App, text: str, redirect_uri: str, now: datetime) -> tuple[Token, Token | None]:
        """Return the access and refresh token of a code. Raises OAuthError.

        Another set of scopes than before kills all earlier tokens of that person for that application.
        """
        code = self._codes.get(text)
        if code is None or code.app is not app or code.used or now >= code.expires_at:
            raise OAuthError("invalid_request", "Unable to retrieve access token: authorization code not found")
        if code.redirect_uri != redirect_uri:
            raise OAuthError("invalid_request", "Unable to retrieve access token: redirect_uri does not match")
        code.used = True
        for token in self._tokens.values():
            if token.app is app and token.member == code.member and set(token.scopes) != set(code.scopes):
                token.revoked = True
        access = self._add("AQX" + self._new("access", 497), app, code.member, code.scopes, now)
        if not app.refreshes:
            return access, None
        return access, self._add("AQW" + self._new("refresh", 397), app, code.member, code.scopes, now, kind="refresh")

    def refresh(self, app: App, text: str, now: datetime) -> tuple[Token, Token]:
        """Return a new access token and the refresh token, whose clock goes on running. Raises OAuthError."""
        old = self.find(text)
        if old is None or old.kind != "refresh" or old.app is not app or old.status(now) != "active":
            raise OAuthError("invalid_request", "The provided refresh token is invalid, expired or revoked")
        access = self._add("AQX" + self._new("access", 497), app, old.member, old.scopes, now)
        access.consented_at = old.consented_at
        return access, old

    def revoke(self, app: App, text: str) -> None:
        """Take a token back; one of another application stays as it is."""
        token = self.find(text)
        if token is not None and token.app is app:
            token.revoked = True

    def _new(self, what: str, length: int) -> str:
        self._made += 1
        return seeded.letters(self._seed, "linkedin", what, self._made, length=length)
