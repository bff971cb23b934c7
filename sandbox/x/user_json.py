"""Accounts as X gives them back, and the endpoints that do."""

from typing import Any

from sandbox.x import figures, params
from sandbox.x.errors import address
from sandbox.x.params import Wanted
from sandbox.x.state import Person, instant
from sandbox.x.visit import Visit


def user(visit: Visit, person: Person, wanted: Wanted) -> dict[str, Any]:
    """Return one account."""
    own = person.id == visit.caller.user_id
    whole: dict[str, Any] = {
        "created_at": instant(person.created_at),
        "description": "Cuenta de ensayo" if person.office else "",
        "protected": person.protected,
        "verified": person.premium,
        "verified_type": "blue" if person.premium else "none",
        "profile_image_url": "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png",
        "url": "",
    }
    if own:  # an account's own subscription is nobody else's business
        whole["subscription_type"] = "Premium" if person.premium else "None"
    shown: dict[str, Any] = {"id": person.id, "name": person.name, "username": person.username}
    shown |= {name: value for name, value in whole.items() if name in wanted.user}
    if "public_metrics" in wanted.user:
        shown["public_metrics"] = figures.of_user(visit.network, person, visit.now)
    posts = [post.id for post in visit.network.visible() if post.author_id == person.id]
    if {"most_recent_post_id"} & (wanted.user | wanted.expansions) and posts:
        shown["most_recent_post_id"] = posts[0]
    return shown


def me(visit: Visit) -> dict[str, Any]:
    """Answer GET /2/users/me."""
    wanted = params.wanted_of_users(visit)
    visit.read_users.add(visit.caller.user_id)
    return {"data": user(visit, visit.network.people[visit.caller.user_id], wanted)}


def by_id(visit: Visit) -> dict[str, Any]:
    """Answer GET /2/users/{id}."""
    wanted = params.wanted_of_users(visit)
    user_id = params.require_id(visit.place["id"], "id")
    return _answer(visit, visit.network.people.get(user_id), wanted, ("id", user_id))


def by_username(visit: Visit) -> dict[str, Any]:
    """Answer GET /2/users/by/username/{username}."""
    wanted = params.wanted_of_users(visit)
    username = visit.place["username"]
    return _answer(visit, visit.network.by_username(username), wanted, ("username", username))


def _answer(visit: Visit, person: Person | None, wanted: Wanted, named: tuple[str, str]) -> dict[str, Any]:
    if person is not None:
        visit.read_users.add(person.id)
        return {"data": user(visit, person, wanted)}
    name, value = named
    return {
        "errors": [
            {
                "value": value,
                "resource_id": value,
                "resource_type": "user",
                "parameter": name,
                "title": "Not Found Error",
                "detail": f"Could not find user with {name}: [{value}].",
                "type": address("resource-not-found", visit.spelling.host),
            }
        ]
    }
