"""Application passwords over the API (sheet section 1.2)."""

import uuid
from typing import Any

from sandbox import seeded
from sandbox.wordpress import dates, params
from sandbox.wordpress.errors import RestError, missing
from sandbox.wordpress.listing import Reply
from sandbox.wordpress.params import Visit
from sandbox.wordpress.site import URL
from sandbox.wordpress.users import AppPassword, User, grouped


def _owner(visit: Visit) -> User:
    if visit.user is None:
        raise RestError("rest_not_logged_in", 401)
    return visit.user


def _password_json(password: AppPassword) -> dict[str, Any]:
    return {
        "uuid": password.uuid,
        "app_id": password.app_id,
        "name": password.name,
        "created": dates.gmt(password.created_at),
        "last_used": dates.gmt(password.last_used_at) if password.last_used_at else None,
        "last_ip": "127.0.0.1" if password.last_used_at else None,
        "_links": {"self": [{"href": f"{URL}/wp-json/wp/v2/users/me/application-passwords/{password.uuid}"}]},
    }


def listing(visit: Visit) -> Reply:
    """Answer `GET /wp/v2/users/me/application-passwords`."""
    return Reply([_password_json(password) for password in _owner(visit).passwords])


def create(visit: Visit) -> Reply:
    """Answer `POST` there: `password` is shown this once; the same name again is 409."""
    if "name" not in visit.params:
        raise missing("name")
    user, name = _owner(visit), params.text(visit.params, "name")
    if any(known.name == name for known in user.passwords):
        raise RestError("application_password_duplicate_name", 409)
    app_id = params.text(visit.params, "app_id") if "app_id" in visit.params else ""
    secret = seeded.letters(user.id, name, visit.call.now.isoformat(), length=24)
    key = str(uuid.UUID(int=seeded.number(user.id, name, len(user.passwords)) << 40))
    password = AppPassword(key, name, app_id, secret, visit.call.now)
    user.passwords.append(password)
    return Reply(_password_json(password) | {"password": grouped(secret)}, 201)


def read(visit: Visit, key: str) -> Reply:
    """Answer `GET …/introspect` (the one in use) and `GET …/{uuid}`."""
    user = _owner(visit)
    if key == "introspect":
        used = [password for password in user.passwords if password.last_used_at == visit.call.now]
        return Reply(_password_json(used[-1]))
    return Reply(_password_json(_password(user, key)))


def _password(user: User, key: str) -> AppPassword:
    for password in user.passwords:
        if password.uuid == key:
            return password
    raise RestError("rest_application_password_not_found", 404)


def revoke(visit: Visit, key: str) -> Reply:
    """Answer `DELETE …/{uuid}`."""
    user = _owner(visit)
    password = _password(user, key)
    user.passwords.remove(password)
    return Reply({"deleted": True, "previous": _password_json(password)})


def revoke_all(visit: Visit) -> Reply:
    """Answer `DELETE` on the collection."""
    user = _owner(visit)
    count = len(user.passwords)
    user.passwords.clear()
    return Reply({"deleted": True, "count": count})
