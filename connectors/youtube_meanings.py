"""What Google's refusals mean for Vocero, as one table. Source: sheet of 2026-11-23, section 6."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from fnmatch import fnmatchcase

from connectors.errors import (
    Blocked,
    ConnectorError,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    Rejected,
    TokenRefused,
    Unavailable,
)
from core.texts import _

NOT_JSON = "not_json"  # our code for an answer that no API of Google's wrote
PER_DAY = "per_day"  # our mark of an empty bucket of the day, whatever the platform calls it
NO_CHANNEL = "youtubeSignupRequired"
COMMENTS_OFF = "commentsDisabled"
BAD_PAGE_TOKEN = "invalidPageToken"  # noqa: S105  (the platform's name of an error)


class Wait(Enum):
    """How long a refusal lasts where no Retry-After says it."""

    SHORT = timedelta(minutes=1)  # ours: "short backoff" is all that the sheet has
    MINUTES = timedelta(minutes=10)  # ours: "minutes"
    DAY = timedelta(hours=24)  # the channel's own number of uploads (sheet 5 [doc][code])
    MIDNIGHT = timedelta(0)  # until midnight Pacific, whatever Retry-After says


@dataclass(frozen=True, slots=True)
class Meaning:
    """What must happen next where `status` and one of `reasons` fit (patterns as of file names, blanks between).

    `sentence` is for staff; empty: that of the kind says it.
    """

    status: str
    reasons: str
    kind: type[ConnectorError] | Wait
    diagnostic: str
    sentence: str = ""

    def fits(self, status: int, reason: str) -> bool:
        """Tell whether an answer's status and one of its reasons are this row's, whatever the letter case."""
        return fnmatchcase(str(status), self.status) and any(
            fnmatchcase(_plain(reason), _plain(pattern)) for pattern in self.reasons.split()
        )


ACCOUNT_CLOSED = _(
    "La cuenta de Google del canal está cerrada. Pida a quien la administra que la recupere ante Google, o a la"
    " administración técnica que conecte otra; después reanude la cuenta."
)
ACCOUNT_SUSPENDED = _(
    "Google suspendió la cuenta del canal, y conectarla otra vez no la recupera. Vea el aviso de Google, presente ahí"
    " el reclamo, y reanude la cuenta cuando la restituyan."
)
CHANNEL_MISSING = _(
    "La cuenta de Google que se conectó no tiene un canal de YouTube. Pida a la administración técnica que conecte la"
    " cuenta que administra el canal oficial."
)
_DAY_USED_UP = _(
    "Se agotó lo que YouTube permite hacer en un día a este programa. Se intentará otra vez después de la medianoche"
    " de California (2 o 3 de la mañana en Lima)."
)
_COMMENT_GONE = _("El comentario ya no está en YouTube. No hay nada más que hacer con él.")
_COMMENT_REFUSED = _(
    "YouTube no aceptó la respuesta o el cambio en el comentario. Revise el texto e inténtelo otra vez."
)
_NOT_UNDERSTOOD = _(
    "YouTube no entendió lo que le pidió el programa. No es por el contenido: avise a la administración técnica."
)

# The first row that fits decides; the order of an answer's reasons does not. OutcomeUnknown here: nobody knows whether
# it was carried out. Outside the visible write that is Unavailable: there every write is looked for before it is made
# again, or may be made twice unseen.
MEANINGS: tuple[Meaning, ...] = (
    # the token is alive, and no content is at fault: another account must be connected
    Meaning("40?", NO_CHANNEL, NotAuthorized, "this Google account has no YouTube channel", CHANNEL_MISSING),
    Meaning("40[13]", "authenticatedUserAccountClosed", Blocked, "the Google account is closed", ACCOUNT_CLOSED),
    Meaning(
        "40[13]", "authenticatedUserAccountSuspended", Blocked, "the Google account is suspended", ACCOUNT_SUSPENDED
    ),
    Meaning("401", "*", TokenRefused, "the access token is not valid"),  # authError
    Meaning(
        "403",
        "insufficientPermissions ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        NotAuthorized,
        "a permission was not granted when the account was connected",
        _(
            "A la conexión le falta un permiso que no se otorgó en la pantalla de Google. Pida a la administración"
            " técnica que conecte la cuenta otra vez y deje marcados todos los permisos."
        ),
    ),
    Meaning(
        "403",
        "accountDelegationForbidden",
        NotAuthorized,
        "this user may not act for the channel",
        _(
            "Quien autorizó la conexión ya no puede actuar por el canal. Pida que se le devuelva ese permiso en YouTube"
            " y reanude la cuenta, o que la conecte quien lo tenga."
        ),
    ),
    Meaning(
        "403",
        "accessNotConfigured SERVICE_DISABLED",
        NotAuthorized,
        "the API is not enabled in the Google project",
        _(
            "En el proyecto de Google de la oficina no está activado el servicio YouTube Data API v3. Conectar la"
            " cuenta otra vez no ayuda: pida a la administración técnica que lo active y reanude la cuenta."
        ),
    ),
    Meaning(
        "4??",
        "quotaExceeded dailyLimitExceeded",
        Wait.MIDNIGHT,
        "the project's quota of the day is used up",
        _DAY_USED_UP,
    ),
    Meaning(
        "4??", PER_DAY, Wait.MIDNIGHT, "the project's quota of the day for this kind of call is used up", _DAY_USED_UP
    ),
    Meaning(
        "400",
        "uploadLimitExceeded",
        Wait.DAY,
        "the channel has uploaded as many videos as it may",
        _("El canal ya subió todos los videos que YouTube le permite por ahora. Se intentará otra vez en 24 horas."),
    ),
    Meaning(
        "429",
        "uploadRateLimitExceeded",
        Wait.MINUTES,
        "too many thumbnails in a short time",
        _("El canal cambió demasiadas miniaturas en poco tiempo. Se intentará otra vez en unos minutos."),
    ),
    Meaning("4??", "rateLimitExceeded userRateLimitExceeded RESOURCE_EXHAUSTED", Wait.SHORT, "too many calls"),
    Meaning("429", "*", Wait.SHORT, "too many calls"),
    Meaning(
        "403",
        COMMENTS_OFF,
        Rejected,
        "the video's comments are off",
        _("El video tiene los comentarios desactivados. Para responder, actívelos antes en YouTube Studio."),
    ),
    Meaning(
        "403",
        "forbiddenPrivacySetting forbiddenLicenseSetting ineligibleAccount",
        Rejected,
        "the channel may not have this setting",
        _(
            "YouTube no permite al canal la visibilidad o la licencia que pide el video. Revise las restricciones del"
            " canal en YouTube Studio y envíe la publicación otra vez."
        ),
    ),
    Meaning("403", NOT_JSON, OutcomeUnknown, "something before the platform refuses us"),
    Meaning(
        "403",
        "*",
        Rejected,
        "not ours, or the channel may not do this",
        _(
            "YouTube no permite esto a la cuenta conectada: no le pertenece, o el canal no tiene esa función. Revíselo"
            " en YouTube Studio."
        ),
    ),
    Meaning("404", NOT_JSON, OutcomeUnknown, "an answer that no API of Google's wrote"),
    Meaning(
        "404", "commentNotFound commentThreadNotFound parentCommentNotFound", Gone, "it is not there", _COMMENT_GONE
    ),
    Meaning("404", "channelNotFound", Gone, "it is not there", _("El canal ya no está en YouTube.")),
    Meaning("404", "*", Gone, "it is not there"),  # videoNotFound playlistNotFound
    Meaning("410", "*", Gone, "it is not there any more"),
    Meaning(
        "400",
        "invalidTitle",
        Rejected,
        "the video's title is refused",
        _("YouTube rechazó el título del video. Corríjalo y envíelo otra vez a aprobación."),
    ),
    Meaning(
        "400",
        "invalidDescription",
        Rejected,
        "the video's description is refused",
        _("YouTube rechazó el texto del video. Corríjalo y envíelo otra vez a aprobación."),
    ),
    Meaning(
        "400",
        "invalidTags",
        Rejected,
        "the video's tags are refused",
        _("YouTube rechazó las etiquetas del video. Corríjalas y envíelo otra vez a aprobación."),
    ),
    Meaning(
        "400",
        "invalidCategoryId",
        Rejected,
        "the video's category is refused",
        _("YouTube no acepta la categoría elegida. Elija otra y envíe la publicación otra vez a aprobación."),
    ),
    Meaning(
        "400",
        "invalidPublishAt defaultLanguageNotSet invalidVideoMetadata invalidFilename mediaBodyRequired"
        " invalidRecordingDetails invalidVideoGameRating",
        Rejected,
        "the video's words or settings are refused",
        _(
            "YouTube rechazó los datos del video. Revise título, texto, etiquetas y opciones, y envíelo otra vez a"
            " aprobación."
        ),
    ),
    Meaning(
        "400",
        "invalidImage imageFormatUnsupported imageTooTall imageTooWide",
        Rejected,
        "the thumbnail is refused",
        _(
            "YouTube rechazó la miniatura. Use una imagen JPEG o PNG de 1280 × 720 y envíe la publicación otra vez a"
            " aprobación."
        ),
    ),
    Meaning(
        "400",
        "commentTextTooLong",
        Rejected,
        "the comment is too long",
        _("La respuesta es demasiado larga para YouTube. Acórtela e inténtelo otra vez."),
    ),
    Meaning(
        "400",
        "parentCommentIsPrivate",
        Rejected,
        "the comment to be answered is not public",
        _("El comentario no es público, y YouTube no admite responderlo así. Muéstrelo antes de responder."),
    ),
    Meaning(
        "400",
        "commentTextRequired invalidCustomEmoji invalidCommentMetadata parentIdMissing channelOrVideoIdMissing"
        " operationNotSupported banWithoutReject",
        Rejected,
        "the comment, or what was to be done with it, is refused",
        _COMMENT_REFUSED,
    ),
    # "once or twice, then permanent": the caller's patience ends it
    Meaning("400", "processingFailure", Unavailable, "the platform could not process it"),
    Meaning(
        "400",
        f"{BAD_PAGE_TOKEN} missingRequiredParameter unexpectedParameter incompatibleParameters badRequest",
        Rejected,
        "the platform does not understand the request",
        _NOT_UNDERSTOOD,
    ),
    Meaning("408", "*", OutcomeUnknown, "the platform gave up waiting"),
    Meaning("4??", NOT_JSON, OutcomeUnknown, "an answer that no API of Google's wrote"),
    Meaning(
        "4??",
        "*",
        Rejected,
        "the platform refuses this",
        _(
            "YouTube lo rechazó sin decir por qué. Revise el contenido; si está bien, avise a la administración"
            " técnica."
        ),
    ),
    Meaning("5??", "*", OutcomeUnknown, "the platform failed"),  # backendError internalError; HTML, empty
    Meaning("*", "*", OutcomeUnknown, "an answer that nobody foresaw"),
)

# The token host's own clear words, with diagnostic and sentence; anything else tells nothing about the credentials
# (sheet 1.1, 1.3, 6)
TOKEN_MEANINGS: dict[str, tuple[str, str]] = {
    "invalid_grant": (
        "the refresh token is dead: expired, revoked, or of an app in testing",
        _(
            "Google ya no acepta la autorización del canal: venció o la retiraron. Pida a la administración técnica que"
            " conecte la cuenta otra vez."
        ),
    ),
    "invalid_client": (
        "the OAuth client's id or secret is wrong",
        _(
            "Google no reconoce la aplicación de la oficina: su identificador o su clave secreta no son los correctos."
            " Pida a la administración técnica que los revise y conecte la cuenta con ellos."
        ),
    ),
    "unauthorized_client": (
        "this OAuth client may not use the refresh token",
        _(
            "El canal dio su autorización a otra aplicación de Google. Pida a la administración técnica que conecte la"
            " cuenta otra vez con la aplicación de la oficina."
        ),
    ),
    "invalid_scope": (
        "the permissions were withdrawn",
        _(
            "Se retiraron los permisos de la conexión. Pida a la administración técnica que conecte la cuenta otra vez"
            " y deje marcados todos los permisos."
        ),
    ),
}


def meaning_of(status: int, reasons: tuple[str, ...]) -> Meaning:
    """Return the first row that fits the answer."""
    return next(row for row in MEANINGS if any(row.fits(status, reason) for reason in reasons))


def _plain(reason: str) -> str:
    """Return the reason as it is compared: newer front ends write rateLimitExceeded as RATE_LIMIT_EXCEEDED."""
    return reason.replace("_", "").casefold()
