"""Rules about words: found where a reader finds them, whatever the accents; and nothing that they say can hang."""

import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import policy
from core.findings import Severity, TextCheck, TextRule
from core.media import Attachment, MediaKind, Medium
from core.posts import Content
from policy.folding import folded, phrase
from policy.words import addresses_of, blocking_words, check_words, in_order, shown_place
from storage.textrules import read_text_rules

DAY = date(2026, 11, 24)
SHIPPED = read_text_rules(Path(policy.__file__).parent / "rules" / "texts" / "texts-2026-01.toml")
PHOTO = Medium("ab" * 32, MediaKind.IMAGE, "image/png", 1000, 100, 100, file_name="Foto taller_1.png")


def rule(check: TextCheck, *values: str, **more: object) -> TextRule:
    made = TextRule("regla", check, Severity.BLOCK, DAY, "prueba", DAY, values=values)
    return replace(made, **more)  # type: ignore[arg-type]


def found(content: Content | str, *rules: TextRule, network: str = "facebook", event_class: str = "") -> list[str]:
    """Return what was found, as the words at each place."""
    made = content if isinstance(content, Content) else Content(content)
    said = []
    for each in check_words(made, rules, network=network, event_class=event_class):
        whole = {"texto": made.text, "título": made.title, "enlace": made.link}
        whole |= {f"mensaje {n} del hilo": message for n, message in enumerate(made.thread, 2)}
        said.append("" if each.span is None else whole.get(each.span.part, "?" * 99)[each.span.start : each.span.end])
    return said


# ── phrases ──

FORBIDDEN = rule(TextCheck.FORBIDDEN, "Reo", "año del perro", "ano", "[completar]", "clic aquí")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("El reo salió.", ["reo"]),
        ("EL REO, salió", ["REO"]),
        ("el réo", ["réo"]),
        ("el re\N{COMBINING ACUTE ACCENT}o", ["re\N{COMBINING ACUTE ACCENT}o"]),
        ("el r\N{SOFT HYPHEN}eo", ["r\N{SOFT HYPHEN}eo"]),
        ("el r\N{ZERO WIDTH SPACE}eo", ["r\N{ZERO WIDTH SPACE}eo"]),
        ("el 𝗿𝗲𝗼 y el ｒｅｏ", ["𝗿𝗲𝗼", "ｒｅｏ"]),
        ("creo, correo, reos, reo_1, reo2", []),
        ("«reo»", ["reo"]),
        ("reo/reo", ["reo", "reo"]),
        ("el Año  del\nPerro", ["Año  del\nPerro"]),
        ("año", []),
        ("AÑO", []),
        ("an\N{COMBINING TILDE}o", []),
        ("ano", ["ano"]),
        ("hola[Completar]hola", ["[Completar]"]),
        ("Haga CLIC AQUI ya", ["CLIC AQUI"]),
        ("", []),
    ],
)
def test_a_phrase_is_found_as_whole_words(text: str, said: list[str]) -> None:
    assert found(text, FORBIDDEN) == said


def test_a_phrase_is_found_in_every_part() -> None:
    content = Content(
        "uno\ndos reo",
        title="Reo",
        thread=("nada", "un reo"),
        excerpt="reo",
        tags=("reo",),
        categories=("reo",),
        options=(("flickr.album", "reo"),),
        attachments=(Attachment(PHOTO, "Un reo"),),
    )
    places = [each.span for each in check_words(content, [FORBIDDEN], network="facebook")]
    assert [(each.part, each.start, each.line) for each in places if each] == [
        ("título", 0, 1),
        ("texto", 8, 2),
        ("mensaje 3 del hilo", 3, 1),
        ("extracto", 0, 1),
        ("etiqueta 1", 0, 1),
        ("categoría 1", 0, 1),
        ("opción flickr.album", 0, 1),
        ("texto alternativo de «Foto taller_1.png»", 3, 1),
    ]
    assert places[1] is not None
    assert shown_place(places[1]) == "texto, línea 2, caracteres 9 a 11"


def test_one_of_the_required_phrases_will_do() -> None:
    slogan = rule(TextCheck.REQUIRED, "Año de la Unidad", "#Unidad")
    assert found("Feliz día", slogan) == [""]
    assert found("Feliz ANO", slogan) == [""]
    assert found("en el AÑO de la unidad", slogan) == []
    assert found("fin. #unidad", slogan) == []
    assert found("fin. #UnidadNacional", slogan) == [""]
    assert found(Content("Feliz día", title="Año de la Unidad"), slogan) == []
    [finding] = check_words(Content("a"), [slogan], network="facebook")
    assert "en Facebook: «Año de la Unidad» o «#Unidad»" in finding.sentence


def test_a_rule_is_for_its_networks_classes_and_days() -> None:
    only = replace(FORBIDDEN, networks=("x",), classes=("central",), ends_on=DAY)
    assert found("reo", only, network="x", event_class="central") == ["reo"]
    assert found("reo", only, network="facebook", event_class="central") == []
    assert found("reo", only, network="x", event_class="regional") == []
    assert [only.holds_on(day) for day in (date(2026, 11, 23), DAY, date(2026, 11, 25))] == [False, True, False]


def test_only_what_blocks_is_a_reason_and_it_comes_first() -> None:
    warns = replace(FORBIDDEN, severity=Severity.WARN)
    findings = check_words(Content("el reo"), [warns, FORBIDDEN], network="facebook")
    assert [each.blocks for each in in_order(findings)] == [True, False]
    assert [each.code for each in blocking_words(findings)] == ["text_rule"]


