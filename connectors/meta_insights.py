"""Figures of the Graph API: what is asked for by name and comes as a list (sheets facebook.md and instagram.md, 4)."""

from collections.abc import Sequence
from datetime import UTC, datetime

from connectors.errors import Rejected, Unavailable
from connectors.meta import Answer, Graph
from connectors.meta_values import figure, part_of, text_of
from core.feedback import Snapshot


def put(values: dict[str, float], name: str, value: object) -> None:
    """Add a figure, or each part of one that has parts (`<name>.<part>`). What is no figure is not added."""
    parts = {f"{name}.{text_of(part)}": inner for part, inner in value.items()} if isinstance(value, dict) else {}
    for each, inner in (parts or {name: value}).items():
        number = figure(inner)
        if number is not None:
            values[each] = number


def read_insights(
    graph: Graph, path: str, metrics: tuple[str, ...], *, faults: frozenset[str], **query: str
) -> dict[str, float]:
    """Return the figures that the platform gives of these metrics.

    One bad metric fails a whole request, so a request refused with one of the codes in `faults` is asked again, each
    metric alone; what is refused alone is simply not there. Any other refusal says that there are no figures at all.
    """
    values: dict[str, float] = {}
    for insight in _insights(graph, path, metrics, faults, query):
        name = text_of(insight.get("name"))
        if name in metrics:
            put(values, name, _value_of(insight))
    return values


def snapshot(values: dict[str, float], *, expected: Sequence[str]) -> Snapshot:
    """Return the figures as they are now; what was expected and is not among them is missing."""
    got = {name.split(".")[0] for name in values}
    return Snapshot(
        taken_at=datetime.now(UTC), values=values, missing=tuple(name for name in expected if name not in got)
    )


def _insights(
    graph: Graph, path: str, metrics: tuple[str, ...], faults: frozenset[str], query: dict[str, str]
) -> list[Answer]:
    try:
        return graph.items(graph.get(path, metric=",".join(metrics), **query))
    except (Rejected, Unavailable) as error:
        is_fault = error.code.split("/")[0] in faults
        if isinstance(error, Unavailable) and not is_fault:
            raise
        if len(metrics) == 1 or not is_fault:
            return []
    return [insight for metric in metrics for insight in _insights(graph, path, (metric,), faults, query)]


def _value_of(insight: Answer) -> object:
    """Return a metric's figure: the whole where it is given, else the last of its values, which come oldest first."""
    whole = part_of(insight, "total_value", "value")
    if whole is not None:
        return whole
    values = insight.get("values")
    listed = [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
    return listed[-1].get("value") if listed else None
