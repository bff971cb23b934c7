"""Every transition of a delivery is an event: the whole table walked, and nobody moves a row in another way."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest

from core.deliveries import TRANSITIONS, DeliveryState, Published
from core.events import first_broken
from tests.scheduler.newsroom import Newsroom

State = DeliveryState
PAIRS = [(before, after) for before, afters in TRANSITIONS.items() for after in sorted(afters)]
ROOT = Path(__file__).parents[2]
# who may move a row, and only these tell the record of it
MOVERS = {
    ("scheduler/workbench.py", "move"),
    ("vocero/actions/content.py", "take_back"),
    ("vocero/actions/deliveries.py", "take_back"),
    ("vocero/actions/deliveries.py", "release"),
    ("vocero/actions/deliveries.py", "add"),
}


@pytest.mark.parametrize(("before", "after"), PAIRS, ids=[f"{before}-{after}" for before, after in PAIRS])
def test_each_transition_that_a_worker_makes_leaves_an_event(
    newsroom: Newsroom, before: DeliveryState, after: DeliveryState
) -> None:
    delivery = newsroom.desk.put(newsroom.schedule(), before)
    published = Published("1", "https://inpe.example/1") if after is State.PUBLISHED else None
    with newsroom.database.write() as transaction:
        moved = newsroom.bench().move(
            transaction, delivery, after, due_at=None, reason="Motivo.", digest="ab" * 32, published=published
        )
    assert moved.state is after
    with newsroom.database.read() as transaction:
        [told] = transaction.events.of(f"delivery:{delivery.id}")
        assert first_broken(transaction.events.all(), transaction.events.end()) is None
    event = told.event
    assert (event.action, event.before, event.after) == (f"delivery.{after}", before, after)
    assert (event.actor, event.role, event.reason, event.at) == ("sistema", "worker", "Motivo.", newsroom.clock.now)
    assert event.data["post"] == str(delivery.post_id)
    assert event.data.get("url", "") == ("" if published is None else published.url)


def test_what_is_no_transition_leaves_none(newsroom: Newsroom) -> None:
    delivery = newsroom.desk.put(newsroom.schedule(), State.STAGING)
    with newsroom.database.write() as transaction:
        due_at = transaction.now + timedelta(minutes=1)
        newsroom.bench().move(transaction, delivery, State.STAGING, due_at=due_at)
    assert newsroom.story(delivery) == []


def test_nobody_else_moves_a_delivery() -> None:
    """What a person does is told by the acts (tests/vocero); a call from anywhere else would leave no trace."""
    found = set()
    for package in ("scheduler", "vocero", "monitoring"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in ("move", "take_back", "release", "add")
                    and isinstance(node.func.value, ast.Attribute)
                    and node.func.value.attr == "deliveries"
                ):
                    found.add((path.relative_to(ROOT).as_posix(), node.func.attr))
    assert found == MOVERS
