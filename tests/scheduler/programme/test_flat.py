from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

import pytest

from core.lima import to_lima
from core.platforms import Platform
from scheduler.programme.entries import Programme, ProgrammeImage

Reader = Callable[..., Programme]

HEADER = {
    "A1": "Fecha",
    "B1": "Hora",
    "C1": "Redes",
    "D1": "Título",
    "E1": "Texto",
    "F1": "Imágenes",
    "G1": "Textos alternativos",
    "H1": "Enlace",
    "I1": "Observaciones",
}
ROW = {"A2": date(2026, 11, 24), "B2": time(8, 20), "C2": "Facebook, Web", "E2": "Hola"}


def _reasons(programme: Programme) -> str:
    return "\n".join(map(str, programme.problems))


def test_row_with_everything(read: Reader) -> None:
    programme = read(
        {
            **HEADER,
            **ROW,
            "D2": "Un título",
            "E2": "\nPrimera.\n\n[Segunda]\n---\n",
            "F2": "a.jpg; b.png",
            "G2": "Una mesa; Una silla",
            "H2": " https://www.gob.pe/inpe ",
            "I2": "no se lee",
        }
    )
    (entry,) = programme.entries
    assert f"{to_lima(entry.publish_at):%d/%m/%Y %H:%M}" == "24/11/2026 08:20"
    assert entry.platforms == (Platform.FACEBOOK, Platform.WEBSITE)
    assert (entry.title, entry.text) == ("Un título", "Primera.\n\n[Segunda]\n---")
    assert entry.images == (ProgrammeImage("a.jpg", "Una mesa"), ProgrammeImage("b.png", "Una silla"))
    assert entry.link == "https://www.gob.pe/inpe"
    assert entry.place.cell == "E2"
    assert programme.problems == ()


@pytest.mark.parametrize("value", ["24/11/2026", "24-11-26", "martes 24 de noviembre", "24/11", "2026-11-24"])
def test_date_as_text(read: Reader, value: str) -> None:
    (entry,) = read({**HEADER, **ROW, "A2": value}).entries
    assert to_lima(entry.publish_at).date() == date(2026, 11, 24)


def test_columns_in_another_order_with_other_names(read: Reader) -> None:
    cells = {
        "B4": "COPY",
        "C4": "Red social",
        "D4": " Día ",
        "E4": "hora:",
        "A4": "Archivos",
        "F4": "Texto alternativo",
    }
    values = {"B6": "Hola", "C6": "ig", "D6": "24/11/2026", "E6": "8 pm", "A6": "a.jpg", "F6": "Una mesa; y una silla"}
    (entry,) = read({"A1": "Lista de la semana", **cells, **values}).entries
    assert entry.platforms == (Platform.INSTAGRAM,)
    assert entry.images == (ProgrammeImage("a.jpg", "Una mesa; y una silla"),)


def test_hour_inside_the_date(read: Reader) -> None:
    moment = datetime.combine(date(2026, 11, 24), time(8, 20, 15))
    (entry,) = read({"A1": "Fecha", "B1": "Redes", "C1": "Texto", "A2": moment, "B2": "X", "C2": "Hola"}).entries
    assert to_lima(entry.publish_at).time() == time(8, 20, 15)


def test_merged_date_serves_all_its_rows(read: Reader) -> None:
    second = {"B3": time(9), "C3": "X", "E3": "Dos"}
    programme = read({**HEADER, **ROW, **second}, merges=("A2:A3",))
    assert [to_lima(entry.publish_at).day for entry in programme.entries] == [24, 24]


@pytest.mark.parametrize(
    ("cells", "cell", "reason"),
    [
        ({"A2": None}, "A2", "falta la fecha"),
        ({"A2": "pronto"}, "A2", "no se entiende la fecha «pronto»"),
        ({"A2": "31/02/2027"}, "A2", "no se entiende la fecha «31/02/2027»"),
        ({"A2": "lunes 24/11/2026"}, "A2", "la fecha «lunes 24/11/2026» no cae en lunes"),
        ({"A2": 24}, "A2", "no se entiende la fecha «24»"),
        ({"A2": date(2026, 11, 19)}, "E2", "(jue 19/11/2026 08:20) ya pasó"),
        ({"B2": None}, "B2", "falta la hora"),
        ({"B2": "tarde"}, "B2", "no se entiende la hora «tarde»"),
        ({"C2": None}, "C2", "falta la red"),
        ({"C2": "Tiktok"}, "C2", "no se conoce la red «Tiktok»"),
        ({"E2": " \n "}, "E2", "falta el texto"),
        ({"E2": "=A1"}, "E2", "la fórmula no tiene un resultado guardado"),
        ({"F2": "a.jpg"}, "F2", "la imagen «a.jpg» no tiene texto alternativo"),
        ({"F2": "a.jpg;b.jpg", "G2": "Uno"}, "G2", "hay 2 imágenes y 1 textos alternativos"),
        ({"F2": "a.jpg", "G2": "Uno\nDos"}, "G2", "hay 1 imágenes y 2 textos alternativos"),
        ({"G2": "Uno"}, "G2", "hay 0 imágenes y 1 textos alternativos"),
        ({"F2": "/etc/passwd", "G2": "Uno"}, "F2", "escriba solo el nombre del archivo"),
        ({"H2": "ftp://a.pe"}, "H2", "el enlace «ftp://a.pe» no sirve"),
    ],
)
def test_problem_is_named_and_the_rest_is_read(read: Reader, cells: Mapping[str, Any], cell: str, reason: str) -> None:
    good = {"A4": date(2026, 11, 25), "B4": "9:00", "C4": "X", "E4": "Otra"}
    programme = read({**HEADER, **ROW, **good, **cells})
    assert [(problem.cell, problem.sheet) for problem in programme.problems] == [(cell, "Programa")]
    assert reason in programme.problems[0].reason
    assert [entry.place.cell for entry in programme.entries] == ["E4"]


def test_every_fault_of_a_row_is_told(read: Reader) -> None:
    programme = read({**HEADER, "A2": "x", "B2": "y", "C2": "z", "F2": "a.jpg", "H2": "w"})
    assert [problem.cell for problem in programme.problems] == ["A2", "B2", "C2", "F2", "H2", "E2"]
