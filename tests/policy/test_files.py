"""Thread, options, marks and the measures of files: one row a rule, at its edge and just past it."""

from dataclasses import replace

import pytest

from core.capabilities import Capabilities, FileLimits, Limit, LinkPlace, Option, Range
from core.media import Attachment, AttachmentRole, MediaKind, Medium
from core.posts import Content
from policy.content import check_content
from tests.policy.facts import CAPABILITIES, DAY, FILM, IMAGE, most


def between(least: float | None, highest: float | None) -> Range:
    return Range(least, highest, "tests", DAY)


def twice(text: str) -> int:
    return 2 * len(text)


SHOT = replace(FILM, width=1080, height=1920, duration=30.0)
WORDS = Medium("ef" * 32, MediaKind.CAPTIONS, "text/vtt", 100, file_name="palabras.vtt")
NETWORK: Capabilities = replace(
    CAPABILITIES,
    title_required=False,
    measure=twice,
    text_unit="unidades",
    text_length=most(40),
    thread=most(2),
    hashtags=most(2),
    mentions=most(1),
    link=LinkPlace.APART,
    options=(
        Option("license", "Licencia", (("4", "CC BY"), ("0", "Todos los derechos"))),
        Option("album", "Álbum"),
    ),
    images=FileLimits(
        types=frozenset({"image/png"}), count=most(2), ratio=between(0.8, 1.91), width=between(320, 1440)
    ),
    videos=FileLimits(
        types=frozenset({"video/mp4"}),
        count=most(1),
        duration=between(3, 60),
        least_size=most(1000),
        height=between(None, 1920),
    ),
    thumbnail=FileLimits(types=frozenset({"image/png"}), count=most(1), size=most(2000)),
    captions=FileLimits(types=frozenset({"text/vtt"}), count=most(1)),
)
PICTURE = replace(IMAGE, width=1080, height=1080)


def said(text: str = "Hola", **parts: object) -> Content:
    return Content(text, **parts)  # type: ignore[arg-type]


def shown(medium: Medium, alt_text: str = "Un taller") -> Content:
    return said(attachments=(Attachment(medium, alt_text),))


def with_film(*more: Attachment, film: Medium = SHOT) -> Content:
    return said(attachments=(Attachment(film), *more))


THUMBNAIL = Attachment(PICTURE, "", AttachmentRole.THUMBNAIL)
CAPTIONS = Attachment(WORDS, "", AttachmentRole.CAPTIONS, "es")

CASES: dict[str, tuple[Content, list[str]]] = {
    "as the network counts": (said("x" * 20), []),
    "one too many, as it counts": (said("x" * 21), ["text_too_long"]),
    "a thread": (said(thread=("x" * 20, "y" * 20)), []),
    "a message too long": (said(thread=("x" * 20, "y" * 21)), ["text_too_long"]),
    "an empty message": (said(thread=(" ",)), ["thread_gap"]),
    "a long thread": (said(thread=("a", "b", "c")), ["thread_too_long"]),
    "a bell in a thread": (said(thread=("a\x07",)), ["text_unprintable"]),
    "hashtags": (said("#a #b"), []),
    "too many hashtags": (said("#a #b #c"), ["hashtags_too_many"]),
    "a fragment is no hashtag": (said("#a #b x.pe/#c"), []),
    "an address is no mention": (said("@a b@c.pe"), []),
    "too many mentions": (said("@a @b"), ["mentions_too_many"]),
    "its options": (said(options=(("facebook.license", "4"), ("facebook.album", "Ferias"))), []),
    "another network's": (said(options=(("flickr.nothing", "4"),)), []),
    "an unknown option": (said(options=(("facebook.nothing", "4"),)), ["option_unknown"]),
    "an unknown value": (said(options=(("facebook.license", "9"),)), ["option_value"]),
    "a long value": (said(options=(("facebook.album", "x" * 201),)), ["option_value"]),
    "the widest": (shown(replace(PICTURE, width=1375, height=720)), []),
    "too wide a shape": (shown(replace(PICTURE, width=1376, height=720)), ["media_ratio"]),
    "too narrow a shape": (shown(replace(PICTURE, width=575, height=720)), ["media_ratio"]),
    "too few pixels across": (shown(replace(PICTURE, width=319, height=319)), ["media_width"]),
    "of unknown measures": (shown(replace(PICTURE, width=None, height=None)), []),
    "a film": (with_film(), []),
    "too short": (with_film(film=replace(SHOT, duration=2.9)), ["media_duration"]),
    "too long a film": (with_film(film=replace(SHOT, duration=60.1)), ["media_duration"]),
    "too high": (with_film(film=replace(SHOT, height=1921)), ["media_height"]),
    "hardly a film": (with_film(film=replace(SHOT, size=999)), ["media_too_small"]),
    "with thumbnail and captions": (with_film(THUMBNAIL, CAPTIONS), []),
    "a heavy thumbnail": (
        with_film(replace(THUMBNAIL, medium=replace(PICTURE, size=2001))),
        ["media_too_large"],
    ),
    "a film as thumbnail": (
        with_film(Attachment(SHOT, "", AttachmentRole.THUMBNAIL)),
        ["thumbnail_kind", "media_type", "media_too_large"],
    ),
    "captions among the images": (said(attachments=(Attachment(WORDS, "x"),)), ["captions_kind"]),
    "captions of no language": (with_film(replace(CAPTIONS, language="")), ["captions_language"]),
    "captions of a language twice": (
        with_film(CAPTIONS, replace(CAPTIONS, language=CAPTIONS.language.upper())),
        ["captions_language_twice", "media_too_many"],
    ),
    "captions of no film": (said(attachments=(CAPTIONS,)), ["video_missing"]),
}


