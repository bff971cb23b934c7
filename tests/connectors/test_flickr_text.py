"""A post's words as Flickr takes them, and Flickr's words as people read them."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import Rejected
from connectors.flickr import FlickrConnector
from connectors.flickr_text import (
    TAG_COUNT,
    TITLE_LENGTH,
    description_of,
    family_of,
    marked_up,
    mentioned,
    mentioning,
    plain,
    tags_of,
    title_of,
)
from core.posts import OutgoingPost
from tests.connectors.flickr_account import post


@pytest.fixture
def photo(tmp_path: Path) -> OutgoingPost:
    return post(tmp_path)


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Feria", "Hola", "Feria"),
        ("", "\n  Hola, Perú \nmás", "Hola, Perú"),
        ("x" * 255, "Hola", "x" * 255),
        ("x" * 256, "Hola", "x" * 254 + "…"),
        ("", " \n ", ""),
    ],
)
def test_title_is_the_post_s_or_its_first_line(photo: OutgoingPost, title: str, text: str, expected: str) -> None:
    found = title_of(replace(photo, title=title, text=text))
    assert found == expected
    assert len(found) <= TITLE_LENGTH


def test_description_has_thread_and_link_at_its_end(photo: OutgoingPost) -> None:
    sent = replace(photo, text="A < B", thread=("más",), link="https://example.org/?a=1&copy=2")
    assert description_of(sent) == "A &lt; B\n\nmás\n\nhttps://example.org/?a=1&amp;copy=2"
    assert description_of(replace(photo, text="ver https://x.pe", link="https://x.pe")) == "ver https://x.pe"


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=200))
def test_people_read_exactly_what_was_approved(text: str) -> None:
    assert plain(marked_up(text)) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tom & Ana", "Tom & Ana"),
        ("&lt;", "&amp;lt;"),
        ("&#60;", "&amp;#60;"),
        ("&copy", "&amp;copy"),
        ("<script>", "&lt;script&gt;"),
    ],
)
def test_only_what_would_be_read_as_markup_is_written_otherwise(text: str, expected: str) -> None:
    assert marked_up(text) == expected


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("uno<br />dos<BR>tres", "uno\ndos\ntres"),
        ('<a href="https://x.pe" rel="nofollow">x.pe</a> &amp; <b>más</b>', "x.pe & más"),
        ("3 < 5 and 7 > 2", "3 < 5 and 7 > 2"),
        ("&quot;sí&quot; &#39;no&#39;", "\"sí\" 'no'"),
    ],
)
def test_markup_is_read_as_people_read_it(markup: str, expected: str) -> None:
    assert plain(markup) == expected


def test_text_is_measured_in_bytes_as_it_is_sent() -> None:
    assert FlickrConnector.capabilities.measure("ñ<") == 2 + 4


def test_tags_are_separated_by_blanks_and_phrases_quoted(photo: OutgoingPost) -> None:
    sent = replace(photo, tags=("feria", "zwei worte", ' de "cárcel" ', "feria", "", '"'))
    assert tags_of(sent, 1) == 'vocero:post=delivery-1-1 feria "zwei worte" "de cárcel"'


def test_tags_leave_room_for_ours(photo: OutgoingPost) -> None:
    words = tuple(f"tag{number}" for number in range(TAG_COUNT - 1))
    assert len(tags_of(replace(photo, tags=words), 1).split()) == TAG_COUNT
    with pytest.raises(Rejected):
        tags_of(replace(photo, tags=(*words, "uno más")), 1)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["vocero:post=vocero-1a2b-2", "vocero:parts=3", "feria"], ("vocero:post=vocero-1a2b-", 3)),
        (["feria", "vocero:post=k-1"], ("vocero:post=k-", 1)),
        (["vocero:parts=3"], ("", 1)),
        (["vocero:post=k-1", "vocero:parts=x"], ("vocero:post=k-", 1)),
        ([], ("", 1)),
    ],
)
def test_parts_of_a_post_know_each_other_by_their_tags(tags: list[str], expected: tuple[str, int]) -> None:
    assert family_of(tags) == expected


def test_mention_is_read_back() -> None:
    assert mentioned(plain(mentioning("1@N02", "Sí, 3 < 5"))) == ("1@N02", "Sí, 3 < 5")
    assert mentioned("[https://www.flickr.com/people/rosa/]hola") == ("rosa", "hola")
    assert mentioned(mentioning("", "Gracias")) == ("", "Gracias")
    assert mentioned("vea [https://www.flickr.com/photos/1@N02/]") == ("", "vea [https://www.flickr.com/photos/1@N02/]")
