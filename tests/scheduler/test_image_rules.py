"""The gate at sending asks the image rules of that day, also one that was made after the approval."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from core.deliveries import DeliveryState as State
from core.findings import Severity
from core.images import Check, Rule, RuleSet
from scheduler.delivering import Deliverer
from scheduler.settling import Settler
from tests.scheduler.newsroom import Newsroom
from tests.scheduler.test_delivering import with_picture

DAY = date(2026, 11, 23)
RULE = Rule("peso", Check.BYTES, Severity.BLOCK, DAY, "la oficina", DAY, most=10)


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        (RULE, State.HELD),
        (replace(RULE, severity=Severity.WARN), State.PUBLISHED),
        (replace(RULE, starts_on=date(2026, 11, 24)), State.PUBLISHED),
        (replace(RULE, ends_on=date(2026, 11, 22), starts_on=DAY.replace(day=1)), State.PUBLISHED),
        (replace(RULE, networks=("youtube",)), State.PUBLISHED),
    ],
)
def test_a_rule_of_today_holds_what_it_bars(newsroom: Newsroom, tmp_path: Path, rule: Rule, state: State) -> None:
    newsroom.schedule(content=with_picture(newsroom, tmp_path))
    [claimed] = newsroom.claim()
    bench = replace(newsroom.bench(), rules=lambda _day: RuleSet("v1", rules=(rule,)))
    Deliverer(bench, Settler(bench).settle).deliver(claimed)
    after = newsroom.desk.now(claimed)
    assert after.state is state
    assert len(newsroom.platform.visible()) == (state is State.PUBLISHED)
    if state is State.HELD:
        assert "«foto.png» tiene un peso de" in after.reason
