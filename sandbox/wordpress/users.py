"""Users, roles and application passwords (sheet section 1)."""

import base64
import binascii
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox import seeded
from sandbox.exchange import Call
from sandbox.world import WebsiteUser

_SUBSCRIBER = frozenset({"read"})
_CONTRIBUTOR = _SUBSCRIBER | {"edit_posts", "delete_posts"}
_AUTHOR = _CONTRIBUTOR | {"publish_posts", "upload_files", "edit_published_posts", "delete_published_posts"}
_EDITOR = _AUTHOR | {
    "edit_others_posts",
    "delete_others_posts",
    "edit_private_posts",
    "read_private_posts",
    "delete_private_posts",
    "manage_categories",
    "moderate_comments",
    "unfiltered_html",
    "edit_pages",
    "publish_pages",
}
CAPABILITIES = {"editor": _EDITOR, "author": _AUTHOR, "contributor": _CONTRIBUTOR, "subscriber": _SUBSCRIBER}
_NAMES = {
    "editor": "Oficina de Prensa",
    "author": "Redacción",
    "contributor": "Colaboración",
    "subscriber": "Lectura",
}


@dataclass(slots=True)
class AppPassword:
    """An application password: 24 characters, spaces do not count."""

    uuid: str
    name: str
    app_id: str
    secret: str
    created_at: datetime
    last_used_at: datetime | None = None


@dataclass(slots=True)
class User:
    """A user of the site."""

    id: int
    login: str
    email: str
    role: str
    name: str
    passwords: list[AppPassword] = field(default_factory=list)

    def can(self, capability: str) -> bool:
        """Whether the role has that capability."""
        return capability in CAPABILITIES[self.role]


def grouped(secret: str) -> str:
    """Return a password as WordPress shows it: six groups of four."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def make_users(seed: int, now: datetime) -> dict[int, User]:
    """Return one user a role, each with an application password of that seed."""
    users = {}
    for number, role in enumerate(CAPABILITIES, start=2):
        secret = seeded.letters(seed, "website", role, length=24)
        first = AppPassword(str(uuid.UUID(int=seeded.number(seed, role) << 40)), "Vocero", "", secret, now)
        users[number] = User(number, f"prensa-{role}", f"{role}@inpe.example", role, _NAMES[role], [first])
    return users


def described(users: dict[int, User]) -> tuple[WebsiteUser, ...]:
    """Return the users as part of the sandbox's world."""
    return tuple(
        WebsiteUser(user.id, user.login, user.email, user.role, grouped(user.passwords[0].secret))
        for user in users.values()
        if user.passwords
    )


def logged_in(users: dict[int, User], call: Call) -> User | None:
    """Return who the request's Basic credentials belong to; wrong ones are ignored without a word."""
    if call.effects.token_subcode is not None:
        return None
    scheme, _, encoded = call.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        login, _, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    bare = password.replace(" ", "")
    for user in users.values():
        if login.lower() in {user.login, user.email}:
            for known in user.passwords:
                if known.secret == bare:
                    known.last_used_at = call.now
                    return user
    return None


def shown(user: User, site: str, *, context: str, full: bool) -> dict[str, Any]:
    """Return a user object; `full` adds what only the user may see, with `context=edit`."""
    data: dict[str, Any] = {
        "id": user.id,
        "name": user.name,
        "url": "",
        "description": "",
        "link": f"{site}/author/{user.login}/",
        "slug": user.login,
        "avatar_urls": {str(size): f"https://secure.gravatar.com/avatar/?s={size}" for size in (24, 48, 96)},
        "meta": [],
    }
    if context == "edit" and full:
        data |= {
            "username": user.login,
            "first_name": "",
            "last_name": "",
            "email": user.email,
            "locale": "de_DE",
            "nickname": user.name,
            "registered_date": "2021-12-01T12:00:00+00:00",
            "roles": [user.role],
            "capabilities": dict.fromkeys(sorted(CAPABILITIES[user.role] | {user.role}), True),
            "extra_capabilities": {user.role: True},
        }
    data["_links"] = {
        "self": [{"href": f"{site}/wp-json/wp/v2/users/{user.id}"}],
        "collection": [{"href": f"{site}/wp-json/wp/v2/users"}],
    }
    return data
