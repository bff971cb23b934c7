"""The placeholder of the site's address: what is sent differs from what was approved there, and nowhere else."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.digest import digest
from core.media import Attachment, MediaKind, Medium
from core.permalink import PLACEHOLDER, copy_for, has_leftover, has_placeholder, with_permalink
from core.platforms import Platform
from core.posts import Content, Window
from tests.policy.facts import WINDOW

WORDS = st.lists(
    st.one_of(st.text(), st.just(PLACEHOLDER), st.sampled_from(["{", "}", "{enlace", "web}", "\\1", "%s"]))
)
MESSAGES = WORDS.map("".join)
SOCIAL = [platform for platform in Platform if platform is not Platform.WEBSITE]


@given(
    text=MESSAGES,
    thread=st.lists(MESSAGES, max_size=3).map(tuple),
    link=st.one_of(st.just(PLACEHOLDER), MESSAGES),
    title=MESSAGES,
    url=st.one_of(MESSAGES, st.just("https://inpe.example/feria/")),
)
def test_nothing_but_the_placeholder_changes_whatever_the_address_is(
    text: str, thread: tuple[str, ...], link: str, title: str, url: str
) -> None:
    approved = Content(text, title=title, thread=thread, link=link, tags=(text,), excerpt=title)
    sent = with_permalink(approved, url)
    for before, after in zip((text, *thread), (sent.text, *sent.thread), strict=True):
        _is_the_same_around(before, after, url)
    assert sent.link == (url if link == PLACEHOLDER else link)
    assert (sent.title, sent.tags, sent.excerpt) == (approved.title, approved.tags, approved.excerpt)
    assert (sent.attachments, sent.options, sent.language) == (approved.attachments, approved.options, "es")
    if not has_placeholder(approved):
        assert sent == approved


def _is_the_same_around(before: str, after: str, url: str) -> None:
    """Walk along both: between the placeholders every character is the approved one, in their place is the address."""
    at = 0
    for number, part in enumerate(before.split(PLACEHOLDER)):
        if number:
            assert after[at : at + len(url)] == url
            at += len(url)
        assert after[at : at + len(part)] == part
        at += len(part)
    assert at == len(after)


def test_the_digest_binds_the_placeholder_and_not_the_address() -> None:
    approved = Content("Lea {enlace-web}")
    assert _digest(approved) != _digest(with_permalink(approved, "https://inpe.example/"))
    assert _digest(approved) != _digest(Content("Lea "))


def _digest(content: Content, window: Window = WINDOW) -> str:
    return digest(content, official_id="facebook:1", window=window)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Sin marca.\n\n\nAsí.", "Sin marca.\n\n\nAsí."),
        ("Abre el taller.\n\nLea más: {enlace-web}", "Abre el taller."),
        ("{enlace-web}\nAbre el taller.", "Abre el taller."),
        ("Abre el taller.\n\nMás: {enlace-web}\n\n#Taller", "Abre el taller.\n\n#Taller"),
        ("Abre el taller: {enlace-web}", ""),
    ],
)
def test_the_website_does_not_point_to_itself(written: str, sent: str) -> None:
    copy = copy_for(Content(written, link="https://gob.pe/", thread=(written, "")), Platform.WEBSITE)
    assert copy.text == sent
    assert copy.link == "https://gob.pe/"
    assert copy.thread == ((written, "") if sent == written else (sent, "") if sent else ("",))
    assert not has_placeholder(copy)


def test_a_link_that_is_the_placeholder_is_none_on_the_website() -> None:
    assert copy_for(Content("Abre.", link=PLACEHOLDER), Platform.WEBSITE) == Content("Abre.")


@given(text=MESSAGES, thread=st.lists(MESSAGES, max_size=2).map(tuple))
def test_the_websites_copy_never_needs_the_address(text: str, thread: tuple[str, ...]) -> None:
    assert not has_placeholder(copy_for(Content(text, thread=thread, link=PLACEHOLDER), Platform.WEBSITE))


@pytest.mark.parametrize("platform", SOCIAL)
def test_elsewhere_the_copy_is_as_written(platform: Platform) -> None:
    content = Content("Lea {enlace-web}", link=PLACEHOLDER)
    assert copy_for(content, platform) is content


@pytest.mark.parametrize(
    "written",
    ["{enlace-web}", "{Enlace-Web}", "{enlace web}", "{ enlace_web }", "{enlaceweb}", "{enlace\u2013web}",
     "{enlace\u200b-web}", "\uff5benlace-web\uff5d", "{enlaces-web}"],
)  # fmt: skip
@pytest.mark.parametrize("part", ["text", "title", "link", "excerpt", "thread", "tags", "categories", "options", "alt"])
def test_what_is_or_looks_like_the_placeholder_is_seen_everywhere(written: str, part: str) -> None:
    said = f"Lea {written} hoy"
    medium = Medium("ab" * 32, MediaKind.IMAGE, "image/png", 1)
    made: dict[str, Callable[[], Content]] = {
        "thread": lambda: Content("a", thread=("b", said)),
        "tags": lambda: Content("a", tags=(said,)),
        "categories": lambda: Content("a", categories=(said,)),
        "options": lambda: Content("a", options=(("x.y", said),)),
        "alt": lambda: Content("a", attachments=(Attachment(medium, said),)),
        "text": lambda: Content(said),
        "title": lambda: Content("a", title=said),
        "link": lambda: Content("a", link=said),
        "excerpt": lambda: Content("a", excerpt=said),
    }
    assert has_leftover(made[part]())


@pytest.mark.parametrize(
    "written", ["enlace-web", "{enlace}", "{enlace-web", "{web-enlace}", "{desenlace-web}", "[enlace-web]"]
)
def test_other_words_are_words(written: str) -> None:
    assert not has_leftover(Content(written))
