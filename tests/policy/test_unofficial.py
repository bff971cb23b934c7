"""An official account never enters the register of unofficial ones, however its address is written."""

from datetime import UTC, datetime

import pytest

from core.accounts import Account
from core.platforms import Platform
from core.unofficial import Unofficial, UnofficialState, place_of
from policy.unofficial import check_unofficial

AT = datetime(2026, 11, 24, 15, tzinfo=UTC)


def _account(platform: Platform, remote_id: str, address: str, handle: str = "") -> Account:
    return Account(id=1, platform=platform, handle=handle, name="INPE", remote_id=remote_id, address=address)


OFFICIAL = (
    _account(Platform.FACEBOOK, "100064", "https://www.facebook.com/INPEPeru", "INPEPeru"),
    _account(Platform.X, "77", "https://x.com/INPE_Peru", "@INPE_Peru"),
    _account(Platform.YOUTUBE, "UCabc", "https://www.youtube.com/@inpeperu"),
    _account(Platform.WEBSITE, "www.gob.pe", "https://www.gob.pe/inpe"),
    _account(Platform.FLICKR, "9@N00", ""),
)


def _known(state: UnofficialState) -> Unofficial:
    return Unofficial(
        id=4,
        network="x",
        handle="@inpe_falso",
        url="https://x.com/inpe_falso",
        state=state,
        found_by="Ana",
        found_at=AT,
        entered_by=1,
        entered_at=AT,
    )


def _codes(network: str, url: str = "", handle: str = "", known: tuple[Unofficial, ...] = ()) -> list[str]:
    reasons = check_unofficial(network=network, handle=handle, url=url, official=OFFICIAL, known=known)
    return [reason.code for reason in reasons]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.facebook.com/INPEPeru",
        "facebook.com/inpeperu/",
        "http://m.facebook.com/INPEPERU?ref=share#top",
        "https://fb.com/INPEPeru",
        "https://www.facebook.com/INPEPeru/posts/1",
        "https://facebook.com/profile.php?id=100064",
        "https://twitter.com/inpe_peru",
        "https://mobile.twitter.com/@INPE_Peru/status/1",
        "https://youtube.com/@InpePeru/videos",
        "https://www.youtube.com/channel/UCabc",
        "https://www.gob.pe/otra",
    ],
)
def test_an_official_address_is_refused_in_any_form(url: str) -> None:
    assert _codes("facebook", url) == ["is_official"]


@pytest.mark.parametrize(
    ("network", "handle"), [("facebook", "inpeperu"), ("x", "INPE_PERU"), ("x", "77"), ("flickr", "9@N00")]
)
def test_an_official_name_is_refused_without_an_address(network: str, handle: str) -> None:
    assert _codes(network, handle=handle) == ["is_official"]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.facebook.com/INPEPeru.oficial",
        "https://facebook.com/profile.php?id=1000645",
        "https://x.com/INPE_Peru_",
        "https://gob.pe.example.com/inpe",
        "https://inpe.example",
        "https://www.tiktok.com/@inpeperu",
    ],
)
def test_another_account_that_looks_like_it_is_taken(url: str) -> None:
    assert _codes("facebook", url) == []


@pytest.mark.parametrize("url", ["inpe", "javascript:alert(1)", "https://", "https://a b.pe/x", "https://u:p@x.com/a"])
def test_what_is_no_address_is_refused(url: str) -> None:
    assert place_of(url) is None
    assert _codes("x", url) == ["no_address"]


def test_an_account_without_address_and_name_is_refused() -> None:
    assert _codes("x") == ["no_address"]


def test_one_that_is_open_is_not_entered_twice_and_a_closed_one_may_come_back() -> None:
    for state, codes in (
        (UnofficialState.FOUND, ["known_already"]),
        (UnofficialState.REPORTED, ["known_already"]),
        (UnofficialState.CLOSED, []),
    ):
        assert _codes("x", "https://twitter.com/INPE_falso/", known=(_known(state),)) == codes
        assert _codes("x", handle="INPE_FALSO", known=(_known(state),)) == codes
    assert _codes("facebook", handle="inpe_falso", known=(_known(UnofficialState.FOUND),)) == []
