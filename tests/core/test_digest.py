"""What an approval binds, worked out by hand and field by field."""

import hashlib
import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.digest import canonical, digest
from core.media import Attachment, AttachmentRole, MediaKind, Medium
from core.posts import Content, Window

WINDOW = Window(datetime(2026, 11, 23, 5, tzinfo=UTC), datetime(2026, 11, 24, 5, tzinfo=UTC))
ONE = Attachment(Medium("ab" * 32, MediaKind.IMAGE, "image/png", 12), "Un taller")
TWO = Attachment(Medium("cd" * 32, MediaKind.IMAGE, "image/png", 12), "Una feria")
CONTENT = Content(
    text="Jornada «de salud»\nen el penal",
    title="Jornada",
    link="https://www.gob.pe/inpe",
    language="es",
    attachments=(ONE, TWO),
    excerpt="Resumen",
    categories=("Salud",),
    tags=("penal", "salud"),
)


def of(content: Content = CONTENT, *, official_id: str = "website:inpe.example", window: Window = WINDOW) -> str:
    return digest(content, official_id=official_id, window=window)


def test_the_digest_is_what_the_description_says() -> None:
    by_hand = {
        "account": "website:inpe.example",
        "categories": ["Salud"],
        "excerpt": "Resumen",
        "language": "es",
        "link": "https://www.gob.pe/inpe",
        "media": [
            {"alt_text": "Un taller", "sha256": "ab" * 32},
            {"alt_text": "Una feria", "sha256": "cd" * 32},
        ],
        "tags": ["penal", "salud"],
        "text": "Jornada «de salud»\nen el penal",
        "title": "Jornada",
        "version": 1,
        "window": {"from": "2026-11-23T05:00:00+00:00", "until": "2026-11-24T05:00:00+00:00"},
    }
    text = json.dumps(by_hand, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical(CONTENT, official_id="website:inpe.example", window=WINDOW) == text
    assert of() == hashlib.sha256(text.encode("utf-8")).hexdigest()
    # kept as it was on 23 November 2026: approvals in use rest on it
    assert of() == "76893e8d8fe46616a42827fdf041ab78662e78c8dbc61612cb388001f78ecab7"


CHANGES = {
    "text": "Otro",
    "title": "Otro",
    "link": "",
    "language": "qu",
    "attachments": (TWO, ONE),
    "excerpt": "",
    "categories": (),
    "tags": ("salud", "penal"),
    "thread": ("Y algo más",),
    "options": (("flickr.license", "4"),),
}


def test_the_changes_name_every_field_of_a_content() -> None:
    assert set(CHANGES) == {each.name for each in fields(Content)}


@pytest.mark.parametrize("name", CHANGES)
def test_each_field_changes_the_digest(name: str) -> None:
    assert of(replace(CONTENT, **{name: CHANGES[name]})) != of()  # type: ignore[arg-type]


def test_an_extended_content_says_so_and_binds_what_it_has_more() -> None:
    captions = Attachment(Medium("ef" * 32, MediaKind.CAPTIONS, "text/vtt", 12), "", AttachmentRole.CAPTIONS, "es")
    extended = replace(CONTENT, attachments=(captions, ONE), thread=("Dos",), options=(("b.y", "2"), ("a.x", "1")))
    told = json.loads(canonical(extended, official_id="website:inpe.example", window=WINDOW))
    assert told["version"] == 2
    assert (told["thread"], told["options"]) == (["Dos"], {"a.x": "1", "b.y": "2"})
    assert [(each["role"], each["language"]) for each in told["media"]] == [("shown", ""), ("captions", "es")]
    as_thumbnail = replace(extended, attachments=(captions, replace(ONE, role=AttachmentRole.THUMBNAIL)))
    in_quechua = replace(extended, attachments=(replace(captions, language="qu"), ONE))
    assert len({of(extended), of(as_thumbnail), of(in_quechua)}) == 3


def test_bytes_words_account_and_time_change_the_digest() -> None:
    other_words = replace(CONTENT, attachments=(replace(ONE, alt_text="Otro"), TWO))
    other_bytes = replace(CONTENT, attachments=(replace(ONE, medium=replace(ONE.medium, sha256="ef" * 32)), TWO))
    assert len({of(), of(other_words), of(other_bytes)}) == 3
    assert of(official_id="facebook:inpe.example") != of()
    for window in (
        replace(WINDOW, starts_at=WINDOW.starts_at + timedelta(microseconds=1)),
        replace(WINDOW, ends_at=WINDOW.ends_at + timedelta(microseconds=1)),
    ):
        assert of(window=window) != of()


def test_what_the_public_does_not_see_does_not_change_it() -> None:
    lima = timezone(timedelta(hours=-5))
    same_time = Window(WINDOW.starts_at.astimezone(lima), WINDOW.ends_at.astimezone(lima))
    renamed = replace(CONTENT, attachments=(replace(ONE, medium=replace(ONE.medium, file_name="otro.png")), TWO))
    assert of(renamed, window=same_time) == of()


words = st.text(max_size=12)
contents = st.builds(
    Content,
    text=words,
    title=words,
    link=words,
    language=words,
    excerpt=words,
    categories=st.lists(words, max_size=3).map(tuple),
    tags=st.lists(words, max_size=3).map(tuple),
    thread=st.lists(words, max_size=2).map(tuple),
    options=st.dictionaries(words, words, max_size=2).map(lambda chosen: tuple(chosen.items())),
)


@given(contents, contents, words, words)
def test_two_digests_are_equal_exactly_when_all_is_equal(one: Content, two: Content, here: str, there: str) -> None:
    same = one == two and here == there
    assert (of(one, official_id=here) == of(two, official_id=there)) is same
