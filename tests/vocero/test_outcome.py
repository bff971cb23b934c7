"""What became of a post on all its networks, in one line."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.accounts import Account
from core.deliveries import Delivery
from core.deliveries import DeliveryState as State
from core.platforms import Platform
from vocero.cli.shown import outcome_as_dict
from vocero.outcome import outcome_of

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
PLATFORMS = (Platform.WEBSITE, Platform.FACEBOOK, Platform.INSTAGRAM)
ACCOUNTS = {n: Account(n, platform, "inpe", "INPE", str(n), "") for n, platform in enumerate(PLATFORMS, 1)}


def of(*states: State) -> list[Delivery]:
    model = Delivery(1, "k", 1, 1, 1, 1, State.SCHEDULED, NOW, NOW, NOW, 0)
    return [replace(model, id=n, account_id=n, state=state) for n, state in enumerate(states, 1)]


@pytest.mark.parametrize(
    ("states", "sentence", "partial"),
    [
        ((State.PUBLISHED,), "Publicada", False),
        ((State.PUBLISHED,) * 3, "Publicada", False),
        ((State.SCHEDULED,) * 2, "Programada", False),
        ((State.PUBLISHED, State.PUBLISHED, State.FAILED), "Publicada en 2 de 3 redes; Instagram: fallida", True),
        (
            (State.PUBLISHED, State.HELD, State.UNKNOWN),
            "Publicada en 1 de 3 redes; Facebook: en pausa, Instagram: resultado incierto",
            True,
        ),
        ((State.FAILED, State.MISSED), "Página web: fallida, Facebook: no enviada a tiempo", False),
        ((State.PUBLISHED, State.CANCELLED), "Publicada", False),
        ((State.PUBLISHED, State.TAKEN_DOWN), "Publicada en 1 de 2 redes; Facebook: retirada", True),
    ],
)
def test_partial_success_is_told_as_such(states: tuple[State, ...], sentence: str, partial: bool) -> None:
    outcome = outcome_of(of(*states), ACCOUNTS)
    assert outcome is not None
    assert (outcome.sentence, outcome.is_partial) == (sentence, partial)


def test_the_last_delivery_to_an_account_counts() -> None:
    first, *rest = of(State.FAILED, State.PUBLISHED)
    again = replace(first, id=9, state=State.PUBLISHED)
    outcome = outcome_of([first, *rest, again], ACCOUNTS)
    assert outcome is not None
    assert (outcome.sentence, outcome.published, len(outcome.deliveries)) == ("Publicada", 2, 2)


def test_without_deliveries_there_is_none() -> None:
    assert outcome_of(of(State.CANCELLED), ACCOUNTS) is None
    assert outcome_of([], ACCOUNTS) is None
    assert outcome_as_dict(None) is None


def test_programs_read_it() -> None:
    assert outcome_as_dict(outcome_of(of(State.PUBLISHED, State.MISSED), ACCOUNTS)) == {
        "published": 1,
        "of": 2,
        "is_partial": True,
        "sentence": "Publicada en 1 de 2 redes; Facebook: no enviada a tiempo",
        "rest": [{"platform": "facebook", "account": "2", "state": "missed"}],
    }
