"""What is entered after an approval holds what comes due: an embargo, an electoral period, a rule about words."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.calendar import ElectoralClass, Embargo
from core.deliveries import Delivery, DeliveryState
from core.findings import Severity, TextCheck, TextRule, TextRuleSet
from core.lima import to_lima
from core.posts import Content
from policy.gate import Facts, check_gate
from policy.reasons import Reason
from scheduler import delivering
from scheduler.delivering import Deliverer
from scheduler.settling import Settler
from tests.scheduler.newsroom import Newsroom

State = DeliveryState


def embargo(newsroom: Newsroom, *, account_id: int | None = None, unit: str = "") -> Embargo:
    with newsroom.database.write() as transaction:
        return transaction.calendar.add_embargo(
            starts_at=transaction.now,
            ends_at=transaction.now + timedelta(hours=1),
            unit=unit,
            account_id=account_id,
            reason="Traslado de internos.",
            by="admin",
            now=transaction.now,
        )


def open_period(newsroom: Newsroom) -> None:
    with newsroom.database.write() as transaction:
        transaction.calendar.add_period(
            name="Elecciones 2026",
            starts_on=to_lima(transaction.now).date(),
            ends_on=None,
            basis="D.S. 1",
            by="admin",
            now=transaction.now,
        )


@pytest.mark.parametrize("scope", ["all", "account", "unit"])
def test_an_embargo_holds_what_comes_due_in_it(newsroom: Newsroom, scope: str) -> None:
    delivery = newsroom.schedule()
    scopes = {"account": {"account_id": newsroom.account.id}, "unit": {"unit": "oficina regional LIMA"}}
    embargo(newsroom, **scopes.get(scope, {}))  # type: ignore[arg-type]
    now = newsroom.turn()
    assert (now.state, newsroom.platform.calls) == (State.HELD, [])
    assert "Traslado de internos" in now.reason
    assert newsroom.story(delivery) == ["held"]


def test_an_embargo_of_something_else_lets_it_go(newsroom: Newsroom) -> None:
    embargo(newsroom, account_id=newsroom.desk.account().id)
    embargo(newsroom, unit="Penal de Lurigancho")
    newsroom.schedule()
    assert newsroom.turn().state is State.PUBLISHED


def test_an_embargo_between_preparing_and_writing_is_seen(newsroom: Newsroom) -> None:
    newsroom.schedule()
    newsroom.platform.plan("stage", after=lambda: embargo(newsroom))
    assert newsroom.turn().state is State.HELD
    assert newsroom.platform.visible() == []


def test_an_embargo_comes_before_an_intent_and_is_seen_or_after_it(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.schedule()
    asked: list[Facts] = []
    enters = threading.Thread(target=lambda: embargo(newsroom))

    def gate(facts: Facts) -> list[Reason]:
        asked.append(facts)
        reasons = check_gate(facts)
        if len(asked) == 2:  # right before the write
            enters.start()
            enters.join(0.3)
            assert enters.is_alive(), "an embargo was committed between the gate and the intent"
        return reasons

    monkeypatch.setattr(delivering, "check_gate", gate)
    newsroom.platform.plan("publish", before=lambda: enters.join(10))
    assert newsroom.turn().state is State.PUBLISHED
    assert not enters.is_alive()


def test_in_an_electoral_period_only_what_is_signed_goes_out(newsroom: Newsroom) -> None:
    first = newsroom.schedule()
    open_period(newsroom)
    assert newsroom.turn().state is State.HELD
    assert "no está clasificada" in newsroom.desk.now(first).reason
    second = newsroom.schedule()
    with newsroom.database.write() as transaction:
        said = transaction.calendar.classify(
            second.revision_id,
            electoral_class=ElectoralClass.UNPOSTPONABLE,
            justification="Sismo",
            by="ana",
            now=transaction.now,
        )
        transaction.calendar.sign(said, by="jefa", now=transaction.now)
    assert newsroom.turn().state is State.PUBLISHED


def carried(newsroom: Newsroom, content: Content, *rules: TextRule) -> Delivery:
    """Deliver what was approved while these rules have come into force."""
    newsroom.schedule(content=content)
    (claimed,) = newsroom.claim()
    bench = replace(newsroom.bench(), words=lambda _day: TextRuleSet(version="1", rules=rules))
    Deliverer(bench, Settler(bench).settle).deliver(claimed)
    return newsroom.desk.now(claimed)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, State.HELD),
        ({"severity": Severity.WARN}, State.PUBLISHED),
        ({"starts_on": date(2026, 11, 24)}, State.PUBLISHED),
        ({"ends_on": date(2026, 11, 22)}, State.PUBLISHED),
        ({"networks": ("x",)}, State.PUBLISHED),
        ({"classes": ("regional",)}, State.HELD),
        ({"classes": ("central",)}, State.PUBLISHED),
    ],
)
def test_a_new_rule_holds_what_was_approved_before_it(
    newsroom: Newsroom, change: dict[str, object], state: DeliveryState
) -> None:
    day = date(2026, 1, 1)
    rule = TextRule("lema", TextCheck.FORBIDDEN, Severity.BLOCK, day, "prueba", day, values=("jornada",))
    now = carried(newsroom, Content("La JORNADA", title="Hoy"), replace(rule, **change))  # type: ignore[arg-type]
    assert now.state is state
    assert ("JORNADA" in now.reason) is (state is State.HELD)
