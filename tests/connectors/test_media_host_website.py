"""Files in the website's media library: on the sandbox always, on a real WordPress where one is installed."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from PIL import Image

from connectors.errors import ConnectorError, NotAuthorized, Rejected, Unavailable
from connectors.http import Door
from connectors.media_hosts.website import WebsiteMediaHost
from core.accounts import Credentials
from core.media import OutgoingMedium
from sandbox import FaultPlan, SandboxServer
from tests.connectors.website_office import picture
from tests.wordpress.peer import Site

KEY = "entrega-0001"


@dataclass(frozen=True, slots=True)
class Library:
    """A site whose media library hosts files: how it is reached, and what visitors see."""

    address: str
    reached_at: str
    login: dict[str, str]
    door: Door

    def host(self, **login: str) -> WebsiteMediaHost:
        return WebsiteMediaHost(self.address, Credentials(self.login | login), self.door)

    def shown(self, url: str) -> requests.Response:
        return requests.get(url.replace(self.address, self.reached_at), timeout=20)

    def listed(self) -> int:
        answer = requests.get(f"{self.reached_at}/wp-json/wp/v2/media", params={"per_page": "100"}, timeout=20)
        return len(answer.json())


@pytest.fixture(params=["sandbox", pytest.param("wordpress", marks=pytest.mark.wordpress)])
def library(request: pytest.FixtureRequest) -> Library:
    if request.param == "sandbox":
        server: SandboxServer = request.getfixturevalue("server")
        server.sandbox.reset()
        site = server.sandbox.world.website
        editor = site.user("editor")
        login = {"user": editor.login, "application_password": editor.application_password}
        return Library(site.url, server.routes[site.url], login, Door(routes=server.routes, closed=True))
    peer: Site = request.getfixturevalue("real_wordpress")
    user = peer.users["editor"]
    return Library(peer.url, peer.url, {"user": user.name, "application_password": user.password}, Door())


@pytest.fixture
def photo(tmp_path: Path) -> OutgoingMedium:
    return picture(tmp_path / "foto.jpg", alt_text="Una foto", colour="teal")


def test_put_makes_the_very_bytes_public_and_remove_takes_them_away(library: Library, photo: OutgoingMedium) -> None:
    before = library.listed()
    hosted = library.host().put(photo, key=KEY)
    assert hosted.url.isascii()
    assert hashlib.sha256(library.shown(hosted.url).content).hexdigest() == photo.medium.sha256
    assert KEY not in hosted.url
    for _time in range(2):
        library.host().remove(hosted.token)
    assert library.shown(hosted.url).status_code == 404
    assert library.listed() == before


def test_put_again_takes_the_first_upload(library: Library, photo: OutgoingMedium) -> None:
    before = library.listed()
    first = library.host().put(photo, key=KEY)
    assert library.host().put(photo, key=KEY) == first
    other = library.host().put(photo, key="entrega-0002")
    assert other.url != first.url
    assert library.listed() == before + 2
    for hosted in (first, other):
        library.host().remove(hosted.token)


def test_large_photo_is_shown_as_it_is_and_not_as_the_sites_smaller_copy(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "grande.jpg"
    Image.effect_noise((2700, 1800), 60).convert("RGB").save(path, quality=60)
    large = picture(tmp_path / "plantilla.jpg", alt_text="Grande", size=(10, 10))
    content = path.read_bytes()
    medium = OutgoingMedium(
        type(large.medium)(hashlib.sha256(content).hexdigest(), large.medium.kind, "image/jpeg", len(content)),
        "Grande",
        path,
    )
    hosted = library.host().put(medium, key=KEY)
    assert "-scaled" not in hosted.url
    assert library.shown(hosted.url).content == content
    library.host().remove(hosted.token)
    assert library.shown(hosted.url).status_code == 404


def test_remove_leaves_what_is_another_file(library: Library, photo: OutgoingMedium) -> None:
    hosted = library.host().put(photo, key=KEY)
    library.host().remove(hosted.token | {"name": "otra-cosa"})
    assert library.shown(hosted.url).status_code == 200
    library.host().remove(hosted.token)


def test_file_that_is_not_the_approved_one_is_not_uploaded(library: Library, photo: OutgoingMedium) -> None:
    before = library.listed()
    photo.path.write_bytes(photo.path.read_bytes() + b"\0")
    with pytest.raises(Rejected):
        library.host().put(photo, key=KEY)
    assert library.listed() == before


def test_wrong_password_is_not_authorized(library: Library, photo: OutgoingMedium) -> None:
    with pytest.raises(NotAuthorized):
        library.host(application_password="abcd efgh ijkl mnop qrst uvwx").put(photo, key=KEY)


@pytest.mark.parametrize("operation", ["put", "remove"])
def test_lost_answer_can_be_repeated(server: SandboxServer, photo: OutgoingMedium, operation: str) -> None:
    server.sandbox.reset()
    site = server.sandbox.world.website
    editor = site.user("editor")
    login = Credentials({"user": editor.login, "application_password": editor.application_password})
    host = WebsiteMediaHost(site.url, login, Door(routes=server.routes, closed=True))
    token: dict[str, str] = {}
    if operation == "remove":
        token = host.put(photo, key=KEY).token
    method = "POST" if operation == "put" else "DELETE"
    rule = {"match": {"platform": "website", "method": method}, "fault": {"kind": "drop_after"}, "times": 1}
    server.sandbox.plant(FaultPlan.parse({"seed": 1, "rules": [rule]}))
    with pytest.raises(ConnectorError) as caught:
        host.remove(token) if token else host.put(photo, key=KEY)
    assert type(caught.value) is Unavailable
    if operation == "remove":
        host.remove(token)
    else:
        host.put(photo, key=KEY)
    listed = requests.get(f"{server.routes[site.url]}/wp-json/wp/v2/media", timeout=10).json()
    assert len(listed) == (operation == "put")
