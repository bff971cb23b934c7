"""The sandbox's page: what the public sees, a column a platform."""

from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

from sandbox.imitation import Card

_LIMA = ZoneInfo("America/Lima")
_DAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
    *("julio", "agosto", "setiembre", "octubre", "noviembre", "diciembre"),  # as Peru writes it
)
_PAGE = Template(Path(__file__).with_name("window.html").read_text(encoding="utf-8"))


def lima_time(at: datetime, *, now: datetime) -> str:
    """Return a time as people in Lima write it: "hoy, 9:05 a. m.", "martes 24 de noviembre, 3:04 p. m."."""
    local, today = at.astimezone(_LIMA), now.astimezone(_LIMA)
    hour = f"{local.hour % 12 or 12}:{local:%M} {'a. m.' if local.hour < 12 else 'p. m.'}"
    if local.date() == today.date():
        return f"hoy, {hour}"
    year = "" if local.year == today.year else f" de {local.year}"
    return f"{_DAYS[local.weekday()]} {local.day} de {_MONTHS[local.month - 1]}{year}, {hour}"


def page(columns: Sequence[tuple[str, Sequence[Card]]], now: datetime, kind_of: Callable[[str], str]) -> str:
    """Return the page. `kind_of` tells the type of a medium by its SHA-256."""
    return _PAGE.substitute(
        now=escape(lima_time(now, now=now)),
        columns="\n".join(_column(title, cards, now, kind_of) for title, cards in columns),
    )


def _column(title: str, cards: Sequence[Card], now: datetime, kind_of: Callable[[str], str]) -> str:
    shown = "\n".join(_card(card, now, kind_of) for card in cards)
    empty = '<p class="empty">Todavía no hay publicaciones</p>'
    count = "1 publicación" if len(cards) == 1 else f"{len(cards)} publicaciones"
    return (
        f'<section><header><h2>{escape(title)}</h2><span class="count">{count if cards else ""}</span></header>'
        f"{shown or empty}</section>"
    )


def _card(card: Card, now: datetime, kind_of: Callable[[str], str]) -> str:
    title = f"<h3>{escape(card.title)}</h3>" if card.title else ""
    text = f'<p class="text">{escape(card.text)}</p>' if card.text else ""
    said = {0: "Sin comentarios", 1: "1 comentario"}.get(card.comments, f"{card.comments} comentarios")
    media = "".join(_medium(sha256, alt, kind_of(sha256)) for sha256, alt in card.media)
    gallery = f'<div class="media media-{min(len(card.media), 4)}">{media}</div>' if media else ""
    initials = "".join(word[0] for word in card.account.split()[:2]).upper()
    return (
        f'<article><div class="who"><span class="face" aria-hidden="true">{escape(initials)}</span>'
        f"<div><b>{escape(card.account)}</b><time datetime='{card.at.isoformat()}'>"
        f"{escape(lima_time(card.at, now=now))}</time></div></div>"
        f"{title}{text}{gallery}"
        f'<footer><span>{said}</span><span class="link" title="Dirección que tendría en internet">'
        f"{escape(card.link.removeprefix('https://'))}</span></footer></article>"
    )


def _medium(sha256: str, alt: str, kind: str) -> str:
    source = f"/_media/{escape(sha256)}"
    if kind.startswith("video/"):
        return f'<video src="{source}" controls preload="metadata" aria-label="{escape(alt)}"></video>'
    return f'<a href="{source}"><img src="{source}" alt="{escape(alt)}" loading="lazy"></a>'
