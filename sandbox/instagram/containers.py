"""Containers: made, processed, looked at (sheet sections 2.1 to 2.3)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sandbox.facebook import fields
from sandbox.facebook.errors import GraphError, bad_parameter
from sandbox.facebook.fields import ABSENT, Getter
from sandbox.facebook.nodes import plain
from sandbox.fetching import LARGE, SLOW, UNREACHABLE, Fetched, Wish
from sandbox.instagram import access, errors, orders
from sandbox.instagram.accounts import Accounts, Visit
from sandbox.instagram.errors import refused
from sandbox.instagram.orders import Order
from sandbox.instagram.state import Container
from sandbox.media import Medium, picture, video_type

MOST_A_DAY = 400
POLLS = {"IMAGE": 1, "CAROUSEL": 1, "VIDEO": 2, "REELS": 2, "STORIES": 1}
"""Status reads until a container is FINISHED, unless the fault plan says otherwise."""
LONGEST_PROCESSING = {"IMAGE": 10, "CAROUSEL": 10, "VIDEO": 30, "REELS": 30, "STORIES": 20}
"""Seconds after which it is FINISHED even if nobody looked, unless the fault plan asked for polls."""
VIDEO_TYPES = frozenset({"video/mp4", "video/quicktime"})
_SENTENCES = {
    "IN_PROGRESS": "In progress: Media is still being processed.",
    "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
    "PUBLISHED": "Published: Media has been published.",
    "EXPIRED": "Expired: The container was not published within 24 hours.",
}
"""In progress is the sheet's, FINISHED is [memory], the others are made up."""


def wishes(accounts: Accounts, visit: Visit, account_id: str) -> tuple[Wish, ...]:
    """Return what must be downloaded to answer `POST /{ig}/media`. Raises GraphError as `create` does."""
    return _order(accounts, visit, account_id).wishes()


def _order(accounts: Accounts, visit: Visit, account_id: str) -> Order:
    accounts.require_sight(visit, account_id, account_id)
    visit.caller.require(access.BASIC, access.PUBLISH)
    made = [
        one
        for one in accounts.state.containers.values()
        if one.account_id == account_id and visit.now - one.created_at < timedelta(hours=24)
    ]
    if len(made) >= MOST_A_DAY:  # the sheet gives the limit, no code: this is the one for "wait"
        raise GraphError(4, "(#4) Application request limit reached")
    return orders.read(visit)


def create(accounts: Accounts, visit: Visit, account_id: str) -> dict[str, Any]:
    """Answer `POST /{ig}/media`."""
    order = _order(accounts, visit, account_id)
    container = Container(
        id=accounts.state.new_id(),
        account_id=account_id,
        kind=order.kind,
        created_at=visit.now,
        is_child=order.is_child,
        is_picture=order.is_picture,
        caption=order.caption if order.kind != "STORIES" else "",
        alt_text=order.alt_text,
        share_to_feed=order.share_to_feed,
        resumable=order.resumable,
    )
    if order.cover_url:
        check_image(_fetched(visit, order.cover_url), ratio=False)
    if order.is_picture:
        container.medium = check_image(_fetched(visit, order.url), ratio=order.kind != "STORIES")
        container.mime = "image/jpeg"
    elif order.children:
        container.children = _children(accounts, visit, account_id, order)
    elif order.url:
        take_video(container, _fetched(visit, order.url), order.largest_video)
    accounts.state.containers[container.id] = container
    process(container, visit)
    if not order.resumable:
        return {"id": container.id}
    accounts.state.uploads[container.id] = None
    # The version is the call's own; without one the current one.
    version = visit.call.path.split("/")[1] if visit.call.path.startswith("/v") else "v26.0"
    return {"id": container.id, "uri": f"https://rupload.facebook.com/ig-api-upload/{version}/{container.id}"}


def _fetched(visit: Visit, url: str) -> Fetched:
    return visit.call.fetched.get(url, UNREACHABLE)


def check_image(found: Fetched, *, ratio: bool) -> Medium:
    """Return the image. Raises GraphError for one that is not there or not as it must be."""
    if found is SLOW:
        raise refused(errors.TIMED_OUT)
    if found is LARGE:
        raise refused(errors.IMAGE_TOO_LARGE)
    seen = picture(found.medium.path) if found.medium else None
    if found.medium is None or seen is None:
        raise refused(errors.NOT_FETCHED)
    if found.medium.size > orders.LARGEST_IMAGE:
        raise refused(errors.IMAGE_TOO_LARGE)
    if seen.mime != "image/jpeg":  # Pillow tells MPO apart
        raise refused(errors.BAD_IMAGE)
    if ratio and not (4 * seen.height <= 5 * seen.width and 100 * seen.width <= 191 * seen.height):
        raise refused(errors.BAD_RATIO)
    return found.medium


