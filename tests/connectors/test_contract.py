"""Every registered connector keeps the same contract, over real HTTP against the sandbox."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from connectors.base import Connector
from connectors.errors import (
    ConnectorError,
    Misconfigured,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Unavailable,
    Unsupported,
)
from connectors.http import Door
from connectors.registry import CONNECTORS
from core.accounts import Credentials
from core.capabilities import FileLimits, Limit, Operation, Repeating
from core.posts import OutgoingPost
from tests.connectors.contract import SUBJECTS, Stand, stored

# (fault, its settings, whether the platform carried the write out)
LOST = [
    ("drop_before", {}, False),
    ("drop_after", {}, True),
    ("status_after", {"status": 500}, True),
    ("html", {}, True),
    ("truncated", {"how": "length"}, True),
    ("truncated", {"how": "chunk"}, True),
    ("truncated", {"how": "body"}, True),
]


def limits(capabilities: object) -> Iterator[tuple[str, Limit]]:
    for field in dataclasses.fields(capabilities):  # type: ignore[arg-type]
        value = getattr(capabilities, field.name)
        if isinstance(value, Limit):
            yield field.name, value
        elif isinstance(value, FileLimits):
            yield from limits(value)


def test_every_connector_is_in_the_contract() -> None:
    assert set(SUBJECTS) == set(CONNECTORS)


@pytest.mark.parametrize("connector", CONNECTORS.values(), ids=str)
def test_exemptions_name_tests_and_reasons(connector: type[Connector]) -> None:
    tests = "".join(module.read_text(encoding="utf-8") for module in Path(__file__).parent.glob("test_contract*.py"))
    for test, reason in SUBJECTS[connector.platform].exempt.items():
        assert f"def {test}(" in tests
        assert len(reason) > 20


@pytest.mark.parametrize("connector", CONNECTORS.values(), ids=str)
@pytest.mark.parametrize("operation", Operation)
def test_capabilities_and_methods_agree(connector: type[Connector], operation: Operation) -> None:
    has_its_own = getattr(connector, operation) is not getattr(Connector, operation)
    assert has_its_own == (operation in connector.capabilities.operations)


@pytest.mark.parametrize("connector", CONNECTORS.values(), ids=str)
def test_capabilities_are_of_their_platform_and_every_limit_has_source_and_date(connector: type[Connector]) -> None:
    assert connector.capabilities.platform is connector.platform
    for name, limit in limits(connector.capabilities):
        assert limit.value > 0, name
        assert len(limit.source) > 5, name
        assert date(2026, 1, 1) <= limit.read_on <= datetime.now(UTC).date(), name
        assert limit.remembered == ("[memory]" in limit.source), name


@pytest.mark.parametrize("connector", CONNECTORS.values(), ids=str)
def test_capabilities_leave_time_to_prepare(connector: type[Connector]) -> None:
    capabilities = connector.capabilities
    assert capabilities.staging_lead > timedelta(0)
    assert capabilities.staging_life is None or capabilities.staging_life > 2 * capabilities.staging_lead


@pytest.mark.parametrize("connector", CONNECTORS.values(), ids=str)
def test_credential_fields_are_named_for_people(connector: type[Connector]) -> None:
    names = [field.name for field in connector.credential_fields]
    assert len(names) == len(set(names))
    assert any(field.secret and field.required for field in connector.credential_fields)
    assert all(field.label and field.label != field.name for field in connector.credential_fields)


def test_unsupported_operation_is_refused_without_a_call(stand: Stand) -> None:
    lacking = frozenset(Operation) - CONNECTORS[stand.platform].capabilities.operations
    arguments = {Operation.REPLY: ("1", "x"), Operation.HIDE: ("1", True)}
    alone = {Operation.REFRESH, Operation.ACCOUNT_METRICS}
    for operation in lacking:
        method = getattr(stand.unreachable(), operation)
        error = stand.failure(lambda: method(*arguments.get(operation, () if operation in alone else ("1",))))  # noqa: B023
        assert isinstance(error, Unsupported)


def test_missing_credential_is_misconfigured(stand: Stand) -> None:
    with pytest.raises(Misconfigured):
        CONNECTORS[stand.platform](stand.account, Credentials({}), Door())


def test_connector_shows_no_secret(stand: Stand) -> None:
    secret = stand.credentials[stand.subject.spoilt]
    assert secret not in repr(stand.connector()) + repr(Credentials(stand.credentials))


def test_identify_names_the_account(stand: Stand) -> None:
    identity = stand.connector().identify()
    assert identity.remote_id == stand.account.remote_id
    assert identity.name
    assert identity.missing == ()


def test_identify_with_a_wrong_credential_is_not_authorized(stand: Stand) -> None:
    error = stand.failure(stand.connector(wrong=stand.subject.spoilt).identify)
    assert isinstance(error, NotAuthorized)


def test_identify_with_an_expired_credential_is_not_authorized(stand: Stand) -> None:
    stand.fault("expired_token")
    assert isinstance(stand.failure(stand.connector().identify), NotAuthorized)


def test_nobody_there_is_unavailable(stand: Stand, text: OutgoingPost) -> None:
    stage = stand.staged(text)
    nobody = stand.unreachable()
    for call in (
        nobody.identify,
        lambda: nobody.stage(text),
        lambda: nobody.publish(text, stage),
        lambda: nobody.find(text, stage, datetime.now(UTC)),
        lambda: nobody.stage(text, stage),
    ):
        assert type(stand.failure(call)) is Unavailable
    assert not stand.shown(text)


def test_stage_is_invisible_and_publish_shows_it_once(stand: Stand, post: OutgoingPost) -> None:
    stage = stand.staged(post)
    assert not stand.shown(post)
    published = stand.connector().publish(post, stage)
    assert published.url.startswith("https://")
    (write,) = stand.shown(post)
    assert list(write.media) == [medium.medium.sha256 for medium in post.media]
    assert [w for w in stand.writes() if w.visible] == [write]


def test_stage_goes_on_from_every_answer(stand: Stand, post: OutgoingPost) -> None:
    answers = stand.stages(post)
    for answer in answers:
        again = stand.staged(post, stored(answer))
        assert again.ready
    assert not stand.shown(post)
    published = stand.connector().publish(post, again)
    assert stand.connector().find(post, again, datetime.now(UTC) - timedelta(minutes=1)) is not None
    assert published.remote_id
    (write,) = stand.shown(post)
    assert list(write.media) == [medium.medium.sha256 for medium in post.media]


def test_stage_of_a_ready_post_changes_nothing(stand: Stand, post: OutgoingPost) -> None:
    stage = stand.staged(post)
    again = stand.connector().stage(post, stored(stage))
    assert again.ready
    assert again.token == stage.token


def test_stage_of_a_public_post_shows_nothing_more(stand: Stand, post: OutgoingPost) -> None:
    stage = stand.staged(post)
    first = stand.connector().publish(post, stage)
    again = stand.staged(post, stored(stage))
    assert stand.connector().publish(post, again).remote_id == first.remote_id
    assert len(stand.shown(post)) == 1


@pytest.mark.parametrize("lost_at", range(6))
def test_stage_survives_a_lost_answer_at_every_step(stand: Stand, post: OutgoingPost, lost_at: int) -> None:
    stage = None
    for step in range(40):
        if step == lost_at:
            stand.fault("drop_after")
            error = stand.failure(lambda: stand.connector().stage(post, stored(stage)))  # noqa: B023
            assert type(error) is Unavailable
            stand.heal()
        stage = stand.connector().stage(post, stored(stage))
        if stage.ready and step >= lost_at:
            break
    assert stage is not None
    assert not stand.shown(post)
    stand.connector().publish(post, stage)
    (write,) = stand.shown(post)
    assert list(write.media) == [medium.medium.sha256 for medium in post.media]


def test_publish_again_does_what_repeating_declares(stand: Stand, text: OutgoingPost) -> None:
    stage = stand.staged(text)
    first = stand.connector().publish(text, stage)
    again = stand.connector().publish(text, stage)
    # where it may duplicate, every post that is out has been named
    assert len(stand.shown(text)) == len({first.remote_id, again.remote_id})
    if CONNECTORS[stand.platform].capabilities.repeating is not Repeating.DUPLICATES:
        assert again.remote_id == first.remote_id


def test_publish_without_preparation_writes_nothing(stand: Stand, text: OutgoingPost) -> None:
    (unready, *_rest) = stand.stages(text)
    other = dataclasses.replace(text, text="Otra cosa", key="contract-other")
    if not unready.ready:
        stand.failure(lambda: stand.connector().publish(other, unready))
    assert not stand.writes()


def test_find_tells_public_from_hidden(stand: Stand, post: OutgoingPost) -> None:
    stage = stand.staged(post)
    assert stand.found(post, stage) is None
    published = stand.connector().publish(post, stage)
    found = stand.found(post, stage)
    assert found is not None
    assert (found.remote_id, found.url.startswith("https://")) == (published.remote_id, True)


@pytest.mark.parametrize(("kind", "settings", "landed"), LOST)
def test_publish_lost_answer_is_unknown_and_can_be_settled(
    stand: Stand, text: OutgoingPost, kind: str, settings: dict[str, object], landed: bool
) -> None:
    if stand.subject.yes_in_headers and settings.get("how") in ("length", "body"):
        pytest.skip("the platform says yes in a header: there is no body to be cut short")
    stage = stand.staged(text)
    stand.fault(kind, "publish", **settings)
    error = stand.failure(lambda: stand.connector().publish(text, stage))
    assert type(error) is OutcomeUnknown
    assert len(stand.shown(text)) == landed
    assert (stand.found(text, stage) is not None) == landed
    stand.connector().publish(text, stage)
    assert len(stand.shown(text)) == 1


def test_publish_slow_platform_is_unknown(stand: Stand, text: OutgoingPost) -> None:
    stage = stand.staged(text)
    stand.fault("slow", "publish", seconds=0.6, when="before")
    door = Door(routes=stand.server.routes, closed=True, read_timeout=timedelta(seconds=0.2))
    impatient = CONNECTORS[stand.platform](stand.account, Credentials(stand.credentials), door)
    assert type(stand.failure(lambda: impatient.publish(text, stage))) is OutcomeUnknown


def test_publish_refused_by_the_server_can_be_settled(stand: Stand, text: OutgoingPost) -> None:
    stage = stand.staged(text)
    stand.fault("status_before", "publish", status=503, html=True)
    error = stand.failure(lambda: stand.connector().publish(text, stage))
    assert isinstance(error, OutcomeUnknown | Unavailable)
    assert stand.found(text, stage) is None


def test_publish_throttled_waits(stand: Stand, text: OutgoingPost) -> None:
    stage = stand.staged(text)
    stand.fault("throttle", "publish", minutes=7, retry_after=420)
    error = stand.failure(lambda: stand.connector().publish(text, stage))
    assert isinstance(error, RateLimited)
    # some platforms tell the instant in whole seconds, by a clock of their own
    assert error.retry_after is not None
    assert timedelta(0) <= error.retry_after - timedelta(minutes=7) <= timedelta(seconds=2)
    assert not stand.shown(text)


def test_publish_with_an_expired_credential_is_not_authorized(stand: Stand, text: OutgoingPost) -> None:
    stage = stand.staged(text)
    stand.fault("expired_token", "publish")
    assert isinstance(stand.failure(lambda: stand.connector().publish(text, stage)), NotAuthorized)
    assert not stand.shown(text)


@pytest.mark.parametrize("error", ConnectorError.__subclasses__(), ids=str)
def test_error_speaks_to_people_in_its_own_sentence(error: type[ConnectorError]) -> None:
    assert error.sentence.endswith(".")
    assert error.sentence != ConnectorError.sentence
