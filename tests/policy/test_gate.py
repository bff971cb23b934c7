"""The gate: each rule refuses alone, and only what no rule is against may pass."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from core.deliveries import DeliveryState as State
from core.images import Finding, Note, NoteKind, Severity
from core.permalink import SitePost, with_permalink
from core.platforms import Platform
from core.posts import PostState
from core.stops import Scope, Stop
from policy.gate import RULES, Facts, check_gate
from tests.policy.facts import CONTENT, GOOD, NOW, WINDOW

MARKED = replace(CONTENT, text="Lea {enlace-web}", link="")
SITE = SitePost("https://inpe.example", State.PUBLISHED, "https://inpe.example/feria/")
LINKED = with_permalink(MARKED, SITE.url)


def stop(**scope: Any) -> Stop:
    return Stop(7, Scope(**scope), "Hay una crisis.", "jefa", NOW)


PAUSED = stop(account_id=GOOD.account.id)
BARRED = Finding("franja", Severity.BLOCK, "No se ve la franja.", "Póngala.", lifted_by=NoteKind.WAIVER)
WARNED = replace(BARRED, severity=Severity.WARN)
SIGNED = replace(BARRED, note=Note(1, "ab", "franja", NoteKind.WAIVER, "Duelo nacional", "jefa"))
TABLE: list[tuple[str, dict[str, Any], str | tuple[str, ...]]] = [
    ("paused account", {"stops": (PAUSED,)}, "account_paused"),
    ("stopped platform", {"stops": (stop(platform=GOOD.account.platform),)}, "stopped"),
    ("all is stopped", {"stops": (stop(),)}, "stopped"),
    ("another account than the target", {"account": replace(GOOD.account, remote_id="9999")}, "account_not_official"),
    ("another account behind the token", {"identity": "9999"}, "account_not_official"),
    ("no account behind the token", {"identity": ""}, "account_not_official"),
    *((f"post {state}", {"post_state": state}, "not_approved") for state in PostState if state != "approved"),
    ("approval revoked", {"approval": replace(GOOD.approval, revoked_at=NOW)}, "approval_revoked"),
    ("approved by nobody entitled", {"approver_was_entitled": False}, "approver_not_entitled"),
    ("approved by an author", {"approver_is_author": True}, "approver_is_author"),
    ("another digest", {"digest": "cd" * 32}, "changed_after_approval"),
    ("no digest", {"digest": ""}, "changed_after_approval"),
    ("an older revision", {"is_latest_revision": False}, "changed_after_approval"),
    ("no target", {"is_target": False}, "changed_after_approval"),
    ("a damaged file", {"damaged_media": ("foto.png",)}, "media_damaged"),
    ("an hour before the window", {"publish_at": WINDOW.starts_at - timedelta(microseconds=1)}, "outside_window"),
    ("an hour at the window's end", {"publish_at": WINDOW.ends_at}, "outside_window"),
    ("past the window", {"now": WINDOW.ends_at}, "outside_window"),
    (
        "what the platform cannot show",
        {"content": replace(CONTENT, text="x" * 281), "approved": replace(CONTENT, text="x" * 281)},
        "text_too_long",
    ),
    ("other content than the approved", {"content": replace(CONTENT, text="Otro")}, "changed_after_approval"),
    (
        "the placeholder still in it",
        {"content": MARKED, "approved": MARKED, "site": None},
        ("placeholder_left", "site_not_out", "text_too_long"),
    ),
    (
        "the site not out",
        {"content": LINKED, "approved": MARKED, "site": replace(SITE, state=State.HELD)},
        "site_not_out",
    ),
    ("the site nowhere", {"content": LINKED, "approved": MARKED}, ("changed_after_approval", "site_not_out")),
    (
        "an address of another host",
        {
            "content": with_permalink(MARKED, "https://otro.example/1"),
            "approved": MARKED,
            "site": replace(SITE, url="https://otro.example/1"),
        },
        "permalink_not_official",
    ),
    (
        "another address than the site's",
        {"content": with_permalink(MARKED, f"{SITE.url}0"), "approved": MARKED, "site": SITE},
        "changed_after_approval",
    ),
    ("an image that a new rule bars", {"images": (BARRED,)}, "image_rule"),
]


def test_what_is_all_in_order_passes() -> None:
    assert check_gate(GOOD) == []
    assert check_gate(replace(GOOD, identity=None)) == []  # asked for only while preparing
    assert check_gate(replace(GOOD, publish_at=WINDOW.starts_at)) == []
    assert check_gate(replace(GOOD, images=(WARNED, SIGNED))) == []
    assert check_gate(replace(GOOD, content=LINKED, approved=MARKED, site=SITE)) == []
    assert check_gate(replace(GOOD, now=WINDOW.ends_at - timedelta(microseconds=1))) == []


@pytest.mark.parametrize(("what", "spoilt", "code"), TABLE, ids=[row[0] for row in TABLE])
def test_each_rule_refuses_alone(what: str, spoilt: dict[str, Any], code: str | tuple[str, ...]) -> None:
    reasons = check_gate(replace(GOOD, **spoilt))
    assert [reason.code for reason in reasons] == ([code] if isinstance(code, str) else list(code))
    assert reasons[0].sentence


def test_every_fact_can_refuse() -> None:
    spoilt = {name for _, change, _ in TABLE for name in change}
    judged_through_others = {"capabilities", "window"}
    assert spoilt | judged_through_others == {each.name for each in fields(Facts)}


def test_every_rule_is_asked_and_every_reason_told() -> None:
    worst = replace(
        GOOD,
        stops=(PAUSED, stop()),
        post_state=PostState.CANCELLED,
        digest="",
        now=WINDOW.ends_at,
        content=replace(CONTENT, text="", title="{enlace-web}"),
        damaged_media=("a", "b"),
    )
    codes = [reason.code for reason in check_gate(worst)]
    assert codes == [
        "account_paused",
        "stopped",
        "not_approved",
        "changed_after_approval",
        "media_damaged",
        "media_damaged",
        "placeholder_left",
        "outside_window",
        "placeholder_misplaced",
        "text_missing",
    ]
    assert len(RULES) == 8


def test_a_stop_of_something_else_is_no_reason() -> None:
    elsewhere = (stop(account_id=GOOD.account.id + 1), stop(platform=Platform.X))
    assert check_gate(replace(GOOD, stops=elsewhere)) == []


def test_a_stop_says_what_and_why() -> None:
    [everything, network] = check_gate(replace(GOOD, stops=(stop(), stop(platform=GOOD.account.platform))))
    assert "(todo): Hay una crisis. Cuando se levante" in everything.sentence
    assert "(Facebook): Hay una crisis." in network.sentence


def test_a_stop_covers_one_thing() -> None:
    with pytest.raises(ValueError, match="not both"):
        Scope(Platform.X, 1)
