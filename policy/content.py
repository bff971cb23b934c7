"""Whether a platform would take this content: text, thread, link and options against its capabilities."""

import re
import unicodedata
from urllib.parse import urlsplit

from core.capabilities import Capabilities, Limit, LinkPlace
from core.posts import Content
from core.texts import _
from policy.files import check_attachments
from policy.permalink import check_placement, planned
from policy.reasons import Reason

_LINK_SCHEMES = frozenset({"http", "https"})
_ALLOWED_CONTROLS = frozenset("\n\t")
_OPTION_LENGTH = 200
# a mark before a word, not within one (an e-mail address, a fragment of a link)
_HASHTAG = re.compile(r"(?<![\w/#&])#\w+")
_MENTION = re.compile(r"(?<![\w/@.])@\w+")


def check_content(content: Content, capabilities: Capabilities) -> list[Reason]:
    """Return every reason for which this platform could not show the content as it is; empty when it can.

    Where the site's address is still to come, it is measured at its greatest length.
    """
    misplaced = check_placement(content)
    content = planned(content)
    return [
        *misplaced,
        *check_text(content, capabilities),
        *check_tags(content, capabilities),
        *check_link(content, capabilities),
        *check_options(content, capabilities),
        *check_attachments(content.attachments, capabilities, has_link=bool(content.link)),
    ]


def check_text(content: Content, capabilities: Capabilities) -> list[Reason]:
    """Judge text and title: present, within the platform's length, free of characters that nobody can see."""
    reasons = []
    network = capabilities.platform.label
    shown = capabilities.messages(content.text, content.thread, link=content.link, has_media=bool(content.shown))
    if capabilities.text_required and not content.text.strip():
        reasons.append(Reason("text_missing", _("Falta el texto para {network}.").format(network=network)))
    elif not (shown[0].strip() or content.link or content.shown or capabilities.media_required):
        # a text alone will do, and so will files alone; nothing at all is no post anywhere
        reasons.append(
            Reason(
                "content_missing",
                _(
                    "La publicación para {network} está vacía. Escriba un texto, o agregue una imagen o un video."
                ).format(network=network),
            )
        )
    if any(not message.strip() for message in content.thread):
        reasons.append(Reason("thread_gap", _("El hilo tiene un mensaje vacío. Escríbalo o quítelo.")))
    if capabilities.thread is not None and len(content.thread) > capabilities.thread.value:
        reasons.append(
            Reason(
                "thread_too_long",
                _("El hilo sigue con {count} mensajes y {network} admite {most}. Acórtelo.").format(
                    count=len(content.thread), network=network, most=capabilities.thread.value
                ),
            )
        )
    for number, message in enumerate(shown, 1):
        reasons.extend(_check_message(message, capabilities, number=number if len(shown) > 1 else 0))
    if capabilities.title_required and not content.title.strip():
        reasons.append(Reason("title_missing", _("Falta el título para {network}.").format(network=network)))
    barred = sorted({sign for part in (content.title, *shown) for sign in part if sign in capabilities.forbidden})
    if barred:
        reasons.append(
            Reason(
                "text_forbidden",
                _("{network} no admite estos signos en el título ni en el texto: {signs}. Quítelos.").format(
                    network=network, signs=" ".join(barred)
                ),
            )
        )
    title_length = capabilities.title_measure(content.title)
    if capabilities.title_length and title_length > capabilities.title_length.value:
        reasons.append(
            Reason(
                "title_too_long",
                _("El título tiene {length} caracteres y {network} admite {most}. Acórtelo.").format(
                    length=title_length, network=network, most=capabilities.title_length.value
                ),
            )
        )
    words = (content.title, content.text, *content.thread, content.excerpt, content.link)
    words = (*words, *content.categories, *content.tags, *(chosen for _name, chosen in content.options))
    everything = (*words, *(a.alt_text for a in content.attachments))
    if any(_is_unprintable(character) for part in everything for character in part):
        reasons.append(
            Reason(
                "text_unprintable",
                _("El texto tiene caracteres de control que no se ven. Bórrelos o vuelva a escribir esa parte."),
            )
        )
    return reasons


def _check_message(message: str, capabilities: Capabilities, *, number: int) -> list[Reason]:
    """Judge one message as the public reads it; `number` is its place in a thread, 0 for the only one."""
    reasons = []
    network = capabilities.platform.label
    length, most = capabilities.measure(message), capabilities.text_length.value
    if length > most:
        what = _("El mensaje {number} del hilo").format(number=number) if number else _("El texto")
        reasons.append(
            Reason(
                "text_too_long",
                _("{what} tiene {length} {unit} y {network} admite {most}. Le sobran: {over}. Acórtelo.").format(
                    what=what,
                    length=length,
                    unit=capabilities.text_unit,
                    network=network,
                    most=most,
                    over=length - most,
                ),
            )
        )
    marks: tuple[tuple[str, Limit | None, re.Pattern[str], str], ...] = (
        ("hashtags_too_many", capabilities.hashtags, _HASHTAG, _("etiquetas (#)")),
        ("mentions_too_many", capabilities.mentions, _MENTION, _("menciones (@)")),
    )
    for code, limit, mark, name in marks:
        count = len(mark.findall(message))
        if limit is not None and count > limit.value:
            reasons.append(
                Reason(
                    code,
                    _("El texto tiene {count} {what} y {network} admite {most}. Quite {over}.").format(
                        count=count, what=name, network=network, most=limit.value, over=count - limit.value
                    ),
                )
            )
    return reasons


def check_tags(content: Content, capabilities: Capabilities) -> list[Reason]:
    """Judge the tags as the platform counts them, all together."""
    limit, length = capabilities.tags_length, capabilities.tags_measure(content.tags)
    if limit is None or length <= limit.value:
        return []
    return [
        Reason(
            "tags_too_long",
            _(
                "Las etiquetas suman {length} caracteres, como los cuenta {network}, y admite {most}. Quite {over}."
            ).format(length=length, network=capabilities.platform.label, most=limit.value, over=length - limit.value),
        )
    ]


def check_options(content: Content, capabilities: Capabilities) -> list[Reason]:
    """Judge what was chosen for this platform: options that it has, with values that they have."""
    known = {option.name: option for option in capabilities.options}
    network = capabilities.platform.label
    reasons = []
    for key, chosen in content.options:
        platform, _dot, name = key.partition(".")
        if platform != capabilities.platform:
            continue
        option = known.get(name)
        if option is None:
            reasons.append(
                Reason(
                    "option_unknown",
                    _("{network} no tiene la opción «{name}». Tiene: {known}.").format(
                        network=network, name=name, known=", ".join(sorted(known)) or _("ninguna")
                    ),
                )
            )
        elif option.values and chosen not in {value for value, _label in option.values}:
            reasons.append(
                Reason(
                    "option_value",
                    _("«{label}» de {network} no puede ser «{chosen}». Puede ser: {values}.").format(
                        label=option.label,
                        network=network,
                        chosen=chosen[:60],
                        values=", ".join(f"{value} ({label})" for value, label in option.values),
                    ),
                )
            )
        elif len(chosen) > _OPTION_LENGTH:
            reasons.append(
                Reason(
                    "option_value",
                    _("«{label}» de {network} pasa de {most} caracteres. Acórtelo.").format(
                        label=option.label, network=network, most=_OPTION_LENGTH
                    ),
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


def _is_unprintable(character: str) -> bool:
    """Tell whether the character is a control or half of a surrogate pair: no platform shows either."""
    return unicodedata.category(character) in ("Cc", "Cs") and character not in _ALLOWED_CONTROLS
