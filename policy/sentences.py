"""What is said of each thing that was done to an image, and how numbers are written."""

from core.images import Change
from core.texts import _

_LOOK = _("Compruebe que se ve bien: lo que se aprueba es la copia corregida; el original queda guardado.")
_NOTHING = _("No hace falta hacer nada: la imagen se ve igual, y el original queda guardado.")

CHANGES: dict[Change, tuple[str, str]] = {
    Change.TURNED: (_("«{name}» venía con una marca de giro: se enderezó."), _LOOK),
    Change.TO_SRGB: (_("«{name}» tenía colores de otro perfil: se pasó a sRGB."), _LOOK),
    Change.FROM_CMYK: (_("«{name}» estaba en CMYK, para imprenta: se pasó a sRGB."), _LOOK),
    Change.TO_EIGHT_BITS: (_("«{name}» tenía 16 bits por canal: se pasó a 8."), _LOOK),
    Change.ENCODED_ANEW: (_("«{name}» se codificó otra vez; sus bytes ya no son los que se subieron."), _LOOK),
    Change.LOCATION: (_("«{name}» decía dónde se tomó: se quitó."), _NOTHING),
    Change.METADATA: (_("«{name}» llevaba datos ocultos (equipo, fechas, programas, autor): se quitaron."), _NOTHING),
    Change.EMBEDDED_PICTURE: (_("«{name}» llevaba dentro otra imagen pequeña: se quitó."), _NOTHING),
    Change.TRAILING_BYTES: (_("«{name}» llevaba bytes de más después de la imagen: se quitaron."), _NOTHING),
    Change.PROFILE: (_("«{name}» llevaba un perfil de color que no hacía falta: se quitó."), _NOTHING),
    Change.OTHER_NAME: (
        _("«{name}» es en verdad {type}, aunque su nombre diga otra cosa."),
        _("Se trata como lo que es. Póngale el nombre que corresponde para no confundir a nadie."),
    ),
}


def number(value: float) -> str:
    """Return the number as people here write it: at most two decimals, with a comma."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace(".", ",") if value != int(value) else str(int(value))
