"""What the X connector does not take for certain: lists with gaps, clocks apart, broken threads, odd numbers."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.errors import (
    ConnectorError,
    Exists,
    Gone,
    OutcomeUnknown,
    Rejected,
    Unavailable,
    Unsupported,
)
from connectors.x_reading import id_at, id_in, instant_of
from connectors.x_text import same_text
from core.deliveries import Stage
from core.posts import OutgoingPost
from tests.connectors.x_office import BEGAN, TEXT, THREAD, begun, connector, image, played

FIRST = "1978012345678901234"
LINK = OutgoingPost(key="delivery-1", text="Lea la nota", link="https://example.org/ñandú")


@pytest.mark.parametrize(
    ("situation", "post", "expected"),
    [
        ("clock_apart", TEXT, OutcomeUnknown),
        ("other_link", LINK, OutcomeUnknown),
        ("odd_token", TEXT, Unavailable),
        ("counted_not_held", TEXT, Unavailable),
        ("circle", TEXT, OutcomeUnknown),
        ("list_refused", TEXT, Unavailable),
    ],
)
def test_absence_that_is_not_certain_is_not_told(
    situation: str, post: OutgoingPost, expected: type[ConnectorError]
) -> None:
    with played(f"find__{situation}"), pytest.raises(ConnectorError) as caught:
        connector().find(post, begun(post, ready=True), BEGAN)
    assert type(caught.value) is expected


def test_staff_are_told_of_a_clock_that_is_wrong() -> None:
    with played("find__clock_apart"), pytest.raises(OutcomeUnknown) as caught:
        connector().find(TEXT, begun(TEXT, ready=True), BEGAN)
    assert "reloj" in caught.value.sentence


def test_an_address_that_came_back_with_escapes_is_ours() -> None:
    with played("find__escaped_link"):
        assert connector().find(LINK, begun(LINK, ready=True), BEGAN) is not None


def test_what_others_deleted_makes_no_gap_in_our_list() -> None:
    with played("find__parent_gone"):
        assert connector().find(THREAD, begun(THREAD, ready=True, posted=(FIRST,)), BEGAN) is None


@pytest.mark.parametrize("situation", ["duplicate_clock_apart", "duplicate_of_an_answer", "duplicate_with_gaps"])
def test_a_duplicate_that_nothing_explains_for_certain_is_never_called_refused(situation: str) -> None:
    with played(f"publish__{situation}"), pytest.raises(Exists):
        connector().publish(TEXT, begun(TEXT, ready=True))


def test_a_thread_that_breaks_says_how_far_it_came() -> None:
    with played("publish__parent_gone"), pytest.raises(Rejected) as caught:
        connector().publish(THREAD, begun(THREAD, ready=True, posted=(FIRST,)))
    assert caught.value.sentence == (
        "El hilo quedó a medias (1 de 3 mensajes): X no aceptó el siguiente. Motivo: El mensaje al que se responde "
        "ya no está en X o no se puede ver. Vea el hilo en X y complételo allí, o retírelo."
    )


def test_a_thread_never_begins_anew_for_want_of_our_account() -> None:
    stage = begun(THREAD, posted=(FIRST,))
    with played("stage__account_gone"), pytest.raises(Unavailable):
        connector().stage(THREAD, stage)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"began_at": "yesterday"},
        {"files": [{"id": "1"}]},
        {"files": 7},
        {"anew": None},
        {"content": "of another post"},
    ],
)
@pytest.mark.parametrize("call", ["stage", "publish", "find"])
def test_a_thread_whose_stage_cannot_be_read_never_begins_anew(spoilt: dict[str, object], call: str) -> None:
    stage = begun(THREAD, ready=True, posted=(FIRST,))
    broken = Stage(token=stage.token | spoilt, ready=True)
    x = connector()
    with pytest.raises(Unsupported) as caught:
        getattr(x, call)(THREAD, broken, *((BEGAN,) if call == "find" else ()))
    assert "hilo" in caught.value.sentence


def test_a_stage_that_cannot_be_read_is_not_published() -> None:
    stage = begun(TEXT, ready=True)
    with pytest.raises(Unsupported):
        connector().publish(TEXT, Stage(token=stage.token | {"files": 7}, ready=True))


def test_take_down_of_a_thread_that_is_not_shown_whole_deletes_nothing() -> None:
    with played("take_down__not_whole"), pytest.raises(Unavailable) as caught:
        connector().take_down(FIRST)
    assert "desde la propia red" in caught.value.sentence


@pytest.mark.parametrize("wrong", ["", "x", "1/../2", "1?a=b", "-1", "٣", "1" * 20, "1978012345678901234 OR from:x"])
def test_an_id_that_is_none_is_gone_and_nobody_is_asked(wrong: str) -> None:
    x = connector()
    for call in (
        lambda: x.hide(wrong, True),
        lambda: x.reply(wrong, "Sí"),
        lambda: x.comments(wrong),
        lambda: x.metrics(wrong),
        lambda: x.take_down(wrong),
    ):
        with pytest.raises(Gone):
            call()


@pytest.mark.parametrize(
    ("post", "said"),
    [
        (OutgoingPost(key="delivery-1", text=" "), "no tiene texto"),
        (OutgoingPost(key="delivery-1", text="Uno", thread=(" ",)), "no tiene texto"),
        (OutgoingPost(key="delivery-1", text="", thread=("Dos",)), "no tiene texto"),
        (OutgoingPost(key="delivery-1", text="Uno", thread=("Dos", "uno", "Dos ")), "dicen lo mismo"),
        (OutgoingPost(key="delivery-1", text="Suben $ABC y $XYZ."), "con $"),
        (OutgoingPost(key="delivery-1", text="oculto\ufeff"), "no se ve"),
    ],
)
def test_what_would_be_refused_is_refused_while_preparing_in_words_for_staff(post: OutgoingPost, said: str) -> None:
    with pytest.raises(Rejected) as caught:
        connector().stage(post)
    assert said in caught.value.sentence


def test_blanks_beside_media_are_no_text(tmp_path: Path) -> None:
    post = OutgoingPost(key="delivery-1", text=" \n", media=(image(tmp_path),))
    with played("publish__media_alone"):
        connector().publish(post, begun(post, ready=True, files=1))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a\u200bb", "ab", True),
        ("https://www.gob.pe/%C3%B1", "www.gob.pe/ñ", True),
        ("https://www.gob.pe/A", "www.gob.pe/a", False),
        ("Uno", "uno", False),
    ],
)
def test_texts_that_read_the_same(one: str, other: str, same: bool) -> None:
    assert same_text(one, other) is same


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("17", "17"),
        (17, "17"),
        (0, "0"),
        (True, ""),
        (-1, ""),
        (1.5, ""),
        (10**19, ""),
        ("١", ""),
        (None, ""),
        ([], ""),
    ],
)
def test_an_id_is_a_text_or_a_whole_number(value: object, expected: str) -> None:
    assert id_in(value) == expected


def test_an_id_tells_its_time() -> None:
    at = datetime(2026, 11, 20, 15, 4, 5, tzinfo=UTC)
    assert instant_of(str(id_at(at))) == at
    assert id_at(at + timedelta(milliseconds=1)) > id_at(at)
    assert id_at(datetime(1970, 1, 1, tzinfo=UTC)) == 0
    assert instant_of("9" * 19).year < 2100
