"""The gate: each rule refuses alone, and only what no rule is against may pass."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from core.calendar import Circumstances, Classification, ElectoralClass, ElectoralPeriod, Embargo
from core.deliveries import DeliveryState as State
from core.findings import Severity, TextFinding
from core.images import Finding, Note, NoteKind
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


HOUR = timedelta(hours=1)
EMBARGO = Embargo(1, NOW - HOUR, NOW + HOUR, "Traslado.", "admin", NOW)
PERIOD = ElectoralPeriod(1, "Elecciones", NOW.date(), None, "D.S. 1", "admin", NOW)
CLASSIFIED = Classification(1, 1, ElectoralClass.PUBLIC_UTILITY, "Salud", "ana", NOW)
UNDERSIGNED = replace(CLASSIFIED, signed_by="jefa", signed_at=NOW)


def entered(*embargoes: Embargo, **said: Any) -> dict[str, Any]:
    return {"circumstances": Circumstances(embargoes, **said)}


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
    ("an embargo of all", entered(EMBARGO), "embargoed"),
    ("an embargo of the account", entered(replace(EMBARGO, account_id=GOOD.account.id)), "embargoed"),
    (
        "an embargo of the unit, otherwise written",
        entered(replace(EMBARGO, unit="Oficina Regional Junin"), unit="OFICINA  REGIONAL JUNÍN"),
        "embargoed",
    ),
    ("an embargo without an end", entered(replace(EMBARGO, ends_at=None)), "embargoed"),
    ("an electoral period and nothing said", entered(periods=(PERIOD,)), "not_classified"),
    ("two and no signature", entered(periods=(PERIOD, PERIOD), classification=CLASSIFIED), "classification_unsigned"),
    ("a rule about words", {"words": (TextFinding("a", Severity.BLOCK, "No.", "Así."),)}, "text_rule"),
]


def test_what_is_all_in_order_passes() -> None:
    assert check_gate(GOOD) == []
    assert check_gate(replace(GOOD, identity=None)) == []  # asked for only while preparing
    assert check_gate(replace(GOOD, publish_at=WINDOW.starts_at)) == []
    assert check_gate(replace(GOOD, images=(WARNED, SIGNED))) == []
    assert check_gate(replace(GOOD, content=LINKED, approved=MARKED, site=SITE)) == []
    assert check_gate(replace(GOOD, now=WINDOW.ends_at - timedelta(microseconds=1))) == []
    assert check_gate(replace(GOOD, words=(TextFinding("a", Severity.WARN, "No.", "Así."),))) == []


ELSEWHERE = {
    "over": entered(replace(EMBARGO, ends_at=NOW)),
    "to come": entered(replace(EMBARGO, starts_at=NOW + timedelta(microseconds=1))),
    "of another account": entered(replace(EMBARGO, account_id=GOOD.account.id + 1)),
    "of another unit": entered(replace(EMBARGO, unit="Penal de Lurín"), unit="Penal de Lurigancho"),
    "classified and signed": entered(periods=(PERIOD,), classification=UNDERSIGNED),
    "of a period that begins tomorrow": entered(periods=(replace(PERIOD, starts_on=NOW.date() + timedelta(1)),)),
    "of a period that ended yesterday": entered(
        periods=(replace(PERIOD, starts_on=NOW.date() - timedelta(9), ends_on=NOW.date() - timedelta(1)),)
    ),
}


@pytest.mark.parametrize("what", ELSEWHERE)
def test_what_the_calendar_says_of_something_else_is_no_reason(what: str) -> None:
    assert check_gate(replace(GOOD, **ELSEWHERE[what])) == []


def test_it_is_the_hour_of_going_out_that_counts() -> None:
    """Prepared before an embargo ends it waits for its hour; late, it goes out at the hour that it is."""
    ahead = replace(GOOD, now=NOW, publish_at=NOW + HOUR / 2, **entered(replace(EMBARGO, ends_at=NOW + HOUR / 3)))
    assert check_gate(ahead) == []
    into = replace(ahead, **entered(replace(EMBARGO, starts_at=NOW + HOUR / 3)))
    late = replace(into, now=NOW + HOUR / 2, publish_at=NOW)
    assert [each.code for facts in (into, late) for each in check_gate(facts)] == ["embargoed", "embargoed"]


def test_a_period_is_of_days_in_lima() -> None:
    """The 23rd at 23:30 in Lima is the 24th in UTC."""
    last = replace(PERIOD, ends_on=NOW.date())
    night = NOW.replace(hour=4, minute=30) + timedelta(days=1)
    assert last.holds_at(night)
    assert not last.holds_at(night + timedelta(minutes=30))
    assert last.span() == (NOW.replace(hour=5), NOW.replace(hour=5) + timedelta(days=1))


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
    assert len(RULES) == 10


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
