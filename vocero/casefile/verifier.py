"""Comprueba un expediente de Vocero sin Vocero: solo necesita Python 3.9 o más nuevo.

    python3 verificar.py [CARPETA]

Sin CARPETA revisa la carpeta en la que está este archivo. Termina con 0 si todo coincide y con 1 si algo falla.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

MANIFEST = "manifiesto.json"
RECORD = "expediente.json"
FIRST = "0" * 64
MARK = "{enlace-web}"
HASHED = ("number", "at", "actor", "role", "action", "subject", "before", "after", "digest", "reason", "data")


class Findings:
    """Lo que falla, y lo que conviene saber."""

    def __init__(self) -> None:
        self.failures: list[str] = []
        self.notices: list[str] = []

    def fail(self, where: str, sentence: str) -> None:
        """Anota una falla."""
        self.failures.append("FALLA " + where + ": " + sentence)

    def notice(self, where: str, sentence: str) -> None:
        """Anota un aviso."""
        self.notices.append("AVISO " + where + ": " + sentence)


def sha256_of(path: Path) -> str:
    """Calcula la huella de un archivo, por partes."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            found.update(piece)
    return found.hexdigest()


def canonical(value: object) -> bytes:
    """Escribe JSON con las claves en orden y sin espacios: lo que se somete a SHA-256."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def as_written(value: object) -> bytes:
    """Escribe JSON como lo escribe Vocero en los archivos del expediente."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2).encode("utf-8") + b"\n"


def read_document(folder: Path, name: str, findings: Findings) -> dict[str, Any] | None:
    """Lee un archivo JSON del expediente; None si no se puede."""
    try:
        raw = (folder / name).read_bytes()
        value = json.loads(raw.decode("utf-8"))
    except (OSError, ValueError, RecursionError):
        findings.fail(name, "no se puede leer; está dañado o falta.")
        return None
    if not isinstance(value, dict) or as_written(value) != raw:
        findings.fail(name, "no está escrito como lo escribe Vocero; alguien lo cambió.")
        return None
    return value


def check_files(folder: Path, findings: Findings) -> None:
    """Compara cada archivo con el manifiesto."""
    manifest = read_document(folder, MANIFEST, findings)
    if manifest is None:
        return
    listed = manifest.get("files")
    if not isinstance(listed, dict) or manifest.get("sha256") != hashlib.sha256(canonical(listed)).hexdigest():
        findings.fail(MANIFEST, "su propia huella no coincide; alguien lo cambió.")
        return
    for name in sorted(listed):
        path = folder / name
        if not path.is_file():
            findings.fail(name, "falta.")
        elif path.stat().st_size != listed[name]["size"] or sha256_of(path) != listed[name]["sha256"]:
            findings.fail(name, "no es el archivo que se exportó; su huella no coincide.")
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    for name in sorted(found - set(listed) - {MANIFEST}):
        findings.fail(name, "no es parte del expediente; alguien lo añadió.")


def check_media(folder: Path, record: dict[str, Any], findings: Findings) -> None:
    """Comprueba que cada imagen o video tenga la huella que su registro dice."""
    for medium in record["media"]:
        path = folder / medium["file"]
        if medium["held"] != "intact":
            said = "faltaba" if medium["held"] == "missing" else "ya estaba dañado"
            findings.notice(medium["file"], said + " en la oficina cuando se exportó; no está en el expediente.")
        elif not path.is_file():
            findings.fail(medium["file"], "falta.")
        elif sha256_of(path) != medium["sha256"]:
            findings.fail(medium["file"], "no es el archivo que se aprobó; su SHA-256 no coincide.")


