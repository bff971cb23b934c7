"""How an entry is written inside a cell of the grid, read tolerantly and written so that nothing is lost.

    [Facebook, Web]                     networks; opens an entry (also: a line `Redes: …`, or at the very
                                        beginning of an entry `Facebook y Web: the text`)
    Hora: 08:20                         before the text: refines the row's hour
    Título: Taller de carpintería       before the text: for the website
    » Publicada · P-0012                before the text: what Vocero tells people; ignored
    The text, line by line, as it will be published.
    Hilo:                               what follows is the next message of a thread
    Imagen: taller.jpg | What is seen   anywhere; several lines are several images (or one video)
    Miniatura: portada.jpg              anywhere, once: the still picture of the video
    Subtítulos: charla.srt | es         anywhere: a captions file and its language
    Enlace: https://…                   anywhere, once
    Etiquetas: penal, salud             anywhere
    Opción: flickr.license = 11          anywhere; what only one network asks
    ---                                 separates entries

A line of the text that would mean something here is written with a backslash before it.
"""

import re
from collections.abc import Callable

from core.platforms import Platform
from core.texts import _
from scheduler.programme.entries import ProgrammeCell
from scheduler.programme.fields import (
    Draft,
    Fault,
    clean,
    one_line,
    quoted,
    read_captions,
    read_file_name,
    read_image,
    read_link,
    read_option,
    read_platforms,
    read_tags,
    without_outer_blank_lines,
)
from scheduler.programme.moments import folded, parse_hour

_RULE = re.compile(r"\s*[-–—_]{3,}\s*")
_OPENING = re.compile(r"\s*\[([^\[\]]*)\][ \t]*(.*)")
_FIELD = re.compile(r"\s*([^\W\d_]{3,10})\s*[:：][ \t]*(.*)")
_LONGEST_NETWORKS = 80
_TOLD = "»"
_NAMES = {
    "redes": "redes",
    "red": "redes",
    "hora": "hora",
    "titulo": "titulo",
    "texto": "texto",
    "imagen": "imagen",
    "imagenes": "imagen",
    "foto": "imagen",
    "enlace": "enlace",
    "link": "enlace",
    "hilo": "hilo",
    "miniatura": "miniatura",
    "subtitulos": "subtitulos",
    "subtitulo": "subtitulos",
    "etiquetas": "etiquetas",
    "opcion": "opcion",
}
_ONLY_BEFORE_THE_TEXT = ("hora", "titulo")


def read_cell(text: str) -> list[Draft]:
    """Return the entries of a cell in their order. Raises Fault where the cell as a whole cannot be read."""
    reading = _Reading()
    for line in clean(text).split("\n"):
        reading.take(line)
    return reading.finished()


def names_networks(text: str) -> bool:
    """Return whether any line of the text opens an entry."""
    return any(
        _OPENING.fullmatch(line) or ((match := _FIELD.fullmatch(line)) and _NAMES.get(folded(match[1])) == "redes")
        for line in text.splitlines()
    ) or bool(_named_networks(text.strip().partition("\n")[0]))


def _named_networks(line: str) -> tuple[tuple[Platform, ...], str] | None:
    """Return the networks and the rest of a line such as "Facebook y Web: Nuevo taller", or None."""
    words, colon, rest = line.partition(":")
    if not colon or len(words) > _LONGEST_NETWORKS or rest.startswith("//"):
        return None
    try:
        platforms = read_platforms(words)
    except Fault:
        return None
    return (platforms, rest) if platforms else None


