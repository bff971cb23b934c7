"""Whether a platform would take this content: text, link, images and video against its capabilities."""

import unicodedata
from collections.abc import Sequence
from urllib.parse import urlsplit

from core.capabilities import Capabilities, FileLimits, LinkPlace, public_text
from core.media import Attachment, MediaKind
from core.posts import Content
from core.texts import _
from policy.reasons import Reason

_LINK_SCHEMES = frozenset({"http", "https"})
_ALLOWED_CONTROLS = frozenset("\n\t")


def check_content(content: Content, capabilities: Capabilities) -> list[Reason]:
    """Return every reason for which this platform could not show the content as it is; empty when it can."""
    return [
        *check_text(content, capabilities),
        *check_link(content, capabilities),
        *check_attachments(content.attachments, capabilities),
    ]


def check_text(content: Content, capabilities: Capabilities) -> list[Reason]:
    """Judge text and title: present, within the platform's length, free of characters that nobody can see."""
    reasons = []
    network = capabilities.platform.label
    if not content.text.strip():
        reasons.append(Reason("text_missing", _("Falta el texto para {network}.").format(network=network)))
    public = public_text(content.text, link=content.link, has_media=bool(content.attachments), place=capabilities.link)
    length, most = len(public), capabilities.text_length.value
    if length > most:
        reasons.append(
            Reason(
                "text_too_long",
                _("El texto tiene {length} caracteres y {network} admite {most}. Le sobran: {over}. Acórtelo.").format(
                    length=length, network=network, most=most, over=length - most
                ),
            )
        )
    if capabilities.title_required and not content.title.strip():
        reasons.append(Reason("title_missing", _("Falta el título para {network}.").format(network=network)))
    if capabilities.title_length and len(content.title) > capabilities.title_length.value:
        reasons.append(
            Reason(
                "title_too_long",
                _("El título tiene {length} caracteres y {network} admite {most}. Acórtelo.").format(
                    length=len(content.title), network=network, most=capabilities.title_length.value
                ),
            )
        )
    words = (content.title, content.text, content.excerpt, content.link, *content.categories, *content.tags)
    everything = (*words, *(a.alt_text for a in content.attachments))
    if any(_is_unprintable(character) for part in everything for character in part):
        reasons.append(
            Reason(
                "text_unprintable",
                _("El texto tiene caracteres de control que no se ven. Bórrelos o vuelva a escribir esa parte."),
            )
        )
    return reasons


def check_link(content: Content, capabilities: Capabilities) -> list[Reason]:
    """Judge the link: an absolute http(s) address, where the platform takes one."""
    if not content.link:
        return []
    if not is_web_address(content.link):
        return [
            Reason(
                "link_malformed",
                _("El enlace «{link}» no es una dirección web completa. Escríbalo desde https://").format(
                    link=content.link[:100]
                ),
            )
        ]
    if capabilities.link is LinkPlace.NOWHERE:
        return [
            Reason(
                "link_unsupported",
                _("{network} no admite enlaces. Quítelo para esa red.").format(network=capabilities.platform.label),
            )
        ]
    return []


def is_web_address(text: str) -> bool:
    """Tell whether the text is a whole http(s) address."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in _LINK_SCHEMES and bool(parts.hostname) and not any(c.isspace() for c in text)


def check_attachments(attachments: Sequence[Attachment], capabilities: Capabilities) -> list[Reason]:
    """Judge images and video: type, number, bytes, pixels, frames, and that every image is described."""
    images = [a for a in attachments if a.medium.kind is MediaKind.IMAGE]
    videos = [a for a in attachments if a.medium.kind is MediaKind.VIDEO]
    reasons = []
    network = capabilities.platform.label
    if images and videos and not capabilities.images_with_video:
        reasons.append(
            Reason(
                "images_with_video",
                _("{network} no admite imágenes y video en la misma publicación. Deje solo lo uno o lo otro.").format(
                    network=network
                ),
            )
        )
    for some, limits, what in (
        (images, capabilities.images, _("imágenes")),
        (videos, capabilities.videos, _("videos")),
    ):
        if some and limits is None:
            reasons.append(
                Reason("media_unsupported", _("{network} no admite {what}.").format(network=network, what=what))
            )
        elif limits is not None:
            if len(some) > limits.count.value:
                reasons.append(
                    Reason(
                        "media_too_many",
                        _("Son {count} {what} y {network} admite {most} en una publicación. Quite {over}.").format(
                            count=len(some),
                            what=what,
                            network=network,
                            most=limits.count.value,
                            over=len(some) - limits.count.value,
                        ),
                    )
                )
            for attachment in some:
                reasons.extend(_check_file(attachment, limits, network))
    return reasons


def _check_file(attachment: Attachment, limits: FileLimits, network: str) -> list[Reason]:
    medium = attachment.medium
    name = medium.file_name or medium.sha256[:12]
    reasons = []
    if medium.mime_type not in limits.types:
        reasons.append(
            Reason(
                "media_type",
                _("{network} no admite «{name}» ({type}). Use: {types}.").format(
                    network=network, name=name, type=medium.mime_type, types=", ".join(sorted(limits.types))
                ),
            )
        )
    if limits.size and medium.size > limits.size.value:
        reasons.append(
            Reason(
                "media_too_large",
                _("«{name}» pesa {size} MB y {network} admite {most} MB. Redúzcala.").format(
                    name=name,
                    size=_megabytes(medium.size),
                    network=network,
                    most=_megabytes(limits.size.value),
                ),
            )
        )
    if limits.pixels and medium.width and medium.height and medium.width * medium.height > limits.pixels.value:
        reasons.append(
            Reason(
                "media_too_many_pixels",
                _("«{name}» mide {width} × {height} píxeles, más de lo que admite {network}. Redúzcala.").format(
                    name=name, width=medium.width, height=medium.height, network=network
                ),
            )
        )
    if medium.frames > 1 and not limits.animated:
        reasons.append(
            Reason(
                "media_animated",
                _("«{name}» es una imagen animada y {network} no las admite. Use una imagen fija.").format(
                    name=name, network=network
                ),
            )
        )
    if medium.kind is MediaKind.IMAGE:
        reasons.extend(_check_alt_text(attachment, limits, name=name, network=network))
    return reasons


def _check_alt_text(attachment: Attachment, limits: FileLimits, *, name: str, network: str) -> list[Reason]:
    if not attachment.alt_text.strip():
        return [
            Reason(
                "alt_text_missing",
                _("Falta el texto alternativo de «{name}»: describa la imagen para quien no puede verla.").format(
                    name=name
                ),
            )
        ]
    if limits.alt_text_length and len(attachment.alt_text) > limits.alt_text_length.value:
        return [
            Reason(
                "alt_text_too_long",
                _("El texto alternativo de «{name}» pasa de los {most} caracteres que admite {network}.").format(
                    name=name, most=limits.alt_text_length.value, network=network
                ),
            )
        ]
    return []


def _is_unprintable(character: str) -> bool:
    """Tell whether the character is a control or half of a surrogate pair: no platform shows either."""
    return unicodedata.category(character) in ("Cc", "Cs") and character not in _ALLOWED_CONTROLS


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f}".replace(".", ",")
