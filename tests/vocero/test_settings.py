"""Settings: where they come from, which one wins, and what is said of a wrong one."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import InvalidInput
from vocero.settings import Settings, load

SECRET = "hunter2-clave"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of whoever runs the tests, and no settings file in the folder."""
    for name in [name for name in os.environ if name.startswith("VOCERO_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def written(text: str, name: str = "vocero.toml") -> Path:
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    return path


def refused(file: Path | None = None) -> str:
    with pytest.raises(InvalidInput) as told:
        load(file)
    assert told.value.__cause__ is None or SECRET not in str(told.value.__cause__)
    assert SECRET not in told.value.sentence + told.value.diagnostic
    return told.value.sentence


def test_without_anything_the_defaults_serve() -> None:
    settings = load()
    assert settings == Settings()
    assert settings.database_url == "sqlite:///var/vocero.db"
    assert (settings.routes, settings.only_routed, settings.secret_key) == ({}, False, None)


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    written('in_hand = 3\nactor = "jefa"\nretry_seconds = 9')
    monkeypatch.setenv("VOCERO_IN_HAND", "5")
    settings = load()
    assert (settings.in_hand, settings.actor, settings.retry_seconds) == (5, "jefa", 9)


def test_the_named_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    written("in_hand = 3")
    monkeypatch.setenv("VOCERO_SETTINGS", str(written("in_hand = 4", "otro.toml")))
    assert load().in_hand == 4
    assert load(written("in_hand = 6", "tercero.toml")).in_hand == 6


def test_a_wrong_value_in_the_file_does_not_matter_where_the_environment_says_better(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written('in_hand = "muchos"')
    monkeypatch.setenv("VOCERO_IN_HAND", "5")
    assert load().in_hand == 5


@pytest.mark.parametrize("given", ["file", "environment"])
def test_routes_are_json_or_a_table(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    routes = {"https://graph.facebook.com": "http://127.0.0.1:8801/graph.facebook.com"}
    if given == "file":
        written('[routes]\n"https://graph.facebook.com" = "http://127.0.0.1:8801/graph.facebook.com"')
    else:
        monkeypatch.setenv("VOCERO_ROUTES", json.dumps(routes))
        monkeypatch.setenv("VOCERO_ONLY_ROUTED", "true")
    settings = load()
    assert settings.routes == settings.door().routes == routes
    assert settings.door().closed is (given == "environment")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ROUTES", "no es json"),
        ("ROUTES", '["a"]'),
        ("ROUTES", '{"graph.facebook.com": "http://127.0.0.1"}'),
        ("ROUTES", '{"https://a.example": "file:///etc/passwd"}'),
        ("IN_HAND", "0"),
        ("IN_HAND", "65"),
        ("IN_HAND", "muchos"),
        ("LEASE_SECONDS", "85"),
        ("CALL_SECONDS", "nan"),
        ("READ_SECONDS", "-1"),
        ("LATENESS_MINUTES", "1441"),
        ("LOOKS_SECONDS", "10,veinte"),
        ("LOOKS_SECONDS", "10,-5"),
        ("LOOKS_SECONDS", "nan"),
        ("LOOKS_SECONDS", "inf"),
        ("ONLY_ROUTED", "quizás"),
        ("LOG_LEVEL", "RUIDO"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"VOCERO_{name}", value)
    sentence = refused()
    assert name.lower() in sentence.casefold()
    assert "input" not in sentence.casefold()  # pydantic's English


@pytest.mark.parametrize(
    ("file", "environment", "told"),
    [
        ("database = 'x'", {}, "¿Quiso decir database_url?"),
        ("", {"VOCERO_DATABASE": SECRET}, "¿Quiso decir VOCERO_DATABASE_URL?"),
        ("", {"VOCERO_SECRETKEY": SECRET}, "¿Quiso decir VOCERO_SECRET_KEY?"),
        (f"secretkey = '{SECRET}'", {}, "¿Quiso decir secret_key?"),
        ("zzz = 1", {}, "No existe el ajuste zzz"),
        ("", {"VOCERO_ZZZ": SECRET}, "No existe el ajuste VOCERO_ZZZ"),
        ("[database]\nurl = 'x'", {}, "No existe el ajuste database"),
    ],
)
def test_an_unknown_name_is_an_error_and_the_likely_one_is_told(
    monkeypatch: pytest.MonkeyPatch, file: str, environment: dict[str, str], told: str
) -> None:
    written(file)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert told in refused()


def test_a_secret_is_never_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOCERO_SECRET_KEY", SECRET)
    settings = load()
    assert SECRET not in repr(settings) + str(settings)
    assert settings.secret_key is not None
    assert settings.secret_key.get_secret_value() == SECRET
    monkeypatch.delenv("VOCERO_SECRET_KEY")
    for text in (f"secret_key = ['{SECRET}']", f"secret_key = '{SECRET}", f"in_hand = '{SECRET}'"):
        written(text)
        refused()


def test_an_address_with_a_password_is_in_no_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOCERO_DATABASE_URL", f"postgresql://vocero:{SECRET}@db/vocero")
    monkeypatch.setenv("VOCERO_PROXY", f"http://prensa:{SECRET}@proxy:3128")
    settings = load()
    assert SECRET in settings.database_url
    assert SECRET not in repr(settings) + str(settings)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert "no-hay.toml" in refused(tmp_path / "no-hay.toml")
    Path("roto.toml").write_bytes(b"\xff\xfe")
    assert "roto.toml" in refused(Path("roto.toml"))
    assert "línea 2" in refused(written("in_hand = 3\nesto no", "mal.toml"))
    assert refused(tmp_path)


def test_the_times_reach_those_who_need_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOCERO_LOOKS_SECONDS", "1, 2.5,")
    monkeypatch.setenv("VOCERO_LEASE_SECONDS", "100")
    timing = load().timing()
    assert timing.patience.looks == (timedelta(seconds=1), timedelta(seconds=2.5))
    assert (timing.lease, timing.call) == (timedelta(seconds=100), timedelta(seconds=85))
    assert load().door().whole_call == timedelta(seconds=75)