def take_video(container: Container, found: Fetched, largest: int) -> None:
    """Take a video; what is wrong with it shows only when it is processed."""
    if found.medium is None:
        container.error = errors.UPLOAD_FAILED if found is LARGE else errors.DOWNLOAD_FAILED
        return
    container.mime = video_type(found.medium.path) or ""
    container.medium, container.size = found.medium, found.medium.size
    if container.mime not in VIDEO_TYPES:
        container.error = errors.BAD_VIDEO
    elif found.medium.size > largest:
        container.error = errors.UPLOAD_FAILED


def process(container: Container, visit: Visit) -> None:
    """Let processing begin; a resumable container's begins anew with its last byte."""
    effects = visit.call.effects
    if effects.processing_error is not None:
        container.error = effects.processing_error or errors.PROCESSING_FAILED
    if effects.processing_polls is not None:
        container.polls, container.ready_at = effects.processing_polls, None
    elif container.polls == 0 or container.ready_at is not None:
        container.polls = POLLS[container.kind]
        container.ready_at = visit.now + timedelta(seconds=LONGEST_PROCESSING[container.kind])


def _children(accounts: Accounts, visit: Visit, account_id: str, order: Order) -> tuple[Container, ...]:
    children = []
    for number in order.children:
        child = accounts.state.containers.get(number)
        if child is None or child.account_id != account_id:
            raise refused(errors.MISSING_CONTAINER)
        if not child.is_child or child in children:
            raise bad_parameter(f"El contenedor {number} no es un elemento de carrusel, o está dos veces")
        status = child.status(visit.now)
        if status == "ERROR":
            raise refused(errors.CONTAINER_FAILED)
        if status == "IN_PROGRESS":
            raise refused(errors.NOT_READY)
        if status != "FINISHED":
            raise refused(errors.MISSING_CONTAINER)
        children.append(child)
    return tuple(children)


def read(accounts: Accounts, visit: Visit, container: Container) -> dict[str, Any]:
    """Answer `GET /{container}`. Each look at its status moves processing on by one."""
    accounts.require_sight(visit, container.id, container.account_id)
    visit.caller.require(access.BASIC)
    look = _look(container, visit)
    getters: dict[str, Getter] = plain({"id": container.id})
    getters |= {
        "status_code": lambda _w: look()[0] or ABSENT,
        "status": lambda _w: look()[1],
        "copyright_check_status": lambda _w: {"status": "completed", "matches_found": False},
        "video_status": lambda _w: ABSENT if container.is_picture else _phases(container, look()[0]),
    }
    return fields.render(fields.parse(str(visit.params.get("fields") or "id")), getters, kind="IGContainer")


def _look(container: Container, visit: Visit) -> Callable[[], tuple[str, str]]:
    seen: list[tuple[str, str]] = []

    def look() -> tuple[str, str]:
        if not seen:
            seen.append(_told(container, visit))
            if container.is_handed_over and container.polls > 0:
                container.polls -= 1
        return seen[0]

    return look


def _told(container: Container, visit: Visit) -> tuple[str, str]:
    status = container.status(visit.now)
    if status == "PUBLISHED" and container.lag is not None and container.lag.hides(visit.now):
        status = "FINISHED"
    if status != "ERROR":
        return status, _SENTENCES[status]
    # Occasionally the code is missing while the text tells (sheet 2.1 [code]): here, at the first look.
    first, container.error_told = not container.error_told, True
    return "" if first else status, f"Error: Media upload has failed with error code {container.error}"


def _phases(container: Container, status: str) -> dict[str, Any]:
    got = container.received.size if container.received else container.size
    uploading = {"status": "completed" if container.is_handed_over else "in_progress", "bytes_transfered": got}
    done = {"IN_PROGRESS": "in_progress", "FINISHED": "completed", "PUBLISHED": "completed"}.get(status, "error")
    return {
        "uploading_phase": uploading,
        "processing_phase": {"status": done if container.is_handed_over else "not_started"},
    }
