"""The page's connector, against what the platform is documented to answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.errors import (
    ConnectorError,
    Exists,
    Gone,
    Misconfigured,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    TokenRefused,
    Unavailable,
    Unsupported,
)
from connectors.http import Door
from connectors.linkedin import LinkedInConnector
from connectors.linkedin_content import TITLE_LENGTH, body_of
from connectors.linkedin_errors import Duplicate, VersionRetired
from core.accounts import Credentials
from core.capabilities import Operation
from core.deliveries import Published, Stage
from core.posts import OutgoingPost
from tests.connectors.linkedin_page import (
    ACCOUNT,
    IMAGE,
    LINK,
    TEXT,
    TOKEN,
    URN,
    connector,
    image,
    played,
    prepared,
    video,
)

SENT_AT = datetime(2026, 11, 23, 15, 4, tzinfo=UTC)  # a minute before the fixtures' posts
ADDRESS = f"https://www.linkedin.com/feed/update/{URN}/"
OUT = Published(URN, ADDRESS, datetime(2026, 11, 23, 15, 5, tzinfo=UTC))


def test_publish_takes_the_name_from_the_header() -> None:
    with played("publish"):
        assert connector().publish(TEXT, prepared()) == OUT


def test_publish_escapes_and_keeps_hashtags() -> None:
    post = replace(TEXT, text="Los! #zelt2 (neu)")
    with played("publish__escaped"):
        assert connector().publish(post, prepared(post)) == OUT


def test_publish_hashtags_as_text_where_so_chosen() -> None:
    post = replace(TEXT, text="a_b (c) #d", options=(("linkedin.hashtags", "text"),))
    assert body_of(post, "urn:li:organization:123", ())["commentary"] == r"a\_b \(c\) \#d"


def test_publish_link_as_a_card_titled_by_the_first_line() -> None:
    with played("publish__link"):
        assert connector().publish(LINK, prepared(LINK)) == OUT


def test_publish_link_with_title_description_and_picture(tmp_path: Path) -> None:
    post = replace(LINK, title="Un título", excerpt="De qué trata", thumbnail=image(tmp_path, 1))
    with played("publish__link_with_all"):
        assert connector().publish(post, prepared(post, IMAGE)) == OUT


def test_publish_long_first_line_makes_a_title_that_fits() -> None:
    post = replace(LINK, text="\n" + "á" * 900 + "\nfin")
    content = body_of(post, "urn:li:organization:123", ())["content"]
    assert isinstance(content, dict)
    assert content["article"]["title"] == "á" * (TITLE_LENGTH.value - 1) + "…"


def test_publish_image_with_its_description_puts_the_link_into_the_text(tmp_path: Path) -> None:
    post = replace(LINK, media=(image(tmp_path, 1, "Una plaza"),))
    with played("publish__one_image"):
        assert connector().publish(post, prepared(post, IMAGE)) == OUT


@pytest.mark.parametrize("situation", ["several_images", "video"])
def test_publish_may_bring_a_post_of_another_kind(tmp_path: Path, situation: str) -> None:
    media, title, urns = {
        "several_images": ((image(tmp_path, 1, "Una plaza"), image(tmp_path, 2)), "", (IMAGE, "urn:li:image:C2")),
        "video": ((video(tmp_path),), "Título", ("urn:li:video:V1",)),
    }[situation]
    post = replace(TEXT, media=media, title=title)
    with played(f"publish__{situation}"):
        assert connector().publish(post, prepared(post, *urns)).remote_id == "urn:li:ugcPost:7000000000000000002"


@pytest.mark.parametrize(
    ("situation", "expected"),
    [
        ("lost_answer", OutcomeUnknown),
        ("reset", OutcomeUnknown),
        ("refused", Unavailable),
        ("html_body", OutcomeUnknown),
        ("no_id", OutcomeUnknown),
        ("strange_id", OutcomeUnknown),
        ("truncated", OutcomeUnknown),
        ("redirect", OutcomeUnknown),
        ("server_error", OutcomeUnknown),
        ("gateway", OutcomeUnknown),
        ("unavailable", OutcomeUnknown),
        ("gateway_timeout", OutcomeUnknown),
        ("forbidden_html", OutcomeUnknown),
        ("not_found_empty", OutcomeUnknown),
        ("list_body", OutcomeUnknown),
        ("token_expired", TokenRefused),
        ("permission_missing", NotAuthorized),
        ("throttled", RateLimited),
        ("version_retired", VersionRetired),
        ("waiting_upload", Unavailable),
        ("processing_failed", Rejected),
        ("too_long", Rejected),
        ("conflict", Unavailable),
        ("field_required", Rejected),
    ],
)
def test_publish_failure_says_what_must_happen_next(situation: str, expected: type[ConnectorError]) -> None:
    with played(f"publish__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().publish(TEXT, prepared())
    assert type(caught.value) is expected
    assert TOKEN not in f"{caught.value}{caught.value.detail}{caught.value!r}{caught.value.__cause__}"


def test_publish_duplicate_is_the_first_post() -> None:
    with played("publish__duplicate"):
        assert connector().publish(TEXT, prepared()) == OUT


def test_publish_duplicate_is_compared_as_people_read_it() -> None:
    post = replace(TEXT, text="Los! #zelt2 (neu)")
    with played("publish__duplicate_with_template"):
        assert connector().publish(post, prepared(post)) == OUT


def test_publish_duplicate_is_known_by_its_file_whatever_somebody_wrote_over_it(tmp_path: Path) -> None:
    post = replace(TEXT, media=(image(tmp_path, 1, "Una plaza"),))
    with played("publish__duplicate_of_the_image"):
        assert connector().publish(post, prepared(post, IMAGE)) == OUT


@pytest.mark.parametrize("situation", ["duplicate_older", "duplicate_older_by_another_name"])
def test_publish_duplicate_of_an_older_post_is_rejected(situation: str) -> None:
    with played(f"publish__{situation}"), pytest.raises(Duplicate):
        connector().publish(TEXT, prepared(earlier=(URN,)))


@pytest.mark.parametrize(
    "situation",
    [
        "duplicate_differs",
        "duplicate_gone",
        "duplicate_not_readable",
        "duplicate_unanswered",
        "duplicate_not_visible_yet",
    ],
)
def test_publish_duplicate_that_proves_nothing_is_unknown(situation: str) -> None:
    with played(f"publish__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().publish(TEXT, prepared())
    assert type(caught.value) is Exists


def test_publish_duplicate_with_another_file_is_unknown(tmp_path: Path) -> None:
    post = replace(TEXT, media=(image(tmp_path, 1, "Una plaza"),))
    with played("publish__duplicate_of_another_image"), pytest.raises(OutcomeUnknown):
        connector().publish(post, prepared(post, IMAGE))


def test_publish_duplicate_that_never_became_visible_is_rejected() -> None:
    with played("publish__duplicate_never_visible"), pytest.raises(Rejected) as caught:
        connector().publish(TEXT, prepared())
    assert caught.value.code == "PUBLISH_FAILED"


@pytest.mark.parametrize(
    "situation",
    [
        "taken_not_visible",
        "taken_unknown_state",
        "taken_no_state",
        "taken_not_found",
        "taken_not_readable",
        "taken_token_expired",
        "taken_unanswered",
        "taken_html",
    ],
)
def test_publish_what_is_taken_and_not_seen_is_looked_for_and_never_written_again(situation: str) -> None:
    with played(f"publish__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().publish(TEXT, prepared())
    assert type(caught.value) is Exists
    assert "sin enviarla otra vez" in caught.value.sentence


def test_publish_what_never_becomes_visible_is_not_published() -> None:
    with played("publish__taken_never_visible"), pytest.raises(ConnectorError) as caught:
        connector().publish(TEXT, prepared())
    assert (type(caught.value), caught.value.code) == (Rejected, "PUBLISH_FAILED")
    assert "no pudo mostrarla" in caught.value.sentence


@pytest.mark.parametrize("stage", [Stage(token={}, ready=True), prepared(LINK)], ids=["nothing", "another post's"])
def test_publish_what_is_not_prepared_is_our_bug(stage: Stage) -> None:
    with pytest.raises(Unsupported):
        connector().publish(TEXT, stage)


def test_find_published() -> None:
    with played("find__published"):
        assert connector().find(TEXT, prepared(), SENT_AT) == OUT


def test_find_a_post_whose_dates_are_none() -> None:
    with played("find__published_without_dates"):
        assert connector().find(TEXT, prepared(), SENT_AT) == replace(OUT, published_at=None)


def test_find_where_the_list_does_not_take_the_authors_view() -> None:
    with played("find__view_refused"):
        assert connector().find(TEXT, prepared(), SENT_AT) == OUT


def test_find_by_its_file(tmp_path: Path) -> None:
    post = replace(TEXT, media=(image(tmp_path, 1, "Una plaza"),))
    with played("find__of_an_image"):
        found = connector().find(post, prepared(post, IMAGE), SENT_AT)
    assert found is not None
    assert found.remote_id == "urn:li:share:8"


def test_find_on_the_second_page() -> None:
    with played("find__second_page"):
        assert connector().find(TEXT, prepared(), SENT_AT) == OUT


def test_find_the_visible_one_of_several() -> None:
    with played("find__published_below"):
        found = connector().find(TEXT, prepared(), SENT_AT)
    assert found is not None
    assert found.remote_id == "urn:li:share:7000000000000000000"


def test_find_what_became_visible_since_the_list_was_made() -> None:
    with played("find__visible_meanwhile"):
        assert connector().find(TEXT, prepared(), SENT_AT) == OUT


@pytest.mark.parametrize("situation", ["not_listed", "another_author", "never_visible", "failed_meanwhile", "draft"])
def test_find_what_is_certainly_not_public(situation: str) -> None:
    with played(f"find__{situation}"):
        assert connector().find(TEXT, prepared(), SENT_AT) is None


def test_find_does_not_take_an_older_post_for_ours() -> None:
    with played("find__older"):
        assert connector().find(TEXT, prepared(), SENT_AT + timedelta(minutes=1)) is None
    with played("find__said_before"):
        assert connector().find(TEXT, prepared(earlier=(URN,)), SENT_AT) is None


@pytest.mark.parametrize(
    ("situation", "code"),
    [
        ("not_visible_yet", "PUBLISH_REQUESTED"),
        ("no_state", "no lifecycleState"),
        ("taken_not_found", "NOT_FOUND"),
    ],
)
def test_find_what_is_taken_and_not_visible_yet_is_unknown(situation: str, code: str) -> None:
    with played(f"find__{situation}"), pytest.raises(OutcomeUnknown) as caught:
        connector().find(TEXT, prepared(), SENT_AT)
    assert (type(caught.value), caught.value.code) == (Exists, code)


@pytest.mark.parametrize(
    ("situation", "expected"),
    [("no_answer", Unavailable), ("html_body", Unavailable), ("no_list", Unavailable), ("forbidden", NotAuthorized)],
)
def test_find_without_an_answer_proves_nothing(situation: str, expected: type[ConnectorError]) -> None:
    with played(f"find__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().find(TEXT, prepared(), SENT_AT)
    assert type(caught.value) is expected


def test_take_down_may_be_repeated() -> None:
    with played("take_down"):
        connector().take_down(URN)
        connector().take_down(URN)


@pytest.mark.parametrize(
    ("situation", "expected"), [("gone", Gone), ("lost_answer", Unavailable), ("not_confirmed", Unavailable)]
)
def test_take_down_failure(situation: str, expected: type[ConnectorError]) -> None:
    with played(f"take_down__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().take_down(URN)
    assert type(caught.value) is expected


@pytest.mark.parametrize("token", ["ñandú", "two words", "line\nbreak"])
def test_token_that_is_none_is_misconfigured(token: str) -> None:
    with pytest.raises(Misconfigured):
        connector(access_token=token)


def test_page_is_known_by_its_number() -> None:
    with pytest.raises(Misconfigured):
        LinkedInConnector(replace(ACCOUNT, remote_id="prensa"), Credentials({"access_token": TOKEN}), Door())


def test_hide_is_the_only_thing_that_it_cannot() -> None:
    assert frozenset(Operation) - LinkedInConnector.capabilities.operations == {Operation.HIDE}


@pytest.mark.parametrize(
    ("text", "length"),
    [("a_b (c)", 7), ("#perú", 5), ("@[INPE](urn:li:organization:1)!", 5), ("👏", 1), ("(" * 3000, 3000)],
)
def test_length_counts_what_people_see(text: str, length: int) -> None:
    assert LinkedInConnector.capabilities.measure(text) == length


def test_version_has_its_end() -> None:
    (version,) = LinkedInConnector.api_versions
    assert version.ends_on is not None
    assert version.ends_on - version.released_on >= timedelta(days=365)


def test_thread_goes_out_as_paragraphs() -> None:
    post = OutgoingPost(key="delivery-1", text="Uno", thread=("Dos", "Tres"))
    assert body_of(post, "urn:li:organization:123", ())["commentary"] == "Uno\n\nDos\n\nTres"
