"""The site's address in the social copies: when it may be put there, and whether it is what it must be."""

from collections.abc import Iterable
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from core.deliveries import DeliveryState
from core.permalink import PLACEHOLDER, SitePost, has_leftover, has_placeholder, with_permalink
from core.platforms import Platform
from core.posts import Content
from core.texts import _
from policy.reasons import Reason

# ours: a slug of WordPress has at most 200 bytes, and the site's own part comes before it
LONGEST = 300
_STAND_IN = "https://www.gob.pe/".ljust(LONGEST, "a")
_BARRED = frozenset("{}<>\"'`\\^|")

S = DeliveryState
_COMING = frozenset({S.SCHEDULED, S.STAGING, S.PUBLISHING, S.UNKNOWN})


class Turn(StrEnum):
    """What a copy that needs the site's address does now."""

    GO = "go"
    WAIT = "wait"
    HOLD = "hold"


def turn_of(site: SitePost | None) -> Turn:
    """Say whether the copy may go on: only after the website's own post is public."""
    if site is None:
        return Turn.HOLD
    if site.state in _COMING:
        return Turn.WAIT
    return Turn.GO if site.state is S.PUBLISHED else Turn.HOLD


def why_not(site: SitePost | None) -> str:
    """Return, for staff, why the copy does not go on."""
    if site is None:
        return _("Lleva {mark} y la publicación no tiene envío a la página web.").format(mark=PLACEHOLDER)
    if site.state in _COMING:
        return _("Espera a que salga en la página web, para llevar su enlace ({mark}).").format(mark=PLACEHOLDER)
    return _("Lleva {mark} y el envío a la página web está «{state}»: no hay enlace que poner.").format(
        mark=PLACEHOLDER, state=site.state.label
    )


def expected(approved: Content, site: SitePost | None) -> Content:
    """Return exactly what may be sent of the approved content; without an address the placeholder stays."""
    if site is None or not has_placeholder(approved):
        return approved
    return with_permalink(approved, site.url) if site.url else approved


def planned(content: Content) -> Content:
    """Return the content with an address of the greatest length in it: what is measured before there is one."""
    return with_permalink(content, _STAND_IN) if has_placeholder(content) else content


def check_placement(content: Content) -> list[Reason]:
    """Refuse the placeholder where it is not replaced, and what only looks like it."""
    if not has_leftover(planned(content)):
        return []
    return [
        Reason(
            "placeholder_misplaced",
            _(
                "{mark} se reemplaza solo en el texto, en el hilo o como único enlace, y escrito exactamente así. "
                "Corríjalo o quítelo."
            ).format(mark=PLACEHOLDER),
        )
    ]


def check_site(copies: Iterable[tuple[Platform, Content]]) -> list[Reason]:
    """Refuse a post that needs the site's address without going to exactly one website; copies by their platform."""
    listed = list(copies)
    if not any(has_placeholder(content) for _platform, content in listed):
        return []
    sites = [content for platform, content in listed if platform is Platform.WEBSITE]
    if len(sites) != 1:
        sentence = _("Lleva {mark}: agregue la página web (una sola) a sus redes, o quite la marca.")
        return [Reason("site_missing", sentence.format(mark=PLACEHOLDER))]
    return []


def check_address(site: SitePost) -> list[Reason]:
    """Refuse an address that is not one of the official website itself, or not fit to stand in a text."""
    if is_on_site(site.url, site.site):
        return []
    return [
        Reason(
            "permalink_not_official",
            _(
                "El enlace de la página web ({url}) no es de la página oficial ({site}). No se envía: "
                "avise a la administración técnica."
            ).format(url=site.url[:100] or _("vacío"), site=site.site),
        )
    ]


def is_on_site(url: str, site: str) -> bool:
    """Tell whether the address is on the site's own host and port, by https or as the site itself, and plain ASCII.

    Nothing in it could be read as more than one address: no space, control, quote, bracket or user name.
    """
    if not url or len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url or _BARRED & set(url):
        return False
    try:
        ours, its = urlsplit(site), urlsplit(url)
        return (
            its.scheme in {"https", ours.scheme}
            and its.scheme in {"https", "http"}
            and "@" not in its.netloc
            and bool(its.hostname)
            and its.hostname == ours.hostname
            and _port(its) == _port(ours)
        )
    except ValueError:
        return False


def _port(parts: SplitResult) -> int | None:
    """Return the port where it is not the usual one: the site may be known by http and answer by https."""
    return None if parts.port in (80, 443) else parts.port
