"""Many sequences of acts; and with one of the house's rules left out the model finds what then goes wrong."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

import policy.gate
from core.posts import PostState
from policy.gate import RULES, check_approval, check_digest
from tests.policy.sequences import Sequences, play

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    yield
    structlog.reset_defaults()


def test_no_sequence_of_acts_publishes_what_was_not_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    reached: list[int] = []
    ended = Sequences.teardown

    def teardown(self: Sequences) -> None:
        reached.append(len(self.platform.ledger) if hasattr(self, "platform") else 0)
        ended(self)

    monkeypatch.setattr(Sequences, "teardown", teardown)
    play(examples=150, steps=40)
    assert sum(map(bool, reached)) > 10, "too few sequences came to a publication to mean anything"


def _no_gate(patch: pytest.MonkeyPatch, *rules: Callable[..., Any]) -> None:
    patch.setattr(policy.gate, "RULES", tuple(each for each in RULES if each not in rules))


def _authors_approve(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("policy.guards.check_approver", lambda _person, _authors: [])
    patch.setattr("vocero.actions.upkeep._against_approval", lambda _office, _transaction, _post: [])
    _no_gate(patch, check_approval)


def _edits_void_nothing(patch: pytest.MonkeyPatch) -> None:
    def keep(_teller: object, _transaction: object, post: Any, _act: object, **_given: str) -> PostState:
        return PostState(post.state)

    patch.setattr("vocero.actions.posts.void", keep)
    patch.setattr("vocero.actions.upkeep._against_approval", lambda _office, _transaction, _post: [])
    _no_gate(patch, check_digest)


def _another_account_is_the_same(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("vocero.actions.upkeep._against_approval", lambda _office, _transaction, _post: [])
    _no_gate(patch, check_digest)


@pytest.mark.parametrize("leave_out", [_authors_approve, _edits_void_nothing, _another_account_is_the_same])
def test_each_rule_left_out_is_found(
    monkeypatch: pytest.MonkeyPatch, leave_out: Callable[[pytest.MonkeyPatch], None]
) -> None:
    leave_out(monkeypatch)
    with pytest.raises(AssertionError, match="Write"):
        play(examples=1500, steps=40, shrinks=False)
