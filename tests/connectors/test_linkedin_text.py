"""Little text: what is sent, what people read of it, and what comes back reads the same."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.linkedin_text import RESERVED, escaped, length, little_text, readable, same_text

MENTION = "@[Instituto (INPE)](urn:li:organization:101)"


def test_fifteen_characters_are_reserved() -> None:
    assert len(RESERVED) == 15


# the first three are the sheet's own vectors
@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("a_b (c) #d", r"a\_b \(c\) \#d"),
        (r"50 % <neu> C:\x", r"50 % \<neu\> C:\\x"),
        ("|{}@[]()<>#\\*_~", r"\|\{\}\@\[\]\(\)\<\>\#\\\*\_\~"),
        (r"\(", r"\\\("),
        ("", ""),
    ],
)
def test_escaped_means_every_character_literally(text: str, sent: str) -> None:
    assert escaped(text) == sent
    assert little_text(text, hashtags=False) == sent
    assert readable(sent) == text


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Los! #zelt2 (neu)", r"Los! {hashtag|\#|zelt2} \(neu\)"),  # the sheet's own vector
        ("#Perú, #niñez", r"{hashtag|\#|Perú}, {hashtag|\#|niñez}"),
        ("(#uno)", r"\({hashtag|\#|uno}\)"),
        ("#4x4", r"{hashtag|\#|4x4}"),
        ("N.º #5", r"N.º \#5"),
        ("C#dur y x&#y", r"C\#dur y x&\#y"),
        ("#feria_2026", r"\#feria\_2026"),
        ("# uno ##dos", r"\# uno \#\#dos"),
        ("https://www.gob.pe/a_b#sec (ya)", r"https://www.gob.pe/a\_b\#sec \(ya\)"),
        ("www.gob.pe/#sec", r"www.gob.pe/\#sec"),
        ("prensa@inpe.example", r"prensa\@inpe.example"),
    ],
)
def test_little_text_keeps_hashtags_and_escapes_the_rest(text: str, sent: str) -> None:
    assert little_text(text) == sent
    assert readable(sent) == text


@pytest.mark.parametrize(
    ("text", "sent", "read"),
    [
        ("Con @[INPE Perú](urn:li:organization:101).", "Con @[INPE Perú](urn:li:organization:101).", "Con INPE Perú."),
        ("@[Ana_B](urn:li:person:Ab-1_c)", r"@[Ana\_B](urn:li:person:Ab-1_c)", "Ana_B"),
        ("@[a](urn:li:share:1)", r"\@\[a\]\(urn:li:share:1\)", "@[a](urn:li:share:1)"),
        (MENTION, r"\@\[Instituto \(INPE\)\]\(urn:li:organization:101\)", MENTION),
    ],
)
def test_little_text_takes_a_whole_mention_for_one(text: str, sent: str, read: str) -> None:
    assert little_text(text) == sent
    assert readable(sent) == read
    assert length(text) == len(read)


@pytest.mark.parametrize(
    ("back", "read"),
    [
        (r"{hashtag|\#|zelt2}", "#zelt2"),
        ("{hashtag|#|zelt2}", "#zelt2"),
        (r"{hashtag|\#|feria\_2026}", "#feria_2026"),
        (r"@[Ana \(B\)](urn:li:person:x)", "Ana (B)"),
        ("(bare) #bare", "(bare) #bare"),
        (r"C:\x", r"C:\x"),
        ("{hashtag|", "{hashtag|"),
        ("\\", "\\"),
    ],
)
def test_readable_takes_whatever_comes_back(back: str, read: str) -> None:
    assert readable(back) == read


@given(st.text())
def test_every_text_reads_as_it_was_written(text: str) -> None:
    assert readable(escaped(text)) == text
    if "urn:li:" not in text:
        assert readable(little_text(text)) == text
        assert length(text) == len(text)


@given(st.text(alphabet="#@[]()\\_ab1 áñ{}|<>*~:/.https", max_size=40), st.booleans())
def test_nothing_reserved_travels_bare(text: str, hashtags: bool) -> None:
    rest = re.sub(r"\{hashtag\|\\#\|\w+\}|\\.", "", little_text(text, hashtags=hashtags))
    assert not RESERVED & set(rest)


@pytest.mark.parametrize(
    ("back", "same"),
    [
        (unicodedata.normalize("NFD", "Hola, Perú"), True),
        (" Hola,\r\nPerú ", True),
        ("Hola, Peru", False),
        ("Hola, Per", False),
        ("", False),
    ],
)
def test_same_text_forgives_only_unicode_forms_and_white_space(back: str, same: bool) -> None:
    assert same_text("Hola, Perú", back) is same
