"""API keys, access tokens and pending logins (sheet sections 1.1 and 1.2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox import seeded
from sandbox.flickr.world import FlickrWorld

LEVELS = ("read", "write", "delete")
"""Each includes the former."""
LOGIN_LIFE = timedelta(hours=1)
"""How long a request token waits for its person; the sheet is silent."""


@dataclass(slots=True)
class Key:
    """An application's key; `calls` of the hour `hour` (hours since 1970)."""

    text: str
    secret: str
    dead: bool = False
    hour: int = 0
    calls: int = 0


@dataclass(slots=True)
class Token:
    """An access token: it ends when the person revokes it, or the key dies."""

    text: str
    secret: str
    key: str
    nsid: str
    perms: str
    revoked: bool = False

    def may(self, level: str) -> bool:
        """Whether it holds that level."""
        return LEVELS.index(level) <= LEVELS.index(self.perms)


@dataclass(slots=True)
class Login:
    """A login under way. `callback` a URL or `oob`; `nsid` once the person agreed, with `verifier`."""

    text: str
    secret: str
    key: str
    callback: str
    begun_at: datetime
    perms: str = ""
    nsid: str = ""
    verifier: str = ""
    refused: bool = False


class TokenRegister:
    """Keys, tokens and logins that exist."""

    def __init__(self, seed: int, world: FlickrWorld) -> None:
        self._seed = seed
        self.keys = {
            world.api_key: Key(world.api_key, world.api_secret),
            world.dead_api_key: Key(world.dead_api_key, world.dead_api_secret, dead=True),
        }
        self.tokens: dict[str, Token] = {}
        self.logins: dict[str, Login] = {}
        self._made = 0
        for text, secret, nsid, perms in (
            (world.token, world.token_secret, world.nsid, "delete"),
            (world.write_token, world.write_token_secret, world.nsid, "write"),
            (world.read_token, world.read_token_secret, world.nsid, "read"),
            (world.revoked_token, world.revoked_token_secret, world.nsid, "delete"),
            (world.other_token, world.other_token_secret, world.other_nsid, "delete"),
        ):
            revoked = text == world.revoked_token
            self.tokens[text] = Token(text, secret, world.api_key, nsid, perms, revoked=revoked)

    def begin(self, key: str, callback: str, now: datetime) -> Login:
        """Note the beginning of a login."""
        login = Login(self._new("login"), self._secret(), key, callback, now)
        self.logins[login.text] = login
        return login

    def pending(self, text: str, now: datetime) -> Login | None:
        """Return a login that is still open."""
        login = self.logins.get(text)
        return login if login is not None and now - login.begun_at < LOGIN_LIFE else None

    def new_verifier(self, login: Login) -> str:
        """Return a verifier: a code to type in with `oob`, letters otherwise."""
        if login.callback == "oob":
            digits = f"{seeded.number(self._seed, 'verifier', login.text) % 10**9:09d}"
            return "-".join((digits[:3], digits[3:6], digits[6:]))
        return seeded.hexadecimal(self._seed, "verifier", login.text, length=16)

    def finish(self, login: Login) -> Token:
        """Exchange a login for an access token; it is over then."""
        del self.logins[login.text]
        token = Token(self._new("token"), self._secret(), login.key, login.nsid, login.perms)
        self.tokens[token.text] = token
        return token

    def _new(self, kind: str) -> str:
        self._made += 1
        number = seeded.number(self._seed, "flickr", kind, self._made) % 10**9
        return f"72157721{number:09d}-{seeded.hexadecimal(self._seed, 'flickr', kind, self._made, length=16)}"

    def _secret(self) -> str:
        return seeded.hexadecimal(self._seed, "flickr secret", self._made, length=16)
