"""The fault plan: what goes wrong, when, and how.

A JSON document:

    {"seed": 7, "rules": [
      {"match": {"platform": "facebook", "host": "graph.facebook.com", "method": "POST",
                 "path": "regular expression", "operation": "publish"},
       "fault": {"kind": "drop_after"},
       "after": 0, "times": 1, "probability": 1.0}]}

All of `match` is optional and what is there must all hold; `path` is searched in the path below the host; operations
are named by each imitation (`GET /_world` lists them). A rule lets the first `after` matching requests pass, then
strikes at most `times` times (null: without end), each time with `probability`. Several rules may strike the same
request: the first one that settles the answer, and all that only delay it or change the state. The same seed and the
same order of requests give the same faults. Kinds, with their own keys:

| kind | what happens | keys |
|---|---|---|
| `drop_before` | connection closed, nothing done | |
| `drop_after` | carried out, then the connection is closed without an answer | |
| `status_before`, `status_after` | error answer, before or after carrying out | `status` (500), `html`, `code`, |
| | | `subcode`, `message`, `retry_after` (s) |
| `throttle` | the platform's own "too many", nothing done | `code`, `minutes` (5), `retry_after` (s) |
| `slow` | waits | `seconds`, `when`: `before` or `after` (carrying out) |
| `html` | carried out, then 200 with an HTML page | |
| `truncated` | carried out, then half of the answer | `how`: `length` (Content-Length of the whole), `chunk` |
| | | (chunked, never ended), `body` (well-formed HTTP, half a document) |
| `junk_before_json` | carried out, with a PHP notice before the JSON | |
| `expired_token` | the token is dead: Facebook 190, WordPress silently anonymous | `subcode` (463) |
| `hidden_in_lists` | what is made or shown stays out of lists | `seconds` and/or `reads` |
| `processing` | the video needs this many polls | `polls` |
| `processing_error` | what is handed over will fail when it is processed (Instagram, X) | `subcode` |
| `manner` | the platform answers in another of its manners: see its class (`GET /_world` lists them) | `name` |
"""

import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

_ANSWERS = frozenset(
    {
        "drop_before",
        "drop_after",
        "status_before",
        "status_after",
        "throttle",
        "html",
        "truncated",
        "junk_before_json",
        "expired_token",
    }
)
_KEYS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "drop_before": {},
    "drop_after": {},
    "status_before": {
        "status": int,
        "html": bool,
        "code": (int, str),
        "subcode": int,
        "message": str,
        "retry_after": int,
    },
    "status_after": {
        "status": int,
        "html": bool,
        "code": (int, str),
        "subcode": int,
        "message": str,
        "retry_after": int,
    },
    "throttle": {"code": int, "minutes": int, "retry_after": int},
    "slow": {"seconds": (int, float), "when": str},
    "html": {},
    "truncated": {"how": str},
    "junk_before_json": {},
    "expired_token": {"subcode": int},
    "hidden_in_lists": {"seconds": (int, float), "reads": int},
    "processing": {"polls": int},
    "processing_error": {"subcode": int},
    "manner": {"name": str},
}
_NEEDED = {
    "slow": ("seconds",),
    "processing": ("polls",),
    "hidden_in_lists": ("seconds", "reads"),
    "manner": ("name",),
}
_CHOICES = {"when": ("before", "after"), "how": ("length", "chunk", "body")}


class FaultPlanError(ValueError):
    """The document is no fault plan; the text (Spanish) says where and why."""


