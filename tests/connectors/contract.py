"""The contract that every connector keeps, whatever the platform: what each one needs to be put to the test.

The tests are in test_contract.py and test_contract_feedback.py; conftest.py hands their fixtures on. They run against
the sandbox over real HTTP. A new platform adds a line to SUBJECTS; a test that it cannot pass by its nature is named in
`exempt` with the reason.
"""

import hashlib
import html
import json
import re
import socket
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from connectors.base import NO_SERVICES, Connector, Services
from connectors.errors import ConnectorError
from connectors.http import Door
from connectors.media_hosts.website import WebsiteMediaHost
from connectors.registry import CONNECTORS
from core.accounts import Account, Credentials
from core.capabilities import Capabilities, Operation
from core.deliveries import Published, Stage
from core.media import MediaKind, Medium, OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost
from sandbox import FaultPlan, Sandbox, SandboxServer, World, Write, serve

STEPS = 40
KINDS = ["text", "image", "images", "video"]


@dataclass(frozen=True, slots=True)
class Subject:
    """What the contract must know of one platform. `exempt`: name of a test → why it does not apply.

    `ripens_in`: how long after publishing the comments of a post can first be asked for. `yes_in_headers`: publishing
    is confirmed without a body, so that there is none to be cut short. `taking_down`: the sandbox's name of it.
    `unsayable`: characters that no text may have there.
    `several`: why a post with several images is not put to these tests. `services`: what the office lends.
    """

    account: Callable[[World], Account]
    credentials: Callable[[World], dict[str, str]]
    spoilt: str  # the credential that is made wrong
    exempt: Mapping[str, str] = field(default_factory=dict)
    ripens_in: timedelta = timedelta(0)
    yes_in_headers: bool = False
    taking_down: str = "delete"
    several: str = ""
    unsayable: str = ""
    services: Callable[[World, Door], Services] = lambda _world, _door: NO_SERVICES


SUBJECTS: dict[Platform, Subject] = {
    Platform.FACEBOOK: Subject(
        account=lambda world: _account(Platform.FACEBOOK, world.facebook.page_id, "https://www.facebook.com/inpe"),
        credentials=lambda world: {"page_token": world.facebook.page_token},
        spoilt="page_token",
    ),
    Platform.FLICKR: Subject(
        account=lambda world: _account(
            Platform.FLICKR, world.flickr.nsid, f"https://www.flickr.com/photos/{world.flickr.nsid}/"
        ),
        credentials=lambda world: {
            "api_key": world.flickr.api_key,
            "api_secret": world.flickr.api_secret,
            "oauth_token": world.flickr.write_token,
            "oauth_token_secret": world.flickr.write_token_secret,
        },
        spoilt="oauth_token_secret",
        taking_down="unpublish",
        several="each image is an item of its own, shown by a write of its own: test_flickr_several.py",
    ),
    Platform.INSTAGRAM: Subject(
        account=lambda world: _account(
            Platform.INSTAGRAM, world.instagram.account_id, f"https://www.instagram.com/{world.instagram.username}/"
        ),
        credentials=lambda world: {"page_token": world.instagram.page_token},
        spoilt="page_token",
        services=lambda world, door: Services(media_host=_website_host(world, door)),
        exempt={
            "test_comments_come_all_once_oldest_first": "Instagram lists comments newest first and knows no other "
            "order: test_instagram_feedback.py looks that all of 120 come once",
        },
    ),
    Platform.LINKEDIN: Subject(
        account=lambda world: _account(
            Platform.LINKEDIN, world.linkedin.organization_id, "https://www.linkedin.com/company/inpe-peru"
        ),
        credentials=lambda world: {
            "access_token": world.linkedin.token,
            "refresh_token": world.linkedin.refresh_token,
            "client_id": world.linkedin.client_id,
            "client_secret": world.linkedin.client_secret,
        },
        spoilt="access_token",
        ripens_in=timedelta(seconds=10),
        yes_in_headers=True,
        exempt={
            "test_comments_come_all_once_oldest_first": "LinkedIn tells no names of those who comment, and promises no "
            "order across pages: test_linkedin_sandbox.py looks that all of 120 come once",
        },
    ),
    Platform.X: Subject(
        account=lambda world: _account(Platform.X, world.x.user_id, f"https://x.com/{world.x.username}"),
        credentials=lambda world: {
            "access_token": world.x.token,
            "client_id": world.x.client_id,
            "client_secret": world.x.client_secret,
            "refresh_token": world.x.refresh_token,
        },
        spoilt="access_token",
        exempt={
            "test_hide_and_show_again": "X tells nobody which replies are hidden; test_x_sandbox.py reads the ledger",
        },
    ),
    Platform.YOUTUBE: Subject(
        account=lambda world: _account(
            Platform.YOUTUBE, world.youtube.channel_id, f"https://www.youtube.com/channel/{world.youtube.channel_id}"
        ),
        credentials=lambda world: {
            "client_id": world.youtube.client_id,
            "client_secret": world.youtube.client_secret,
            "refresh_token": world.youtube.refresh_token,
            "access_token": world.youtube.access_token,
        },
        spoilt="access_token",
        taking_down="update",
        unsayable="<",
        exempt={
            "test_comments_of_a_post_that_is_gone": "a video taken down is private: its owner still reads its comments",
            "test_comments_come_all_once_oldest_first": "YouTube lists the newest thread first and has no other order "
            "of time: test_youtube_comments.py looks that all of 120 come once",
        },
    ),
    Platform.WEBSITE: Subject(
        account=lambda world: _account(Platform.WEBSITE, "www.inpe.example", "https://www.inpe.example"),
        credentials=lambda world: {
            "user": world.website.user("editor").login,
            "application_password": world.website.user("editor").application_password,
        },
        spoilt="application_password",
        taking_down="trash",
        exempt={
            "test_comments_of_a_post_that_is_gone": "WordPress lists a trashed post's comments to the site's editors",
        },
    ),
}


