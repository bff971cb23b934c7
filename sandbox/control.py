"""The sandbox's own addresses, all starting with an underscore, and its page of what the public sees."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request

from sandbox.exchange import Answer
from sandbox.faults import FaultPlan, FaultPlanError
from sandbox.media import picture, video_type
from sandbox.platforms import PLATFORMS, routes
from sandbox.window import page

if TYPE_CHECKING:
    from sandbox.server import Sandbox

_GROW = {"comments": int, "platform": str, "remote_id": str, "text": str, "author": str}


class BadWish(ValueError):
    """What was asked of the sandbox itself makes no sense; the text (Spanish) says why."""


class Control:
    """Answers `/` and `/_*`."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._gets: dict[str, Callable[[Request, str], Answer]] = {
            "/": self._window,
            "/_ledger": self._ledger,
            "/_faults": lambda _request, _address: Answer.json(sandbox.faults.to_json()),
            "/_requests": self._requests,
            "/_routes": lambda _request, address: Answer.json(routes(address)),
            "/_world": self._world,
        }
        self._posts: dict[str, Callable[[Request], Answer]] = {
            "/_faults": self._plant,
            "/_reset": self._reset,
            "/_clock": self._advance,
            "/_grow": self._grow,
        }

    def answer(self, request: Request, address: str) -> Answer:
        """Answer one request; `address` is where the sandbox was reached."""
        if request.path.startswith("/_media/") and request.method in {"GET", "HEAD"}:
            return self._media(request.path.removeprefix("/_media/"))
        try:
            if request.method in {"GET", "HEAD"} and request.path in self._gets:
                return self._gets[request.path](request, address)
            if request.method == "POST" and request.path in self._posts:
                return self._posts[request.path](request)
        except (BadWish, FaultPlanError) as error:
            return Answer.json({"error": str(error)}, status=400)
        return Answer.json(
            {
                "error": "Aquí no hay nada. La primera parte de la dirección es el servidor de la plataforma.",
                "hosts": list(dict.fromkeys(host for kind in PLATFORMS for host in kind.hosts)),
                "own": sorted({*self._gets, *self._posts}),
            },
            status=404,
        )

    def _ledger(self, _request: Request, _address: str) -> Answer:
        self._sandbox.tick()
        return Answer.json({"writes": [write.to_json() for write in self._sandbox.ledger.writes()]})

    def _requests(self, request: Request, _address: str) -> Answer:
        last = request.args.get("last", default=100, type=int)
        with self._sandbox.lock:
            entries = list(self._sandbox.requests)
        return Answer.json({"requests": entries[-last:] if last > 0 else []})

    def _world(self, _request: Request, _address: str) -> Answer:
        operations = {kind.name: sorted(kind.operations) for kind in PLATFORMS}
        manners = {kind.name: sorted(kind.manners) for kind in PLATFORMS if kind.manners}
        return Answer.json({**self._sandbox.world.to_json(), "operations": operations, "manners": manners})

    def _window(self, _request: Request, _address: str) -> Answer:
        with self._sandbox.lock:
            self._sandbox.tick()
            columns = [(imitation.title, imitation.cards()) for imitation in self._sandbox.imitations]
        return Answer.html(page(columns, self._sandbox.clock(), self._kind_of))

    def _kind_of(self, sha256: str) -> str:
        path = self._sandbox.store.find(sha256)
        if path is None:
            return ""
        return video_type(path) or (seen.mime if (seen := picture(path)) else "")

    def _media(self, sha256: str) -> Answer:
        path = self._sandbox.store.find(sha256)
        if path is None:
            return Answer.json({"error": "No se recibió nada con esa huella."}, status=404)
        return Answer(200, path, self._kind_of(sha256) or "application/octet-stream")

    def _plant(self, request: Request) -> Answer:
        self._sandbox.plant(FaultPlan.parse(request.get_data()))
        return Answer.json(self._sandbox.faults.to_json())

    def _reset(self, _request: Request) -> Answer:
        self._sandbox.reset()
        return Answer.json({"reset": True})

    def _advance(self, request: Request) -> Answer:
        seconds = _document(request).get("advance_seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
            raise BadWish("advance_seconds: debe ser un número de segundos, no negativo")
        self._sandbox.advance(timedelta(seconds=seconds))
        return Answer.json({"now": self._sandbox.clock().isoformat()})

    def _grow(self, request: Request) -> Answer:
        wish = _document(request)
        for key, value in wish.items():
            if key not in _GROW or not isinstance(value, _GROW[key]) or isinstance(value, bool):
                raise BadWish(f"«{key}»: se esperaba uno de {', '.join(_GROW)}, con su tipo")
        return Answer.json({"comments": list(self._sandbox.grow(**wish))})


def _document(request: Request) -> Mapping[str, Any]:
    try:
        document = json.loads(request.get_data() or b"{}")
    except ValueError as error:
        raise BadWish(f"no es JSON: {error}") from error
    if not isinstance(document, dict):
        raise BadWish("debe ser un objeto JSON")
    return document
