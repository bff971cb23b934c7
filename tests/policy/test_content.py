"""Whether a platform would take it: one row a rule, at its edge and just past it."""

from dataclasses import replace

import pytest

from core.capabilities import Capabilities, LinkPlace
from core.media import Attachment, Medium
from core.posts import Content
from policy.content import check_content, is_web_address
from tests.policy.facts import CAPABILITIES, CONTENT, FILM, IMAGE, PICTURED, most


def codes(content: Content, capabilities: Capabilities = CAPABILITIES) -> list[str]:
    return [reason.code for reason in check_content(content, capabilities)]


def pictured(medium: Medium = IMAGE, alt_text: str = "Un taller", *, times: int = 1) -> Content:
    return replace(PICTURED, attachments=(Attachment(medium, alt_text),) * times)


def plain(text: str = "Jornada") -> Content:
    return Content(text, title="Jornada")


GOOD = {
    "text, title and link": CONTENT,
    "the longest text": plain("x" * 280),
    "code points, not bytes": plain("ñ" * 280),
    "the longest title": replace(CONTENT, title="x" * 20),
    "line breaks and tabs": plain("uno\n\tdos"),
    "an emoji of several code points": plain("👩🏽‍⚖️"),
    "the most images": pictured(times=2),
    "the longest alternative text": pictured(alt_text="x" * 30),
    "a film": replace(PICTURED, attachments=(Attachment(FILM),)),
    "an address with a port and a query": replace(CONTENT, link="http://inpe.gob.pe:8080/a?b=c#d"),
}
BAD: dict[str, tuple[Content, list[str]]] = {
    "no text": (plain(""), ["text_missing"]),
    "only spaces": (plain(" \n\t "), ["text_missing"]),
    "too long": (plain("x" * 281), ["text_too_long"]),
    "no title": (Content("x", title=" "), ["title_missing"]),
    "title too long": (Content("x", title="x" * 21), ["title_too_long"]),
    "a bell": (plain("a\x07b"), ["text_unprintable"]),
    "a carriage return": (plain("a\rb"), ["text_unprintable"]),
    "nothing at all": (plain("a\x00b"), ["text_unprintable"]),
    "half a character": (plain("a\ud83d"), ["text_unprintable"]),
    "a bell in the alternative text": (pictured(alt_text="a\x07"), ["text_unprintable"]),
    "a bell in a tag": (replace(CONTENT, tags=("a\x07",)), ["text_unprintable"]),
    "a relative address": (replace(CONTENT, link="/inpe"), ["link_malformed"]),
    "a name without a scheme": (replace(CONTENT, link="www.gob.pe"), ["link_malformed"]),
    "a script": (replace(CONTENT, link="javascript:alert(1)"), ["link_malformed"]),
    "a space in the address": (replace(CONTENT, link="https://gob.pe/a b"), ["link_malformed"]),
    "no host": (replace(CONTENT, link="https://"), ["link_malformed"]),
    "a broken address": (replace(CONTENT, link="https://[::1"), ["link_malformed"]),
    "too many images": (pictured(times=3), ["media_too_many"]),
    "another type": (pictured(replace(IMAGE, mime_type="image/webp")), ["media_type"]),
    "too many bytes": (pictured(replace(IMAGE, size=1001)), ["media_too_large"]),
    "too many pixels": (pictured(replace(IMAGE, width=101)), ["media_too_many_pixels"]),
    "it moves": (pictured(replace(IMAGE, frames=2)), ["media_animated"]),
    "not described": (pictured(alt_text=" "), ["alt_text_missing"]),
    "described too long": (pictured(alt_text="x" * 31), ["alt_text_too_long"]),
    "image and film": (
        replace(PICTURED, attachments=(Attachment(IMAGE, "Un taller"), Attachment(FILM))),
        ["images_with_video"],
    ),
    "two films": (replace(PICTURED, attachments=(Attachment(FILM),) * 2), ["media_too_many"]),
    "all at once": (
        Content("", attachments=(Attachment(replace(IMAGE, size=2000, frames=9), ""),)),
        ["text_missing", "title_missing", "media_too_large", "media_animated", "alt_text_missing"],
    ),
}


