from datetime import time

import pytest

from core.platforms import Platform
from scheduler.programme.entries import ProgrammeImage
from scheduler.programme.fields import Fault
from scheduler.programme.notation import read_cell


def test_entry_with_everything() -> None:
    (draft,) = read_cell(
        "[Facebook, Web]\n"
        "» Publicada · P-0012\n"
        "Hora: 8:20 a. m.\n"
        "Título: Nuevo taller\n"
        "\n"
        "Primera línea.\n"
        "\n"
        "  Segunda, con sangría.  \n"
        "\n"
        "Imagen: taller.jpg | Dos personas lijan una mesa\n"
        "IMAGEN : detalle.png|Una mesa\n"
        "Enlace: https://www.gob.pe/inpe\n"
    )
    assert draft.faults == []
    assert draft.platforms == (Platform.FACEBOOK, Platform.WEBSITE)
    assert draft.hour == time(8, 20)
    assert draft.title == "Nuevo taller"
    assert draft.text == "Primera línea.\n\n  Segunda, con sangría.  "
    assert draft.images == [
        ProgrammeImage("taller.jpg", "Dos personas lijan una mesa"),
        ProgrammeImage("detalle.png", "Una mesa"),
    ]
    assert draft.link == "https://www.gob.pe/inpe"


@pytest.mark.parametrize(
    "cell",
    [
        "[Facebook]\nUno\n---\n[X]\nDos",
        "[Facebook]\nUno\n[X]\nDos",
        "[Facebook] Uno\n[X] Dos",
        "Facebook: Uno\n---\nTwitter: Dos",
        "Redes: Facebook\nUno\n\nRedes: Twitter\nDos",
        "Uno\nRedes: Facebook\n-----\nDos\nRedes: tw",
        "[FB]\r\nUno\r\n———\r\n\r\n---\r\n[x]\r\nDos\r\n---",
    ],
)
def test_several_entries_in_a_cell(cell: str) -> None:
    drafts = read_cell(cell)
    assert [(draft.platforms, draft.text, draft.faults) for draft in drafts] == [
        ((Platform.FACEBOOK,), "Uno", []),
        ((Platform.X,), "Dos", []),
    ]


@pytest.mark.parametrize(
    "words", ["Facebook/Web", "facebook y página web", "FB; portal", "Facebook + web", "fb,web,fb"]
)
def test_networks_in_the_offices_words(words: str) -> None:
    (draft,) = read_cell(f"[{words}]\nHola")
    assert draft.platforms == (Platform.FACEBOOK, Platform.WEBSITE)


def test_network_names_inside_the_text_are_text() -> None:
    (draft,) = read_cell("Facebook y Web: Síguenos\nFacebook: INPEgob\nX: @INPEgob")
    assert draft.platforms == (Platform.FACEBOOK, Platform.WEBSITE)
    assert draft.text == "Síguenos\nFacebook: INPEgob\nX: @INPEgob"


def test_backslash_keeps_a_line_of_the_text() -> None:
    (draft,) = read_cell("[X]\n\\[Nota]\n\\---\n\\Hora: 10 a. m.\n\\\\n\n\\Imagen: la de todos")
    assert draft.text == "[Nota]\n---\nHora: 10 a. m.\n\\n\nImagen: la de todos"
    assert draft.images == []
    assert draft.faults == []


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("[Facebok]\nHola", "no se conoce la red «Facebok»; use: Facebook, X, Instagram"),
        ("[Facebook]\nHola\n[Nota]\nAdiós", "escriba una barra \\ delante"),
        ("[Facebook]\nHola\nHora: 10:00", "la línea «Hora: 10:00» está después del texto"),
        ("[Facebook]\nHora: pronto\nHola", "no se entiende la hora «pronto»"),
        ("[Facebook]\nHola\nImagen: a.jpg", "la imagen «a.jpg» no tiene texto alternativo"),
        ("[Facebook]\nHola\nImagen: ../a.jpg | x", "el nombre de imagen «../a.jpg» no se permite"),
        ("[Facebook]\nHola\nImagen: C:\\a.jpg | x", "no se permite"),
        ("[Facebook]\nHola\nImagen: .. | x", "no se permite"),
        ("[Facebook]\nHola\nImagen: | x", "falta el nombre del archivo"),
        ("[Facebook]\nHola\nEnlace: javascript:alert(1)", "el enlace «javascript:alert(1)» no sirve"),
        ("[Facebook]\nHola\nEnlace: www.gob.pe", "debe empezar con https://"),
        ("[Facebook]\nHola\nEnlace: https://gob.pe@malo.pe/", "no sirve"),
        ("[Facebook]\nHola\nEnlace: https://a.pe\nEnlace: https://b.pe", "hay más de un enlace"),
    ],
)
def test_fault_names_the_way_out(cell: str, reason: str) -> None:
    assert reason in "; ".join(fault for draft in read_cell(cell) for fault in draft.faults)


def test_control_character_is_refused() -> None:
    with pytest.raises(Fault, match=r"U\+0007"):
        read_cell("[X]\nHola\x07")


def test_text_becomes_nfc() -> None:
    (draft,) = read_cell("[X]\nReinsercio\u0301n")
    assert draft.text == "Reinserci\u00f3n"
