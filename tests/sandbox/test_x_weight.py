import pytest

from sandbox.x.weight import addresses, weight


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("Hola", 4),
        ("¡Añó!", 5),
        ("an\u0303o", 3),
        ("\r\n", 1),
        ("•…€", 6),
        ("—–“”’", 5),
        ("日本", 4),
        ("👏", 2),
        ("👩‍👩‍👧‍👦", 2),
        ("👍🏽🇵🇪", 4),
        ("1️⃣ ☎️ ©", 7),
        ("❤️", 2),
        ("https://www.gob.pe/inpe/noticias/una-direccion-muy-larga?con=esto&y=lo-otro", 23),
        ("gob.pe", 23),
        ("Lea README.md y test.py", 23 + 23 + 4 + 3),
        ("https://localhost/x", 19),
        ("https://www.inpe.example/n", 26),
        ("escriba a prensa@inpe.gob.pe", 28),
        ("Lima.Luego", 10),
        ("(https://x.com/a_(b)). ", 23 + 4),
        ("@gob.pe #gob.pe", 15),
        ("x" * 280, 280),
    ],
)
def test_weight_as_x_counts(text: str, expected: int) -> None:
    assert weight(text) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Vea https://www.gob.pe/inpe, y venga.", ["https://www.gob.pe/inpe"]),
        ("HTTPS://GOB.PE/a?b=c!", ["HTTPS://GOB.PE/a?b=c"]),
        ("uno.com/dos dos.pe:8080/x/ tres", ["uno.com/dos", "dos.pe:8080/x/"]),
        ("https://es.wikipedia.org/wiki/Lima_(Perú).", ["https://es.wikipedia.org/wiki/Lima_(Perú)"]),
        ("fin.Nuevo inpe.gob.pe.", ["inpe.gob.pe"]),
        ("a@b.com https://t.co", ["https://t.co"]),
    ],
)
def test_addresses_end_where_the_sentence_goes_on(text: str, found: list[str]) -> None:
    assert [address.text for address in addresses(text)] == found