@pytest.mark.parametrize("what", GOOD)
def test_what_the_platform_takes(what: str) -> None:
    assert codes(GOOD[what]) == []


@pytest.mark.parametrize("what", BAD)
def test_what_the_platform_does_not_take(what: str) -> None:
    content, expected = BAD[what]
    assert codes(content) == expected
    for reason in check_content(content, CAPABILITIES):
        assert "{" not in reason.sentence  # every blank is filled in


@pytest.mark.parametrize(
    ("text", "is_one"), [("https://gob.pe", True), ("http://[::1]:80/a", True), ("", False), ("ftp://gob.pe", False)]
)
def test_a_web_address(text: str, is_one: bool) -> None:
    assert is_web_address(text) is is_one


def test_what_has_no_place_on_the_platform() -> None:
    bare = replace(CAPABILITIES, images=None, videos=None)
    assert codes(pictured(), bare) == ["media_unsupported"]
    assert codes(replace(PICTURED, attachments=(Attachment(FILM),)), bare) == ["media_unsupported"]


def test_images_with_a_film_where_the_platform_can() -> None:
    both = replace(PICTURED, attachments=(Attachment(IMAGE, "Un taller"), Attachment(FILM)))
    assert codes(both, replace(CAPABILITIES, images_with_video=True)) == []


def test_a_platform_without_links_takes_none() -> None:
    assert codes(CONTENT, replace(CAPABILITIES, link=LinkPlace.NOWHERE)) == ["link_unsupported"]
    assert codes(replace(CONTENT, link=""), replace(CAPABILITIES, link=LinkPlace.NOWHERE)) == []


@pytest.mark.parametrize(("length", "found"), [(280 - 22 - 2, []), (280 - 22 - 1, ["text_too_long"])])
def test_a_link_that_joins_the_text_counts_with_it(length: int, found: list[str]) -> None:
    joining = replace(CAPABILITIES, link=LinkPlace.APART_OR_IN_TEXT)
    content = replace(pictured(), text="x" * length, link="https://inpe.gob.pe/ab")
    assert len(content.link) == 22
    assert codes(content, joining) == found
    assert codes(replace(content, attachments=()), joining) == []


EITHER = replace(CAPABILITIES, text_required=False, title_required=False)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (Content(""), ["content_missing"]),
        (Content(" \n"), ["content_missing"]),
        (Content("", thread=("Dos",)), []),  # without threads, further paragraphs of the same text
        (Content("Hola"), []),
        (Content("", link="https://www.gob.pe"), []),
        (Content("", attachments=(Attachment(FILM),)), []),
    ],
)
def test_a_platform_that_asks_for_text_or_media_takes_no_post_of_nothing(content: Content, found: list[str]) -> None:
    assert codes(content, EITHER) == found


def test_a_thread_begins_with_something() -> None:
    assert codes(Content("", thread=("Dos",)), replace(EITHER, thread=most(2))) == ["content_missing"]


def test_a_post_of_nothing_is_told_once() -> None:
    assert codes(Content("", title="x"), CAPABILITIES) == ["text_missing"]
    assert codes(Content(""), replace(EITHER, media_required=True)) == ["media_missing"]


def counted(tags: tuple[str, ...]) -> int:
    return sum(len(tag) + 2 * (" " in tag) for tag in tags)


TAGGED = replace(CAPABILITIES, tags_length=most(20), tags_measure=counted)


@pytest.mark.parametrize(
    ("tags", "length"),
    [((), 0), (("x" * 20,), 20), (("x" * 10, "y" * 10), 20), (("x" * 21,), 21), (("x" * 10, "y" * 8 + " z"), 22)],
)
def test_tags_are_judged_together_as_the_platform_counts_them(tags: tuple[str, ...], length: int) -> None:
    reasons = check_content(replace(CONTENT, tags=tags), TAGGED)
    assert [reason.code for reason in reasons] == (["tags_too_long"] if length > 20 else [])
    assert all(
        f"suman {length} " in reason.sentence and f"Quite {length - 20}." in reason.sentence for reason in reasons
    )


def test_tags_have_no_limit_where_the_platform_names_none() -> None:
    assert codes(replace(CONTENT, tags=("x" * 5000,))) == []
