"""The words of the domain: platforms, states, windows, and that no secret or text shows itself."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import errors
from core.accounts import Account, Credentials
from core.deliveries import OCCUPYING, TRANSITIONS, WORKABLE, DeliveryState, may_become
from core.people import Role
from core.platforms import Platform
from core.posts import OutgoingPost, PostState, Window
from core.texts import plural

START = datetime(2026, 11, 23, tzinfo=UTC)
S = DeliveryState


@pytest.mark.parametrize(
    ("said", "platform"),
    [
        ("Facebook", Platform.FACEBOOK),
        (" FB ", Platform.FACEBOOK),
        ("Twitter", Platform.X),
        ("x", Platform.X),
        ("Flicker", Platform.FLICKR),
        ("You Tube", Platform.YOUTUBE),
        ("PÁGINA WEB", Platform.WEBSITE),
        ("página", Platform.WEBSITE),
        ("Portal  Web", Platform.WEBSITE),
        ("Linked In", Platform.LINKEDIN),
        ("ig", Platform.INSTAGRAM),
        ("TikTok", None),
        ("", None),
        ("ñ", None),
    ],
)
def test_a_platform_is_known_by_the_offices_word(said: str, platform: Platform | None) -> None:
    assert Platform.named(said) is platform


def test_every_word_of_an_enumeration_has_a_label_of_its_own() -> None:
    for words in (Platform, DeliveryState, PostState, Role):
        labels = [word.label for word in words]
        assert len(set(labels)) == len(labels)
        assert all(labels)


# ── the states of a delivery ──


def test_the_table_of_transitions_is_whole() -> None:
    assert set(TRANSITIONS) == set(S)
    assert all(before not in after for before, after in TRANSITIONS.items())
    assert may_become(S.SCHEDULED, S.STAGING)
    assert not may_become(S.PUBLISHED, S.SCHEDULED)


def test_every_state_can_be_reached_and_only_finals_have_no_way_out() -> None:
    reached, frontier = {S.SCHEDULED}, [S.SCHEDULED]
    while frontier:
        for after in TRANSITIONS[frontier.pop()] - reached:
            reached.add(after)
            frontier.append(after)
    assert reached == set(S)
    finals = {state for state, after in TRANSITIONS.items() if not after}
    assert finals == {S.MISSED, S.FAILED, S.CANCELLED, S.TAKEN_DOWN}
    assert not WORKABLE & finals


def test_what_may_be_public_is_never_cancelled_and_only_publishing_or_a_person_makes_it_public() -> None:
    for state in (S.PUBLISHING, S.UNKNOWN, S.PUBLISHED):
        assert S.CANCELLED not in TRANSITIONS[state]
    assert {before for before, after in TRANSITIONS.items() if S.PUBLISHED in after} == {
        S.PUBLISHING,
        S.UNKNOWN,
        S.HELD,  # a person accepts a thread that is out in part
    }
    assert {before for before, after in TRANSITIONS.items() if S.PUBLISHING in after} == {S.STAGING}
    assert {before for before, after in TRANSITIONS.items() if S.UNKNOWN in after} == {S.PUBLISHING}
    assert {S.PUBLISHING, S.UNKNOWN, S.PUBLISHED, S.TAKEN_DOWN} <= OCCUPYING


# ── windows ──


def test_a_window_holds_its_beginning_and_not_its_end() -> None:
    window = Window(START, START + timedelta(hours=1))
    assert START in window
    assert START + timedelta(hours=1) not in window
    assert START - timedelta(microseconds=1) not in window


@pytest.mark.parametrize(
    ("start", "end"), [(START, START), (START, START - timedelta(1)), (START.replace(tzinfo=None), START)]
)
def test_what_is_no_window_is_refused(start: datetime, end: datetime) -> None:
    with pytest.raises(ValueError, match="window"):
        Window(start, end)


# ── nothing shows itself ──


def test_no_secret_and_no_text_is_in_a_repr() -> None:
    credentials = Credentials({"token": "EAAG-secreto", "empty": ""})
    post = OutgoingPost(key="vocero-1", text="Texto reservado", title="Reservado", excerpt="Reservado")
    assert "secreto" not in repr(credentials)
    assert "eservado" not in repr(post)
    assert credentials.get("nobody") == ""


def test_an_account_is_bound_by_the_platforms_own_id() -> None:
    account = Account(1, Platform.FACEBOOK, "inpe", "INPE", "1234", "https://facebook.com/inpe")
    assert account.official_id == "facebook:1234"


def test_errors_have_an_exit_code_of_their_own() -> None:
    kinds = errors.VoceroError.__subclasses__()
    codes = [kind.exit_code for kind in kinds]
    assert len(set(codes)) == len(codes)
    assert not {0, 1} & set(codes)
    error = errors.NotFound("No existe.", diagnostic="id 4")
    assert (str(error), error.sentence, error.diagnostic) == ("No existe.", "No existe.", "id 4")


def test_one_and_many() -> None:
    assert plural("{n} envío", "{n} envíos", 1) == "1 envío"
    assert plural("{n} envío", "{n} envíos", 0) == "0 envíos"


def test_the_architecture_shows_the_table_of_transitions_as_it_is() -> None:
    page = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = page.split("<!-- transitions:", 1)[1].split("\n\n", 2)[1]
    rows = re.findall(r"^\| (\w+) \|(.*)\|$", table, re.MULTILINE)[1:]
    told = {before: {word.strip() for word in after.split(",")} - {""} for before, after in rows}
    assert told == {str(before): {str(state) for state in after} for before, after in TRANSITIONS.items()}
