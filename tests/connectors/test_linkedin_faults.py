"""What goes wrong over real HTTP: dead tokens, missing rights, broken answers. Always one of our own errors."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.errors import Exists, NotAuthorized, OutcomeUnknown, RateLimited, TokenRefused, Unavailable
from connectors.http import Door
from connectors.linkedin import LinkedInConnector
from core.posts import OutgoingPost
from sandbox import SandboxServer
from tests.connectors.contract import Stand, samples
from tests.connectors.linkedin_stand import TEXT, answered, opened, plan, with_token


@pytest.fixture
def page(server: SandboxServer) -> Iterator[Stand]:
    stand = opened(server)
    yield stand
    stand.heal()


@pytest.mark.parametrize(
    ("token", "missing"),
    [("reader_token", ("w_organization_social",)), ("content_token", ("ADMINISTRATOR",)), ("token", ())],
)
def test_identify_names_what_is_missing(page: Stand, token: str, missing: tuple[str, ...]) -> None:
    identity = with_token(page, access_token=getattr(page.sandbox.world.linkedin, token)).identify()
    assert (identity.remote_id, identity.missing) == (page.account.remote_id, missing)
    assert identity.expires_at is not None
    assert identity.expires_at > datetime.now(UTC) + timedelta(days=59)


@pytest.mark.parametrize("token", ["expired_token", "revoked_token"])
def test_identify_refuses_dead_tokens(page: Stand, token: str) -> None:
    with pytest.raises(TokenRefused):
        with_token(page, access_token=getattr(page.sandbox.world.linkedin, token)).identify()


@pytest.mark.parametrize("token", ["former_token", "other_token", "member_token"])
def test_identify_says_that_the_member_has_no_role_on_the_page(page: Stand, token: str) -> None:
    with pytest.raises(NotAuthorized) as caught:
        with_token(page, access_token=getattr(page.sandbox.world.linkedin, token)).identify()
    assert type(caught.value) is NotAuthorized
    assert "rol" in caught.value.sentence


@pytest.mark.parametrize("token", ["reader_token", "former_token", "other_token", "member_token"])
def test_publish_without_the_right_is_not_authorized(page: Stand, token: str) -> None:
    stage = page.staged(TEXT)
    stranger = with_token(page, access_token=getattr(page.sandbox.world.linkedin, token))
    with pytest.raises(NotAuthorized):
        stranger.publish(TEXT, stage)
    assert not page.writes()


def test_refresh_brings_a_token_that_works(page: Stand) -> None:
    renewed = page.connector().refresh()
    assert renewed is not None
    assert renewed.get("access_token") != page.credentials["access_token"]
    door = Door(routes=page.server.routes, closed=True)
    identity = LinkedInConnector(page.account, renewed, door).identify()
    assert identity.expires_at is not None
    assert renewed.expires_at is not None
    assert abs(identity.expires_at - renewed.expires_at) < timedelta(minutes=1)


def test_refresh_after_a_year_needs_a_person(page: Stand) -> None:
    old = with_token(page, refresh_token=page.sandbox.world.linkedin.expired_refresh_token)
    with pytest.raises(NotAuthorized):
        old.refresh()


def test_refresh_lost_answer_may_be_repeated(page: Stand) -> None:
    page.fault("drop_after", "exchange")
    assert type(page.failure(page.connector().refresh)) is Unavailable
    assert page.connector().refresh() is not None


def test_refresh_with_a_wrong_secret_needs_a_person(page: Stand) -> None:
    with pytest.raises(NotAuthorized):
        with_token(page, client_secret="falsa").refresh()


def test_how_long_the_oauth_host_asks_to_wait_is_kept_to(page: Stand) -> None:
    """It was forgotten, and the account rested for a quarter of an hour."""
    page.fault("throttle", "introspect", retry_after=2)
    error = page.failure(page.connector().identify)
    assert isinstance(error, RateLimited)
    assert error.retry_after == timedelta(seconds=2)


WRONG: list[dict[str, object]] = [
    {"kind": "html"},
    {"kind": "truncated", "how": "body"},
    {"kind": "truncated", "how": "length"},
    {"kind": "truncated", "how": "chunk"},
    {"kind": "status_before", "status": 500},
    {"kind": "status_before", "status": 502, "html": True},
    {"kind": "status_before", "status": 403, "html": True},
    {"kind": "status_before", "status": 404, "html": True},
    {"kind": "status_before", "status": 429},
    {"kind": "drop_before"},
]
CALLS: dict[str, Callable[[Stand, OutgoingPost, str, str], object]] = {
    "identify": lambda page, post, urn, comment: page.connector().identify(),
    "introspect": lambda page, post, urn, comment: page.connector().identify(),
    "initialize": lambda page, post, urn, comment: page.staged(post),
    "upload": lambda page, post, urn, comment: page.staged(post),
    "media_status": lambda page, post, urn, comment: page.staged(post),
    "list": lambda page, post, urn, comment: page.found(TEXT, page.staged(TEXT)),
    "publish": lambda page, post, urn, comment: page.connector().publish(post, page.staged(post)),
    "read": lambda page, post, urn, comment: page.connector().metrics(urn),
    "comments": lambda page, post, urn, comment: page.connector().comments(urn),
    "reply": lambda page, post, urn, comment: page.connector().reply(comment, "Sí"),
    "insights": lambda page, post, urn, comment: page.connector().account_metrics(),
    "social": lambda page, post, urn, comment: page.connector().metrics(urn),
    "delete": lambda page, post, urn, comment: page.connector().take_down(urn),
    "exchange": lambda page, post, urn, comment: page.connector().refresh(),
}
# where a status or a header says all, a broken body loses nothing; an upload address that is refused is asked for anew
SURVIVES = {
    "upload": {"html", "truncated-body", "truncated-length", "status_before-403-True", "status_before-404-True"},
    "publish": {"truncated-body", "truncated-length"},
    "reply": {"truncated-body"},
    "delete": {"truncated-body", "truncated-length", "truncated-chunk"},
}


def name_of(fault: dict[str, object]) -> str:
    return "-".join(str(value) for value in fault.values())


@pytest.mark.parametrize("fault", WRONG, ids=name_of)
@pytest.mark.parametrize("operation", CALLS)
def test_whatever_goes_wrong_is_one_of_our_errors(
    page: Stand, tmp_path: Path, operation: str, fault: dict[str, object]
) -> None:
    call = CALLS[operation]
    post = samples(LinkedInConnector.capabilities, tmp_path)["image"]
    published, comment = answered(page)
    plan(page, fault, operation=operation)
    if name_of(fault) not in SURVIVES.get(operation, ()):
        error = page.failure(lambda: call(page, post, published.remote_id, comment))
        if operation in ("publish", "reply") and fault["kind"] != "status_before":
            assert type(error) is OutcomeUnknown
    # here the line is cut after the yes, which the look that follows may find out
    may_be_unseen = (operation, name_of(fault)) == ("publish", "truncated-length")
    with contextlib.suppress(Exists) if may_be_unseen else contextlib.nullcontext():
        call(page, post, published.remote_id, comment)
