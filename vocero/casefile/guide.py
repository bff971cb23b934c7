"""What whoever receives a case file reads first: what is in it, and how it is checked without Vocero."""

from core.texts import _
from vocero.casefile.case import Case

_GUIDE = _(
    """EXPEDIENTE DE LA PUBLICACIÓN N.° {post}
Oficina de Prensa e Imagen Institucional

QUÉ HAY AQUÍ

  caratula.pdf      lo principal, para leer e imprimir
  expediente.json   todo: solicitud, publicación, versiones, aprobaciones, envíos, intentos y sucesos
  media/            las imágenes y videos; el nombre de cada archivo es su huella SHA-256
  manifiesto.json   la huella de cada uno de los archivos
  verificar.py      el programa que lo comprueba; no necesita Vocero ni internet

{personal}

CÓMO SE COMPRUEBA

1. Con Python 3.9 o más nuevo, en esta carpeta:

       python3 verificar.py        (en Windows: py verificar.py)

   Rehace la huella de cada archivo, la de cada aprobación (lo que la jefatura aprobó, cuenta por cuenta)
   y la de cada suceso. Nombra lo que no coincide. Termina con 0 si todo está íntegro y con 1 si no.

2. Sin ese programa, a mano:

       sha256sum media/*           la huella de cada archivo debe ser su nombre

   La huella de una aprobación es el SHA-256 de su campo «bound», escrito como JSON con las claves en orden,
   sin espacios y en UTF-8. La de un suceso es el SHA-256 de: la huella anterior («previous»), un salto de
   línea, y el JSON así escrito de sus campos action, actor, after, at, before, data, digest, number, reason,
   role y subject.

CÓMO SE SABE QUE ES PARTE DEL REGISTRO DE LA OFICINA

Al exportar, el registro terminaba en:

       {number}:{hash}

La oficina comprueba con «vocero audit verify --head {number}:{hash}» que su registro contiene ese final
sin cambios, y con «vocero audit show» que los sucesos de aquí, por su número y huella, son los suyos.
La exportación también quedó anotada: su suceso lleva la huella de este expediente, que es el SHA-256
de manifiesto.json. Compárela con la que verificar.py muestra al final.

Quien cambie un archivo puede cambiar también el manifiesto y el programa: lo que decide es la huella que
la oficina anotó, o la que usted recibió por otro medio.
"""
)


def guide(case: Case) -> str:
    """Return the text of LEAME.txt."""
    chain = case.record["chain"]
    if not isinstance(chain, dict):
        raise TypeError("the chain of a case is an object")
    personal = (
        _("Este expediente contiene datos personales de terceros: solo para quien pueda verlos (Ley 29733).")
        if case.is_whole
        else _(
            "Los datos personales de terceros están reservados (Ley 29733). Auditoría y la oficial de datos\n"
            "personales pueden exportar el expediente con ellos. De un suceso con datos reservados («reserved»)\n"
            "solo se comprueban sus enlaces, no su huella."
        )
    )
    return _GUIDE.format(post=case.post_id, personal=personal, number=chain["number"], hash=chain["hash"])
