"""The verdict of a chaos run can fail: each way in which a ledger differs from the approvals is told."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from core.deliveries import Delivery, DeliveryState
from core.platforms import Platform
from core.posts import Content
from sandbox.ledger import Write
from tests.chaos.verdict import judge

_AT = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
_PLATFORMS = {1: Platform.X}
_WRITE = Write(1, _AT, "x", "77", "501", "post", "Uno", (), visible=True)
_NEXT = replace(_WRITE, seq=2, remote_id="502", text="Dos")
_APPROVED = {1: Content("Uno", thread=("Dos",))}


def _delivery(state: DeliveryState, **parts: Any) -> Delivery:
    known: dict[str, Any] = {
        "id": 1,
        "key": "vocero-1",
        "post_id": 1,
        "revision_id": 1,
        "account_id": 1,
        "approval_id": 1,
        "publish_at": _AT,
        "late_after": _AT,
        "due_at": None,
        "fence": 1,
        "state": state,
    }
    return Delivery(**{**known, **parts})


_OUT = _delivery(DeliveryState.PUBLISHED, remote_id="501")


def test_each_once_as_approved_is_right() -> None:
    assert judge([_OUT], _APPROVED, _PLATFORMS, [_WRITE, _NEXT]) == []


def test_failed_with_its_reason_and_unseen_is_right() -> None:
    assert judge([_delivery(DeliveryState.FAILED, reason="rechazada")], _APPROVED, _PLATFORMS, []) == []


def test_held_after_its_first_part_is_right() -> None:
    held = _delivery(DeliveryState.HELD, remote_id="501", url="https://x.com/a/status/501", reason="en pausa")
    assert judge([held], _APPROVED, _PLATFORMS, [_WRITE]) == []
    assert judge([held], _APPROVED, _PLATFORMS, [_WRITE, _NEXT]) != []
    assert judge([held], _APPROVED, _PLATFORMS, []) != []


@pytest.mark.parametrize(
    ("delivery", "writes", "told"),
    [
        (_OUT, [_WRITE, _NEXT, replace(_NEXT, seq=3, remote_id="503")], "too often"),
        (_OUT, [_WRITE], "not seen"),
        (_OUT, [], "not seen"),
        (_OUT, [replace(_WRITE, text="Uno."), _NEXT], "not seen"),
        (_OUT, [replace(_WRITE, media=("ab",)), _NEXT], "not seen"),
        (_OUT, [_WRITE, _NEXT, replace(_WRITE, seq=3, visible=False)], "withdrawn"),
        (_OUT, [_WRITE, _NEXT, replace(_WRITE, seq=3, kind="edit")], "too often"),
        (replace(_OUT, remote_id="999"), [_WRITE, _NEXT], "under an id"),
        (_delivery(DeliveryState.FAILED, reason="rechazada"), [_WRITE], "too often"),
        (_delivery(DeliveryState.MISSED, reason="tarde"), [_WRITE, _NEXT], "too often"),
        (_delivery(DeliveryState.FAILED), [], "no reason"),
        (_delivery(DeliveryState.UNKNOWN, reason="?"), [], "no end"),
        (_delivery(DeliveryState.PUBLISHING), [], "no end"),
    ],
)
def test_what_is_wrong_is_told(delivery: Delivery, writes: list[Write], told: str) -> None:
    assert any(told in line for line in judge([delivery], _APPROVED, _PLATFORMS, writes))
