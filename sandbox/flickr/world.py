"""Who lives in the imitated Flickr, and with which keys and tokens."""

from dataclasses import dataclass

from sandbox import seeded


@dataclass(frozen=True, slots=True)
class FlickrWorld:
    """The official (Pro) account, a free account that is not the office's, the application, the groups.

    Each token has its secret beside it. Tokens never expire here; they are revoked, or their key dies.
    """

    api_key: str
    api_secret: str
    dead_api_key: str
    dead_api_secret: str
    """A key that was disabled: code 100, "Key has expired"."""
    nsid: str
    username: str
    full_name: str
    path_alias: str
    token: str
    token_secret: str
    """perms=delete."""
    write_token: str
    write_token_secret: str
    """perms=write: it cannot delete photos."""
    read_token: str
    read_token_secret: str
    """perms=read: it cannot publish."""
    revoked_token: str
    revoked_token_secret: str
    other_nsid: str
    other_username: str
    other_full_name: str
    other_path_alias: str
    other_token: str
    other_token_secret: str
    """A valid token (perms=delete) of the wrong account."""
    open_group: str
    moderated_group: str
    throttled_group: str
    """Takes one photo a day of each member."""
    photo_group: str
    """Takes no videos."""


def make_world(seed: int) -> FlickrWorld:
    """Return the accounts of the imitated Flickr, with secrets of that seed."""

    def secret(name: str, length: int = 16) -> str:
        return seeded.hexadecimal(seed, "flickr", name, length=length)

    def token(name: str) -> str:
        return f"72157720{seeded.number(seed, 'flickr', name) % 10**9:09d}-{secret(name + ' token')}"

    return FlickrWorld(
        api_key=secret("key", 32),
        api_secret=secret("key secret"),
        dead_api_key=secret("dead key", 32),
        dead_api_secret=secret("dead key secret"),
        nsid="200111222@N03",
        username="INPE Perú",
        full_name="Instituto Nacional Penitenciario",
        path_alias="inpeperu-ensayo",
        token=token("delete"),
        token_secret=secret("delete"),
        write_token=token("write"),
        write_token_secret=secret("write"),
        read_token=token("read"),
        read_token_secret=secret("read"),
        revoked_token=token("revoked"),
        revoked_token_secret=secret("revoked"),
        other_nsid="200999888@N07",
        other_username="Noticias INPE (no oficial)",
        other_full_name="",
        other_path_alias="noticias-inpe-ensayo",
        other_token=token("other"),
        other_token_secret=secret("other"),
        open_group="1001@N21",
        moderated_group="1002@N22",
        throttled_group="1003@N23",
        photo_group="1004@N24",
    )
