"""The visible write, and how many of it a day allows (sheet sections 2.1, 2.4)."""

from datetime import timedelta
from typing import Any

from sandbox.facebook import fields, params
from sandbox.facebook.errors import bad_parameter
from sandbox.facebook.nodes import plain
from sandbox.hiding import Hiding
from sandbox.instagram import access, errors, orders
from sandbox.instagram.accounts import Accounts, Visit
from sandbox.instagram.errors import refused
from sandbox.instagram.state import Container, Media

QUOTA = 50
"""A day: 50 in the reference and its sample answer, 100 in the guide (sheet 2.4 [doc]); the narrower one."""
DAY = timedelta(hours=24)
REPUBLISHED = errors.MISSING_CONTAINER
"""For a container that is published already. The real code is unknown (sheet 10, [memory]): this one tempts a client
to make a new container, which would be a second post."""


def publish(accounts: Accounts, visit: Visit, account_id: str) -> dict[str, Any]:
    """Answer `POST /{ig}/media_publish`: once for each container."""
    accounts.require_sight(visit, account_id, account_id)
    visit.caller.require(access.BASIC, access.PUBLISH)
    orders.only(visit.params, "creation_id")
    number = params.text(visit.params, "creation_id")
    if not number:
        raise bad_parameter("The parameter creation_id is required")
    container = accounts.state.containers.get(number)
    if container is None or container.account_id != account_id:
        raise refused(errors.MISSING_CONTAINER)
    status = container.status(visit.now)
    if status == "PUBLISHED":
        raise refused(REPUBLISHED)
    if status == "EXPIRED":
        raise refused(errors.MISSING_CONTAINER)
    if container.is_child:
        raise bad_parameter("Un elemento de carrusel no se publica solo")
    if status != "FINISHED":  # ERROR too: the sheet has no code for it, and the media is indeed not available
        raise refused(errors.NOT_READY)
    if _used(accounts, visit, account_id, DAY) >= QUOTA:
        raise refused(errors.QUOTA_USED)
    media = _media(accounts, visit, container)
    container.media_id = media.id
    container.lag = Hiding.wanted(visit.call)
    media.hiding = Hiding.wanted(visit.call)
    accounts.state.published.append((account_id, visit.now))
    if media.product == "STORY":
        accounts.state.stories[media.id] = None
    accounts.show(media)
    return {"id": media.id}


def _media(accounts: Accounts, visit: Visit, container: Container, parent: Media | None = None) -> Media:
    kind = "CAROUSEL_ALBUM" if container.children else "IMAGE" if container.is_picture else "VIDEO"
    media = Media(
        id=accounts.state.new_id(),
        account_id=container.account_id,
        kind=kind,
        product={"REELS": "REELS", "STORIES": "STORY"}.get(container.kind, "FEED"),
        caption=container.caption,
        alt_text=container.alt_text,
        medium=container.medium,
        mime=container.mime,
        created_at=visit.now,
        parent_id=parent.id if parent else None,
        share_to_feed=container.share_to_feed,
    )
    accounts.state.media[media.id] = media
    media.children = tuple(_media(accounts, visit, child, media) for child in container.children)
    for child in container.children:
        child.media_id = media.id
    return media


def _used(accounts: Accounts, visit: Visit, account_id: str, back: timedelta) -> int:
    since = visit.now - back
    return sum(owner == account_id and at > since for owner, at in accounts.state.published)


def limit(accounts: Accounts, visit: Visit, account_id: str) -> dict[str, Any]:
    """Answer `GET /{ig}/content_publishing_limit`."""
    accounts.require_sight(visit, account_id, account_id)
    visit.caller.require(access.BASIC, access.PUBLISH)
    orders.only(visit.params, "since")
    since = params.instant(visit.params, "since")
    back = visit.now - since if since else DAY
    if not timedelta() <= back <= DAY:
        raise bad_parameter("since no puede tener más de 24 horas")
    values = {
        "quota_usage": _used(accounts, visit, account_id, back),
        "config": {"quota_total": QUOTA, "quota_duration": int(DAY.total_seconds())},
    }
    wanted = fields.parse(str(visit.params.get("fields") or "quota_usage"))
    return {"data": [fields.render(wanted, plain(values), kind="IGContentPublishingLimit")]}
