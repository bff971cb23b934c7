"""What is well and what is not in an installed office: facts in, findings out; nothing here asks anybody.

An error stops work now or soon is certain to; a warning wants somebody's eyes. Each says the way out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from connectors.plugins import LeftOut
from core.accounts import Account, AccountState, Identity
from core.capabilities import ApiVersion
from core.errors import VoceroError
from core.lima import shown
from core.platforms import Platform
from core.stops import Stop
from core.texts import _, plural
from storage.schema import Schema

# all of these are [default]: ours, no source
EXPIRES_SOON = timedelta(days=7)
VERSION_ENDS_SOON = timedelta(days=60)
LITTLE_SPACE = 2 * 1024**3  # a long video more, and it is full
NO_SPACE = 200 * 1024**2
CLOCKS_AGREE = timedelta(seconds=2)
CLOCKS_DIFFER = timedelta(seconds=60)
ANSWERS_DATED = timedelta(seconds=30)  # a Date header has whole seconds, and a proxy may have kept the answer


class Verdict(StrEnum):
    """How a check ends."""

    FINE = "ok"
    WARNING = "warning"
    ERROR = "error"

    @property
    def mark(self) -> str:
        """The sign before its line."""
        return {Verdict.FINE: "✓", Verdict.WARNING: "⚠", Verdict.ERROR: "✗"}[self]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `check` is for programs, `subject` what was looked at; `way_out` is empty where all is well."""

    check: str
    verdict: Verdict
    subject: str
    said: str
    way_out: str = ""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as the disk shows it. `free`: bytes, None where the disk does not tell."""

    path: Path
    exists: bool
    writable: bool
    free: int | None


def failed(check: str, subject: str, error: VoceroError) -> Finding:
    """Return the finding that an error of the house is; its sentence holds the way out."""
    return Finding(check, Verdict.ERROR, subject, error.sentence)


def judge_schema(where: str, schema: Schema) -> Finding:
    """Judge the tables: this program's, older or newer."""
    subject = _("Base de datos")
    if schema.step is None:
        return Finding(
            "migrations",
            Verdict.ERROR,
            subject,
            _("«{where}» no tiene las tablas de Vocero.").format(where=where),
            _("Revise los ajustes, o créelas con: vocero init"),
        )
    if schema.missing is None:
        return Finding(
            "migrations",
            Verdict.ERROR,
            subject,
            _("«{where}» es de una versión más nueva de Vocero.").format(where=where),
            _("Instale esa versión, o restaure una copia anterior."),
        )
    if schema.missing:
        return Finding(
            "migrations",
            Verdict.WARNING,
            subject,
            plural("le falta {n} paso de actualización.", "le faltan {n} pasos de actualización.", schema.missing),
            _("Haga una copia; la siguiente orden de Vocero la actualiza."),
        )
    return Finding("migrations", Verdict.FINE, subject, _("«{where}», al día.").format(where=where))


def judge_chain(number: int) -> Finding:
    """Say how long the record is; whether it is whole is `vocero audit verify`."""
    said = plural("se lee; {n} suceso.", "se lee; {n} sucesos.", number)
    return Finding("record", Verdict.FINE, _("Registro"), said)


def judge_stops(stops: Sequence[Stop]) -> Finding:
    """Tell which stops are open; the pause of an account is told with the account."""
    subject = _("Detenciones")
    wide = [stop for stop in stops if stop.scope.account_id is None]
    if not wide:
        return Finding("stops", Verdict.FINE, subject, _("ninguna abierta."))
    said = "; ".join(
        _("{id} ({scope}) desde el {hour}: {reason}").format(
            id=stop.id, scope=stop.scope.named(None), hour=shown(stop.opened_at), reason=stop.reason.rstrip(".")
        )
        for stop in wide
    )
    way_out = _("La jefatura las levanta con: vocero stops lift N --reason …")
    return Finding("stops", Verdict.WARNING, subject, f"{said}.", way_out)


