"""The account's own media: lists, a medium's switch and end, what strangers tagged (sheet 2.5, 3.1, 3.3)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sandbox import seeded
from sandbox.facebook import fields, paging, params
from sandbox.facebook.errors import bad_parameter, not_found
from sandbox.facebook.nodes import plain
from sandbox.facebook.pages import written
from sandbox.instagram import access, nodes, orders
from sandbox.instagram.accounts import Accounts, Visit
from sandbox.instagram.state import Media

LONGEST_LIST = 10_000
_TAGGED = 27
"""How many strangers' media tag the official account: more than a page of them."""


def listing(accounts: Accounts, visit: Visit, account_id: str, *, stories: bool) -> dict[str, Any]:
    """Answer `GET /{ig}/media` (without stories) or `GET /{ig}/stories` (of the last day), newest first."""
    accounts.require_sight(visit, account_id, account_id)
    visit.caller.require(access.BASIC)
    since, until = params.instant(visit.params, "since"), params.instant(visit.params, "until")
    shown = [
        media
        for media in accounts.state.of_account(account_id)
        if (media.product == "STORY") == stories
        and media.is_live(visit.now)
        and (since is None or media.created_at >= since)
        and (until is None or media.created_at <= until)
        and not (media.hiding is not None and media.hiding.hides(visit.now))
    ]
    return _page(accounts, visit, shown[:LONGEST_LIST])


def children(accounts: Accounts, visit: Visit, media: Media) -> dict[str, Any]:
    """Answer `GET /{media}/children`."""
    accounts.require_sight(visit, media.id, media.account_id)
    visit.caller.require(access.BASIC)
    return _page(accounts, visit, media.children)


def _page(accounts: Accounts, visit: Visit, shown: Sequence[Media]) -> dict[str, Any]:
    wanted = nodes.wanted(visit, nodes.MEDIA_DEFAULT)
    return paging.page(
        shown,
        key=lambda media: media.id,
        show=lambda media: nodes.media(accounts, visit, media, wanted),
        call=visit.call,
        params=visit.params,
        token=visit.caller.text,
    )


def read(accounts: Accounts, visit: Visit, media: Media) -> dict[str, Any]:
    """Answer `GET /{media}`."""
    accounts.require_sight(visit, media.id, media.account_id)
    visit.caller.require(access.BASIC)
    return nodes.media(accounts, visit, media, nodes.wanted(visit, nodes.MEDIA_DEFAULT))


def update(accounts: Accounts, visit: Visit, media: Media) -> dict[str, Any]:
    """Answer `POST /{media}`: open or close it for comments; nothing else can be changed."""
    accounts.require_sight(visit, media.id, media.account_id)
    visit.caller.require(access.BASIC, access.COMMENTS)
    orders.only(visit.params, "comment_enabled")
    if "comment_enabled" not in visit.params:
        raise bad_parameter("The parameter comment_enabled is required")
    if media.parent_id is not None:
        raise not_found(media.id, "POST")
    media.takes_comments = params.flag(visit.params, "comment_enabled", default=True)
    return {"success": True}


def delete(accounts: Accounts, visit: Visit, media: Media) -> dict[str, Any]:
    """Answer `DELETE /{media}` (answer [memory]); a carousel goes whole or not at all."""
    accounts.require_sight(visit, media.id, media.account_id)
    visit.caller.require(access.BASIC, access.DELETE)
    if media.parent_id is not None:
        raise not_found(media.id, "DELETE")
    accounts.remove(media)
    return {"success": True}


def tags(accounts: Accounts, visit: Visit, account_id: str) -> dict[str, Any]:
    """Answer `GET /{ig}/tags`: cursors, never `next`."""
    accounts.require_sight(visit, account_id, account_id)
    visit.caller.require(access.BASIC, access.COMMENTS)
    found = [_tagged(accounts, number) for number in range(_TAGGED)] if account_id == accounts.world.account_id else []
    wanted = nodes.wanted(visit, nodes.MEDIA_DEFAULT)
    answer = paging.page(
        found,
        key=lambda one: str(one["id"]),
        show=lambda one: fields.render(wanted, plain(one), kind="IGMedia"),
        call=visit.call,
        params=visit.params,
        token=visit.caller.text,
    )
    for name in ("next", "previous"):
        answer.get("paging", {}).pop(name, None)
    return answer


def _tagged(accounts: Accounts, number: int) -> dict[str, Any]:
    seed = accounts.ground.seed
    at = accounts.access.began_at - timedelta(hours=7 * number + 3)
    return {
        "id": str(17_899_000_000_000_000 - number * 1_000_003 - seeded.number(seed, "tagged", number) % 900_000),
        "username": f"vecino.{seeded.number(seed, 'neighbour', number) % 900 + 100}",
        "caption": f"En la feria {number + 1}",
        "permalink": f"https://www.instagram.com/p/C{seeded.letters(seed, 'tagged code', number, length=10)}/",
        "timestamp": written(at),
        "media_type": "IMAGE",
    }