class _Reading:
    """The lines of one cell, taken one after another."""

    def __init__(self) -> None:
        self._drafts: list[Draft] = []
        self._lines: list[str] = []
        self._messages: list[str] = []  # those that a thread has closed already
        self._draft: Draft | None = None
        self._takers: dict[str, Callable[[Draft, str], None]] = {
            "redes": self._take_platforms,
            "hora": self._take_hour,
            "titulo": self._take_title,
            "texto": self._take_text,
            "imagen": self._take_image,
            "enlace": self._take_link,
            "hilo": self._take_thread,
            "miniatura": self._take_thumbnail,
            "subtitulos": self._take_captions,
            "etiquetas": self._take_tags,
            "opcion": self._take_option,
        }

    def take(self, line: str) -> None:
        if line.startswith("\\"):
            self._current()
            self._lines.append(line[1:])
        elif _RULE.fullmatch(line):
            self._close()
        elif opening := _OPENING.fullmatch(line):
            self._close()
            draft = self._current()
            self._take_platforms(draft, opening[1])
            if draft.has_unknown_platform:
                draft.faults[-1] += _("; si «[…]» es parte del texto, escriba una barra \\ delante")
            self._take_text(draft, opening[2])
        elif self._draft is None and (named_networks := _named_networks(line)):
            draft = self._current()
            draft.platforms, text = named_networks
            self._take_text(draft, text)
        elif line.lstrip().startswith(_TOLD) and not self._lines:
            self._current()
        elif named := self._named(line):
            self._take_field(*named)
        elif line.strip() or self._lines:
            self._current()
            self._lines.append(line)

    def finished(self) -> list[Draft]:
        self._close()
        return self._drafts

    def _named(self, line: str) -> tuple[str, str] | None:
        match = _FIELD.fullmatch(line)
        name = _NAMES.get(folded(match[1])) if match else None
        if match is None or name is None or (name == "texto" and (self._lines or self._messages)):
            return None
        return name, match[2].strip()

    def _take_field(self, name: str, value: str) -> None:
        if name == "redes" and self._draft is not None and self._has_platforms(self._draft):
            self._close()
        draft = self._current()
        if name in _ONLY_BEFORE_THE_TEXT and (self._lines or self._messages):
            line = quoted(f"{name.capitalize()}: {value}")
            draft.faults.append(
                _(
                    "la línea «{line}» está después del texto: póngala antes del texto o, "
                    "si es parte del texto, escriba una barra \\ delante"
                ).format(line=line)
            )
            return
        try:
            self._takers[name](draft, value)
        except Fault as fault:
            draft.faults.append(str(fault))

    def _current(self) -> Draft:
        if self._draft is None:
            self._draft = Draft()
        return self._draft

    def _close(self) -> None:
        if self._draft is not None:
            self._close_message()
            self._draft.text, *self._draft.thread = self._messages
            if "" in self._draft.thread:
                self._draft.faults.append(_("el hilo tiene un mensaje vacío; escríbalo o borre la línea «Hilo:»"))
            self._drafts.append(self._draft)
        self._draft, self._messages = None, []

    def _close_message(self) -> None:
        self._messages.append(without_outer_blank_lines("\n".join(self._lines)))
        self._lines = []

    @staticmethod
    def _has_platforms(draft: Draft) -> bool:
        return bool(draft.platforms) or draft.has_unknown_platform

    def _take_platforms(self, draft: Draft, value: str) -> None:
        try:
            draft.platforms = read_platforms(value)
        except Fault as fault:
            draft.has_unknown_platform = True
            draft.faults.append(str(fault))

    def _take_hour(self, draft: Draft, value: str) -> None:
        draft.hour = parse_hour(value)
        if draft.hour is None:
            raise Fault(_("no se entiende la hora «{hour}»; escriba por ejemplo 08:20").format(hour=quoted(value)))

    def _take_title(self, draft: Draft, value: str) -> None:
        draft.title = one_line(value) or None

    def _take_text(self, _draft: Draft, value: str) -> None:
        if value.strip():
            self._lines.append(value.lstrip())

    def _take_thread(self, draft: Draft, value: str) -> None:
        self._close_message()
        self._take_text(draft, value)

    def _take_thumbnail(self, draft: Draft, value: str) -> None:
        if draft.thumbnail is not None:
            raise Fault(_("hay más de una miniatura; deje una"))
        draft.thumbnail = read_file_name(value)

    def _take_captions(self, draft: Draft, value: str) -> None:
        draft.captions.append(read_captions(value))

    def _take_tags(self, draft: Draft, value: str) -> None:
        draft.tags += [tag for tag in read_tags(value) if tag not in draft.tags]

    def _take_option(self, draft: Draft, value: str) -> None:
        name, chosen = read_option(value)
        if name in draft.options:
            raise Fault(_("la opción «{name}» está dos veces; deje una").format(name=quoted(name)))
        draft.options[name] = chosen

    def _take_image(self, draft: Draft, value: str) -> None:
        name, _bar, alt_text = value.partition("|")
        draft.images.append(read_image(name, alt_text))

    def _take_link(self, draft: Draft, value: str) -> None:
        if draft.link is not None:
            raise Fault(_("hay más de un enlace; deje uno y escriba los demás dentro del texto"))
        draft.link = read_link(value)


def write_entry(cell: ProgrammeCell) -> str:
    """Return the entry as it stands in a cell; `read_cell` gives it back whole."""
    entry = cell.entry
    lines = ["[" + ", ".join(platform.label for platform in entry.platforms) + "]"]
    told = " · ".join(one_line(part) for part in (cell.state_label, cell.code) if part)
    if told:
        lines.append(f"{_TOLD} {told}")
    if entry.title:
        lines.append(f"Título: {one_line(entry.title)}")
    lines += [_written(line) for line in entry.text.split("\n")]
    for message in entry.thread:
        lines += ["Hilo:", *(_written(line) for line in message.split("\n"))]
    lines += [f"Imagen: {image.file_name} | {one_line(image.alt_text)}" for image in entry.images]
    if entry.link:
        lines.append(f"Enlace: {entry.link}")
    if entry.thumbnail:
        lines.append(f"Miniatura: {entry.thumbnail}")
    lines += [f"Subtítulos: {each.file_name} | {each.language}" for each in entry.captions]
    if entry.tags:
        lines.append(f"Etiquetas: {', '.join(entry.tags)}")
    lines += [f"Opción: {name} = {chosen}" for name, chosen in entry.options]
    return "\n".join(lines)


def write_cell(entries: list[str]) -> str:
    """Return several written entries as one cell."""
    return "\n---\n".join(entries)


def _written(line: str) -> str:
    field = _FIELD.fullmatch(line)
    means_something = (
        line.startswith("\\")
        or line.lstrip().startswith(("[", _TOLD))
        or _RULE.fullmatch(line)
        or (field and folded(field[1]) in _NAMES)
    )
    return f"\\{line}" if means_something else line
