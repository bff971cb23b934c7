"""Asks whether the links of a post answer: through the one door, and never on a private network.

A link is somebody's word, and whoever runs its host decides where it leads. So no address is connected to that is not
public, whatever a name resolves to, and every redirect is judged as the link was. The name is resolved and judged in
the moment of connecting, and it is that very address that is connected to.
"""

import ipaddress
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from connectors.errors import ConnectorError, Misconfigured, Unavailable
from connectors.http import Door, DoorAdapter, open_session
from core.platforms import Platform
from core.texts import _

_MOST_HOPS = 5
_LARGEST = 256 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NO_HEAD = frozenset({400, 403, 404, 405, 501})  # servers that answer so to HEAD may well have the page
_PORTS = frozenset({None, 80, 443})
_PRIVATE = "the address is not public"


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """What a link answered. `status` is 0 where nothing did; `ends_at` where it led to."""

    address: str
    ends_at: str
    status: int
    sentence: str
    is_alive: bool


class PrivateAddressError(NewConnectionError):
    """The name resolves to an address that is not public; nothing was sent."""


def is_public(address: str) -> bool:
    """Tell whether the IP address is one of the public internet, also when it is an IPv4 one in IPv6's clothes."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return found.is_global and not found.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class LinkChecker:
    """Asks links, one after the other. `allows` judges each IP address; `door` is the house's.

    `ports`: those that are asked, None for the scheme's own.
    """

    def __init__(
        self, door: Door, *, allows: Callable[[str], bool] = is_public, ports: Collection[int | None] = _PORTS
    ) -> None:
        whole = min(door.whole_call, timedelta(seconds=20))
        self._door = replace(door, largest_answer=_LARGEST, whole_call=whole, read_timeout=whole, witness=None)
        self._allows, self._ports = allows, ports

    def ask(self, address: str) -> LinkAnswer:
        """Return what the link answers, after at most five redirects. It raises nothing that a link can cause."""
        here = address if "://" in address else f"https://{address}"
        for _hop in range(_MOST_HOPS + 1):
            if (against := _against(here, self._ports)) is not None:
                return LinkAnswer(address, here, 0, against, is_alive=False)
            try:
                status, location = self._status(here)
            except _UnansweredError as error:
                return LinkAnswer(address, here, 0, str(error), is_alive=False)
            if status in _REDIRECTS and location:
                try:
                    here = urljoin(here, location)
                except ValueError:
                    return LinkAnswer(address, here, status, _("lleva a una dirección que no existe"), is_alive=False)
                continue
            return LinkAnswer(address, here, status, _said(status), is_alive=status < requests.codes.bad_request)
        return LinkAnswer(address, here, 0, _("lleva de un lado a otro sin llegar"), is_alive=False)

    def _status(self, address: str) -> tuple[int, str]:
        status, location = self._call("HEAD", address)
        return self._call("GET", address) if status in _NO_HEAD else (status, location)

    def _call(self, method: str, address: str) -> tuple[int, str]:
        with open_session(self._door, Platform.WEBSITE) as session:
            guard = _GuardedAdapter(self._door, self._allows)
            session.mount("https://", guard)
            session.mount("http://", guard)
            try:
                answer = session.request(method, address)
            except Misconfigured as error:
                raise _UnansweredError(_("en ensayo no se sale a internet")) from error
            except ConnectorError as error:
                if error.status:  # it answered; that the answer is long or breaks off is no matter here
                    return error.status, ""
                raise _UnansweredError(_why(error)) from error
            except (requests.RequestException, ValueError) as error:
                raise _UnansweredError(_("no es una dirección que se pueda abrir")) from error
            return answer.status_code, answer.headers.get("Location", "")


class _UnansweredError(Exception):
    """Nothing answered; the text says why, in Spanish."""


def _against(address: str, ports: Collection[int | None]) -> str | None:
    """Return why an address is not even tried: no http(s), a password in it, a port of something else than the web."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return _("no es una dirección que se pueda abrir")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return _("no es una dirección http(s)")
    if parts.username is not None or parts.password is not None:
        return _("lleva un usuario o una clave dentro")
    if port not in ports:
        return _("usa un puerto que no es de la web ({port})").format(port=port)
    return None


def _said(status: int) -> str:
    if status < requests.codes.bad_request:
        return _("respondió ({status})").format(status=status)
    if status in (requests.codes.not_found, requests.codes.gone):
        return _("la página no existe ({status})").format(status=status)
    if status in (requests.codes.unauthorized, requests.codes.forbidden):
        return _("la página no se deja ver ({status})").format(status=status)
    return _("respondió con un error ({status})").format(status=status)


def _why(error: BaseException) -> str:
    cause: BaseException | None = error
    while cause is not None:
        reasons = [getattr(each, "reason", each) for each in cause.args if isinstance(each, BaseException)]
        if any(isinstance(each, PrivateAddressError) for each in (cause, *reasons)):
            return _("lleva a una red privada: no se abre")
        cause = cause.__cause__
    return _("no responde")


class _GuardedAdapter(DoorAdapter):
    """The door, with connections that judge where they lead. Where the operator routes a host, that is trusted."""

    def __init__(self, door: Door, allows: Callable[[str], bool]) -> None:
        self._allows = allows
        super().__init__(door, Platform.WEBSITE, ())
        self._plain = DoorAdapter(door, Platform.WEBSITE, ())

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        allows = self._allows

        class Guarded(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return _connected(self, super()._new_conn, allows)

        class GuardedTLS(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return _connected(self, super()._new_conn, allows)

        class Pool(HTTPConnectionPool):
            ConnectionCls = Guarded

        class PoolTLS(HTTPSConnectionPool):
            ConnectionCls = GuardedTLS

        self.poolmanager.pool_classes_by_scheme = {"http": Pool, "https": PoolTLS}

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        if self._routed(request) is not request:
            return self._plain.send(request, *args, **kwargs)
        if self._door.proxy:
            self._judge(request)  # the proxy resolves the name: what can be known of it here is judged here
        return super().send(request, *args, **kwargs)

    def _judge(self, request: requests.PreparedRequest) -> None:
        host = urlsplit(request.url or "").hostname or ""
        try:
            addresses = _resolved(host, None)
        except (OSError, UnicodeError):
            return  # only the proxy knows it
        if not all(self._allows(each) for each in addresses):
            raise Unavailable(_PRIVATE, platform=Platform.WEBSITE) from PrivateAddressError(
                HTTPConnection(host), _PRIVATE
            )


def _resolved(host: str, port: int | None) -> list[str]:
    found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def _connected(
    connection: HTTPConnection, connect: Callable[[], socket.socket], allows: Callable[[str], bool]
) -> socket.socket:
    """Resolve, judge, and connect to what was judged: between the two the name could lead elsewhere."""
    host = connection._dns_host  # noqa: SLF001  (urllib3 offers no other place between resolving and connecting)
    try:
        addresses = _resolved(host, connection.port)
    except (OSError, UnicodeError) as error:
        raise NewConnectionError(connection, f"cannot resolve: {type(error).__name__}") from error
    if not addresses or not all(allows(each) for each in addresses):
        raise PrivateAddressError(connection, _PRIVATE)
    try:
        connection._dns_host = addresses[0]  # noqa: SLF001  (see above)
        return connect()
    finally:
        connection._dns_host = host  # noqa: SLF001  (see above)
