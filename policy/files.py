"""Whether a platform would take these files: images, video, its thumbnail and its captions."""

from collections.abc import Sequence

from core.capabilities import Capabilities, FileLimits, Range
from core.media import Attachment, AttachmentRole, MediaKind
from core.texts import _
from policy.reasons import Reason


def check_attachments(attachments: Sequence[Attachment], capabilities: Capabilities, *, has_link: bool) -> list[Reason]:
    """Judge images and video: type, number, bytes, pixels, frames, and that every image is described."""
    shown = [a for a in attachments if a.role is AttachmentRole.SHOWN]
    images = [a for a in shown if a.medium.kind is MediaKind.IMAGE]
    videos = [a for a in shown if a.medium.kind is MediaKind.VIDEO]
    thumbnails = [a for a in attachments if a.role is AttachmentRole.THUMBNAIL]
    captions = [a for a in attachments if a.role is AttachmentRole.CAPTIONS]
    reasons = _check_roles(attachments, has_video=bool(videos), has_card=has_link and not shown)
    network = capabilities.platform.label
    if capabilities.media_required and not shown:
        what = _("una imagen o un video") if capabilities.images else _("un video")
        reasons.append(
            Reason(
                "media_missing",
                _("{network} no admite publicaciones sin {what}. Agréguelo, o quite esa red.").format(
                    network=network, what=what
                ),
            )
        )
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
        # a network that has no place for these goes without them: the video is the same
        (thumbnails if capabilities.thumbnail else [], capabilities.thumbnail, _("miniaturas")),
        (captions if capabilities.captions else [], capabilities.captions, _("archivos de subtítulos")),
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
                reasons.extend(_check_file(attachment, _limits_of(attachment, limits), network))
    if capabilities.images and capabilities.images.animation and len(shown) > 1 and any(map(_moves, images)):
        reasons.append(
            Reason(
                "animation_alone",
                _("En {network} una imagen animada va sola. Quite los demás archivos, o use una imagen fija.").format(
                    network=network
                ),
            )
        )
    return reasons


def _moves(attachment: Attachment) -> bool:
    return attachment.medium.frames > 1


def _limits_of(attachment: Attachment, limits: FileLimits) -> FileLimits:
    return limits.animation if limits.animation is not None and _moves(attachment) else limits


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
    reasons.extend(_check_measures(attachment, limits, name=name, network=network))
    reasons.extend(_check_frames(attachment, limits, name=name, network=network))
    if _moves(attachment) and not limits.animated:
        reasons.append(
            Reason(
                "media_animated",
                _("«{name}» es una imagen animada y {network} no las admite. Use una imagen fija.").format(
                    name=name, network=network
                ),
            )
        )
    if medium.kind is MediaKind.IMAGE and attachment.role is AttachmentRole.SHOWN:
        reasons.extend(_check_alt_text(attachment, limits, name=name, network=network))
    return reasons


def _check_frames(attachment: Attachment, limits: FileLimits, *, name: str, network: str) -> list[Reason]:
    """Judge the pictures of an image that moves: how many, and how many pixels they have together."""
    medium = attachment.medium
    all_pixels = medium.frames * (medium.width or 0) * (medium.height or 0)
    is_too_long = limits.frames is not None and medium.frames > limits.frames.value
    if not is_too_long and (limits.frame_pixels is None or all_pixels <= limits.frame_pixels.value):
        return []
    return [
        Reason(
            "animation_too_long",
            _("«{name}» tiene {count} cuadros, más de lo que admite {network}. Acorte o achique la animación.").format(
                name=name, count=medium.frames, network=network
            ),
        )
    ]


def _check_measures(attachment: Attachment, limits: FileLimits, *, name: str, network: str) -> list[Reason]:
    """Judge size, shape and length against the least and the most; what is not known of a file is not judged."""
    medium = attachment.medium
    reasons = []
    if limits.least_size and medium.size < limits.least_size.value:
        reasons.append(
            Reason(
                "media_too_small",
                _("«{name}» pesa {size} KB y {network} pide al menos {least} KB.").format(
                    name=name, size=medium.size // 1000, network=network, least=-(-limits.least_size.value // 1000)
                ),
            )
        )
    ratio = medium.width / medium.height if medium.width and medium.height else None
    measures: tuple[tuple[str, float | None, Range | None, str], ...] = (
        ("media_ratio", ratio, limits.ratio, _("una proporción (ancho ÷ alto) de {value}")),
        ("media_width", medium.width, limits.width, _("{value} píxeles de ancho")),
        ("media_height", medium.height, limits.height, _("{value} píxeles de alto")),
        ("media_duration", medium.duration, limits.duration, _("una duración de {value} segundos")),
    )
    for code, value, bounds, said in measures:
        if value is not None and bounds is not None and value not in bounds:
            reasons.append(
                Reason(
                    code,
                    _("«{name}» tiene {what} y {network} admite {bounds}. Recórtelo o use otro archivo.").format(
                        name=name, what=said.format(value=_number(value)), network=network, bounds=_between(bounds)
                    ),
                )
            )
    return reasons


def _check_roles(attachments: Sequence[Attachment], *, has_video: bool, has_card: bool) -> list[Reason]:
    """Judge that thumbnail and captions are what they are for, whatever the network."""
    reasons = []
    for attachment in attachments:
        kind, name = attachment.medium.kind, attachment.medium.file_name or attachment.medium.sha256[:12]
        if attachment.role is AttachmentRole.THUMBNAIL and kind is not MediaKind.IMAGE:
            reasons.append(Reason("thumbnail_kind", _("La miniatura «{name}» debe ser una imagen.").format(name=name)))
        if (attachment.role is AttachmentRole.CAPTIONS) is not (kind is MediaKind.CAPTIONS):
            reasons.append(
                Reason(
                    "captions_kind",
                    _("«{name}»: los subtítulos van en su propio lugar, en un archivo SRT o VTT.").format(name=name),
                )
            )
        if attachment.role is AttachmentRole.CAPTIONS and not attachment.language:
            reasons.append(
                Reason("captions_language", _("Diga el idioma de los subtítulos «{name}».").format(name=name))
            )
    reasons.extend(_check_languages(attachments))
    beside = [attachment for attachment in attachments if attachment.role is not AttachmentRole.SHOWN]
    if has_card and not any(attachment.role is AttachmentRole.CAPTIONS for attachment in beside):
        beside = []  # the picture of a link's card
    if not has_video and beside:
        reasons.append(
            Reason("video_missing", _("La miniatura y los subtítulos son de un video, y no hay video. Quítelos."))
        )
    return reasons


def _check_languages(attachments: Sequence[Attachment]) -> list[Reason]:
    """Judge that each language has one captions file: of two, no network could tell which one is meant."""
    languages = [a.language.casefold() for a in attachments if a.role is AttachmentRole.CAPTIONS and a.language]
    return [
        Reason(
            "captions_language_twice",
            _("Hay {count} archivos de subtítulos en el idioma «{language}». Deje uno por idioma.").format(
                count=languages.count(language), language=language
            ),
        )
        for language in dict.fromkeys(languages)
        if languages.count(language) > 1
    ]


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


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f}".replace(".", ",")


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _between(bounds: Range) -> str:
    if bounds.least is not None and bounds.most is not None:
        return _("entre {least} y {most}").format(least=_number(bounds.least), most=_number(bounds.most))
    if bounds.most is not None:
        return _("hasta {most}").format(most=_number(bounds.most))
    return _("desde {least}").format(least=_number(bounds.least or 0))