@given(st.text(), st.text(min_size=1))
def test_what_is_found_is_there(text: str, wanted: str) -> None:
    for start, end in folded(text).find(phrase(wanted)):
        assert 0 <= start < end <= len(text)
        assert phrase(wanted) in folded(text[start:end]).text


@given(st.text())
def test_every_folded_character_has_its_place(text: str) -> None:
    made = folded(text)
    assert len(made.text) == len(made.places)
    assert list(made.places) == sorted(made.places)


# ── hashtags ──


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#SaludParaTodos", []),
        ("#INPE y #Salud y #salud", []),
        ("#saludparatodos", ["#saludparatodos"]),
        ("#SALUDPARATODOS", ["#SALUDPARATODOS"]),
        ("#salud_para_todos", ["#salud_para_todos"]),
        ("vea https://a.pe/#seccionmuylargadeltexto", []),
        ("#2026", []),
        ("#reinsercionsocial", []),
    ],
)
def test_a_hashtag_of_several_words_is_in_camel_case(text: str, said: list[str]) -> None:
    assert found(text, rule(TextCheck.HASHTAGS, "#ReinsercionSocial")) == said


# ── links ──

SHORT = rule(TextCheck.LINKS, "bit.ly", "t.co")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://www.gob.pe/inpe y http://inpe.gob.pe:80/a?b=c#d", []),
        ("(https://bit.ly/abc)", ["https://bit.ly/abc"]),
        ("HTTPS://BIT.LY/abc.", ["HTTPS://BIT.LY/abc"]),
        ("https://x.bit.ly", ["https://x.bit.ly"]),
        ("https://bit.ly./a", ["https://bit.ly./a"]),
        ("https://bit.ly:443/a", ["https://bit.ly:443/a"]),
        ("https://bit.ly\\@gob.pe", ["https://bit.ly\\@gob.pe"]),
        ("bit.ly/abc", ["bit.ly/abc"]),
        ("vea:bit.ly/abc,t.co/x", ["bit.ly/abc", "t.co/x"]),
        ("www.bit.ly", ["www.bit.ly"]),
        ("https://gob.pehttps://t.co/a", ["https://t.co/a"]),
        ("https://gob.pe@bit.ly/", ["https://gob.pe@bit.ly/"]),  # a password: it cannot be opened
        ("https://orbit.ly/a y https://gob.pe/bit.ly", []),
        ("apunt.co y habit.ly", []),
        ("correo@bit.ly", []),
        ("https://", ["https://"]),
        ("https://localhost/a", ["https://localhost/a"]),
        ("https://gob..pe", ["https://gob..pe"]),
        ("https://gob.pe:99999/", ["https://gob.pe:99999/"]),
        ("https://-gob.pe", ["https://-gob.pe"]),
        ("https://gob.123", ["https://gob.123"]),
        ("https://niñez.gob.pe/ñ", []),
        ("Salud.Prensa: 8.30 p.m. El 1.5 %", []),
        ("{enlace-web}", []),
    ],
)
def test_a_link_leads_where_it_says(text: str, said: list[str]) -> None:
    assert found(text, SHORT) == said


def test_the_link_of_the_post_is_one_too() -> None:
    assert found(Content("a", link="https://t.co/x"), SHORT) == ["https://t.co/x"]
    assert found(Content("a", link="{enlace-web}"), SHORT) == []
    whole = [each.written for each in addresses_of(Content("gob.pe/a www.gob.pe", link="https://inpe.gob.pe"))]
    assert whole == ["gob.pe/a", "www.gob.pe", "https://inpe.gob.pe"]
    assert [each.is_whole for each in addresses_of(Content("gob.pe/a www.gob.pe"))] == [False, True]


# ── alternative texts ──


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("Personas tejen en el taller", ""),
        ("Foto taller_1.png", "es el nombre del archivo"),
        ("FOTO TALLER 1", "es el nombre del archivo"),
        ("Imagen", "no dice qué se ve"),
        ("imagen 3", "no dice qué se ve"),
        ("***", "no dice qué se ve"),
        ("Taller", "es muy corto"),
        ("", ""),  # its absence is for the networks' limits
    ],
)
def test_an_alternative_text_says_what_is_seen(said: str, why: str) -> None:
    content = Content("a", attachments=(Attachment(PHOTO, said),))
    findings = check_words(content, [rule(TextCheck.ALT_TEXT, "imagen", least=10)], network="facebook")
    assert [each.sentence.endswith(f"{why}.") for each in findings] == [True] * bool(why)


# ── the rules that ship, and their cost ──


def test_the_rules_that_ship_find_what_they_are_for() -> None:
    content = Content("Lorem ipsum: el preso, en https://bit.ly/x #saludparatodos")
    findings = check_words(content, SHIPPED.on(DAY), network="facebook")
    assert [(each.rule, each.blocks) for each in findings] == [
        ("sin-terminar", True),
        ("trato-digno", False),
        ("etiquetas-legibles", False),
        ("enlaces", True),
    ]
    assert check_words(Content("Jornada de salud. Más en https://www.gob.pe/inpe"), SHIPPED.on(DAY), network="x") == []
    assert all(each.source for each in SHIPPED.rules)


@pytest.mark.parametrize(
    "bad", ["a" * 60_000, "a " * 30_000, "#" * 60_000, "https://" * 8000, "a.a" * 20_000, "«(" * 30_000]
)
def test_no_text_makes_the_rules_hang(bad: str) -> None:
    """The cost grows with the text, not with its square: what takes 100 times as long as this is something else."""
    rules = [rule(TextCheck.FORBIDDEN, "a" * 299 + "b", "a a a a b"), SHORT, rule(TextCheck.HASHTAGS)]
    began = time.process_time()
    check_words(Content(bad), rules, network="facebook")
    assert time.process_time() - began < 4
