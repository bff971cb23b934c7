"""Applications, their tokens, and who is calling (sheet section 1)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sandbox import seeded
from sandbox.clock import MovableClock
from sandbox.exchange import Call
from sandbox.imitation import Ground
from sandbox.x import oauth1
from sandbox.x.errors import GrantError, OldError, XError, unauthorized
from sandbox.x.world import XWorld

ACCESS_LIFE = timedelta(seconds=7200)
REFRESH_LIFE = timedelta(days=182)
"""Unused, about six months [memory] (sheet 1.1)."""
ALL_SCOPES = (
    "tweet.read",
    "tweet.write",
    "tweet.moderate.write",
    "users.read",
    "media.write",
    "offline.access",
)
OAUTH1, OAUTH2, APP = "OAuth 1.0a User Context", "OAuth 2.0 User Context", "OAuth 2.0 Application-Only"


@dataclass(frozen=True, slots=True)
class App:
    """An application. Public (native) ones have no secret; `owner_id` is the account that made it."""

    client_id: str
    client_secret: str
    consumer_key: str
    consumer_secret: str
    owner_id: str
    solvent: bool = True


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling, through which application, and how. `user_id` is "" for an application by itself."""

    app: App
    kind: str
    user_id: str
    scopes: tuple[str, ...]
    writes: bool

    @property
    def level(self) -> str:
        """The x-access-level header."""
        return "read-write" if self.writes else "read"


@dataclass(frozen=True, slots=True)
class Bearer:
    """An OAuth 2 access token."""

    text: str
    caller: Caller
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh token and the access token it came with."""

    text: str
    caller: Caller
    access: str
    expires_at: datetime


class TokenRegister:
    """All applications and the tokens that are alive."""

    def __init__(self, world: XWorld, ground: Ground) -> None:
        self._ground = ground
        self._notary = oauth1.Notary()
        self._made = 0
        self._bearers: dict[str, Bearer] = {}
        self._refreshes: dict[str, Refresh] = {}
        keys = (world.consumer_key, world.consumer_secret)
        main = App(world.client_id, world.client_secret, *keys, owner_id=world.user_id)
        native = replace(main, client_id=world.public_client_id, client_secret="")
        poor = replace(main, client_id="sin-fondos", solvent=False)
        self.apps = {app.client_id: app for app in (main, native)}
        self._pairs = {
            world.access_token: (world.access_token_secret, Caller(main, OAUTH1, world.user_id, (), writes=True)),
            world.readonly_access_token: (
                world.readonly_access_token_secret,
                Caller(main, OAUTH1, world.user_id, (), writes=False),
            ),
            world.other_access_token: (
                world.other_access_token_secret,
                Caller(main, OAUTH1, world.other_user_id, (), writes=True),
            ),
        }
        start = ground.clock()
        for text, app, user, left_out in (
            (world.token, main, world.user_id, ()),
            (world.public_token, native, world.user_id, ()),
            (world.other_token, main, world.other_user_id, ()),
            (world.premium_token, main, world.premium_user_id, ()),
            (world.penniless_token, poor, world.user_id, ()),
            (world.no_media_token, main, world.user_id, ("media.write",)),
            (world.no_moderation_token, main, world.user_id, ("tweet.moderate.write",)),
            (world.reader_token, main, world.user_id, set(ALL_SCOPES) - {"tweet.read", "users.read"}),
        ):
            scopes = tuple(scope for scope in ALL_SCOPES if scope not in left_out)
            self._bearers[text] = Bearer(text, user_caller(app, user, scopes), start + ACCESS_LIFE)
        self._bearers[world.expired_token] = Bearer(world.expired_token, user_caller(main, world.user_id), start)
        self._bearers[world.app_token] = Bearer(world.app_token, Caller(main, APP, "", (), writes=False), None)
        for text, app, access in (
            (world.refresh_token, main, world.token),
            (world.expired_refresh_token, main, world.expired_token),
            (world.public_refresh_token, native, world.public_token),
        ):
            self._refreshes[text] = Refresh(text, user_caller(app, world.user_id), access, start + REFRESH_LIFE)

    def caller(self, call: Call) -> Caller:
        """Return who is calling v2. Raises XError 401."""
        if call.effects.token_subcode is not None:
            raise unauthorized()
        scheme, _, text = call.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "oauth":
            return self._signed(call)
        if scheme.lower() != "bearer":
            raise unauthorized()
        bearer = self._bearers.get(text.strip())
        if bearer is None or (bearer.expires_at is not None and call.now >= bearer.expires_at):
            raise unauthorized()
        return bearer.caller

    def old_caller(self, call: Call) -> Caller:
        """Return who is calling v1.1, with OAuth 1.0a only. Raises OldError 400 and 401."""
        if not call.headers.get("Authorization", "").lower().startswith("oauth "):
            raise OldError(400, 215, "Bad Authentication data.")
        try:
            return self.caller(call)
        except XError as error:
            raise OldError(401, 32, "Could not authenticate you.") from error

    def _signed(self, call: Call) -> Caller:
        claim = oauth1.claim(call.headers["Authorization"])
        secret, caller = self._pairs.get(claim["oauth_token"], ("", None))
        if caller is None or claim["oauth_consumer_key"] != caller.app.consumer_key:
            raise unauthorized()
        clock = self._ground.clock
        # A client signs with the machine's time, which a rehearsal that ran ahead has left behind.
        moments = (call.now, call.now - clock.ahead) if isinstance(clock, MovableClock) else (call.now,)
        self._notary.check(call, claim, secrets=(caller.app.consumer_secret, secret), moments=moments)
        return caller

    def issue(self, caller: Caller, now: datetime) -> tuple[Bearer, Refresh | None]:
        """Make a new pair; a refresh token only with offline.access."""
        self._made += 1
        made = [seeded.letters(self._ground.seed, "x made", kind, self._made, length=91) for kind in ("at", "rt")]
        bearer = Bearer(made[0], caller, now + ACCESS_LIFE)
        self._bearers[bearer.text] = bearer
        if "offline.access" not in caller.scopes:
            return bearer, None
        refresh = Refresh(made[1], caller, bearer.text, now + REFRESH_LIFE)
        self._refreshes[refresh.text] = refresh
        return bearer, refresh

    def spend(self, text: str, app: App, now: datetime) -> Caller:
        """Use a refresh token up, and return whose it was. Raises GrantError for used, revoked, foreign, old ones.

        Its access token dies with it; the sheet is silent, so this is the strict reading.
        """
        refresh = self._refreshes.get(text)
        if refresh is None or refresh.caller.app != app or now >= refresh.expires_at:
            raise GrantError(400, "invalid_request", "Value passed for the token was invalid.")
        del self._refreshes[text]
        self._bearers.pop(refresh.access, None)
        return refresh.caller

    def revoke(self, text: str, app: App) -> None:
        """Kill an access or refresh token of that application; unknown ones are no error."""
        bearer, refresh = self._bearers.get(text), self._refreshes.get(text)
        if bearer is not None and bearer.caller.app == app:
            del self._bearers[text]
        if refresh is not None and refresh.caller.app == app:
            del self._refreshes[text]


def user_caller(app: App, user_id: str, scopes: tuple[str, ...] = ALL_SCOPES) -> Caller:
    """Return an OAuth 2 user context."""
    return Caller(app, OAUTH2, user_id, scopes, writes="tweet.write" in scopes)
