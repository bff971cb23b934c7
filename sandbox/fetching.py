"""Files that a platform downloads from a URL that it was given: over real HTTP, streamed to disk, bounded."""

import time
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

import requests

from sandbox.media import MediaStore, Medium

HOPS = 5
"""Redirects followed, each looked at anew: it may lead to an imitated host, where the network must not be asked."""

_CONNECT, _READ, _WHOLE = 5.0, 15.0, 60.0
"""Seconds for connecting, between two pieces, and for all of it."""
_BLOCK = 1 << 18
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Wish:
    """A file that a request points at. `largest` in bytes; `agent` is how the platform's fetcher calls itself."""

    url: str
    largest: int
    agent: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of a wish: the file, or why there is none: `unreachable`, `slow` or `large`."""

    medium: Medium | None = None
    trouble: str = ""


UNREACHABLE, SLOW, LARGE = Fetched(trouble="unreachable"), Fetched(trouble="slow"), Fetched(trouble="large")


def fetch(wish: Wish, url: str, store: MediaStore) -> Fetched | str:
    """Return what `url` shows to the public, or the address that it redirects to.

    Only on this machine: nothing of a rehearsal leaves it, so what lies elsewhere is not to be reached.
    Without cookies, logins or proxies of this machine: the platform has none of them either.
    """
    if not _is_here(url):
        return UNREACHABLE
    with requests.Session() as session:
        session.trust_env = False
        headers = {"User-Agent": wish.agent, "Accept-Encoding": "identity"}
        try:
            with session.get(
                url, headers=headers, timeout=(_CONNECT, _READ), stream=True, allow_redirects=False
            ) as answer:
                if answer.status_code in _REDIRECTS and "Location" in answer.headers:
                    return urljoin(url, answer.headers["Location"])
                return _received(answer, wish.largest, store) if answer.status_code == 200 else UNREACHABLE
        except requests.Timeout:
            return SLOW
        except (requests.RequestException, ValueError):  # ValueError: an address that is none
            return UNREACHABLE


def _is_here(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _received(answer: requests.Response, largest: int, store: MediaStore) -> Fetched:
    until = time.monotonic() + _WHOLE
    incoming = store.incoming()
    try:
        for block in answer.iter_content(_BLOCK):
            incoming.write(block)
            if incoming.size > largest:
                return LARGE
            if time.monotonic() > until:
                return SLOW
        return Fetched(store.keep(incoming))
    finally:
        incoming.discard()
