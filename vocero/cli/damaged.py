"""What was done to the record, as people say it."""

from core.chain import Damage, DamageKind
from core.texts import _

_K = DamageKind
_ONE: dict[DamageKind, str] = {
    _K.CHANGED: _("el suceso {a} fue cambiado: lo que dice ya no da su huella"),
    _K.REWRITTEN: _("el suceso {a} fue escrito de nuevo, con su huella: lo que sigue no continúa de él"),
    _K.HASH_CHANGED: _("al suceso {a} le cambiaron la huella; lo que dice está intacto"),
    _K.LINK_CHANGED: _("al suceso {a} le cambiaron el enlace con el anterior; lo que dice está intacto"),
    _K.UNREADABLE: _("el suceso {a} fue cambiado: no se puede leer ({what})"),
    _K.REMOVED: _("falta el suceso {a}: fue quitado"),
    _K.INSERTED: _("el suceso {a} no es del registro: fue añadido"),
    _K.MOVED: _("el suceso {was} lleva ahora el número {a}: fue movido"),
    _K.CUT: _("falta el suceso {a}, el último: el registro fue cortado"),
    _K.END_CHANGED: _("el final anotado no es el del suceso {a}: cambiaron ese suceso o la anotación"),
    _K.HEAD_DIFFERS: _(
        "el suceso {a} no tiene la huella que se guardó fuera: él o uno anterior fue cambiado o quitado"
    ),
}
_MANY: dict[DamageKind, str] = {
    _K.CHANGED: _("los sucesos {a} a {b} fueron cambiados: lo que dicen ya no da su huella"),
    _K.REWRITTEN: _("los sucesos {a} a {b} fueron escritos de nuevo, con su huella: no continúan uno del otro"),
    _K.HASH_CHANGED: _("a los sucesos {a} a {b} les cambiaron la huella; lo que dicen está intacto"),
    _K.LINK_CHANGED: _("a los sucesos {a} a {b} les cambiaron el enlace con el anterior; lo que dicen está intacto"),
    _K.UNREADABLE: _("los sucesos {a} a {b} fueron cambiados: no se pueden leer ({what})"),
    _K.REMOVED: _("faltan los sucesos {a} a {b}: fueron quitados"),
    _K.INSERTED: _("los sucesos {a} a {b} no son del registro: fueron añadidos"),
    _K.MOVED: _("los sucesos que llevan los números {a} a {b} eran los {was} a {until}: fueron movidos"),
    _K.CUT: _("faltan los sucesos {a} a {b}, los últimos: el registro fue cortado"),
}
_PARTS = {
    "at": _("la hora"),
    "actor": _("quién"),
    "role": _("su papel"),
    "action": _("qué hizo"),
    "subject": _("sobre qué"),
    "before": _("el estado anterior"),
    "after": _("el estado posterior"),
    "digest": _("la huella de lo aprobado"),
    "reason": _("el motivo"),
    "data": _("los datos"),
    "previous": _("el enlace con el anterior"),
    "hash": _("su huella"),
}


def damage_line(damage: Damage) -> str:
    """Return one line on a finding."""
    sentences = _ONE if damage.first == damage.last or damage.kind not in _MANY else _MANY
    was = damage.first if damage.was is None else damage.was
    return sentences[damage.kind].format(
        a=grouped(damage.first),
        b=grouped(damage.last),
        was=grouped(was),
        until=grouped(was + damage.last - damage.first),
        what=_PARTS.get(damage.detail, _("la fila entera")),
    )


def grouped(number: int) -> str:
    """Return the number as it is written here: 4 512, with a space that no line breaks at."""
    return f"{number:,}".replace(",", "\u202f") if abs(number) >= 1000 else str(number)