def check_approvals(record: dict[str, Any], findings: Findings) -> None:
    """Rehace la huella de cada aprobación y la compara con lo que dicen la versión y la cuenta."""
    accounts = {each["id"]: each for each in record["accounts"]}
    revisions = {each["id"]: each for each in record["revisions"]}
    media = {each["sha256"] for each in record["media"]}
    for approval in record["approvals"]:
        where = RECORD + ", aprobación " + str(approval["id"])
        bound, revision = approval["bound"], revisions[approval["revision"]]
        if hashlib.sha256(canonical(bound)).hexdigest() != approval["digest"]:
            if approval["is_target"]:
                findings.fail(where, "la huella no es la del contenido aprobado.")
            else:
                findings.notice(where, "su cuenta se quitó de la versión; su huella ya no se puede rehacer.")
            continue
        if bound["account"] != accounts[approval["account"]]["official_id"]:
            findings.fail(where, "es de otra cuenta.")
        if [each["sha256"] for each in bound["media"]] != [each["sha256"] for each in revision["media"]]:
            findings.fail(where, "sus archivos no son los de la versión.")
        if not media >= {each["sha256"] for each in bound["media"]}:
            findings.fail(where, "nombra un archivo que no está en la lista.")
        own = [each["text"] for each in revision["targets"] if each["account"] == approval["account"]]
        text = next((each for each in own if each is not None), revision["text"])
        # la copia de la página web no lleva las líneas con la marca
        if MARK not in text and bound["text"] != text:
            findings.fail(where, "el texto aprobado no es el de la versión.")
    known = {each["id"] for each in record["approvals"]}
    for delivery in record["deliveries"]:
        if delivery["approval"] not in known:
            findings.fail(RECORD + ", envío " + str(delivery["id"]), "no está la aprobación que lo permitió.")


def check_events(record: dict[str, Any], findings: Findings) -> None:
    """Rehace la huella de cada suceso, y sus enlaces donde hay dos seguidos."""
    chain, last, reserved = record["chain"], None, 0
    for event in record["events"]:
        where = RECORD + ", suceso " + str(event["number"])
        if event["reserved"]:
            reserved += 1
        else:
            hashed = canonical({name: event[name] for name in HASHED})
            made = hashlib.sha256(event["previous"].encode("ascii") + b"\n" + hashed).hexdigest()
            if made != event["hash"]:
                findings.fail(where, "lo que dice no da su huella; alguien lo cambió.")
        if last is not None and event["number"] <= last["number"]:
            findings.fail(where, "está fuera de orden o repetido.")
        if last is not None and event["number"] == last["number"] + 1 and event["previous"] != last["hash"]:
            findings.fail(where, "no continúa del suceso anterior.")
        if event["number"] == 1 and event["previous"] != FIRST:
            findings.fail(where, "es el primero y no comienza de cero.")
        if event["number"] > chain["number"]:
            findings.fail(where, "es posterior al final del registro.")
        if event["number"] == chain["number"] and event["hash"] != chain["hash"]:
            findings.fail(where, "no es el final que el registro tenía.")
        last = event
    if reserved:
        findings.notice(
            RECORD,
            str(reserved) + " suceso(s) tienen datos personales reservados: su huella no se puede rehacer aquí. "
            "Auditoría puede exportar el expediente con esos datos.",
        )


def verify(folder: Path) -> tuple[dict[str, Any] | None, Findings]:
    """Revisa todo el expediente."""
    findings = Findings()
    check_files(folder, findings)
    record = read_document(folder, RECORD, findings)
    if record is not None:
        try:
            check_media(folder, record, findings)
            check_approvals(record, findings)
            check_events(record, findings)
        except (KeyError, TypeError, ValueError, AttributeError, StopIteration) as error:
            findings.fail(RECORD, "le falta algo o tiene otra forma (" + type(error).__name__ + ").")
    return record, findings


def main() -> int:
    """Revisa la carpeta que se dijo, o la de este archivo."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else __file__).resolve()
    folder = folder if folder.is_dir() else folder.parent
    record, findings = verify(folder)
    for line in findings.notices + findings.failures:
        print(line)
    if findings.failures or record is None:
        print("El expediente NO está íntegro: " + str(len(findings.failures)) + " falla(s).")
        return 1
    print(
        "El expediente está íntegro: {} archivo(s), {} aprobación(es), {} suceso(s).".format(
            len(record["media"]), len(record["approvals"]), len(record["events"])
        )
    )
    print("Huella del expediente (SHA-256 de " + MANIFEST + "): " + sha256_of(folder / MANIFEST))
    print("Final del registro al exportar: {}:{}".format(record["chain"]["number"], record["chain"]["hash"]))
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
