"""The fields of an entry as staff type them, read and judged one by one, for the grid and the list alike."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, time
from urllib.parse import urlsplit

from core.lima import shown
from core.platforms import Platform
from core.texts import _
from scheduler.programme.entries import CellPlace, Problem, ProgrammeEntry, ProgrammeImage

_BETWEEN_NETWORKS = re.compile(r"[,;/+&|\n]|\s+[ye]\s+")
_FORBIDDEN_IN_NAMES = re.compile(r'[\\/:*?"<>|;]')
_MAX_NAME_BYTES = 255
_MAX_QUOTED = 60


class Fault(Exception):
    """What is wrong with a field, as a Spanish reason with the way out."""


@dataclass(slots=True)
class Draft:
    """An entry while it is being read: what was understood, and the faults of the rest."""

    platforms: tuple[Platform, ...] = ()
    has_unknown_platform: bool = False
    hour: time | None = None
    title: str | None = None
    text: str = ""
    images: list[ProgrammeImage] = field(default_factory=list)
    link: str | None = None
    faults: list[str] = field(default_factory=list)


def clean(text: str) -> str:
    """Return the text as it is kept: NFC, with line feeds for line ends. Raises Fault on control characters."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    for sign in plain:
        if sign not in "\n\t" and (unicodedata.category(sign) in ("Cc", "Cs") or sign in "\ufffe\uffff"):
            raise Fault(
                _("hay un carácter invisible no permitido (U+{code:04X}); escriba el texto de nuevo").format(
                    code=ord(sign)
                )
            )
    return plain


def one_line(text: str) -> str:
    """Return the text on one line: line breaks and repeated spaces become one space."""
    return " ".join(text.split())


def without_outer_blank_lines(text: str) -> str:
    """Return the text from its first to its last line that says something; inside nothing changes."""
    lines = text.split("\n")
    said = [number for number, line in enumerate(lines) if line.strip()]
    return "\n".join(lines[said[0] : said[-1] + 1]) if said else ""


def read_platforms(words: str) -> tuple[Platform, ...]:
    """Return the platforms that the words name, each once, in their order. Raises Fault on an unknown one."""
    names = [one_line(name).strip(".") for name in _BETWEEN_NETWORKS.split(words)]
    found: list[Platform] = []
    for name in filter(None, names):
        platform = Platform.named(name)
        if platform is None:
            raise Fault(
                _("no se conoce la red «{name}»; use: {known}").format(
                    name=quoted(name), known=", ".join(known.label for known in Platform)
                )
            )
        if platform not in found:
            found.append(platform)
    return tuple(found)


def read_link(text: str) -> str:
    """Return the address. Raises Fault where it is none that a browser opens."""
    link = text.strip()
    try:
        parts = urlsplit(link)
        good = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        good = False
    if not good or any(sign.isspace() for sign in link):
        raise Fault(
            _("el enlace «{link}» no sirve; debe empezar con https:// y no tener espacios").format(link=quoted(link))
        )
    return link


def read_image(name: str, alt_text: str) -> ProgrammeImage:
    """Return the image. Raises Fault where the name is no bare file name or the alternative text is missing."""
    name, alt_text = name.strip(), one_line(alt_text)
    if not name:
        raise Fault(_("falta el nombre del archivo de la imagen; escriba «Imagen: archivo.jpg | descripción»"))
    if _FORBIDDEN_IN_NAMES.search(name) or name in (".", "..") or "\n" in name or "\t" in name:
        raise Fault(
            _("el nombre de imagen «{name}» no se permite; escriba solo el nombre del archivo, sin carpetas").format(
                name=quoted(name)
            )
        )
    if len(name.encode()) > _MAX_NAME_BYTES:
        raise Fault(_("el nombre de imagen «{name}» es demasiado largo; acórtelo").format(name=quoted(name)))
    if not alt_text:
        raise Fault(
            _("la imagen «{name}» no tiene texto alternativo; describa en una frase lo que se ve").format(
                name=quoted(name)
            )
        )
    return ProgrammeImage(file_name=name, alt_text=alt_text)


def quoted(text: str) -> str:
    """Return the text short enough to be named in a sentence."""
    line = one_line(text)
    return line if len(line) <= _MAX_QUOTED else line[: _MAX_QUOTED - 1] + "…"


def settled(
    draft: Draft, *, publish_at: datetime | None, place: CellPlace, now: datetime, label: str = ""
) -> ProgrammeEntry | list[Problem]:
    """Return the entry of a draft, or every problem that it has; `label` says which of a cell's entries it is.

    Without `publish_at` the instant's own problem has been told already, and only the draft's are returned.
    """
    reasons = list(draft.faults)
    if not draft.platforms and not draft.has_unknown_platform:
        reasons.append(_("falta la red; escriba por ejemplo «[Facebook, Web]» al comienzo o llene la columna Redes"))
    if not draft.text:
        reasons.append(_("falta el texto de la publicación; escríbalo o borre la entrada"))
    if publish_at is not None and publish_at <= now:
        reasons.append(_("la fecha y hora ({when}) ya pasó; elija una posterior").format(when=shown(publish_at)))
    if reasons or publish_at is None:
        return [Problem(place.sheet, place.cell, label + reason) for reason in reasons]
    return ProgrammeEntry(
        publish_at=publish_at,
        platforms=draft.platforms,
        title=draft.title,
        text=draft.text,
        images=tuple(draft.images),
        link=draft.link,
        place=place,
    )