def judge_media(folder: Folder) -> Finding:
    """Judge the media folder: can files be kept, and how many more."""
    subject = _("Carpeta de medios")
    path = folder.path
    if not folder.writable:
        return Finding(
            "media",
            Verdict.ERROR,
            subject,
            _("no se puede escribir en «{path}».").format(path=path),
            _("Dé permiso de escritura a quien ejecuta Vocero, o cambie media_dir."),
        )
    free = "?" if folder.free is None else f"{folder.free / 1024**3:.1f}"
    said = _("«{path}», {free} GB libres.") if folder.exists else _("«{path}» se creará; {free} GB libres.")
    said = said.format(path=path, free=free)
    if folder.free is not None and folder.free < LITTLE_SPACE:
        verdict = Verdict.ERROR if folder.free < NO_SPACE else Verdict.WARNING
        return Finding("media", verdict, subject, said, _("Libere espacio en ese disco."))
    return Finding("media", Verdict.FINE, subject, said)


def judge_account(
    account: Account, *, now: datetime, has_connector: bool = True, renews: bool = False, sealed: VoceroError | None
) -> list[Finding]:
    """Judge what is known of an account without asking its platform.

    `renews`: its credentials are renewed by the program itself; `sealed`: why they could not be opened.
    """
    subject = named(account)
    if not has_connector:
        return [
            Finding(
                "account",
                Verdict.ERROR,
                subject,
                _("no hay conector para esa red; lo suyo no sale."),
                _("Instale otra vez su complemento."),
            )
        ]
    found = [failed("credentials", subject, sealed)] if sealed else []
    if account.state is AccountState.PAUSED:
        why = f" ({account.state_reason})" if account.state_reason else ""
        found.append(
            Finding(
                "account",
                Verdict.WARNING,
                subject,
                _("está en pausa{why}; nada sale por ella.").format(why=why),
                _("La jefatura la reanuda con: vocero accounts resume {id}").format(id=account.id),
            )
        )
    if account.waits_until is not None and account.waits_until > now:
        found.append(
            Finding(
                "account",
                Verdict.WARNING,
                subject,
                _("la red pidió esperar hasta el {hour}.").format(hour=shown(account.waits_until)),
                _("Lo pendiente sale después, si no llega tarde."),
            )
        )
    ends_at = account.credentials_expire_at
    if ends_at is not None and not renews and ends_at - now <= EXPIRES_SOON:
        is_over = ends_at <= now
        found.append(
            Finding(
                "credentials",
                Verdict.ERROR if is_over else Verdict.WARNING,
                subject,
                (_("su conexión venció el {hour}.") if is_over else _("su conexión vence el {hour}.")).format(
                    hour=shown(ends_at)
                ),
                _("Conéctela otra vez: vocero accounts connect"),
            )
        )
    if found:
        return found
    expires = ""
    if ends_at is not None:
        expires = _("; se renueva sola") if renews else _("; vence el {hour}").format(hour=shown(ends_at))
    return [
        Finding("account", Verdict.FINE, subject, _("en uso, sus credenciales se abren{more}.").format(more=expires))
    ]


def judge_identity(account: Account, identity: Identity) -> Finding:
    """Judge whose connection it is, as the platform says."""
    subject = named(account)
    if identity.remote_id != account.remote_id:
        return Finding(
            "online",
            Verdict.ERROR,
            subject,
            _("la conexión abre otra cuenta: {found}.").format(found=identity.remote_id),
            _("Conecte la oficial: vocero accounts connect"),
        )
    if identity.missing:
        return Finding(
            "online",
            Verdict.ERROR,
            subject,
            _("a la conexión le faltan permisos: {missing}.").format(missing=", ".join(identity.missing)),
            _("Otórguelos en la red y conéctela otra vez: vocero accounts connect"),
        )
    return Finding("online", Verdict.FINE, subject, _("la red la reconoce, con sus permisos."))


