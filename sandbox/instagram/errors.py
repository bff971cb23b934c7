"""Instagram's own errors: the table of sheet section 6, all of them HTTP 400 in the Graph's envelope."""

from sandbox.facebook.errors import GraphError

NOT_READY = 2207027
MISSING_CONTAINER = 2207008
NO_MEDIA = 2207006
QUOTA_USED = 2207042
TIMED_OUT = 2207003
CONTAINER_FAILED = 2207032
BAD_OFFSET = 2207057
BAD_MEDIA_TYPE = 2207023
BAD_ITEM_COUNT = 2207028
TAG_PLACED_ON_VIDEO = 2207035
TAG_NOT_PLACED = 2207036
BAD_TAG = 2207037
TOO_MANY_TAGS = 2207040
BAD_VIDEO = 2207026
NOT_FETCHED = 2207052
IMAGE_TOO_LARGE = 2207004
BAD_IMAGE = 2207005
BAD_RATIO = 2207009
CAPTION_TOO_LONG = 2207010
DOWNLOAD_FAILED = 2207077
UPLOAD_FAILED = 2207082
PROCESSING_FAILED = 2207085

_TABLE: dict[int, tuple[int, str, str]] = {
    2207001: (-1, "Instagram server error", "El servidor falló. Vuelva a intentarlo."),
    TIMED_OUT: (-2, "Timeout", "La descarga del archivo demoró demasiado."),
    2207020: (-2, "Media expired", "El archivo caducó; hay que volver a prepararlo."),
    CONTAINER_FAILED: (-1, "Create media fail", "No se pudo crear el contenedor."),
    2207053: (-1, "Unknown upload error", "Hubo un error desconocido al subir el video."),
    BAD_OFFSET: (1, "Thumbnail offset invalid", "El momento elegido para la portada está fuera del video."),
    2207051: (4, "Action is blocked", "Restringimos ciertas actividades para proteger a la comunidad."),
    QUOTA_USED: (9, "Reach max posts", "La cuenta llegó al máximo de publicaciones de hoy."),
    NO_MEDIA: (24, "Media not found", "No se encuentra lo pedido, o este token no llega a ello."),
    MISSING_CONTAINER: (24, "Media builder expired", "El contenedor no existe o caducó."),
    2207050: (25, "Instagram account is restricted", "La cuenta está restringida, inactiva o en revisión."),
    BAD_MEDIA_TYPE: (100, "Unknown media type", "No se conoce ese media_type."),
    BAD_ITEM_COUNT: (100, "Carousel validation failed", "Un carrusel lleva de 2 a 10 elementos."),
    TAG_PLACED_ON_VIDEO: (100, "Tag position on video", "En un video las etiquetas no llevan posición."),
    TAG_NOT_PLACED: (100, "Tag position required", "En una imagen cada etiqueta necesita su posición x, y."),
    BAD_TAG: (100, "Tag invalid", "Una etiqueta no es válida."),
    TOO_MANY_TAGS: (100, "Too many tags", "No se admiten más de 20 etiquetas."),
    BAD_VIDEO: (352, "Unsupported video format", "El formato del video no se admite. Use MP4 o MOV."),
    NOT_FETCHED: (9004, "Media download failed", "No se pudo leer una imagen o un video en la dirección indicada."),
    NOT_READY: (9007, "Media ID is not available", "El archivo todavía no está listo para publicarse."),
    IMAGE_TOO_LARGE: (36000, "Image size too large", "La imagen pasa de 8 MiB."),
    BAD_IMAGE: (36001, "Image format not supported", "La imagen debe ser JPEG."),
    BAD_RATIO: (36003, "Aspect ratio not supported", "La proporción de la imagen debe estar entre 4:5 y 1.91:1."),
    CAPTION_TOO_LONG: (36004, "Caption too long", "El texto pasa de 2200 caracteres, 30 hashtags o 20 menciones."),
}
"""Subcode: code, title, what the person reads. Titles where the sheet quotes none are made up."""
_TRANSIENT = frozenset({2207001, TIMED_OUT, CONTAINER_FAILED, NOT_READY})


def refused(subcode: int, *, code: int | None = None, message: str = "", status: int = 400) -> GraphError:
    """Return the error of that subcode; a `code` or `message` given replaces the table's."""
    usual, title, sentence = _TABLE.get(subcode, (code or 1, "", "Se produjo un error desconocido"))
    return GraphError(
        usual if code is None else code,
        message or (title or sentence),
        subcode=subcode,
        status=status,
        title=title or None,
        user_message=sentence,
        transient=subcode in _TRANSIENT,
    )


def unreadable_token() -> GraphError:
    """Return 190 without a subcode: garbage, or the other variant's kind of token."""
    return GraphError(190, "Invalid OAuth access token - Cannot parse access token")


def no_permission(what: str) -> GraphError:
    """Return 10, HTTP 403. `what` the token may not: `post` is the sheet's own text."""
    return GraphError(10, f"(#10) Not enough permissions to {what}", status=403)
