"""Anexo 01 on paper: the week's grid as a PDF, set by typst from `grid.typ`."""

import json
import re
from collections.abc import Iterable
from datetime import date, time
from functools import cache
from pathlib import Path

import typst

from core.lima import DAYS, Week, to_lima
from core.texts import _
from scheduler.programme.annex import SUBTITLE, TITLE, as_cells
from scheduler.programme.cells import OFFICE
from scheduler.programme.entries import ProgrammeCell, ProgrammeEntry
from scheduler.programme.files import write_whole

_TEMPLATE = Path(__file__).with_name("grid.typ")
# a row as tall as this still fits on a page: it is not torn in two
_LINES_KEPT_WHOLE = 36
_LINES_AROUND_A_TEXT = 6
_SIGNS_A_LINE = 30
_LONG_WORD = re.compile(r"[^\s\u200b]{24}(?=[^\s\u200b])")
# pictographs, flags, skin tones, joiners and keycaps: Unicode 16, emoji-data.txt [memory]
_EMOJI = re.compile(
    "[\U0001f000-\U0001faff\U000e0020-\U000e007f\u2600-\u27bf\u2b00-\u2bff\u2300-\u23ff\ufe0f\u20e3\u200d]+ ?"
)


def write_grid_pdf(entries: Iterable[ProgrammeEntry | ProgrammeCell], *, week: Week, path: Path) -> None:
    """Write the week's grid as a PDF, A4 landscape, with a line for the head's signature.

    Emojis are left out where the machine has no font for them, and the sheet says so.
    Raises ValueError where an entry is outside the week.
    """
    cells = as_cells(entries, week=week)
    shorn = not _has_emoji_font() and any(
        _EMOJI.search(_whole(cell.entry) + (cell.entry.title or "")) for cell in cells
    )
    sheet = {
        "office": OFFICE,
        "reference": "P-E3.01.04 · Anexo N° 01",
        "title": TITLE,
        "subtitle": SUBTITLE,
        "week": week.shown(),
        "corner": _("Hora / fecha"),
        "page": _("Página"),
        "of": _("de"),
        "image": _("Imagen"),
        "link": _("Enlace"),
        "empty": _("No hay publicaciones programadas en esta semana."),
        "note": _("Esta hoja omite los emojis de los textos.") if shorn else "",
        "signature": _("V.º B.º Jefatura"),
        "signature_office": _("Oficina de Prensa e Imagen Institucional"),
        "days": [_day(day, cells=cells) for day in week.days()],
        "rows": [_row(hour, cells=cells, week=week, shorn=shorn) for hour in sorted({cell.hour for cell in cells})],
    }
    # lone surrogates, which no UTF-8 holds, become question marks
    data = json.dumps(sheet, ensure_ascii=False).encode("utf-8", "replace").decode()
    pdf = typst.compile(str(_TEMPLATE), root=str(_TEMPLATE.parent), format="pdf", sys_inputs={"programme": data})
    write_whole(path, lambda part: part.write_bytes(pdf))


@cache
def _has_emoji_font() -> bool:
    return any("emoji" in family.lower() for family in typst.Fonts().families())


def _day(day: date, *, cells: list[ProgrammeCell]) -> dict[str, object]:
    busy = not cells or any(to_lima(cell.entry.publish_at).date() == day for cell in cells)
    return {"name": DAYS[day.weekday()], "date": f"{day:%d/%m/%Y}", "busy": busy}


def _row(hour: time, *, cells: list[ProgrammeCell], week: Week, shorn: bool) -> dict[str, object]:
    days = [
        [cell for cell in cells if cell.hour == hour and to_lima(cell.entry.publish_at).date() == day]
        for day in week.days()
    ]
    return {
        "hour": f"{hour:%H:%M:%S}" if hour.second else f"{hour:%H:%M}",
        "whole": max(map(_lines, days)) <= _LINES_KEPT_WHOLE,
        "cells": [[_entry(cell, shorn=shorn) for cell in day] for day in days],
    }


def _lines(cells: list[ProgrammeCell]) -> int:
    """Return about how many lines the entries take in a day's column."""
    return sum(
        _LINES_AROUND_A_TEXT
        + len(cell.entry.images)
        + sum(1 + len(line) // _SIGNS_A_LINE for line in _whole(cell.entry).split("\n"))
        for cell in cells
    )


def _entry(cell: ProgrammeCell, *, shorn: bool) -> dict[str, object]:
    entry = cell.entry
    title, text = entry.title, _whole(entry)
    if shorn:
        title, text = title and _EMOJI.sub("", title), _EMOJI.sub("", text)
    return {
        "networks": [{"code": platform.value, "label": platform.label} for platform in entry.platforms],
        "state": " · ".join(part for part in (cell.state_label, cell.code) if part) or None,
        "title": title and _breakable(title),
        "text": _breakable(text),
        "images": [_breakable(image.file_name) for image in entry.images],
        "link": entry.link and _breakable(entry.link),
    }


def _whole(entry: ProgrammeEntry) -> str:
    return "\n\n".join((entry.text, *entry.thread))


def printable(text: str) -> str:
    """Return the text as any machine's fonts can set it: without emojis, its longest words breakable."""
    return _breakable(_EMOJI.sub("", text))


def _breakable(text: str) -> str:
    """Return the text with zero-width spaces in its longest words, which would else run over the next column."""
    return _LONG_WORD.sub("\\g<0>\u200b", text)
