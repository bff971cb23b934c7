"""The cover of a case file: what matters of it on paper, set by typst from `cover.typ`."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import typst

from core.lima import shown
from core.texts import _
from scheduler.programme.cells import OFFICE
from scheduler.programme.paper import printable
from vocero.casefile.case import Case

_TEMPLATE = Path(__file__).with_name("cover.typ")
_HALF = 32  # hexadecimal digits on a line


def cover(case: Case) -> bytes:
    """Return the cover as a PDF, A4: the same bytes for the same case. Emojis are left out; the JSON has them."""
    record = cast("dict[str, Any]", dict(case.record))
    names = {each["called"]: f"{each['name']} ({each['role_label']})" for each in record["people"]}
    accounts = {each["id"]: f"{each['network']} · {each['name']}" for each in record["accounts"]}
    numbers = {each["id"]: each["number"] for each in record["revisions"]}
    latest = record["revisions"][-1]
    chain = record["chain"]
    sheet = {
        "office": OFFICE,
        "reference": record["requests"][0]["procedure"],
        "title": _("Expediente de la publicación N.° {id}").format(id=case.post_id),
        "opening": latest["title"] or next(iter(latest["text"].splitlines()), ""),
        "facts": _rows(
            (_("Estado"), record["post"]["outcome"] or record["post"]["state_label"]),
            (_("Hora programada"), _hour(record["post"]["publish_at"])),
            (_("Procedencia"), record["post"]["source"]),
            (_("Versión vigente"), str(latest["number"])),
            (_("Datos personales"), _("completos: uso restringido") if case.is_whole else _("reservados (Ley 29733)")),
        ),
        "sections": [
            {"title": _("Quién pidió"), "facts": _asked(record, names)},
            {"title": _("Qué dice (versión {n})").format(n=latest["number"]), "text": _text(latest)},
            {"title": _("Quién elaboró y revisó"), "facts": _made(record, names)},
            {
                "title": _("Quién aprobó"),
                "headings": [_("Cuenta"), _("Aprobó"), _("Cuándo"), _("Huella de lo aprobado (SHA-256)")],
                "widths": [1.1, 1.3, 1.1, 1.9],
                "rows": [
                    _approval(each, accounts=accounts, names=names, numbers=numbers) for each in record["approvals"]
                ],
                "code": 3,
                "none": _("Ninguna aprobación."),
            },
            {
                "title": _("Qué salió, dónde y cuándo"),
                "headings": [_("Cuenta"), _("Estado"), _("Cuándo"), _("Dirección")],
                "widths": [1.1, 1, 1.1, 2.2],
                "rows": [_delivery(each, accounts=accounts) for each in record["deliveries"]],
                "code": -1,
                "none": _("Ningún envío programado."),
            },
            {
                "title": _("Archivos"),
                "headings": [_("Nombre"), _("Tipo"), _("Tamaño"), _("Huella (SHA-256)")],
                "widths": [1.4, 0.9, 0.8, 1.9],
                "rows": [
                    [each["file_name"], each["type"], _size(each), _halves(each["sha256"])] for each in record["media"]
                ],
                "code": 3,
                "none": _("Ningún archivo."),
            },
            {
                "title": _("Cronología (hora de Lima)"),
                "headings": [_("Suceso"), _("Qué pasó")],
                "widths": [0.35, 5],
                "rows": [line.split("\t", 1) for line in case.timeline],
                "code": -1,
                "none": _("Ningún suceso."),
            },
        ],
        "check": _("Cómo se comprueba"),
        "how": _(
            "En la carpeta del expediente: python3 verificar.py. Rehace la huella de cada archivo, aprobación y "
            "suceso, sin Vocero. Este expediente muestra el registro de la oficina hasta su suceso {n}{at}, "
            "cuya huella es:"
        ).format(n=chain["number"], at="" if chain["at"] is None else f" ({_hour(chain['at'])})"),
        "head": chain["hash"],
        "page": _("Página"),
        "of": _("de"),
    }
    data = json.dumps(_printable(sheet), ensure_ascii=False).encode("utf-8", "replace").decode()
    return typst.compile(str(_TEMPLATE), root=str(_TEMPLATE.parent), format="pdf", sys_inputs={"case": data})


def _asked(record: Mapping[str, Any], names: Mapping[str, str]) -> list[list[str]]:
    rows: list[tuple[str, str]] = []
    for request in record["requests"]:
        rows += [
            (_("Solicitud"), f"{request['id']} · {request['state_label']}"),
            (_("Unidad"), request["unit"]),
            (_("Origen"), f"{request['origin_label']} · {request['channel_label']} · {request['event_class_label']}"),
            (_("Asunto"), request["subject"]),
            (_("Ingresada por"), f"{names[request['created_by']]}, {_hour(request['created_at'])}"),
            (_("Sustento"), request["evidence"]),
        ]
        for decision in request["decisions"]:
            said = _("aceptó") if decision["accepted"] else _("no autorizó")
            ratified = decision["ratified_at"]
            pending = decision["ratify_before"] and not ratified
            rows.append(
                (
                    _("Alta Dirección"),
                    f"{decision['decided_by']} {said}, {_hour(decision['decided_at'])} ({decision['channel_label']})"
                    + (_("; ratificada el {at}").format(at=_hour(ratified)) if ratified else "")
                    + (_("; sin ratificar") if pending else ""),
                )
            )
    return _rows(*rows)


def _made(record: Mapping[str, Any], names: Mapping[str, str]) -> list[list[str]]:
    rows: list[tuple[str, str]] = []
    for revision in record["revisions"]:
        label = _("Versión {n}").format(n=revision["number"])
        rows.append((label, f"{names[revision['author']]}, {_hour(revision['created_at'])}"))
        for each in revision["checklists"]:
            said = _("{who}, {at}: {points}").format(
                who=names[each["signed_by"]], at=_hour(each["signed_at"]), points=each["points_label"]
            )
            rows.append((_("Lista firmada"), said))
    return _rows(*rows)


def _approval(
    each: Mapping[str, Any], *, accounts: Mapping[int, str], names: Mapping[str, str], numbers: Mapping[int, int]
) -> list[str]:
    who = names[each["approver"]]
    if each["delegation"] is not None:
        who += _(", por el encargo {id}").format(id=each["delegation"])
    when = _("{at}, versión {n}").format(at=_hour(each["decided_at"]), n=numbers[each["revision"]])
    if each["revoked_at"] is not None:
        when += _("; sin efecto desde {at}").format(at=_hour(each["revoked_at"]))
    return [accounts[each["account"]], who, when, _halves(each["digest"])]


def _delivery(each: Mapping[str, Any], *, accounts: Mapping[int, str]) -> list[str]:
    state = each["state_label"] + (f": {each['reason']}" if each["reason"] else "")
    when = each["published_at"] or each["publish_at"]
    return [accounts[each["account"]], state, _hour(when), each["url"]]


def _text(revision: Mapping[str, Any]) -> str:
    return "\n\n".join(filter(None, (revision["text"], *revision["thread"], revision["link"])))


def _rows(*rows: tuple[str, str]) -> list[list[str]]:
    return [[label, said] for label, said in rows if said]


def _size(medium: Mapping[str, Any]) -> str:
    pixels = f"{medium['width']} × {medium['height']} · " if medium["width"] else ""
    return f"{pixels}{medium['size']} B"


def _halves(digest: str) -> str:
    return f"{digest[:_HALF]}\n{digest[_HALF:]}"


def _hour(text: str) -> str:
    return shown(datetime.fromisoformat(text).replace(microsecond=0))


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {name: _printable(each) for name, each in value.items()}
    return [_printable(each) for each in value] if isinstance(value, Iterable) else value