def _website_host(world: World, door: Door) -> WebsiteMediaHost:
    editor = world.website.user("editor")
    login = {"user": editor.login, "application_password": editor.application_password}
    return WebsiteMediaHost(world.website.url, Credentials(login), door)


def _account(platform: Platform, remote_id: str, address: str) -> Account:
    return Account(id=1, platform=platform, handle="inpe", name="INPE", remote_id=remote_id, address=address)


@dataclass(frozen=True, slots=True)
class Stand:
    """One platform's connector and the sandbox behind it."""

    platform: Platform
    sandbox: Sandbox
    server: SandboxServer

    @property
    def subject(self) -> Subject:
        return SUBJECTS[self.platform]

    @property
    def account(self) -> Account:
        return self.subject.account(self.sandbox.world)

    @property
    def credentials(self) -> dict[str, str]:
        return self.subject.credentials(self.sandbox.world)

    def connector(self, *, routes: Mapping[str, str] | None = None, wrong: str = "") -> Connector:
        """Return a fresh connector, as after a restart; `wrong` names a credential that it is given wrong."""
        door = Door(routes=self.server.routes if routes is None else routes, closed=True)
        values = self.credentials | ({wrong: "wrong" * 6} if wrong else {})
        services = self.subject.services(self.sandbox.world, door)
        return CONNECTORS[self.platform](self.account, Credentials(values), door, services)

    def unreachable(self) -> Connector:
        """Return a connector whose platform refuses every connection."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
        return self.connector(routes=dict.fromkeys(self.server.routes, f"http://127.0.0.1:{port}"))

    def fault(self, kind: str, operation: str | None = None, **settings: object) -> None:
        """Let the next matching request go wrong, once."""
        match = {"platform": str(self.platform)} | ({"operation": operation} if operation else {})
        rule = {"match": match, "fault": {"kind": kind, **settings}, "times": 1}
        self.sandbox.plant(FaultPlan.parse({"seed": 1, "rules": [rule]}))

    def heal(self) -> None:
        """Let nothing go wrong any more."""
        self.sandbox.plant(FaultPlan.parse({"seed": 1, "rules": []}))

    def writes(self) -> list[Write]:
        """Return all that the public could see happen."""
        return [write for write in self.sandbox.ledger.writes() if write.platform == str(self.platform)]

    def shown(self, post: OutgoingPost) -> list[Write]:
        """Return the times at which this post became visible."""
        return [write for write in self.writes() if write.visible and post.text in _read(write.text or "")]

    def staged(self, post: OutgoingPost, stage: Stage | None = None) -> Stage:
        """Stage to the end, each step by a connector that remembers nothing."""
        return self.stages(post, stage)[-1]

    def stages(self, post: OutgoingPost, stage: Stage | None = None) -> list[Stage]:
        """Return all answers of `stage` on the way to ready."""
        answers = []
        for _step in range(STEPS):
            stage = self.connector().stage(post, stored(stage))
            answers.append(stage)
            if stage.ready:
                return answers
        raise AssertionError(f"not ready after {STEPS} steps")

    def published(self, post: OutgoingPost) -> Published:
        published = self.connector().publish(post, self.staged(post))
        if self.subject.ripens_in:
            self.sandbox.advance(self.subject.ripens_in)
        return published

    def found(self, post: OutgoingPost, stage: Stage) -> Published | None:
        return self.connector().find(post, stage, datetime.now(UTC) - timedelta(minutes=1))

    def failure(self, call: Callable[[], object]) -> ConnectorError:
        """Return how the call fails, having looked that no secret is in anything that may be logged."""
        with pytest.raises(ConnectorError) as caught:
            call()
        error = caught.value
        told = "".join(traceback.format_exception(error)) + repr(error) + error.detail
        for secret in self.credentials.values():
            if secret and secret not in (self.account.handle, self.credentials.get("user")):
                assert secret not in told
        return error


def stored(stage: Stage | None) -> Stage | None:
    """Return the stage as it comes back from the database."""
    return None if stage is None else replace(stage, token=json.loads(json.dumps(stage.token)))


def _read(text: str) -> str:
    """Return a text as a reader sees it, where the platform's ledger holds HTML."""
    return html.unescape(re.sub(r"<[^<>]*>", "", text))