@pytest.mark.parametrize("what", CASES)
def test_what_the_network_takes(what: str) -> None:
    content, expected = CASES[what]
    reasons = check_content(content, NETWORK)
    assert [reason.code for reason in reasons] == expected
    assert not any("{" in reason.sentence for reason in reasons)


def test_a_network_without_threads_shows_them_as_paragraphs() -> None:
    plain = replace(NETWORK, thread=None)
    content = said("x" * 9, thread=("y" * 9,))
    assert check_content(content, plain) == []  # 9 + 2 + 9, twice
    assert [r.code for r in check_content(replace(content, text="x" * 10), plain)] == ["text_too_long"]


def test_signs_that_a_network_does_not_take() -> None:
    strict = replace(NETWORK, forbidden="<>")
    assert check_content(said("1 < 2"), NETWORK) == []
    (reason,) = check_content(said("1 < 2 < 3", title="a > b"), strict)
    assert (reason.code, "< >" in reason.sentence) == ("text_forbidden", True)


def test_a_network_of_pictures_wants_one() -> None:
    gallery = replace(NETWORK, media_required=True, text_required=False)
    assert [r.code for r in check_content(said(""), gallery)] == ["media_missing"]
    assert check_content(replace(shown(PICTURE), text=""), gallery) == []


def test_a_network_without_a_place_for_them_goes_without_thumbnail_and_captions() -> None:
    bare = replace(NETWORK, thumbnail=None, captions=None)
    assert check_content(with_film(THUMBNAIL, CAPTIONS), bare) == []


def test_the_sentence_says_what_is_counted() -> None:
    (reason,) = check_content(said("x" * 21), NETWORK)
    assert "42 unidades" in reason.sentence
    assert "2" in reason.sentence


def test_a_limit_has_its_source() -> None:
    limit: Limit = most(3)
    assert (limit.source, limit.read_on) == ("tests", DAY)


GIF = replace(IMAGE, mime_type="image/gif", size=15, width=20, height=10, frames=5)
MOVING = replace(
    NETWORK,
    images=FileLimits(
        types=frozenset({"image/gif", "image/png"}),
        count=most(4),
        size=most(5),
        width=between(None, 100),
        animated=True,
        animation=FileLimits(
            types=frozenset({"image/gif"}),
            count=most(1),
            size=most(15),
            width=between(None, 40),
            alt_text_length=most(10),
            animated=True,
            frames=most(9),
            frame_pixels=most(1000),
        ),
    ),
)


@pytest.mark.parametrize(
    ("medium", "found"),
    [
        (GIF, []),
        (replace(GIF, frames=1), ["media_too_large"]),  # one that does not move is an image as any other
        (replace(GIF, frames=1, size=5, width=100), []),
        (replace(GIF, size=16), ["media_too_large"]),
        (replace(GIF, width=41, frames=2), ["media_width"]),
        (replace(GIF, frames=10, width=10), ["animation_too_long"]),
        (replace(GIF, width=21), ["animation_too_long"]),
        (replace(GIF, mime_type="image/png"), ["media_type"]),
    ],
)
def test_an_image_that_moves_has_limits_of_its_own(medium: Medium, found: list[str]) -> None:
    reasons = check_content(shown(medium, "Bandera"), MOVING)
    assert [reason.code for reason in reasons] == found
    assert not [reason for reason in reasons if "{" in reason.sentence]


def test_an_image_that_moves_is_described_as_the_others_are() -> None:
    assert [reason.code for reason in check_content(shown(GIF, "x" * 11), MOVING)] == ["alt_text_too_long"]
    assert [reason.code for reason in check_content(shown(GIF, ""), MOVING)] == ["alt_text_missing"]


def test_an_image_that_moves_goes_alone_where_the_platform_says_so() -> None:
    still = replace(GIF, frames=1, size=5)
    beside = said(attachments=(Attachment(GIF, "Bandera"), Attachment(still, "Plaza")))
    assert [reason.code for reason in check_content(beside, MOVING)] == ["animation_alone"]
    stills = said(attachments=(Attachment(still, "Bandera"), Attachment(still, "Plaza")))
    assert check_content(stills, MOVING) == []
