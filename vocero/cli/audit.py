"""`vocero audit`: the record."""

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from core.chain import Damage, Head, Verdict
from core.errors import InvalidInput
from core.lima import shown
from core.texts import _, plural
from vocero.cli.audited import digest, show
from vocero.cli.commands import AsJson, orders
from vocero.cli.console import err, say, show_json
from vocero.cli.damaged import damage_line, grouped
from vocero.cli.exporting import export
from vocero.cli.given import given
from vocero.heads import SignedHead, head_from, write_new

app = orders(_("El registro de lo hecho."))

app.command("show")(show)
app.command("digest")(digest)
app.command("export")(export)

_TOLD = 50  # findings on a terminal; all of them with --json
_SHOWN_FROM = 20_000  # events; what takes less than a moment needs no bar


@app.command("verify")
def verify(
    context: typer.Context,
    head: Annotated[
        list[str] | None,
        typer.Option("--head", metavar="N:HUELLA", help=_("Una huella que se guardó fuera (audit head); repetible.")),
    ] = None,
    signed: Annotated[
        list[Path] | None,
        typer.Option("--signed", metavar="ARCHIVO", help=_("Una huella firmada (audit sign); repetible.")),
    ] = None,
    public_key: Annotated[
        Path | None,
        typer.Option("--public-key", metavar="ARCHIVO", help=_("La clave pública con que se revisa la firma.")),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Comprueba que nadie cambió, quitó, añadió ni movió nada en el registro, y dice qué sucesos son."""
    heads = [head_from(each) for each in head or ()]
    heads += [each.head for each in _signed_heads(signed or [], public_key)]
    office = given(context).office()
    with office.database.read() as transaction, _bar(transaction.chain.count) as progress:
        verdict = transaction.chain.verify(heads=heads, progress=progress)
    if as_json:
        show_json(_as_dict(verdict))
    else:
        _say(verdict, heads)
    if not verdict.is_whole:
        raise typer.Exit(1)


@app.command("head")
def show_head(context: typer.Context, as_json: AsJson = False) -> None:
    """Muestra el número y la huella del último suceso, para guardarlos fuera (papel, correo)."""
    office = given(context).office()
    with office.database.read() as transaction:
        end = Head(*transaction.events.end())
        last = transaction.events.get(end.number)
    at = None if last is None else last.event.at
    if as_json:
        show_json({"number": end.number, "hash": end.hash, "at": at})
        return
    say(f"{end.number}:{end.hash}")
    if at is not None:
        say(_("Último suceso: {hour}.").format(hour=shown(at.replace(microsecond=0))))


@app.command("keygen")
def keygen(context: typer.Context, as_json: AsJson = False) -> None:
    """Hace la clave con que se firma el final del registro (ajuste audit_key_file), y su clave pública."""
    from vocero.signing import fingerprint_of, make_key  # noqa: PLC0415  (cryptography: only who signs needs it)

    settings = given(context).load()
    passphrase = settings.audit_key_passphrase.get_secret_value()
    public = make_key(settings.audit_key_file, passphrase=passphrase)
    if as_json:
        show_json({"key": settings.audit_key_file, "public_key": public, "fingerprint": fingerprint_of(public)})
        return
    say(_("Clave privada: {path} (solo la lee su dueño).").format(path=settings.audit_key_file))
    say(_("Clave pública: {path}. Entréguela a quien revisará el registro.").format(path=public))
    say(_("Huella de la clave pública: {hash}").format(hash=fingerprint_of(public)))
    if not passphrase:
        say(_("La clave no tiene frase; para ponerle una: VOCERO_AUDIT_KEY_PASSPHRASE y otro archivo."))


@app.command("sign")
def sign_head(
    context: typer.Context,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="ARCHIVO", help=_("Archivo que se escribe; si no, sale por la pantalla.")),
    ] = None,
) -> None:
    """Firma el número y la huella del último suceso; guarde el archivo fuera de esta máquina."""
    from vocero.signing import sign  # noqa: PLC0415  (as above)

    office = given(context).office()
    with office.database.read() as transaction:
        end, now = Head(*transaction.events.end()), transaction.now
        last = transaction.events.get(end.number)
    document = sign(
        end,
        at=now if last is None else last.event.at,
        signed_at=now,
        key=office.settings.audit_key_file,
        passphrase=office.settings.audit_key_passphrase.get_secret_value(),
    )
    if out is None:
        show_json(document)
        return
    write_new(out, json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n")
    say(_("Firmado hasta el suceso {n}: {path}").format(n=grouped(end.number), path=out))


def _signed_heads(files: list[Path], public_key: Path | None) -> list[SignedHead]:
    if not files:
        return []
    if public_key is None:
        raise InvalidInput(_("Una huella firmada se revisa con la clave pública: añada --public-key ARCHIVO."))
    from vocero.signing import read_signed  # noqa: PLC0415  (cryptography: only who signs needs it)

    return [read_signed(file, public_key=public_key) for file in files]


@contextlib.contextmanager
def _bar(count: Callable[[], int]) -> Iterator[Callable[[int], None]]:
    """Show how far a long reading is, where somebody looks at it."""
    if not sys.stderr.isatty() or (total := count()) < _SHOWN_FROM:
        yield lambda _count: None
        return
    from rich.progress import Progress  # noqa: PLC0415  (only where it is shown)

    with Progress(console=err, transient=True) as progress:
        task = progress.add_task(_("Revisando el registro"), total=total)
        yield lambda count: progress.update(task, completed=count)


def _as_dict(verdict: Verdict) -> dict[str, object]:
    return {
        "ok": verdict.is_whole,
        "events": verdict.events,
        "hash": "" if verdict.end is None else verdict.end.hash,
        "broken_at": min((each.first for each in verdict.damages), default=None),
        "damages": [_damage_as_dict(each) for each in verdict.damages],
        "more": verdict.more,
    }


def _damage_as_dict(damage: Damage) -> dict[str, object]:
    return {
        "kind": damage.kind,
        "first": damage.first,
        "last": damage.last,
        "was": damage.was,
        "detail": damage.detail,
        "sentence": damage_line(damage),
    }


def _say(verdict: Verdict, heads: list[Head]) -> None:
    if verdict.is_whole and verdict.end is not None:
        said = plural("Registro íntegro: {n} suceso", "Registro íntegro: {n} sucesos", verdict.events)
        say(said + _("; huella final {hash}.").format(hash=verdict.end.hash))
        if heads:
            say(plural("Coincide con {n} huella guardada.", "Coincide con {n} huellas guardadas.", len(heads)))
        return
    count = len(verdict.damages) + verdict.more
    say(
        _("El registro NO está íntegro: ")
        + plural("{n} daño", "{n} daños", count)
        + plural(" en {n} suceso.", " en {n} sucesos.", verdict.events),
        style="bold red",
    )
    for damage in verdict.damages[:_TOLD]:
        say("  " + damage_line(damage))
    if count > _TOLD:
        say(plural("  … y {n} más.", "  … y {n} más.", count - _TOLD) + " " + _("Véalos todos con --json."))
