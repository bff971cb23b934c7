"""Links are asked through the door; nothing that they can say leads to a private address."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import unquote

import pytest

from connectors.http import Door
from connectors.links import LinkAnswer, LinkChecker, is_public

SITE, OTHER = "https://www.gob.example", "https://otro.example"


class Pages(BaseHTTPRequestHandler):
    """Answers by what the path says: `/404`, `/to?URL`, `/nohead`, `/large`."""

    server: "PagesServer"

    def do_HEAD(self) -> None:
        self._answer(405 if self.path == "/nohead" else None)

    def do_GET(self) -> None:
        self._answer(None)

    def _answer(self, status: int | None) -> None:
        self.server.asked.append((self.command, self.headers["Host"], self.path))
        path, _mark, target = self.path.partition("?")
        word = path.strip("/").split("/")[-1]
        self.send_response(status or (int(word) if word.isdigit() else 302 if target else 200))
        if target:
            self.send_header("Location", unquote(target))
        body = b"x" * 400_000 if word == "large" else b"ok"
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        return


class PagesServer(HTTPServer):
    asked: list[tuple[str, str, str]]


@pytest.fixture
def pages() -> Iterator[PagesServer]:
    server = PagesServer(("127.0.0.1", 0), Pages)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def here(pages: PagesServer) -> str:
    return f"http://127.0.0.1:{pages.server_port}"


def routed(pages: PagesServer, **more: Any) -> LinkChecker:
    return LinkChecker(Door(routes={SITE: here(pages) + "/a", OTHER: here(pages) + "/b"}, **more))


@pytest.mark.parametrize(
    ("path", "status", "alive", "says"),
    [
        ("/noticia", 200, True, "respondió (200)"),
        ("/404", 404, False, "la página no existe (404)"),
        ("/410", 410, False, "la página no existe (410)"),
        ("/403", 403, False, "no se deja ver (403)"),
        ("/503", 503, False, "respondió con un error (503)"),
        ("/nohead", 200, True, "respondió (200)"),
        ("/large", 200, True, "respondió (200)"),
    ],
)
def test_a_link_says_what_it_answers(pages: PagesServer, path: str, status: int, alive: bool, says: str) -> None:
    answer = routed(pages).ask(SITE + path)
    assert (answer.status, answer.is_alive) == (status, alive)
    assert says in answer.sentence


def test_a_long_page_is_alive_though_nobody_reads_it(pages: PagesServer) -> None:
    pages.RequestHandlerClass = type("NoHead", (Pages,), {"do_HEAD": lambda self: self._answer(405)})
    answer = routed(pages).ask(SITE + "/large")
    assert (answer.status, answer.is_alive) == (200, True)
    assert [method for method, _host, _path in pages.asked] == ["HEAD", "GET"]


def test_a_redirect_is_followed_and_told(pages: PagesServer) -> None:
    answer = routed(pages).ask(f"{SITE}/x?{OTHER}/y")
    assert answer == LinkAnswer(f"{SITE}/x?{OTHER}/y", f"{OTHER}/y", 200, "respondió (200)", is_alive=True)
    assert routed(pages).ask("www.gob.example/noticia").ends_at == SITE + "/noticia"
    assert routed(pages).ask(f"{SITE}/x?/y").ends_at == SITE + "/y"


def test_a_redirect_that_goes_round_ends(pages: PagesServer) -> None:
    pages.RequestHandlerClass = type("Round", (Pages,), {"do_HEAD": _round})
    answer = routed(pages).ask(SITE)
    assert (answer.is_alive, answer.sentence) == (False, "lleva de un lado a otro sin llegar")
    assert len(pages.asked) == 6


def _round(page: Pages) -> None:
    page.server.asked.append((page.command, page.headers["Host"], page.path))
    page.send_response(307)
    page.send_header("Location", SITE)
    page.send_header("Content-Length", "0")
    page.end_headers()


PRIVATE = "lleva a una red privada: no se abre"


def test_neither_a_link_nor_a_redirect_leads_to_a_private_address(pages: PagesServer) -> None:
    """The port is allowed here, so that only the address stands in the way; the server is never asked."""
    checker = LinkChecker(Door(routes={SITE: here(pages) + "/a"}), ports=(None, pages.server_port))
    for address in (
        here(pages),
        f"http://localhost:{pages.server_port}",
        f"http://[::1]:{pages.server_port}",
    ):
        assert checker.ask(address).sentence == PRIVATE
        answer = checker.ask(f"{SITE}/x?{address}/latest/meta-data")
        assert (answer.sentence, answer.is_alive, answer.ends_at) == (PRIVATE, False, address + "/latest/meta-data")
    assert [path for _method, _host, path in pages.asked if not path.startswith("/a/x?")] == []


def test_what_was_judged_is_what_is_connected_to(pages: PagesServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that resolves to something else a moment later is of no use: it is resolved once."""
    resolve, asked = socket.getaddrinfo, []

    def resolving(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host != "gob.example":
            return resolve(host, port, *args, **kwargs)
        asked.append(host)
        answer = "127.0.0.1" if len(asked) == 1 else "127.0.0.9"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolving)
    judged: list[str] = []

    def judge(address: str) -> bool:
        judged.append(address)
        return True

    checker = LinkChecker(Door(), allows=judge, ports=(pages.server_port,))
    answer = checker.ask(f"http://gob.example:{pages.server_port}/noticia")
    assert answer.is_alive, answer
    assert (asked, judged) == (["gob.example"], ["127.0.0.1"])
    assert pages.asked == [("HEAD", f"gob.example:{pages.server_port}", "/noticia")]


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 80)) for each in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    assert LinkChecker(Door()).ask("http://gob.example/").sentence == PRIVATE


def test_a_proxy_is_not_asked_for_what_is_private_here(pages: PagesServer) -> None:
    checker = LinkChecker(Door(proxy=here(pages)))
    assert checker.ask("http://127.0.0.1/").sentence == PRIVATE
    assert pages.asked == []


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("ftp://gob.example/", "no es una dirección http(s)"),
        ("file:///etc/passwd", "no es una dirección http(s)"),
        ("https://u:p@gob.example/", "lleva un usuario o una clave dentro"),
        ("https://gob.example:22/", "usa un puerto que no es de la web (22)"),
        ("https://gob.example:x/", "no es una dirección que se pueda abrir"),
        ("https://[::1/", "no es una dirección que se pueda abrir"),
        ("https://", "no es una dirección http(s)"),
    ],
)
def test_what_is_no_web_address_is_not_tried(address: str, says: str) -> None:
    answer = LinkChecker(Door()).ask(address)
    assert (answer.sentence, answer.is_alive, answer.status) == (says, False, 0)


def test_nothing_leaves_a_rehearsal(pages: PagesServer) -> None:
    answer = LinkChecker(Door(closed=True)).ask("https://gob.example/")
    assert (answer.sentence, answer.is_alive) == ("en ensayo no se sale a internet", False)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::808:808", True),
        ("2002:a00:1::", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public
