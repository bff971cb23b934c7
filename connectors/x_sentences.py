"""What staff read when X does not do something: first the cause, then the way out, in the office's words."""

from core.texts import _

TOO_LONG = _("El texto pasa de lo que X admite, según su propia cuenta. Acórtelo y envíelo otra vez a aprobación.")
EMPTY = _("Un mensaje no tiene texto, ni imagen, ni video. Complételo y envíelo otra vez a aprobación.")
SIGN = _(
    "El texto tiene un signo que no se ve y que X no admite. "
    "Borre esa parte, escríbala de nuevo y envíela otra vez a aprobación."
)
CASHTAG = _("X admite una sola etiqueta con $ por mensaje. Quite las demás y envíelo otra vez a aprobación.")
ADDRESS = _("X no acepta una dirección web del texto. Corríjala o quítela, y envíelo otra vez a aprobación.")
SAME_TWICE = _(
    "Dos mensajes del hilo dicen lo mismo y X no admite repetirlos. Cambie uno y envíelo otra vez a aprobación."
)
DUPLICATE = _(
    "La cuenta ya tiene en X un mensaje reciente con este mismo texto, y X no admite repetirlo. "
    "Cambie el texto y envíelo otra vez a aprobación."
)
ANSWERED_SO = _(
    "La cuenta ya respondió hace poco con este mismo texto, y X no admite repetirlo. "
    "Escriba la respuesta con otras palabras."
)
HAS_IT = _(
    "X dice que la cuenta ya tiene un mensaje con este texto, y todavía no lo muestra. "
    "Se averiguará si es este antes de hacer nada más."
)
CONTENT = _(
    "X no aceptó el mensaje. Revise el texto, el enlace y los archivos, y envíelo otra vez a aprobación. "
    "Si no ve qué corregir, avise a la administración técnica."
)
AUTOMATED = _(
    "X tomó el mensaje por uno automático y no lo aceptó. "
    "Ingrese a la cuenta en X y vea si pide algo; después cambie el texto y envíelo otra vez a aprobación."
)
NOT_TOLD = _(
    "X no permite esta acción y no dice por qué. "
    "Vea en X si la cuenta tiene un aviso o una restricción antes de intentarlo otra vez."
)
QUERY = _("X no aceptó la consulta que se le hizo. No es culpa del contenido: avise a la administración técnica.")

FILES = _(
    "X no aceptó las imágenes o el video. "
    "Vuelva a exportar los archivos o cámbielos por otros, y envíe la publicación otra vez a aprobación."
)
FILES_EARLY = _("X todavía no termina de recibir los archivos. Se intentará otra vez.")
FILES_DROPPED = _("X ya no guarda los archivos que se le subieron. Se subirán otra vez.")
FILE_FAILED = _(
    "X no pudo procesar el video o la imagen animada. "
    "Vuelva a exportar el archivo o cámbielo por otro, y envíe la publicación otra vez a aprobación."
)
FILE_LARGE = _("El video pesa más de lo que X admite. Redúzcalo y envíe la publicación otra vez a aprobación.")
FILE_UNREADABLE = _(
    "Vocero no puede leer un archivo de la publicación. Se intentará otra vez; "
    "si continúa, pida a la administración técnica que revise dónde se guardan los archivos."
)
VIDEO_LONG = _("El video dura más de lo que X admite en esta cuenta. Acórtelo y envíelo otra vez a aprobación.")
GIF_ALONE = _("En X una imagen animada va sola. Quite los demás archivos y envíe la publicación otra vez a aprobación.")

TARGET_GONE = _("El mensaje al que se responde ya no está en X o no se puede ver. No hay a qué responder.")
REPLIES_CLOSED = _(
    "X solo deja responder desde Vocero a quien menciona a la cuenta o comenta sus publicaciones. "
    "Si la respuesta es necesaria, escríbala en la propia red."
)
THREAD_BROKEN = _(
    "El hilo quedó a medias ({out} de {all} mensajes): X no aceptó el siguiente. Motivo: {cause}. "
    "Vea el hilo en X y complételo allí, o retírelo."
)
THREAD_LOST = _(
    "Vocero ya no puede continuar este hilo por su cuenta: una parte está publicada. "
    "Vea el hilo en X y complételo allí, o retírelo."
)
THREAD_UNSEEN = _("X no muestra todos los mensajes que siguen a esta publicación. Retírelos desde la propia red.")

KEYS = _(
    "X no entiende las claves de la cuenta. "
    "Pida a la administración técnica que las revise y conecte la cuenta otra vez."
)
APPLICATION = _(
    "X no acepta el identificador o la clave secreta de la aplicación. "
    "Pida a la administración técnica que los revise y conecte la cuenta otra vez."
)
CLOCK = _(
    "La hora de este equipo no coincide con la de X. "
    "Pida a la administración técnica que corrija el reloj y luego reanude la cuenta."
)
CLOCK_LOOKING = _(
    "La hora de este equipo no coincide con la de X, y así no se puede saber qué salió. "
    "Pida a la administración técnica que corrija el reloj."
)
MAY_NOT_WRITE = _(
    "La aplicación de la oficina en X no tiene permiso para publicar. "
    "Pida a la administración técnica que le dé el permiso de lectura y escritura, y que conecte la cuenta otra vez."
)
RIGHT = _(
    "A la conexión con X le falta un permiso. "
    "Pida a la administración técnica que conecte la cuenta otra vez y acepte todos los permisos."
)
MAY_NOT_UPLOAD = _(
    "A la conexión con X le falta el permiso para subir archivos. "
    "Pida a la administración técnica que conecte la cuenta otra vez y acepte todos los permisos."
)
PLAN = _(
    "El plan o el registro de la aplicación en X no incluye esta operación. "
    "Pida a la administración técnica que lo revise en la consola de desarrollo de X y luego reanude la cuenta."
)
SUSPENDED = _(
    "X suspendió la cuenta. No insista: vea el aviso en la propia red, y reanude la cuenta cuando X la devuelva."
)
LOCKED = _(
    "X bloqueó la cuenta hasta que alguien ingrese en ella. "
    "Ingrese a la cuenta en X, siga los pasos que pida y luego reanúdela."
)
DAILY = _("La cuenta llegó al límite de mensajes por día de X. Se intentará otra vez cuando X lo permita.")
