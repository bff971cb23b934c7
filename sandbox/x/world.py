"""Who lives in the imitated X: accounts, applications and their tokens."""

from dataclasses import dataclass

from sandbox import seeded


@dataclass(frozen=True, slots=True)
class XWorld:
    """The official account, two that are not the office's, two applications and all kinds of tokens. All made up.

    OAuth 1.0a tokens are pairs with their `_secret` and go with `consumer_key`; OAuth 2 tokens are bearer tokens of
    `client_id` (confidential) unless their comment says otherwise, live 7200 s from the sandbox's start, and hold
    all scopes that a publishing desk needs.
    """

    consumer_key: str
    consumer_secret: str
    client_id: str
    client_secret: str
    public_client_id: str
    """The same kind of application, registered as native: no secret, `client_id` in the form."""
    redirect_uri: str
    """The registered address that consent comes back to, of both."""
    user_id: str
    username: str
    name: str
    access_token: str
    access_token_secret: str
    readonly_access_token: str
    """Made while the application was allowed to read only."""
    readonly_access_token_secret: str
    token: str
    refresh_token: str
    expired_token: str
    expired_refresh_token: str
    """Of the expired token: still good, once."""
    used_refresh_token: str
    """Already exchanged: dead."""
    public_token: str
    public_refresh_token: str
    """Of the native application."""
    reader_token: str
    """tweet.read and users.read only."""
    no_media_token: str
    """All but media.write."""
    no_moderation_token: str
    """All but tweet.moderate.write."""
    app_token: str
    """App-only bearer: reads public things, nobody's."""
    other_user_id: str
    other_username: str
    other_name: str
    other_token: str
    """A valid token of the wrong account."""
    other_access_token: str
    other_access_token_secret: str
    premium_user_id: str
    premium_username: str
    premium_token: str
    """Of an account that may write long posts and edit them."""
    penniless_token: str
    """Of the official account through an application without credits: 402 on every call."""


def make_world(seed: int) -> XWorld:
    """Return the accounts of the imitated X, with secrets of that seed."""

    def secret(name: str, length: int) -> str:
        return seeded.letters(seed, "x", name, length=length)

    user, other, premium = "1455900000000000017", "1455900000000000391", "1455900000000000553"
    return XWorld(
        consumer_key=secret("consumer key", 25),
        consumer_secret=secret("consumer secret", 50),
        client_id=secret("client id", 34),
        client_secret=secret("client secret", 50),
        public_client_id=secret("public client id", 34),
        redirect_uri="http://127.0.0.1:8000/conectar/x",
        user_id=user,
        username="INPEPeru",
        name="INPE Perú",
        access_token=f"{user}-{secret('access token', 30)}",
        access_token_secret=secret("access token secret", 45),
        readonly_access_token=f"{user}-{secret('readonly token', 30)}",
        readonly_access_token_secret=secret("readonly token secret", 45),
        token=secret("token", 91),
        refresh_token=secret("refresh token", 91),
        expired_token=secret("expired token", 91),
        expired_refresh_token=secret("expired refresh token", 91),
        used_refresh_token=secret("used refresh token", 91),
        public_token=secret("public token", 91),
        public_refresh_token=secret("public refresh token", 91),
        reader_token=secret("reader token", 91),
        no_media_token=secret("no media token", 91),
        no_moderation_token=secret("no moderation token", 91),
        app_token="AAAAAAAAAAAAAAAAAAAAA" + secret("app token", 91),
        other_user_id=other,
        other_username="NoticiasINPE",
        other_name="Noticias INPE (no oficial)",
        other_token=secret("other token", 91),
        other_access_token=f"{other}-{secret('other access token', 30)}",
        other_access_token_secret=secret("other access token secret", 45),
        premium_user_id=premium,
        premium_username="VoceriaPremium",
        premium_token=secret("premium token", 91),
        penniless_token=secret("penniless token", 91),
    )
