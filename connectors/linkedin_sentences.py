"""What staff read when LinkedIn does not do something: what is wrong, in the office's words, and the way out."""

from core.texts import _

# these may be about an answer to a comment too, which nobody approves
CONTENT = _("LinkedIn no aceptó el contenido. Revise el texto, el enlace y los archivos, corríjalo y envíelo otra vez.")
INCOMPLETE = _("Falta algo que LinkedIn exige, por ejemplo el texto o un título. Complételo y envíelo otra vez.")
TOO_LONG = _("El texto es más largo de lo que LinkedIn admite. Acórtelo y envíelo otra vez.")
FIELD = _(
    "LinkedIn no permite a nuestra aplicación algo que lleva este contenido. "
    "Avise a la administración técnica, que debe pedir ese permiso a LinkedIn, o quítelo y envíelo otra vez."
)
NOT_KNOWN = _(
    "LinkedIn no reconoce una página, una persona o un archivo de la publicación. "
    "Revise las menciones, corríjala y envíela otra vez a aprobación."
)
FILE_TOO_LARGE = _(
    "Un archivo pesa más de lo que LinkedIn admite. Redúzcalo y envíe la publicación otra vez a aprobación."
)
FILE_TYPE = _(
    "LinkedIn no admite el formato de un archivo. Use JPG, PNG o GIF para las imágenes y MP4 para el video, "
    "y envíe la publicación otra vez a aprobación."
)
FILE_FAILED = _(
    "LinkedIn no pudo procesar un archivo de la publicación. "
    "Vuelva a exportarlo o cámbielo por otro, y envíe la publicación otra vez a aprobación."
)
FILE_NOT_TAKEN = _(
    "LinkedIn no recibe un archivo de la publicación, aunque se le envió varias veces. "
    "Vuelva a exportarlo o cámbielo por otro, y envíe la publicación otra vez a aprobación."
)
FILE_NOT_READY = _("LinkedIn todavía procesa un archivo de la publicación. Se intentará otra vez en unos minutos.")
FILE_NOT_READABLE = _(
    "Vocero no puede leer un archivo de la publicación. Se intentará otra vez; "
    "si continúa, pida a la administración técnica que revise dónde se guardan los archivos."
)
ONE_VIDEO = _(
    "En LinkedIn una publicación lleva un solo video, o solo imágenes. "
    "Deje una de las dos cosas y envíela otra vez a aprobación."
)

DUPLICATE = _(
    "LinkedIn ya tiene una publicación reciente con el mismo contenido. "
    "Cambie el texto y envíelo otra vez a aprobación."
)
HAS_IT = _("LinkedIn dice que ya tiene esta publicación. Se averiguará cuál es antes de hacer nada más.")
NOT_SHOWN_YET = _(
    "LinkedIn recibió la publicación y todavía no confirma que se vea. "
    "Se mirará hasta que aparezca, sin enviarla otra vez."
)
NEVER_SHOWN = _(
    "LinkedIn recibió la publicación y no pudo mostrarla, casi siempre por un archivo. "
    "Compruebe en la página que no esté, cambie el archivo y envíela otra vez a aprobación."
)
NOT_THERE = _("LinkedIn recibió la publicación y nunca la mostró. No hay comentarios ni cifras que traer.")
COMMENT_GONE = _("Ese comentario ya no está en LinkedIn. No hay nada que responder.")

COMMENTS_TOO_FAST = _("LinkedIn pide esperar antes de responder más comentarios. Inténtelo otra vez en unos minutos.")
LIMIT_REACHED = _("LinkedIn no atiende más pedidos por ahora. Vocero seguirá cuando pase la espera que LinkedIn pone.")

NO_ROLE = _(
    "La persona que dio el permiso no tiene ningún rol en la página oficial de LinkedIn. "
    "Pida a quien administra la página que le dé el rol de administración, y luego reanude o conecte la cuenta."
)
PERMISSION = _(
    "LinkedIn no permite esta operación: a la aplicación le falta un permiso, o la persona que lo dio "
    "ya no tiene el rol necesario en la página. "
    "Pida a la administración técnica que revise las dos cosas y reanude la cuenta."
)
VERSION = _(
    "LinkedIn ya no atiende la versión de su servicio que usa Vocero. "
    "Avise a la administración técnica: hay que actualizar Vocero y luego reanudar la cuenta."
)
OTHER_APPLICATION = _(
    "El token de acceso no es de la aplicación de LinkedIn que se indicó. "
    "Pida a la administración técnica que revise el identificador de la aplicación y conecte la cuenta otra vez."
)
APPLICATION = _(
    "LinkedIn no acepta el identificador o la clave secreta de la aplicación. "
    "Pida a la administración técnica que los revise y conecte la cuenta otra vez."
)
CONSENT = _(
    "El permiso que se dio a Vocero en LinkedIn terminó; dura un año. "
    "Pida a quien administra la página que dé su permiso otra vez, con ayuda de la administración técnica."
)
OUR_MISTAKE = _(
    "Vocero pidió a LinkedIn algo que no debía. No es culpa del contenido: avise a la administración técnica."
)
