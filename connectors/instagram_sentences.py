"""What staff read of Instagram's refusals, by subcode or code: what is wrong and the way out.

Beside the table of meanings in connectors/instagram_errors.py, whose every Rejected has a sentence here (tested). What
is not in it, connectors/meta_sentences.py says.
"""

from connectors.meta_sentences import NOT_UNDERSTOOD
from core.texts import _

NO_BUSINESS = _(
    "La página no tiene vinculada una cuenta profesional de Instagram. En Instagram, pase la cuenta a profesional"
    " y vincúlela a la página de Facebook; después, pida a la administración técnica que la conecte otra vez."
)
FAILED = _(
    "Instagram no pudo procesar el archivo. Expórtelo otra vez en un formato común (JPG o MP4)"
    " y envíe la publicación otra vez a aprobación."
)
HIDDEN_UNANSWERABLE = _(
    "Instagram no permite responder a un comentario oculto. Muéstrelo otra vez y después respóndalo."
)
OWN_STAYS = _("Instagram no oculta los comentarios de la propia cuenta. Si hace falta, bórrelo en la propia red.")

_TAG = _(
    "Instagram no acepta una de las menciones (@) del texto. Compruebe que la cuenta exista y que se escriba así,"
    " corríjala y envíe la publicación otra vez a aprobación."
)
_VIDEO_FORMAT = _(
    "Instagram no puede leer el video. Expórtelo en MP4 (H.264 y AAC) y envíe la publicación otra vez a aprobación."
)
_NOT_FETCHED = _(
    "Instagram no pudo recoger el archivo de su dirección pública. Pida a la administración técnica que revise dónde"
    " se publican los archivos; después, programe la publicación otra vez."
)
_TOO_HEAVY = _("La imagen pesa más de 8 MB. Redúzcala y envíe la publicación otra vez a aprobación.")
_IMAGE_FORMAT = _("Instagram solo acepta imágenes JPG. Cambie la imagen y envíe la publicación otra vez a aprobación.")
_RATIO = _(
    "La imagen es demasiado alta o demasiado ancha para Instagram. Recórtela a una proporción entre 4:5 y 1.91:1"
    " y envíe la publicación otra vez a aprobación."
)
_CAPTION = _(
    "El texto pasa de lo que Instagram admite: 2200 caracteres, 30 etiquetas (#) y 20 menciones (@). Acórtelo"
    " y envíe la publicación otra vez a aprobación."
)

SENTENCES: dict[int, str] = {
    352: _VIDEO_FORMAT,
    9004: _NOT_FETCHED,
    36000: _TOO_HEAVY,
    36001: _IMAGE_FORMAT,
    36003: _RATIO,
    36004: _CAPTION,
    2207004: _TOO_HEAVY,
    2207005: _IMAGE_FORMAT,
    2207009: _RATIO,
    2207010: _CAPTION,
    2207023: NOT_UNDERSTOOD,
    2207026: _VIDEO_FORMAT,
    2207028: _(
        "Instagram admite de 2 a 10 imágenes juntas. Quite o agregue imágenes"
        " y envíe la publicación otra vez a aprobación."
    ),
    2207035: _TAG,
    2207036: _TAG,
    2207037: _TAG,
    2207040: _("El texto tiene más de 20 menciones (@). Quite algunas y envíe la publicación otra vez a aprobación."),
    2207052: _NOT_FETCHED,
    2207057: NOT_UNDERSTOOD,
    2207081: NOT_UNDERSTOOD,
}
