"""Bytes of a resumable container, on rupload.facebook.com (sheet 2.3; offsets and refusals: facebook.md 2.5)."""

import re

from sandbox.exchange import Answer, Call
from sandbox.facebook.errors import GraphError
from sandbox.fetching import UNREACHABLE, Fetched, Wish
from sandbox.instagram import access, containers, orders
from sandbox.instagram.accounts import Accounts, Visit
from sandbox.instagram.errors import unreadable_token
from sandbox.instagram.state import Container
from sandbox.media import Incoming

PATH = re.compile(r"/ig-api-upload/(v\d+\.\d+)/(\d+)")


class _Refused(Exception):
    def __init__(self, kind: str, message: str, *, retriable: bool = False) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.retriable = retriable


def trouble(kind: str, message: str, *, retriable: bool, status: int = 400) -> Answer:
    """Return a refusal in this host's own shape. The sheet gives no HTTP status: 400."""
    info = {"retriable": retriable, "type": kind, "message": message}
    return Answer.json({"debug_info": info}, status=status)


def wishes(accounts: Accounts, call: Call) -> tuple[Wish, ...]:
    """Return the file that header `file_url` points at."""
    try:
        _visit, container = _container(accounts, call)
    except (GraphError, _Refused):
        return ()
    url = call.headers.get("file_url", "")
    return (Wish(url, _largest(container), "facebookexternalhit/1.1"),) if url else ()


def answer(accounts: Accounts, call: Call) -> Answer:
    """Answer `POST /ig-api-upload/{version}/{container}`. Raises GraphError for what the token may not."""
    try:
        visit, container = _container(accounts, call)
        take = _download if "file_url" in call.headers else _receive
        take(accounts, container, call)
        _finish(accounts, visit, container)
    except _Refused as refusal:
        return trouble(refusal.kind, refusal.message, retriable=refusal.retriable)
    return Answer.json({"success": True, "message": "Upload successful."})


def interrupted(accounts: Accounts, call: Call) -> None:
    """Keep what arrived of a body that broke off."""
    try:
        _visit, container = _container(accounts, call)
        _size, body = _announced(container, call)
        _append(accounts, container, body)
    except (GraphError, _Refused):
        return


def _container(accounts: Accounts, call: Call) -> tuple[Visit, Container]:
    match = PATH.fullmatch(call.path)
    scheme, _, _text = call.headers.get("Authorization", "").partition(" ")
    if scheme != "OAuth":  # the only way that the sheet shows
        raise unreadable_token()
    caller = accounts.access.check(call, {})
    caller.require(access.BASIC, access.PUBLISH)
    container = accounts.state.containers.get(match[2]) if match else None
    if container is None or container.account_id != caller.account_id or not container.resumable:
        raise _Refused("ProcessingFailedError", "El contenedor no existe o no espera un archivo")
    if call.method != "POST" or container.is_handed_over or container.status(call.now) == "EXPIRED":
        raise _Refused("ProcessingFailedError", "El contenedor ya tiene su archivo, o caducó")
    return Visit(call=call, params={}, caller=caller), container


def _largest(container: Container) -> int:
    return orders.LARGEST_STORY_VIDEO if container.kind == "STORIES" else orders.LARGEST_VIDEO


def _announced(container: Container, call: Call) -> tuple[int, Incoming]:
    """Return the whole file's size and what came now, once it fits what is here already."""
    numbers = [call.headers.get(name, "") for name in ("offset", "file_size")]
    if not all(re.fullmatch(r"\d{1,15}", number) for number in numbers) or call.body is None:
        raise _Refused("ProcessingFailedError", "Hacen falta las cabeceras offset y file_size, y el archivo")
    offset, size = (int(number) for number in numbers)
    got = container.received.size if container.received else 0
    if not 0 < size <= _largest(container) or (got and size != container.size):
        raise _Refused("ProcessingFailedError", "El tamaño del archivo no es válido o cambió")
    if offset != got:
        raise _Refused("OffsetInvalidError", f"offset debe ser {got}")
    if got + call.body.size > size:
        raise _Refused("ProcessingFailedError", "Llegaron más bytes que los anunciados en file_size")
    container.size = size
    return size, call.body


def _download(_accounts: Accounts, container: Container, call: Call) -> None:
    found = call.fetched.get(call.headers["file_url"], UNREACHABLE)
    if found.medium is None:
        raise _Refused("ProcessingFailedError", "No se pudo descargar el video de file_url")
    containers.take_video(container, found, _largest(container))


def _receive(accounts: Accounts, container: Container, call: Call) -> None:
    size, body = _announced(container, call)
    if container.received is None and body.size == size:
        _hand_over(accounts, container, body)
        return
    received = _append(accounts, container, body)
    if received.size < size:
        raise _Refused("PartialRequestError", f"Llegaron {received.size} de {size} bytes", retriable=True)
    container.received = None
    _hand_over(accounts, container, received)
    received.close()


def _append(accounts: Accounts, container: Container, body: Incoming) -> Incoming:
    if container.received is None:
        container.received = accounts.ground.store.incoming()
    accounts.ground.store.append(container.received, body)
    return container.received


def _hand_over(accounts: Accounts, container: Container, whole: Incoming) -> None:
    containers.take_video(container, Fetched(accounts.ground.store.keep(whole)), _largest(container))


def _finish(accounts: Accounts, visit: Visit, container: Container) -> None:
    accounts.state.uploads.pop(container.id, None)
    containers.process(container, visit)
