"""The replay itself is strict: a connector that asks otherwise than its fixture cannot pass."""

from contextlib import suppress
from pathlib import Path

import pytest
import requests
import yaml

from tests.connectors import replay as machinery
from tests.connectors.replay import described, replay

ADDRESS = "https://graph.example/v1/9"
ANSWER = {"status": 200, "json": {"ok": True}}
EXCHANGE = {
    "request": {
        "method": "POST",
        "url": ADDRESS,
        "query": {"fields": "id"},
        "headers": {"Authorization": "Bearer <TOKEN>"},
        "form": {"a": "1"},
    },
    "response": ANSWER,
}


@pytest.fixture(autouse=True)
def fixture_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mars").mkdir()
    document = {"origin": "constructed", "source": "none", "date": "2026-11-23", "exchanges": [EXCHANGE]}
    (tmp_path / "mars" / "publish.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    monkeypatch.setattr(machinery, "FIXTURES", tmp_path)


def ask(**changes: object) -> requests.Response:
    call: dict[str, object] = {
        "method": "POST",
        "url": ADDRESS,
        "params": {"fields": "id"},
        "headers": {"Authorization": "Bearer abc"},
        "data": {"a": "1"},
    }
    return requests.request(**(call | changes), timeout=1)  # type: ignore[arg-type]


def test_replay_answers_the_expected_request() -> None:
    with replay("mars", "publish", TOKEN="abc"):
        assert ask().json() == {"ok": True}


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "PUT"},
        {"url": ADDRESS + "9"},
        {"params": {}},
        {"params": {"fields": "id", "more": "1"}},
        {"data": {"a": "2"}},
        {"data": {"a": "1", "b": "2"}},
        {"data": None, "json": {"a": "1"}},
        {"headers": {"Authorization": "Bearer other"}},
        {"headers": {}},
    ],
)
def test_replay_stops_a_request_that_differs(changes: dict[str, object]) -> None:
    with pytest.raises(AssertionError, match="request 1 differs"), replay("mars", "publish", TOKEN="abc"):
        ask(**changes)


def test_replay_difference_cannot_be_swallowed() -> None:
    with (
        pytest.raises(AssertionError, match="request 1 differs"),
        replay("mars", "publish", TOKEN="abc"),
        suppress(AssertionError),
    ):
        ask(data={"a": "2"})


def test_replay_stops_an_extra_request() -> None:
    def ask_twice() -> None:
        ask()
        ask()

    with pytest.raises(AssertionError, match="no further request"), replay("mars", "publish", TOKEN="abc"):
        ask_twice()


def test_replay_misses_a_request_that_never_came() -> None:
    with pytest.raises(AssertionError, match="never came"), replay("mars", "publish", TOKEN="abc"):
        pass


def test_described_reads_a_multipart_body() -> None:
    request = requests.Request(
        "POST", ADDRESS, data={"k": "ñ"}, files={"source": ("a.jpg", b"\xffabc\n", "image/jpeg")}
    ).prepare()
    assert described(request)["multipart"] == {
        "k": "ñ",
        "source": {"filename": "a.jpg", "type": "image/jpeg", "content": "\\xffabc\n"},
    }
