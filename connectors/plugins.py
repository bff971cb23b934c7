"""Platforms that packages of third parties bring: found by entry point, let in only when they fit.

A package declares, in the group `vocero.connectors`, one entry point a platform: its name is the platform's value, and
it leads to the Connector class; importing its module introduces the platform (`Platform.introduce`). A plug-in that
does not fit never stops the office: it is left out, and that is told (the log here, `vocero doctor`).
"""

import contextlib
import inspect
import threading
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

import structlog

from connectors.base import Connector
from core.capabilities import Capabilities
from core.errors import InvalidInput
from core.platforms import Platform
from core.texts import _

GROUP = "vocero.connectors"

log = structlog.get_logger()


class Unfit(StrEnum):
    """Why a plug-in is left out."""

    TAKEN = "taken"  # there is a connector for that platform already
    BROKEN = "broken"  # importing it failed
    NO_CONNECTOR = "no_connector"  # what it names is no complete Connector class
    MISNAMED = "misnamed"  # its platform is another than the entry point says

    @property
    def sentence(self) -> str:
        """What is wrong and the way out, for people."""
        return _SENTENCES[self]


_SENTENCES = {
    Unfit.TAKEN: _("ya hay un conector para esa red. Desinstale uno de los dos."),
    Unfit.BROKEN: _("no se pudo cargar. Actualícelo, o pida a quien lo hizo que lo corrija."),
    Unfit.NO_CONNECTOR: _("no contiene un conector completo. Pida a quien lo hizo que lo corrija."),
    Unfit.MISNAMED: _("atiende otra red que la que anuncia. Pida a quien lo hizo que lo corrija."),
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A plug-in that was not let in. `detail` is for developers: the kind of error or the part that does not fit."""

    name: str
    package: str
    why: Unfit
    detail: str = ""


class Connectors(Mapping[Platform, type[Connector]]):
    """The connectors by platform: our own at once, those of plug-ins when first one is asked for that is not ours.

    One of ours may be given as `module:Class`; its module is imported when it is first asked for. Raises NoConnector,
    which is a KeyError, for a platform that has none.
    """

    def __init__(self, ours: Mapping[Platform, type[Connector] | str]) -> None:
        self._known = dict(ours)
        self._plugins: dict[Platform, str] = {}
        self._left_out: list[LeftOut] = []
        self._is_loaded = False
        self._lock = threading.RLock()

    def __getitem__(self, platform: Platform) -> type[Connector]:
        if platform not in self._known:
            self.load()
        try:
            connector = self._known[platform]
        except KeyError:
            raise NoConnector(platform) from None
        if isinstance(connector, str):
            module, _colon, name = connector.partition(":")
            connector = self._known[platform] = getattr(import_module(module), name)
        return connector

    def __contains__(self, platform: object) -> bool:
        if platform not in self._known:
            self.load()
        return platform in self._known

    def __iter__(self) -> Iterator[Platform]:
        self.load()
        return iter(self._known.copy())

    def __len__(self) -> int:
        self.load()
        return len(self._known)

    @property
    def plugins(self) -> Mapping[Platform, str]:
        """The platforms that plug-ins brought, with the package of each."""
        self.load()
        return dict(self._plugins)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """The plug-ins that were not let in."""
        self.load()
        return tuple(self._left_out)

    def load(self) -> None:
        """Let in the plug-ins that are installed: once in a process, before a stored or typed platform is read."""
        with self._lock:
            if self._is_loaded:
                return
            self._is_loaded = True  # first: a plug-in that looks here while it is imported sees what there is so far
            found = sorted(entry_points(group=GROUP), key=lambda point: (point.name, _package(point)))
            for point in found:
                self._let_in(point)

    def _let_in(self, point: EntryPoint) -> None:
        try:
            connector = _loaded(point, self._known)
        except _DoesNotFit as error:
            left_out = LeftOut(point.name, _package(point), error.why, error.detail)
            self._left_out.append(left_out)
            log.warning(
                "plugin_left_out", name=left_out.name, package=left_out.package, why=error.why, detail=error.detail
            )
            _make_readable(point.name)
            return
        self._known[connector.platform] = connector
        self._plugins[connector.platform] = _package(point)


class NoConnector(InvalidInput, KeyError):
    """There is no connector for this platform, or its plug-in was left out."""

    def __init__(self, platform: Platform) -> None:
        super().__init__(
            _(
                "No hay conector para {network}. Si era un complemento, instálelo otra vez y revise con: vocero doctor"
            ).format(network=getattr(platform, "label", platform))
        )


class _DoesNotFit(Exception):
    def __init__(self, why: Unfit, detail: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.detail = detail


def _loaded(point: EntryPoint, taken: Container[str]) -> type[Connector]:
    if point.name in taken:
        raise _DoesNotFit(Unfit.TAKEN)
    try:
        connector = point.load()
    except (Exception, SystemExit) as error:  # a stranger's code: whatever it does, the office goes on
        raise _DoesNotFit(Unfit.BROKEN, type(error).__name__) from error
    if not (isinstance(connector, type) and issubclass(connector, Connector)):
        raise _DoesNotFit(Unfit.NO_CONNECTOR, "no Connector class")
    if inspect.isabstract(connector):
        lacking = sorted(connector.__abstractmethods__)
        raise _DoesNotFit(Unfit.NO_CONNECTOR, f"lacks {', '.join(lacking)}")
    if not isinstance(getattr(connector, "platform", None), Platform):
        raise _DoesNotFit(Unfit.NO_CONNECTOR, "platform")
    if not isinstance(getattr(connector, "capabilities", None), Capabilities):
        raise _DoesNotFit(Unfit.NO_CONNECTOR, "capabilities")
    if not isinstance(getattr(connector, "credential_fields", None), tuple):
        raise _DoesNotFit(Unfit.NO_CONNECTOR, "credential_fields")
    if not connector.platform == connector.capabilities.platform == point.name:
        raise _DoesNotFit(Unfit.MISNAMED, str(connector.platform))
    return connector


def _make_readable(name: str) -> None:
    """Let the register be read although it has accounts of a platform that nobody introduced."""
    with contextlib.suppress(ValueError):  # it cannot name a platform, or means another: then no account has it
        Platform.named(name) or Platform.introduce(name, name)


def _package(point: EntryPoint) -> str:
    return point.dist.name if point.dist is not None else "?"
