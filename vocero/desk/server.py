"""The desk's server: uvicorn in a thread of this process, beside the worker."""

import threading
import time
from types import TracebackType
from typing import Self

import uvicorn
from fastapi import FastAPI

from core.errors import StorageError
from core.texts import _

_START = 10.0  # seconds


class DeskServer:
    """Serves while it is entered. Raises StorageError where the port is taken."""

    def __init__(self, app: FastAPI, *, host: str, port: int) -> None:
        config = uvicorn.Config(app, host=host, port=port, log_level="error", access_log=False, server_header=False)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="desk", daemon=True)
        self._where = f"{host}:{port}"

    def __enter__(self) -> Self:
        self._thread.start()
        gives_up_at = time.monotonic() + _START
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > gives_up_at:
                raise StorageError(
                    _("No se puede abrir {where}: otro programa usa ese puerto. Cambie desk_port.").format(
                        where=self._where
                    )
                )
            time.sleep(0.01)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(_START)

    @property
    def port(self) -> int:
        """The port that it listens on, also where 0 was asked for."""
        return int(self._server.servers[0].sockets[0].getsockname()[1])

    def _serve(self) -> None:
        try:
            self._server.run()
        except SystemExit:  # uvicorn's way to say that it cannot listen; whoever entered is told
            return