def samples(capabilities: Capabilities, folder: Path) -> dict[str, OutgoingPost]:
    """Return a post of each kind that the platform takes."""
    images = tuple(_image(folder, number) for number in range(3))
    posts = {"text": (), "image": images[:1], "images": images, "video": (_video(folder, capabilities),)}
    if capabilities.images is None:
        del posts["image"], posts["images"]
    if capabilities.videos is None:
        del posts["video"]
    if capabilities.media_required:
        del posts["text"]
    return {kind: _post(kind, capabilities, media) for kind, media in posts.items()}


def _post(kind: str, capabilities: Capabilities, media: tuple[OutgoingMedium, ...]) -> OutgoingPost:
    said = f"Visita guiada por la plaza: {kind}, ñandú & «más»: 3 < 5."
    return OutgoingPost(
        key=f"contract-{kind}",
        text="".join(character for character in said if character not in SUBJECTS[capabilities.platform].unsayable),
        title=f"Visita {kind}" if capabilities.title_required else "",
        link="https://www.example.org/nota" if capabilities.link else "",
        media=media,
    )


def _image(folder: Path, number: int) -> OutgoingMedium:
    path = folder / f"{number}.jpg"
    Image.new("RGB", (640 + number, 480), (40 * number, 90, 120)).save(path)
    return _medium(path, MediaKind.IMAGE, "image/jpeg", f"Una plaza, toma {number}")


def _video(folder: Path, capabilities: Capabilities) -> OutgoingMedium:
    path = folder / "clip.mp4"
    least = capabilities.videos.least_size if capabilities.videos else None
    # an MPEG-4 file type box, then an empty media data box: enough to be taken for a video
    path.write_bytes(
        b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x0f\xa8mdat" + bytes(least.value if least else 4000)
    )
    return _medium(path, MediaKind.VIDEO, "video/mp4", "")


def _medium(path: Path, kind: MediaKind, mime_type: str, alt_text: str) -> OutgoingMedium:
    content = path.read_bytes()
    return OutgoingMedium(Medium(hashlib.sha256(content).hexdigest(), kind, mime_type, len(content)), alt_text, path)


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    with serve(Sandbox(seed=7)) as running:
        yield running


@pytest.fixture(params=sorted(CONNECTORS))
def stand(request: pytest.FixtureRequest, server: SandboxServer) -> Stand:
    platform: Platform = request.param
    test = request.node.originalname
    if test in SUBJECTS[platform].exempt:
        pytest.skip(f"exempt: {SUBJECTS[platform].exempt[test]}")
    server.sandbox.reset()
    stand = Stand(platform, server.sandbox, server)
    stand.heal()
    return stand


@pytest.fixture(params=KINDS)
def post(request: pytest.FixtureRequest, stand: Stand, tmp_path: Path) -> OutgoingPost:
    posts = samples(CONNECTORS[stand.platform].capabilities, tmp_path)
    if request.param not in posts:
        pytest.skip(f"{stand.platform} takes no {request.param}")
    if request.param == "images" and stand.subject.several:
        pytest.skip(f"exempt: {stand.subject.several}")
    return posts[request.param]


@pytest.fixture
def text(stand: Stand, tmp_path: Path) -> OutgoingPost:
    """Return the plainest post that the platform takes: a text alone, where it takes that."""
    return next(iter(samples(CONNECTORS[stand.platform].capabilities, tmp_path).values()))


def needs(stand: Stand, operation: Operation) -> None:
    if operation not in CONNECTORS[stand.platform].capabilities.operations:
        pytest.skip(f"{stand.platform} cannot {operation}")