def judge_versions(platform: Platform, versions: Sequence[ApiVersion], *, today: date) -> list[Finding]:
    """Judge the versions of a platform's API that its connector speaks."""
    found = []
    subject = _("API de {network}").format(network=platform.label)
    for version in versions:
        verdict, way_out = Verdict.FINE, ""
        said = _("{version}, sin fecha de fin anunciada.").format(version=version.name)
        if version.ends_on is not None:
            day = f"{version.ends_on:%d/%m/%Y}"
            said = _("{version}, hasta el {day}.").format(version=version.name, day=day)
            if version.ends_on < today:
                verdict = Verdict.ERROR
                said = _("{version} terminó el {day}; la red puede no responder más.").format(
                    version=version.name, day=day
                )
            elif version.ends_on - today <= VERSION_ENDS_SOON:
                verdict = Verdict.WARNING
                said = _("{version} termina el {day}.").format(version=version.name, day=day)
            if verdict is not Verdict.FINE:
                way_out = _("Instale una versión de Vocero (o del complemento) que hable la siguiente.")
        found.append(Finding("api_version", verdict, subject, said, way_out))
    return found


def judge_clock(difference: timedelta) -> Finding:
    """Judge the database's clock, which decides what is due, against this machine's (positive: it is ahead)."""
    subject = _("Reloj")
    seconds = round(abs(difference).total_seconds())
    if abs(difference) <= CLOCKS_AGREE:
        return Finding("clock", Verdict.FINE, subject, _("el de la base de datos y el de esta máquina coinciden."))
    return Finding(
        "clock",
        Verdict.WARNING if abs(difference) <= CLOCKS_DIFFER else Verdict.ERROR,
        subject,
        plural(
            "el de la base de datos y el de esta máquina difieren en {n} segundo.",
            "el de la base de datos y el de esta máquina difieren en {n} segundos.",
            seconds,
        ),
        _("Sincronice ambas máquinas (NTP): la base de datos decide la hora de salida."),
    )


def judge_time_of_platforms(difference: timedelta | None) -> Finding:
    """Judge this machine's clock against what the platforms say in their answers; None: none said it."""
    subject = _("Hora")
    if difference is None:
        return Finding("time", Verdict.WARNING, subject, _("ninguna red la dijo."), _("Compruébela a mano."))
    if abs(difference) <= ANSWERS_DATED:
        return Finding("time", Verdict.FINE, subject, _("la de esta máquina es la de las redes."))
    return Finding(
        "time",
        Verdict.WARNING if abs(difference) <= CLOCKS_DIFFER else Verdict.ERROR,
        subject,
        plural(
            "la de esta máquina difiere de la de las redes en {n} segundo.",
            "la de esta máquina difiere de la de las redes en {n} segundos.",
            round(abs(difference).total_seconds()),
        ),
        _("Sincronice el reloj de esta máquina (NTP)."),
    )


def judge_routes(routes: Mapping[str, str], *, only_routed: bool) -> Finding:
    """Tell whether what is sent reaches the real platforms."""
    subject = _("Salida a internet")
    if not routes and not only_routed:
        return Finding("routes", Verdict.FINE, subject, _("directa, a las redes de verdad."))
    said = _("sin desvíos.")
    if routes:
        said = _("desviada (routes): {hosts}.").format(hosts=", ".join(sorted(routes)))
    if only_routed:
        said += " " + _("Lo demás no sale (only_routed).")
    return Finding(
        "routes",
        Verdict.WARNING,
        subject,
        said,
        _("Para publicar de verdad quite routes y only_routed de los ajustes."),
    )


def judge_plugins(plugins: Mapping[Platform, str], left_out: Sequence[LeftOut]) -> list[Finding]:
    """Tell the plug-ins that are in use, and those that were left out."""
    found = [
        Finding("plugins", Verdict.FINE, _("Complemento"), f"{platform.label} ({package}).")
        for platform, package in plugins.items()
    ]
    for each in left_out:
        subject = _("Complemento {name} ({package})").format(name=each.name, package=each.package)
        said, _dot, way_out = each.why.sentence.partition(". ")
        detail = f" [{each.detail}]" if each.detail else ""
        found.append(Finding("plugins", Verdict.WARNING, subject, f"{said}{detail}.", way_out))
    return found


def named(account: Account) -> str:
    """Return how a line calls an account."""
    return f"{account.platform.label} · {account.name}"
