"""Finding an entry's image in the media folder, and nowhere else."""

import difflib
import unicodedata
from pathlib import Path

from core.errors import InvalidInput
from core.texts import _
from scheduler.programme.fields import Fault, quoted, read_image

_MAX_FILES_COMPARED = 2_000
# a letter more or less, not another word
_CLOSE = 0.75


def resolve_image(directory: Path, name: str) -> Path:
    """Return the file that the bare name means in the folder; case and the way accents are stored do not matter.

    Raises InvalidInput where it is missing (naming close matches), is no regular file, or leads out of the folder.
    """
    try:
        read_image(name, "-")
    except Fault as fault:
        raise InvalidInput(str(fault)) from fault
    try:
        files = sorted(directory.iterdir())
    except OSError as error:
        raise InvalidInput(
            _("no se puede leer la carpeta de imágenes «{folder}»; revise la ruta").format(folder=directory.name)
        ) from error
    exact = [file for file in files if file.name == name]
    alike = exact or [file for file in files if _folded(file.name) == _folded(name)]
    if not alike:
        raise InvalidInput(_missing(name, [file.name for file in files[:_MAX_FILES_COMPARED]]))
    if len(alike) > 1:
        raise InvalidInput(
            _("la imagen «{name}» puede ser {files}; escriba el nombre exacto").format(
                name=quoted(name), files=_listed([file.name for file in alike])
            )
        )
    return _inside(alike[0], directory)


def _inside(file: Path, directory: Path) -> Path:
    try:
        target = file.resolve(strict=True)
        leads_out = not target.is_relative_to(directory.resolve(strict=True))
    except (OSError, RuntimeError):
        leads_out, target = True, file
    if leads_out:
        raise InvalidInput(
            _("la imagen «{name}» es un acceso directo a otra carpeta; copie el archivo mismo").format(
                name=quoted(file.name)
            )
        )
    if not target.is_file():
        raise InvalidInput(_("«{name}» no es un archivo de imagen; revise la carpeta").format(name=quoted(file.name)))
    return target


def _missing(name: str, files: list[str]) -> str:
    folded_names = {_folded(file): file for file in files}
    close = [
        folded_names[match] for match in difflib.get_close_matches(_folded(name), folded_names, n=3, cutoff=_CLOSE)
    ]
    if close:
        return _("no está la imagen «{name}» en la carpeta; ¿quiso decir {files}?").format(
            name=quoted(name), files=_listed(close)
        )
    return _("no está la imagen «{name}» en la carpeta; cópiela ahí o corrija el nombre").format(name=quoted(name))


def _listed(names: list[str]) -> str:
    return ", ".join(f"«{quoted(name)}»" for name in names)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
