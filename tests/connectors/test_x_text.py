"""How X counts and reads a text. The cases are ours, made from the rules."""

import time

import pytest

from connectors.x_text import addresses, same_text, weight

FAMILY = "👨\u200d👩\u200d👧\u200d👦"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("Penal de Ancón", 14),
        ("ñandú, ¿sí? ¡Ya!", 16),
        # the same sign in one code point or in two
        ("cafe\u0301", 4),
        ("Лима", 4),
        ("日本", 4),
        ("한국어", 6),
        # typographic signs: quotes and dashes are light, dots, bullets and currency are not
        ("“a” – b", 7),
        ("…", 2),
        ("•", 2),
        ("€5", 3),
        ("a\r\nb", 4),
        ("😷", 2),
        ("👍🏽", 2),
        (FAMILY, 2),
        (FAMILY * 140, 280),
        ("🇵🇪", 2),
        # no country has this code: two signs
        ("🇦🇦", 4),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 2),
        ("👩🏽\u200d⚖\ufe0f", 2),
        ("🏳\ufe0f\u200d🌈", 2),
        ("1\ufe0f\u20e3", 2),
        ("©", 1),
        ("©\ufe0f", 2),
        ("☺\ufe0f", 2),
        # newer than the table: by its parts, never less than X might count
        ("🐦\u200d🔥", 5),
        ("http://a.pe", 23),
        ("https://www.gob.pe/inpe?x=" + "y" * 300, 23),
        ("gob.pe", 23),
        ("Vea gob.pe.", 28),
        ("(https://gob.pe/inpe)", 25),
        ("README.md y main.py", 49),
        ("correo@gob.pe", 13),
        ("https://localhost/x", 19),
        ("3.14 y 2.500", 12),
        ("@inpe.pe", 8),
        ("#inpe.pe", 8),
        ("$inpe.pe", 8),
        ("http://ñandú.pe/x", 23),
        # a letter beyond a to z may stand before an address, so it does
        ("ñandú.pe", 24),
        ("中国.cn", 7),
        ("http://中国.cn", 23),
        ("a" * 63 + ".pe", 23),
        ("a" * 64 + ".pe", 67),
        ("https://t.co/abcDEF123 fin", 27),
        # a short link ends with its name
        ("https://t.co/abc/d", 25),
        ("https://gob.pe/a(b)c).", 25),
        # brackets may end an address, not after a comma
        ("gob.pe/a(b)", 23),
        ("gob.pe/,(b)", 27),
    ],
)
def test_weight_is_that_of_the_platform(text: str, expected: int) -> None:
    assert weight(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("uno gob.pe, dos https://x.com/a_b.", ["gob.pe", "https://x.com/a_b"]),
        ("gob.pe/inpe", ["gob.pe/inpe"]),
        ("見てgob.peです", ["gob.pe"]),
        ("http://gob.pe:8080/?q=a-", ["http://gob.pe:8080/?q=a-"]),
        ("http://sub_dominio.gob.pe http://mal_nombre.pe", ["http://sub_dominio.gob.pe"]),
        ("http://-gob.pe http://gob-.pe", []),
        ("gob.pe-no gob.pex gob.pe@x", []),
        ("GOB.PE/Inpe", ["GOB.PE/Inpe"]),
        ("ftp://gob.pe", []),
        ("http://xn--caf-dma.fr", ["http://xn--caf-dma.fr"]),
        ("http://xn--日本.com", []),
    ],
)
def test_addresses_are_those_that_the_platform_links(text: str, expected: list[str]) -> None:
    assert [text[one.start : one.end] for one in addresses(text)] == expected


@pytest.mark.parametrize("text", ["a." * 6000, "あ" * 9000 + ".", "a_b.com." * 1500, "http://a.pe/" + "(a" * 4000])
def test_weight_of_a_hostile_text_comes_in_time(text: str) -> None:
    began = time.monotonic()
    weight(text)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Hola,  Perú\n\nhoy ", "Hola, Peru\u0301 hoy", True),
        ("Vea gob.pe hoy", "Vea http://gob.pe/ hoy", True),
        ("Vea http://GOB.pe/A", "Vea http://gob.pe/A", True),
        ("Vea http://gob.pe/A", "Vea http://gob.pe/a", False),
        ("Vea http://gob.pe/a", "Vea http://gob.pe/b", False),
        ("Hola", "hola", False),
    ],
)
def test_texts_are_the_same_where_the_platform_changed_nothing_that_is_read(
    one: str, other: str, expected: bool
) -> None:
    assert same_text(one, other) is expected
