"""When the site's address may be put into a copy, and which addresses may."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.registry import CONNECTORS
from core.capabilities import LinkPlace
from core.deliveries import DeliveryState as State
from core.permalink import PLACEHOLDER, SitePost
from core.platforms import Platform
from core.posts import Content
from policy.content import check_content
from policy.permalink import LONGEST, Turn, check_placement, check_site, expected, is_on_site, planned, turn_of, why_not
from tests.policy.facts import CAPABILITIES, most

SITE = "https://inpe.example"
MARKED = Content("Lea {enlace-web}")
TURNS = {
    State.SCHEDULED: Turn.WAIT,
    State.STAGING: Turn.WAIT,
    State.PUBLISHING: Turn.WAIT,
    State.UNKNOWN: Turn.WAIT,
    State.PUBLISHED: Turn.GO,
    State.HELD: Turn.HOLD,
    State.MISSED: Turn.HOLD,
    State.FAILED: Turn.HOLD,
    State.CANCELLED: Turn.HOLD,
    State.TAKEN_DOWN: Turn.HOLD,
}


@pytest.mark.parametrize("state", State)
def test_a_copy_goes_only_after_the_site(state: State) -> None:
    assert turn_of(SitePost(SITE, state, f"{SITE}/1")) is TURNS[state]
    assert state.label.casefold() in why_not(SitePost(SITE, state, "")).casefold() or TURNS[state] is Turn.WAIT


def test_without_a_delivery_to_the_site_it_is_held() -> None:
    assert turn_of(None) is Turn.HOLD
    assert "página web" in why_not(None)


@pytest.mark.parametrize(
    ("url", "site", "good"),
    [
        ("https://inpe.example/feria/", SITE, True),
        ("https://inpe.example/?p=12", SITE, True),
        ("https://INPE.example/feria/", SITE, True),
        ("https://inpe.example:443/feria/", SITE, True),
        ("https://inpe.example/feria/", "http://inpe.example", True),
        ("http://inpe.example/feria/", "http://inpe.example", True),
        ("http://127.0.0.1:8801/site/1", "http://127.0.0.1:8801/site", True),
        ("http://inpe.example/feria/", SITE, False),
        ("http://127.0.0.1:8802/site/1", "http://127.0.0.1:8801/site", False),
        ("https://www.inpe.example/feria/", SITE, False),
        ("https://inpe.example.otro.example/", SITE, False),
        ("https://otro.example/inpe.example", SITE, False),
        ("https://inpe.example@otro.example/", SITE, False),
        ("https://usuario@inpe.example/", SITE, False),
        ("https://inpe.example\\@otro.example/", SITE, False),
        ("https://inpe.example/a b", SITE, False),
        ("https://inpe.example/a\nhttps://otro.example", SITE, False),
        ("https://inpe.example/\u200b", SITE, False),
        ("https://inpe.example/{enlace-web}", SITE, False),
        ("https://inpe.example/<b>", SITE, False),
        ("https://inpe.example/" + "a" * LONGEST, SITE, False),
        ("https://inpe.example:x/", SITE, False),
        ("https://[inpe.example/", SITE, False),
        ("javascript:alert(1)", SITE, False),
        ("//inpe.example/feria/", SITE, False),
        ("", SITE, False),
        ("https:///feria", "https://", False),
        ("ftp://inpe.example/", "ftp://inpe.example", False),
    ],
)
def test_only_the_official_sites_own_addresses_will_do(url: str, site: str, good: bool) -> None:
    assert is_on_site(url, site) is good


@given(tail=st.text(max_size=80))
def test_an_address_that_will_do_is_one_word(tail: str) -> None:
    url = f"{SITE}/{tail}"
    if is_on_site(url, SITE):
        assert url.split() == [url]
        assert PLACEHOLDER not in url
        assert check_placement(Content(url)) == []


def test_without_an_address_the_placeholder_stays() -> None:
    assert expected(MARKED, None) == MARKED
    assert expected(MARKED, SitePost(SITE, State.PUBLISHED, "")) == MARKED
    assert expected(MARKED, SitePost(SITE, State.PUBLISHED, f"{SITE}/1")) == Content(f"Lea {SITE}/1")


def test_it_is_measured_at_its_greatest_length() -> None:
    assert len(planned(Content("{enlace-web}")).text) == LONGEST
    tight = replace(CAPABILITIES, title_required=False, text_length=most(LONGEST + 4))
    assert check_content(MARKED, tight) == []
    assert [r.code for r in check_content(replace(MARKED, text="¡Lea {enlace-web}"), tight)] == ["text_too_long"]
    in_text = replace(tight, link=LinkPlace.IN_TEXT)
    assert [r.code for r in check_content(Content("Lea", link=PLACEHOLDER), in_text)] == ["text_too_long"]


def test_x_counts_it_as_any_address() -> None:
    capabilities = CONNECTORS[Platform.X].capabilities
    assert check_content(Content("a" * (280 - 24) + " " + PLACEHOLDER), capabilities) == []
    assert [r.code for r in check_content(Content("a" * (281 - 24) + " " + PLACEHOLDER), capabilities)] == [
        "text_too_long"
    ]


@pytest.mark.parametrize(
    "content",
    [
        Content("a", title="{enlace-web}"),
        Content("{Enlace-Web}"),
        Content("a", link="https://inpe.example/{enlace-web}"),
        Content("a", tags=("{enlace-web}",)),
    ],
)
def test_where_it_would_stay_it_is_refused(content: Content) -> None:
    assert [reason.code for reason in check_placement(content)] == ["placeholder_misplaced"]
    assert "placeholder_misplaced" in {reason.code for reason in check_content(content, CAPABILITIES)}


@pytest.mark.parametrize(
    ("platforms", "codes"),
    [
        ((Platform.FACEBOOK,), ["site_missing"]),
        ((Platform.FACEBOOK, Platform.WEBSITE), []),
        ((Platform.WEBSITE, Platform.WEBSITE, Platform.X), ["site_missing"]),
    ],
)
def test_it_needs_exactly_one_site(platforms: tuple[Platform, ...], codes: list[str]) -> None:
    assert [reason.code for reason in check_site((platform, MARKED) for platform in platforms)] == codes
    assert check_site((platform, Content("Sin marca")) for platform in platforms) == []
