"""What staff read of Meta's refusals, by subcode or code: what is wrong and the way out.

Beside the tables of meanings in connectors/meta_errors.py: what means a refusal there has a sentence here (tested).
Facebook and Instagram share them, so that they say "la red".
"""

from core.texts import _

_PERMISSION = _(
    "A la conexión de la cuenta le falta un permiso. Pida a la administración técnica que la conecte otra vez"
    " y acepte todos los permisos que se piden."
)
PAGE_TOKEN = _(
    "La cuenta se conectó con el acceso de una persona, y hace falta el de la página. Pida a la administración técnica"
    " que la conecte otra vez con el acceso de la página."
)
NOT_UNDERSTOOD = _("La red no entendió lo que Vocero le pidió. Avise a la administración técnica.")
_WRONG_KIND = _("Este tipo de página no permite esa operación. Avise a la administración técnica.")
_NO_FIGURES = _("La red no da cifras de esta página o publicación. No hace falta hacer nada.")
_LINK_UNREADABLE = _(
    "La red no pudo abrir el enlace. Compruebe que la dirección abra sin pedir contraseña, corríjala o quítela,"
    " y envíe la publicación otra vez a aprobación."
)
FILE_UNREADABLE = _(
    "La red no puede leer uno de los archivos. Expórtelo otra vez en un formato común (JPG o MP4)"
    " y envíe la publicación otra vez a aprobación."
)
_REMOVED = _("Meta retiró una función que Vocero usa. Avise a la administración técnica.")

# what no code says: we see it in an answer
ALTERED = _(
    "La red guarda la publicación de otra manera que como se aprobó: cambió el texto o las fotos. Cambie lo que la red"
    " pueda haber corregido (enlaces, signos poco usuales) y envíela otra vez a aprobación."
)
CANNOT_HIDE = _(
    "La red no permite ocultar ni mostrar este comentario desde aquí. Si hace falta, hágalo en la propia red."
)
# the request itself was too heavy: a code 1 that says so (facebook.md 2.3)
TOO_HEAVY = _(
    "La red no pudo recibir tantas fotos con un texto tan largo. Quite algunas fotos o acorte el texto,"
    " y envíe la publicación otra vez a aprobación."
)
# codes that nobody described, and 100, which says that something is wrong and not what
UNTOLD = _(
    "La red no aceptó lo enviado y no explicó por qué (código {code}). Revise el texto, el enlace y los archivos;"
    " si están bien, avise a la administración técnica con ese código."
)

SENTENCES: dict[int, str] = {
    3: _(
        "La aplicación de Meta que usa esta cuenta no tiene habilitada esa función. Pida a la administración técnica"
        " que la revise en Meta."
    ),
    10: _PERMISSION,
    12: _REMOVED,
    104: _(
        "La clave secreta de la aplicación de Meta no es la correcta. Pida a la administración técnica que la corrija."
    ),
    382: _(
        "El video es demasiado pequeño para la red. Use uno de mayor tamaño"
        " y envíe la publicación otra vez a aprobación."
    ),
    389: FILE_UNREADABLE,
    458: _(
        "La persona que conectó la cuenta retiró el permiso a la aplicación. Pida a la administración técnica"
        " que la conecte otra vez."
    ),
    459: _(
        "Meta pide una verificación a la persona que conectó la cuenta. Esa persona debe ingresar a Facebook y seguir"
        " los pasos; después, la administración técnica conecta la cuenta otra vez."
    ),
    460: _(
        "La persona que conectó la cuenta cambió su contraseña y la conexión terminó. Pida a la administración técnica"
        " que conecte la cuenta otra vez."
    ),
    463: _("La conexión de la cuenta venció. Pida a la administración técnica que la conecte otra vez."),
    464: _(
        "La persona que conectó la cuenta no ha confirmado su cuenta de Facebook. Debe confirmarla; después,"
        " la administración técnica conecta la cuenta otra vez."
    ),
    467: _("La conexión de la cuenta fue cerrada. Pida a la administración técnica que la conecte otra vez."),
    492: _(
        "La persona que conectó la cuenta ya no tiene un rol en la página. Devuélvale el rol, o pida a la"
        " administración técnica que conecte la cuenta con otra persona."
    ),
    506: _(
        "La red no acepta un texto igual al de la publicación anterior. Cambie el texto"
        " y envíe la publicación otra vez a aprobación."
    ),
    803: NOT_UNDERSTOOD,
    1705: PAGE_TOKEN,
    2500: NOT_UNDERSTOOD,
    3001: NOT_UNDERSTOOD,
    6000: FILE_UNREADABLE,
    1349125: FILE_UNREADABLE,
    1366046: _(
        "La foto pesa demasiado o no está en un formato que la red acepte. Use JPG o PNG de menos de 10 MB"
        " y envíe la publicación otra vez a aprobación."
    ),
    1366051: _("La red ya tiene estas fotos en otra publicación. Prepare la publicación otra vez con fotos nuevas."),
    1404006: _(
        "La red pide una comprobación de seguridad. Quien administra la página debe ingresar a Facebook y completarla;"
        " después, reanude la cuenta."
    ),
    1404078: _(
        "La red pide completar la autorización para publicar en páginas. La persona que conectó la cuenta debe hacerlo"
        " en Facebook; después, reanude la cuenta."
    ),
    1404102: _(
        "La red considera que el contenido infringe sus normas comunitarias. Revise el texto y las imágenes,"
        " corríjalos y envíe la publicación otra vez a aprobación."
    ),
    1504028: NOT_UNDERSTOOD,
    1609005: _LINK_UNREADABLE,
    1609008: _(
        "La red no acepta enlaces a facebook.com en esta publicación. Quite el enlace"
        " y envíe la publicación otra vez a aprobación."
    ),
    2061006: _("La dirección del enlace no es válida. Corríjala y envíe la publicación otra vez a aprobación."),
    2069019: FILE_UNREADABLE,
    2069030: _WRONG_KIND,
    2069031: _WRONG_KIND,
    2069032: PAGE_TOKEN,
    2069033: _WRONG_KIND,
    2853006: _PERMISSION,
    2874008: _NO_FIGURES,
    4854002: _(
        "La red pide confirmar la identidad de quien administra la página. Esa persona debe hacerlo en Facebook;"
        " después, reanude la cuenta."
    ),
    **dict.fromkeys(range(200, 300), _PERMISSION),
    **dict.fromkeys(range(2932001, 2932011), _NO_FIGURES),
}
