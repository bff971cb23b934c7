"""Settings: from the environment (`VOCERO_*`) and a TOML file; the environment wins. An unknown one is an error."""

import difflib
import json
import os
import re
import tomllib
from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from connectors.http import Door
from core.errors import InvalidInput
from core.texts import _
from policy.alerts import Limits
from policy.calendar import QuietHours
from scheduler.retry import Patience
from scheduler.workbench import Timing

PREFIX = "VOCERO_"
FILE_NAME = "vocero.toml"
FILE_VARIABLE = "VOCERO_SETTINGS"
MOST_LATENESS = 1440  # minutes
_LONGEST_LOOK = 86_400
_ROUTES_EXAMPLE = '{"https://host": "http://127.0.0.1:8801/host"}'


class Settings(BaseSettings):
    """What an operator sets. Each name is also an environment variable, in capitals after `VOCERO_`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    database_url: str = Field(
        default="sqlite:///var/vocero.db", repr=False, description="Base de datos: SQLite o PostgreSQL."
    )
    busy_seconds: float = Field(
        default=10, gt=0, le=300, description="Espera por una base de datos que otro programa tiene ocupada."
    )
    media_dir: Path = Field(default=Path("var/media"), description="Carpeta de las imágenes y videos.")
    rules_dir: Path | None = Field(
        default=None, description="Carpeta con las reglas de la oficina (si no: las que vienen con Vocero)."
    )
    secret_key: SecretStr | None = Field(
        default=None, description="Clave que sella las credenciales (mejor: secret_key_file)."
    )
    secret_key_file: Path = Field(
        default=Path("var/secret.key"), description="Archivo con esa clave; se crea si no existe."
    )
    audit_key_file: Path = Field(
        default=Path("var/audit.key"), description="Clave con que se firma el final del registro (vocero audit sign)."
    )
    audit_key_passphrase: SecretStr = Field(default=SecretStr(""), description="Frase de esa clave, si la tiene.")
    actor: str = Field(default="", description="Usuario que actúa en la línea de órdenes cuando no se dice --as.")
    routes: Annotated[dict[str, str], NoDecode] = Field(
        default_factory=dict,
        description="Desvíos de las redes, en JSON: " + _ROUTES_EXAMPLE,
    )
    only_routed: bool = Field(default=False, description="No dejar salir nada que no esté en routes (ensayo).")
    ca_bundle: str | None = Field(
        default=None, description="Certificados de confianza, si la red de la entidad los pide."
    )
    proxy: str | None = Field(default=None, repr=False, description="Proxy de salida, http://servidor:puerto.")
    connect_seconds: float = Field(default=10, gt=0, le=60, description="Espera para conectar con una red.")
    read_seconds: float = Field(default=45, gt=0, le=600, description="Espera por la respuesta de una red.")
    call_seconds: float = Field(default=75, gt=0, le=900, description="Duración máxima de una llamada a una red.")
    lease_seconds: float = Field(default=180, gt=0, le=3600, description="Tiempo por el que un proceso toma un envío.")
    looks_seconds: Annotated[tuple[float, ...], NoDecode] = Field(
        default=(10, 60, 300, 900, 3600), description="Esperas antes de mirar de nuevo si algo incierto salió."
    )
    retry_seconds: float = Field(
        default=5, gt=0, le=3600, description="Primera espera tras un fallo; luego se duplica."
    )
    lateness_minutes: float = Field(
        default=60, gt=0, le=MOST_LATENESS, description="Tardanza máxima; después no se envía."
    )
    beat_seconds: float = Field(
        default=15, gt=0, le=300, description="Cada cuánto da señales de vida el proceso que envía."
    )
    silence_seconds: float = Field(
        default=60,
        gt=0,
        le=86_400,
        description="Silencio de un proceso, o trabajo que nadie hace, que ya es un aviso (con cron: más que su paso).",
    )
    overdue_minutes: float = Field(
        default=10, gt=0, le=1440, description="Aviso si un envío no tiene resultado tanto después de su hora."
    )
    expiry_days: float = Field(
        default=14, ge=0, le=365, description="Aviso tanto antes de que venza la conexión de una cuenta."
    )
    stop_hours: float = Field(
        default=24, ge=0, le=8760, description="Aviso si una detención sigue abierta tanto tiempo."
    )
    ratify_hours: float = Field(
        default=24, gt=0, le=8760, description="Plazo para ratificar lo que la Alta Dirección dispuso de palabra."
    )
    trouble_days: float = Field(
        default=7, ge=0, le=365, description="Por cuánto tiempo es un aviso lo que falló o no salió a tiempo."
    )
    quiet_hours: str = Field(
        default="22:00-06:00", description="Horas de silencio, de Lima, en que se avisa al programar; vacío: ninguna."
    )
    quiet_hours_refuse: bool = Field(
        default=False, description="No dejar programar nada en las horas de silencio, en vez de avisar."
    )
    day_load: int = Field(
        default=4, ge=1, le=1000, description="Publicaciones de un día en una red; más es un aviso al programar."
    )
    in_hand: int = Field(default=8, ge=1, le=64, description="Envíos a la vez en un proceso.")
    read_budget: int = Field(
        default=10_000,
        ge=0,
        le=3_000_000,
        description="Objetos que una cuenta puede leer al mes donde leer se paga (X); 0: sin límite.",
    )
    media_host: Literal["website", "bucket", "desk", "none"] = Field(
        default="website",
        description="Dónde toma Instagram las imágenes: la página web, un bucket S3 o este equipo.",
    )
    bucket_address: str = Field(default="", description="Bucket S3: su dirección, p. ej. https://s3.example.org/prensa")
    bucket_region: str = Field(default="us-east-1", description="Región del bucket.")
    bucket_access_key: str = Field(default="", repr=False, description="Clave de acceso al bucket.")
    bucket_secret_key: SecretStr = Field(default=SecretStr(""), description="Clave secreta del bucket.")
    bucket_public_address: str = Field(default="", description="Dirección pública del bucket, si es otra.")
    desk_address: str = Field(default="127.0.0.1", description="Dirección en la que atiende el escritorio.")
    desk_port: int = Field(default=8000, ge=0, le=65_535, description="Puerto del escritorio.")
    public_url: str = Field(
        default="", description="Dirección pública del escritorio, p. ej. https://vocero.example.org"
    )
    log_level: str = Field(default="WARNING", description="DEBUG, INFO, WARNING o ERROR; en la salida de errores.")

    @field_validator("routes", mode="before")
    @classmethod
    def _routes_from_json(cls, value: object) -> object:
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise ValueError(_("no es JSON; ejemplo: {example}").format(example=_ROUTES_EXAMPLE)) from None
        if isinstance(value, Mapping):
            for address in (*value.keys(), *value.values()):
                parts = urlsplit(str(address))
                if parts.scheme not in ("http", "https") or not parts.hostname:
                    raise ValueError(f"«{address}» no es una dirección http(s)")
        return value

    @field_validator("looks_seconds", mode="before")
    @classmethod
    def _looks_from_text(cls, value: object) -> object:
        if isinstance(value, str):
            try:
                return [float(part) for part in value.strip().strip("[]").split(",") if part.strip()]
            except ValueError:
                raise ValueError(_("deben ser segundos separados por comas, p. ej. 10,60,300")) from None
        return value

    @field_validator("looks_seconds")
    @classmethod
    def _looks_are_waits(cls, value: tuple[float, ...]) -> tuple[float, ...]:
        if not all(0 < wait <= _LONGEST_LOOK for wait in value):  # nan fails it too
            raise ValueError(_("cada espera debe estar entre 0 y {most} segundos").format(most=_LONGEST_LOOK))
        return value

    @field_validator("public_url", "bucket_address", "bucket_public_address")
    @classmethod
    def _is_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
            raise ValueError(_("debe ser una dirección http(s), p. ej. https://vocero.example.org"))
        return value.rstrip("/")

    @field_validator("quiet_hours")
    @classmethod
    def _are_hours(cls, value: str) -> str:
        try:
            if value:
                hours_of(value)
        except ValueError:
            raise ValueError(_("deben ser dos horas distintas, p. ej. 22:00-06:00")) from None
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("debe ser DEBUG, INFO, WARNING o ERROR")
        return value.upper()

    @model_validator(mode="after")
    def _lease_outlives_call(self) -> "Settings":
        if self.lease_seconds <= self.call_seconds + self.connect_seconds:
            raise ValueError("lease_seconds debe ser mayor que call_seconds + connect_seconds")
        return self

    @model_validator(mode="after")
    def _silence_outlives_beats(self) -> "Settings":
        if self.silence_seconds <= self.beat_seconds * 2:
            raise ValueError("silence_seconds debe ser mayor que dos veces beat_seconds")
        return self

    @model_validator(mode="after")
    def _media_host_is_whole(self) -> "Settings":
        if self.media_host == "bucket" and not (
            self.bucket_address and self.bucket_access_key and self.bucket_secret_key.get_secret_value()
        ):
            raise ValueError("media_host = bucket necesita bucket_address, bucket_access_key y bucket_secret_key")
        if self.media_host == "desk" and not self.public_url:
            raise ValueError("media_host = desk necesita public_url, la dirección por la que llegan las redes")
        return self

    def door(self) -> Door:
        """Return how calls leave."""
        return Door(
            routes=self.routes,
            closed=self.only_routed,
            connect_timeout=timedelta(seconds=self.connect_seconds),
            read_timeout=timedelta(seconds=self.read_seconds),
            whole_call=timedelta(seconds=self.call_seconds),
            ca_bundle=self.ca_bundle,
            proxy=self.proxy,
        )

    def quiet(self) -> QuietHours | None:
        """Return the hours in which nothing should go out."""
        return QuietHours(*hours_of(self.quiet_hours)) if self.quiet_hours else None

    def limits(self) -> Limits:
        """Return how long is too long."""
        return Limits(
            overdue=timedelta(minutes=self.overdue_minutes),
            silence=timedelta(seconds=self.silence_seconds),
            expiry=timedelta(days=self.expiry_days),
            stop=timedelta(hours=self.stop_hours),
            trouble=timedelta(days=self.trouble_days),
        )

    def timing(self) -> Timing:
        """Return how long claims hold, and how patient the worker is."""
        return Timing(
            lease=timedelta(seconds=self.lease_seconds),
            call=timedelta(seconds=self.call_seconds + self.connect_seconds),
            patience=Patience(
                first_wait=timedelta(seconds=self.retry_seconds),
                looks=tuple(timedelta(seconds=wait) for wait in self.looks_seconds),
            ),
        )


def hours_of(text: str) -> tuple[time, time]:
    """Return the two hours of `22:00-06:00`. Raises ValueError."""
    start, _dash, end = text.partition("-")
    hours = (time.fromisoformat(start.strip()), time.fromisoformat(end.strip()))
    if hours[0] == hours[1] or any(each.tzinfo is not None for each in hours):
        raise ValueError(text)
    return hours


def load(file: Path | None = None) -> Settings:
    """Return the settings. Raises InvalidInput that names the wrong one and the way out.

    `file`: else `VOCERO_SETTINGS`, else `vocero.toml` in the current folder where there is one.
    """
    named = file or (Path(os.environ[FILE_VARIABLE]) if os.environ.get(FILE_VARIABLE) else None)
    path = named or Path(FILE_NAME)
    values: dict[str, Any] = {}
    if named is not None or path.exists():
        values = _read(path)
        _refuse_unknown(values, where=str(path), shape="{}")
    in_environment = [name for name in os.environ if name.startswith(PREFIX) and name != FILE_VARIABLE]
    _refuse_unknown(
        [name.removeprefix(PREFIX).lower() for name in in_environment],
        where=_("las variables de entorno"),
        shape=PREFIX + "{}",
    )
    for name in in_environment:
        values.pop(name.removeprefix(PREFIX).lower(), None)  # the environment wins
    try:
        return Settings(**values)
    except (ValidationError, ValueError) as error:
        raise InvalidInput(_invalid(error)) from None  # pydantic's own text repeats the value, which may be secret


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(_("No se puede leer el archivo de ajustes «{path}».").format(path=path)) from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        where = _("línea {line}, columna {column}").format(line=place[1], column=place[2]) if place else _("al final")
        raise InvalidInput(
            _("El archivo de ajustes «{path}» tiene un error de escritura ({where}).").format(path=path, where=where),
            diagnostic=str(error),
        ) from error


def _refuse_unknown(names: Any, *, where: str, shape: str) -> None:
    known = list(Settings.model_fields)
    for name in names:
        if name not in known:
            shown = shape.format(name.upper() if shape != "{}" else name)
            close = difflib.get_close_matches(name, known, n=1)
            hint = ""
            if close:
                meant = shape.format(close[0].upper() if shape != "{}" else close[0])
                hint = " " + _("¿Quiso decir {name}?").format(name=meant)
            raise InvalidInput(_("No existe el ajuste {name} (en {where}).").format(name=shown, where=where) + hint)


def _invalid(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"]) or _("los ajustes")
        why = _why(first["type"], first["msg"], first.get("ctx", {}))
    else:
        name, why = _("los ajustes"), str(error)
    return _("El ajuste {name} no sirve: {why}.").format(name=name, why=why)


def _why(kind: str, message: str, bounds: Mapping[str, Any]) -> str:
    """Return why a value cannot be used; pydantic says it in English only."""
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    for name, sentence in _BOUNDS.items():
        if name in bounds:
            return sentence.format(bound=f"{bounds[name]:g}")
    return next((sentence for mark, sentence in _EXPECTED.items() if kind.startswith(mark)), _("no se entiende"))


_BOUNDS = {
    "gt": _("debe ser mayor que {bound}"),
    "ge": _("debe ser {bound} o más"),
    "lt": _("debe ser menor que {bound}"),
    "le": _("debe ser {bound} o menos"),
}
_EXPECTED = {
    "literal_error": _("no es una de las opciones; vea la ayuda de los ajustes"),
    "float": _("debe ser un número"),
    "int": _("debe ser un número entero"),
    "bool": _("debe ser true o false"),
    "dict": _("debe ser un objeto; ejemplo: {example}").format(example=_ROUTES_EXAMPLE),
    "string": _("debe ser un texto"),
    "path": _("debe ser la ruta de un archivo o carpeta"),
    "tuple": _("debe ser una lista"),
}
