"""The hostile fault plan: everything that the sandbox can do to a request, often enough to hurt; and short days."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from core.platforms import Platform
from sandbox.faults import FaultPlan

# what may happen to any request: the fault, and how likely
_ANYWHERE: tuple[tuple[dict[str, Any], float], ...] = (
    ({"kind": "drop_before"}, 0.008),
    ({"kind": "drop_after"}, 0.008),
    ({"kind": "status_before", "status": 500}, 0.004),
    ({"kind": "status_after", "status": 500}, 0.004),
    ({"kind": "status_after", "status": 502, "html": True}, 0.004),
    ({"kind": "html"}, 0.004),
    ({"kind": "truncated", "how": "length"}, 0.003),
    ({"kind": "truncated", "how": "chunk"}, 0.002),
    ({"kind": "truncated", "how": "body"}, 0.002),
    ({"kind": "slow", "seconds": 0.3, "when": "before"}, 0.01),
    ({"kind": "slow", "seconds": 0.3, "when": "after"}, 0.01),
)
# what makes the visible write worse than any other request
_ON_THE_WRITE: tuple[tuple[dict[str, Any], float], ...] = (
    ({"kind": "drop_after"}, 0.05),
    ({"kind": "drop_before"}, 0.03),
    ({"kind": "status_after", "status": 502, "html": True}, 0.03),
)
_PROCESSED = ("video", "upload", "container", "finalize", "upload_last", "upload_start")
_REFUSED = (
    ({"platform": "facebook", "operation": "feed"}, 1609008),
    ({"platform": "website", "operation": "create"}, "rest_invalid_param"),
)
_COUNTS_IN_MINUTES = (Platform.FACEBOOK, Platform.INSTAGRAM, Platform.X)
_FOREVER = 10**6


def hostile(
    seed: int, *, call_seconds: float, hidden_seconds: float, scale: float, in_a_hurry: bool = False
) -> FaultPlan:
    """Return the plan. `scale`: how many of the rare, costly things happen (1 for a thousand deliveries).

    `in_a_hurry`: nobody asks for a rest who counts it in minutes.
    """

    def rare(count: int) -> int:
        return max(1, round(count * scale))

    rules: list[dict[str, Any]] = [
        {"match": {"operation": "publish"}, "fault": fault, "times": None, "probability": probability}
        for fault, probability in _ON_THE_WRITE
    ]
    rules += [
        {"match": {"operation": "publish"}, "fault": fault, "times": rare(12), "probability": 0.02}
        for fault in (
            {"kind": "slow", "seconds": call_seconds * 1.2, "when": "after"},
            {"kind": "slow", "seconds": call_seconds * 1.2, "when": "before"},
        )
    ]
    rules += [{"fault": fault, "times": None, "probability": probability} for fault, probability in _ANYWHERE]
    for platform in Platform:
        match = {"platform": platform.value}
        throttle = {"kind": "throttle", "minutes": 1, "retry_after": 2}
        if not (in_a_hurry and platform in _COUNTS_IN_MINUTES):
            rules.append({"match": match, "fault": throttle, "times": rare(3), "probability": 0.02, "after": 20})
        rules.append({"match": match, "fault": {"kind": "expired_token"}, "times": rare(2), "probability": 0.01})
    rules.append(
        {
            "match": {"operation": "publish"},
            "fault": {"kind": "hidden_in_lists", "seconds": hidden_seconds},
            "times": None,
            "probability": 0.3,
        }
    )
    rules += [
        {"match": {"operation": name}, "fault": {"kind": "processing", "polls": 2}, "times": None, "probability": 0.2}
        for name in _PROCESSED
    ]
    rules += [
        {"match": match, "fault": {"kind": "status_before", "status": 400, "code": code}, "times": rare(3), "after": 5}
        for match, code in _REFUSED
    ]
    return FaultPlan.parse({"seed": seed, "rules": rules})


@contextmanager
def short_days() -> Iterator[None]:
    """Let the platforms' quotas fill again within seconds: a thousand posts on seven accounts would take them weeks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sandbox.x.quotas.WINDOW", timedelta(seconds=15))
        patch.setattr("sandbox.instagram.publishing.DAY", timedelta(seconds=60))
        patch.setattr("sandbox.instagram.containers.MOST_A_DAY", _FOREVER)
        patch.setattr(
            "sandbox.youtube.quota.LIMITS", dict.fromkeys(("units", "inserts", "searches", "stats"), _FOREVER)
        )
        yield
