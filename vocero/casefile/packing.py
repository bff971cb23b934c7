"""A case file on the disk: a folder or a zip, whole or not at all, always the same bytes for the same case."""

import errno
import hashlib
import json
import os
import secrets
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

from core.errors import InvalidInput, StorageError
from core.media import Medium
from core.texts import _
from storage.media import MediaStore
from vocero.casefile import verifier
from vocero.casefile.case import Case, name_in_case
from vocero.casefile.cover import cover
from vocero.casefile.guide import guide
from vocero.casefile.words import document

_PIECE = 1024 * 1024
_DAY_ZERO = (1980, 1, 1, 0, 0, 0)  # the first that a zip can tell: the hour of packing is no part of the case


@dataclass(frozen=True, slots=True)
class Packed:
    """A case file that is ready beside its place; `digest`: the SHA-256 of its manifest, which names all the rest.

    `files`: each name with its size in bytes. `lacking`: the files of the post that the office itself does not have
    intact any more.
    """

    part: Path
    place: Path
    digest: str
    files: tuple[tuple[str, int], ...]
    lacking: tuple[str, ...]

    def keep(self) -> None:
        """Give it its name. Raises StorageError."""
        try:
            if self.place.is_dir():
                self.place.rmdir()  # an empty one, as asked for
            elif self.place.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
            self.part.rename(self.place)
        except OSError as error:
            self.drop()
            sentence = _(
                "No se puede dar su nombre a «{path}»: algo cambió en esa carpeta. No queda nada escrito, aunque la "
                "exportación ya está anotada. Revise y repita."
            )
            raise StorageError(sentence.format(path=self.place), diagnostic=str(error.strerror)) from error

    def drop(self) -> None:
        """Leave nothing behind."""
        _remove(self.part)


def check_place(out: Path, *, zipped: bool) -> Path:
    """Return where the case file goes: a folder that is not there or is empty, or a new zip. Raises InvalidInput."""
    place = out if not zipped or out.suffix.casefold() == ".zip" else out.with_name(out.name + ".zip")
    try:
        taken = place.is_symlink() or (place.exists() and (zipped or not place.is_dir() or any(place.iterdir())))
        has_parent = place.absolute().parent.is_dir()
    except OSError as error:
        raise _refused(place, error) from error
    if taken:
        raise InvalidInput(_("«{path}» ya existe y no está vacía; no se toca. Elija otro nombre.").format(path=place))
    if not has_parent:
        raise InvalidInput(_("No existe la carpeta donde iría «{path}». Créela y repita.").format(path=place))
    return place


def planned(case: Case, media: MediaStore) -> list[tuple[str, int]]:
    """Return the files that the case file would have, with their sizes in bytes."""
    held = _held(case, media)
    files = _written(case, held)
    sizes = {name: len(data) for name, data in files.items()}
    sizes |= {name_in_case(each): each.size for each in case.media if held[each.sha256] == "intact"}
    sums = {name: (hashlib.sha256(data).hexdigest(), len(data)) for name, data in files.items()}
    sums |= {name_in_case(each): (each.sha256, each.size) for each in case.media if held[each.sha256] == "intact"}
    return sorted({**sizes, "manifiesto.json": len(_manifest(sums))}.items())


def pack(case: Case, media: MediaStore, place: Path, *, zipped: bool) -> Packed:
    """Write the case file beside its place. Raises StorageError, leaving nothing."""
    folder = place.absolute().with_name(f".{secrets.token_hex(8)}")
    part = folder.with_suffix(".zip") if zipped else folder
    held = _held(case, media)
    try:
        files = _written(case, held)
        folder.mkdir(mode=0o700 if case.is_whole else 0o777)
        sums = {name: _write(folder / name, data) for name, data in files.items()}
        for medium in case.media:
            if held[medium.sha256] == "intact":
                sums[name_in_case(medium)] = _copy(media.path(medium.sha256), folder / name_in_case(medium))
        manifest = _manifest(sums)
        sums["manifiesto.json"] = _write(folder / "manifiesto.json", manifest)
        if zipped:
            part.touch(mode=0o600 if case.is_whole else 0o666, exist_ok=False)
            _zip(folder, part, sorted(sums), root=f"expediente-{case.post_id}")
    except OSError as error:
        _remove(folder)
        _remove(part)
        raise _refused(place, error) from error
    except BaseException:
        _remove(folder)
        _remove(part)
        raise
    if zipped:
        _remove(folder)
    return Packed(
        part=part,
        place=place,
        digest=hashlib.sha256(manifest).hexdigest(),
        files=tuple(sorted((name, size) for name, (_digest, size) in sums.items())),
        lacking=tuple(each.file_name or each.sha256 for each in case.media if held[each.sha256] != "intact"),
    )


def _held(case: Case, media: MediaStore) -> dict[str, str]:
    return {each.sha256: _state(each, media) for each in case.media}


def _state(medium: Medium, media: MediaStore) -> str:
    if media.is_intact(medium.sha256):
        return "intact"
    return "damaged" if media.path(medium.sha256).exists() else "missing"


def _written(case: Case, held: dict[str, str]) -> dict[str, bytes]:
    listed = case.record["media"]
    if not isinstance(listed, list):
        raise TypeError("the media of a case are a list")
    record = {**case.record, "media": [each | {"held": held[each["sha256"]]} for each in listed]}
    return {
        "caratula.pdf": cover(case),
        "expediente.json": document(record),
        "LEAME.txt": guide(case).encode(),
        "verificar.py": Path(verifier.__file__).read_bytes(),
    }


def _manifest(sums: dict[str, tuple[str, int]]) -> bytes:
    files = {name: {"sha256": digest, "size": size} for name, (digest, size) in sums.items()}
    exact = json.dumps(files, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    own = hashlib.sha256(exact.encode()).hexdigest()
    return document({"format": "vocero-manifiesto-1", "files": files, "sha256": own})


def _write(path: Path, data: bytes) -> tuple[str, int]:
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest(), len(data)


def _copy(source: Path, target: Path) -> tuple[str, int]:
    """Copy a file by pieces; return the SHA-256 and size of what was written."""
    found, size = hashlib.sha256(), 0
    target.parent.mkdir(exist_ok=True)
    with source.open("rb") as origin, target.open("wb") as copy:
        while piece := origin.read(_PIECE):
            found.update(piece)
            size += len(piece)
            copy.write(piece)
    return found.hexdigest(), size


def _zip(folder: Path, path: Path, names: list[str], *, root: str) -> None:
    # stored, not deflated: another zlib would give other bytes, and media do not shrink
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in names:
            entry = zipfile.ZipInfo(f"{root}/{name}", _DAY_ZERO)
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            with (folder / name).open("rb") as origin, archive.open(entry, "w") as target:
                shutil.copyfileobj(origin, target, _PIECE)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _refused(place: Path, error: OSError) -> StorageError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        sentence = _("No queda espacio en el disco para «{path}». Libere espacio y repita; no se escribió nada.")
    else:
        sentence = _("No se puede escribir «{path}». Revise la carpeta y los permisos; no se escribió nada.")
    return StorageError(sentence.format(path=place), diagnostic=f"{type(error).__name__}: {error.strerror}")
