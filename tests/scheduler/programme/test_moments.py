from datetime import date, datetime, time, timedelta

import pytest

from scheduler.programme.moments import PartialDate, parse_date, parse_hour, parse_span, resolved, resolved_span
from scheduler.programme.sheets import CellValue

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("value", "hour"),
    [
        (time(8, 20, 15), time(8, 20, 15)),
        (datetime.combine(date(1899, 12, 30), time(8, 20)), time(8, 20)),
        (timedelta(hours=8, minutes=20), time(8, 20)),
        (0.3473958333333333, time(8, 20, 15)),
        (8, time(8)),
        ("08:00", time(8)),
        ("8:30 a. m.", time(8, 30)),
        ("8:30 a.m.", time(8, 30)),
        ("8:30\xa0AM", time(8, 30)),
        ("08h30", time(8, 30)),
        ("8 h 30", time(8, 30)),
        ("8.30 hrs.", time(8, 30)),
        ("15:04:20", time(15, 4, 20)),
        ("3 pm", time(15)),
        ("3:05 p. m.", time(15, 5)),
        ("12 m.", time(12)),
        ("12:00 p. m.", time(12)),
        ("12:15 a. m.", time(0, 15)),
        ("Mediodía", time(12)),
        ("08:00 - 10:00", time(8)),
        ("de 8:00 a 10:00", time(8)),
        ("8 a. m. – 10 a. m.", time(8)),
        ("3 - 5 pm", time(15)),
        ("11 - 1 pm", time(11)),
        ("10 a 12 pm", time(10)),
        ("18:00 horas", time(18)),
        ("15:00 pm", time(15)),
    ],
)
def test_hour_is_understood(value: CellValue, hour: time) -> None:
    assert parse_hour(value) == hour


@pytest.mark.parametrize(
    "value", ["", "mañana", "25:00", "8:61", "13 am", "0 pm", "a las", "8:5", 25, 1.5, -0.2, True, timedelta(days=2)]
)
def test_hour_that_is_none(value: CellValue) -> None:
    assert parse_hour(value) is None


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Lunes", PartialDate(weekday=0)),
        ("MIERCOLES", PartialDate(weekday=2)),
        ("sáb.", PartialDate(weekday=5)),
        ("Lunes 23", PartialDate(23, weekday=0)),
        ("Lunes\n23/11", PartialDate(23, 11, weekday=0)),
        ("LUNES 23 DE NOVIEMBRE", PartialDate(23, 11, weekday=0)),
        ("lun 23-nov-26", PartialDate(23, 11, 2026, 0)),
        ("Lunes, 23 de noviembre de 2026", PartialDate(23, 11, 2026, 0)),
        ("Martes 24/11/2026 (feriado)", PartialDate(24, 11, 2026, 1)),
        ("23/11/26", PartialDate(23, 11, 2026)),
        ("2026-11-23", PartialDate(23, 11, 2026)),
        ("1 de setiembre", PartialDate(1, 9)),
        ("1ro de septiembre del 2026", PartialDate(1, 9, 2026)),
        ("1° set", PartialDate(1, 9)),
        (date(2026, 11, 23), PartialDate(23, 11, 2026)),
        (23, PartialDate(23)),
        ("32/11/2026", None),
        ("23/13/2026", None),
        ("Lunes a viernes", None),
        ("Reunión", None),
        (46349.5, None),
    ],
)
def test_date_as_written(value: CellValue, written: PartialDate | None) -> None:
    assert parse_date(value) == written


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Del 30 de noviembre al 6 de diciembre de 2026", date(2026, 11, 30), date(2026, 12, 6)),
        ("DEL 28/12/2026 AL 03/01/2027", date(2026, 12, 28), date(2027, 1, 3)),
        ("Del 28 de diciembre al 3 de enero de 2027", date(2026, 12, 28), date(2027, 1, 3)),
        ("Del 28 de diciembre de 2026 al 3 de enero", date(2026, 12, 28), date(2027, 1, 3)),
        ("Del 28 de diciembre al 3 de enero", date(2026, 12, 28), date(2027, 1, 3)),
        ("Semana del 23 al 29 de noviembre", date(2026, 11, 23), date(2026, 11, 29)),
        ("Del 30 al 6 de diciembre", date(2026, 11, 30), date(2026, 12, 6)),
        ("Del 28 de septiembre al 4 de octubre de 2026", date(2026, 9, 28), date(2026, 10, 4)),
        ("Del 28 de setiembre al 4 de octubre de 2026", date(2026, 9, 28), date(2026, 10, 4)),
        ("Del lunes 23 al domingo 29 de noviembre de 2026.", date(2026, 11, 23), date(2026, 11, 29)),
    ],
)
def test_span_is_resolved(text: str, first: date, last: date) -> None:
    span = parse_span(text)
    assert span is not None
    assert resolved_span(span, today=TODAY) == (first, last)


@pytest.mark.parametrize(
    "text", ["Del xxx al xxxx", "Del Instituto Nacional al público", "Cuadro semanal", "Del 31 al 32 de mayo"]
)
def test_span_that_is_none(text: str) -> None:
    assert parse_span(text) is None


def test_day_without_year_is_the_nearest() -> None:
    assert resolved(PartialDate(3, 1), today=TODAY) == date(2027, 1, 3)
    assert resolved(PartialDate(19, 11), today=TODAY) == date(2026, 11, 19)
    assert resolved(PartialDate(30, 2, 2026), today=TODAY) is None
    assert resolved(PartialDate(30, 2), today=TODAY) is None