@dataclass(frozen=True, slots=True)
class Match:
    """Which requests a rule is about; None: any."""

    platform: str | None = None
    host: str | None = None
    method: str | None = None
    path: str | None = None
    operation: str | None = None

    def covers(self, facts: "Match") -> bool:
        """Whether a request with these facts (all set) is meant."""
        return (
            self.platform in {None, facts.platform}
            and self.host in {None, facts.host}
            and self.method in {None, facts.method}
            and self.operation in {None, facts.operation}
            and (self.path is None or re.search(self.path, facts.path or "") is not None)
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: its kind and the kind's own keys (see the module)."""

    kind: str
    status: int = 500
    html: bool = False
    code: int | str | None = None
    subcode: int | None = None
    message: str | None = None
    retry_after: int | None = None
    minutes: int = 5
    seconds: float | None = None
    when: str = "before"
    how: str = "length"
    reads: int | None = None
    polls: int | None = None
    name: str | None = None

    @property
    def settles(self) -> bool:
        """Whether it decides the answer; the others only delay it or change the state."""
        return self.kind in _ANSWERS


@dataclass(frozen=True, slots=True)
class FaultRule:
    """When a fault strikes. `times` None: without end."""

    fault: Fault
    match: Match = Match()
    times: int | None = 1
    after: int = 0
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """A seed and rules, in order."""

    seed: int = 0
    rules: tuple[FaultRule, ...] = ()

    @classmethod
    def parse(cls, document: object) -> "FaultPlan":
        """Return the plan of a document: JSON text, or what JSON decodes to. Raises FaultPlanError."""
        if isinstance(document, str | bytes):
            try:
                document = json.loads(document)
            except json.JSONDecodeError as error:
                raise FaultPlanError(f"no es JSON (línea {error.lineno}, columna {error.colno})") from error
            except UnicodeDecodeError as error:
                raise FaultPlanError("no es un texto") from error
        plan = _object(document, "el plan", {"seed", "rules"})
        rules = plan.get("rules", [])
        if not isinstance(rules, list):
            raise FaultPlanError("rules: debe ser una lista")
        return cls(
            seed=_number(plan.get("seed", 0), "seed", least=None),
            rules=tuple(_rule(rule, f"rules[{index}]") for index, rule in enumerate(rules)),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the document of the plan."""
        return {"seed": self.seed, "rules": [_rule_json(rule) for rule in self.rules]}


class FaultDice:
    """A plan under way: how often each rule matched and struck, and the dice. Not thread-safe."""

    def __init__(self, plan: FaultPlan) -> None:
        self.plan = plan
        self._random = random.Random(plan.seed)  # noqa: S311  # repeatable on purpose
        self._seen = [0] * len(plan.rules)
        self._struck = [0] * len(plan.rules)

    def throw(self, facts: Match) -> tuple[Fault, ...]:
        """Return the faults that strike this request, at most one of which settles the answer."""
        out: list[Fault] = []
        for index, rule in enumerate(self.plan.rules):
            if not rule.match.covers(facts):
                continue
            self._seen[index] += 1
            if self._seen[index] <= rule.after or (rule.times is not None and self._struck[index] >= rule.times):
                continue
            if rule.fault.settles and any(fault.settles for fault in out):
                continue
            if rule.probability < 1.0 and self._random.random() >= rule.probability:
                continue
            self._struck[index] += 1
            out.append(rule.fault)
        return tuple(out)


def _rule(document: object, where: str) -> FaultRule:
    rule = _object(document, where, {"match", "fault", "times", "after", "probability"})
    if "fault" not in rule:
        raise FaultPlanError(f"{where}: falta «fault»")
    times = rule.get("times", 1)
    probability = rule.get("probability", 1.0)
    if isinstance(probability, bool) or not isinstance(probability, int | float) or not 0 <= probability <= 1:
        raise FaultPlanError(f"{where}.probability: debe ser un número de 0 a 1")
    return FaultRule(
        match=_match(rule.get("match", {}), f"{where}.match"),
        fault=_fault(rule["fault"], f"{where}.fault"),
        times=None if times is None else _number(times, f"{where}.times", least=0),
        after=_number(rule.get("after", 0), f"{where}.after", least=0),
        probability=float(probability),
    )


def _match(document: object, where: str) -> Match:
    match = _object(document, where, {field.name for field in fields(Match)})
    for key, value in match.items():
        if not isinstance(value, str):
            raise FaultPlanError(f"{where}.{key}: debe ser un texto")
    try:
        re.compile(match.get("path", ""))
    except re.error as error:
        raise FaultPlanError(f"{where}.path: no es una expresión regular: {error}") from error
    return Match(**{key: value.upper() if key == "method" else value for key, value in match.items()})


def _fault(document: object, where: str) -> Fault:
    if not isinstance(document, Mapping) or not isinstance(kind := document.get("kind"), str):
        raise FaultPlanError(f"{where}: debe ser un objeto con «kind»")
    if kind not in _KEYS:
        raise FaultPlanError(f"{where}.kind: «{kind}» no existe; hay {', '.join(_KEYS)}")
    keys = _KEYS[kind]
    fault = _object(document, where, {"kind", *keys})
    for key, kinds in keys.items():
        value = fault.get(key)
        if value is None:
            continue
        if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is not bool):
            raise FaultPlanError(f"{where}.{key}: «{value}» no es del tipo esperado")
        if key in _CHOICES and value not in _CHOICES[key]:
            raise FaultPlanError(f"{where}.{key}: debe ser uno de {', '.join(_CHOICES[key])}")
        if isinstance(value, int | float) and value < 0:
            raise FaultPlanError(f"{where}.{key}: no puede ser negativo")
    needed = _NEEDED.get(kind)
    if needed and all(fault.get(key) is None for key in needed):
        raise FaultPlanError(f"{where}: falta «{'» o «'.join(needed)}»")
    return Fault(**{key: value for key, value in fault.items() if value is not None})


def _object(document: object, where: str, known: set[str]) -> dict[str, Any]:
    if not isinstance(document, Mapping):
        raise FaultPlanError(f"{where}: debe ser un objeto")
    unknown = sorted(str(key) for key in document if key not in known)
    if unknown:
        raise FaultPlanError(f"{where}: no se conoce «{unknown[0]}»; hay {', '.join(sorted(known))}")
    return dict(document)


def _number(value: object, where: str, *, least: int | None) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or (least is not None and value < least):
        raise FaultPlanError(f"{where}: debe ser un número entero" + ("" if least is None else f" desde {least}"))
    return value


def _rule_json(rule: FaultRule) -> dict[str, Any]:
    keys = ("kind", *_KEYS[rule.fault.kind])
    return {
        "match": {
            field.name: value for field in fields(Match) if (value := getattr(rule.match, field.name)) is not None
        },
        "fault": {key: value for key in keys if (value := getattr(rule.fault, key)) is not None},
        "times": rule.times,
        "after": rule.after,
        "probability": rule.probability,
    }
