"""Every recorded and constructed exchange with a website, and what the connector makes of it."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.errors import (
    ConnectorError,
    Gone,
    Misconfigured,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
)
from core.accounts import Credentials, Identity
from core.deliveries import Published, Stage
from core.feedback import Comment, Page
from tests.connectors.replay import FIXTURES, replay
from tests.connectors.website_scenes import PASSWORD, USER, WRONG_PASSWORD, play, the_connector, the_post

OURS = FIXTURES / "website"
URL = "https://www.inpe.example/2026/11/abrio-el-taller-entrega-1/"


def login(password: str) -> str:
    return base64.b64encode(f"{USER}:{password}".encode()).decode()


def run(name: str, directory: Path) -> object:
    """Play the fixture to the connector and return its answer."""
    document = yaml.safe_load((OURS / f"{name}.yaml").read_text(encoding="utf-8"))
    connector = the_connector(
        address="https://www.inpe.example" + ("/portal" if name == "identify__path_prefix" else ""),
        password=WRONG_PASSWORD if name == "identify__wrong_password" else PASSWORD,
    )
    values = {"LOGIN": login(PASSWORD), "WRONG_LOGIN": login(WRONG_PASSWORD), "PASSWORD": PASSWORD}
    with replay("website", name, **values):
        return play(name, connector, the_post(directory), document["given"])


REFUSED: list[tuple[str, type[ConnectorError], str]] = [
    ("identify__wrong_password", NotAuthorized, "rest_not_logged_in"),
    ("identify__plugin_names_the_password", NotAuthorized, "incorrect_password"),
    ("identify__passwords_off", NotAuthorized, "application_passwords_disabled"),
    ("identify__api_switched_off", NotAuthorized, "rest_no_route"),
    ("identify__no_api", NotAuthorized, "not_json"),
    ("identify__redirect_to_www", NotAuthorized, "redirect"),
    ("identify__login_wall", NotAuthorized, "redirect"),
    ("identify__no_answer", Unavailable, ""),
    ("stage__upload_too_large", Rejected, "not_json"),
    ("stage__upload_damaged", Unavailable, "rest_upload_hash_mismatch"),
    ("stage__upload_type_refused", Rejected, "rest_upload_sideload_error"),
    ("stage__upload_over_the_limit", Rejected, "rest_upload_unknown_error"),
    ("stage__upload_disk_full", Unavailable, "rest_upload_file_error"),
    ("stage__upload_lost", Unavailable, ""),
    ("stage__upload_html", Unavailable, "not_json"),
    ("stage__category_not_allowed", Rejected, "rest_cannot_create"),
    ("stage__draft_lost", Unavailable, "not_json"),
    ("stage__anonymous", NotAuthorized, "rest_invalid_param"),
    ("stage__silently_changed", Rejected, "differs"),
    ("stage__withdrawn", Rejected, "withdrawn_on_site"),
    ("publish__lost", OutcomeUnknown, ""),
    ("publish__reset", OutcomeUnknown, ""),
    ("publish__truncated", OutcomeUnknown, ""),
    ("publish__refused", Unavailable, ""),
    ("publish__html_500", OutcomeUnknown, "not_json"),
    ("publish__html_200", OutcomeUnknown, "not_json"),
    ("publish__json_500", OutcomeUnknown, "internal_server_error"),
    ("publish__bad_gateway", OutcomeUnknown, "not_json"),
    ("publish__gateway_timeout", OutcomeUnknown, "not_json"),
    ("publish__proxy_503", OutcomeUnknown, "not_json"),
    ("publish__maintenance", Unavailable, "wp_die"),
    ("publish__too_many", RateLimited, "not_json"),
    ("publish__too_many_until", RateLimited, "not_json"),
    ("publish__firewall", NotAuthorized, "not_json"),
    ("publish__redirect", NotAuthorized, "redirect"),
    ("publish__anonymous", NotAuthorized, "rest_cannot_edit"),
    ("publish__lacking_right", NotAuthorized, "rest_cannot_edit"),
    ("publish__cannot_publish", NotAuthorized, "rest_cannot_publish"),
    ("publish__empty_answer", OutcomeUnknown, ""),
    ("publish__put_off", Unavailable, "future"),
    ("publish__kept_for_review", Rejected, "pending"),
    ("publish__error_behind_notices", NotAuthorized, "rest_cannot_edit"),
    ("publish__too_large", Rejected, "not_json"),
    ("publish__draft_gone", Unavailable, "rest_post_invalid_id"),
    ("find__withdrawn", OutcomeUnknown, "withdrawn"),
    ("find__page_instead_of_data", OutcomeUnknown, ""),
    ("find__no_answer", Unavailable, ""),
    ("find__failing", OutcomeUnknown, ""),
    ("find__anonymous", NotAuthorized, "rest_forbidden_context"),
    ("take_down__gone", Gone, "rest_post_invalid_id"),
    ("comments__gone", Gone, "rest_post_invalid_id"),
    ("comments__withdrawn", Gone, "trash"),
    ("metrics__gone", Gone, "rest_post_invalid_id"),
    ("reply__gone", Gone, "rest_comment_invalid_id"),
    ("reply__flood", RateLimited, "comment_flood"),
    ("reply__lost", OutcomeUnknown, ""),
    ("reply__draft_post", Rejected, "rest_comment_draft_post"),
    ("reply__post_gone", Gone, "rest_comment_invalid_post_id"),
    ("reply__held", NotAuthorized, "hold"),
    ("reply__duplicate_not_shown", OutcomeUnknown, "comment_duplicate"),
    ("hide__word_ignored", Rejected, "approved"),
]


def token(**changes: object) -> dict[str, object]:
    """Return the token of a post that has its file, its category and its draft."""
    pixel = {
        "id": 4,
        "url": "https://www.inpe.example/wp-content/uploads/2026/11/entrega-1-1-d2437ddf45aa.gif",
        "described": True,
    }
    whole: dict[str, object] = {
        "style": "pretty",
        "uploads": [pixel],
        "categories": [2],
        "tags": [],
        "post_id": 5,
        "written": False,
    }
    return whole | changes


def is_stage(*, ready: bool = False, **changes: object) -> Callable[[object], bool]:
    return lambda answer: answer == Stage(token=token(**changes), ready=ready)


def is_published(answer: object) -> bool:
    assert isinstance(answer, Published)
    assert answer.published_at is not None
    return (answer.remote_id, answer.url) == ("5", URL) and answer.published_at.tzinfo is UTC


def is_site(**changes: object) -> Callable[[object], bool]:
    site = Identity(remote_id="www.inpe.example", name="INPE de prueba (editor1)", address="https://www.inpe.example")
    return lambda answer: isinstance(answer, Identity) and asdict(answer) == asdict(site) | changes


def is_reply(answer: object) -> bool:
    return isinstance(answer, Published) and answer.url.startswith(URL) and answer.remote_id.isdecimal()


def are_comments(answer: object) -> bool:
    assert isinstance(answer, Page)
    first, second, reply = answer.items
    assert isinstance(first, Comment)
    assert isinstance(second, Comment)
    assert isinstance(reply, Comment)
    return (
        (first.text, first.hidden, first.created_at) == ("¿Dónde es?", False, datetime(2026, 11, 23, 10, tzinfo=UTC))
        and (second.text, second.hidden) == ("Compre aquí", True)
        and (reply.text, reply.own, reply.parent_id) == ("En la sede central, de 9 a 13 h & gratis.", True, first.id)
        and answer.next_cursor is None
    )


ANSWERED: dict[str, Callable[[object], bool]] = {
    "identify": is_site(),
    "identify__plain_permalinks": is_site(),
    "identify__notices": is_site(),
    "identify__path_prefix": is_site(remote_id="www.inpe.example/portal", address="https://WWW.inpe.example/portal/"),
    "stage__upload": is_stage(categories=[], post_id=None),
    "stage__upload_already_there": is_stage(categories=[], post_id=None),
    "stage__category_made": is_stage(post_id=None),
    "stage__category_already_there": is_stage(post_id=None),
    "stage__category_exists": is_stage(categories=[7], post_id=None),
    "stage__draft": is_stage(written=True),
    "stage__compared": is_stage(ready=True),
    "stage__edited_on_the_site": is_stage(written=True),
    "publish": is_published,
    "publish__again": is_published,
    "find": is_published,
    "find__draft": lambda answer: answer is None,
    "find__gone": lambda answer: answer is None,
    "take_down": lambda answer: answer is None,
    "take_down__already": lambda answer: answer is None,
    "take_down__trashed_meanwhile": lambda answer: answer is None,
    "reply": is_reply,
    "reply__duplicate": is_reply,
    "comments": are_comments,
    "comments__empty_page_before_the_end": lambda answer: answer == Page(items=(), next_cursor="2"),
    "metrics": lambda answer: answer == {"comments": 2.0},
    "metrics__no_total": lambda answer: answer == {},
    "account_metrics": lambda answer: answer == {"posts": 2.0, "media": 1.0},
    "hide": lambda answer: answer is None,
    "hide__already": lambda answer: answer is None,
    "hide__show": lambda answer: answer is None,
    "hide__spam": lambda answer: answer is None,
}


@pytest.mark.parametrize(("name", "kind", "code"), REFUSED, ids=[row[0] for row in REFUSED])
def test_refusal_means_what_must_happen_next(name: str, kind: type[ConnectorError], code: str, tmp_path: Path) -> None:
    with pytest.raises(ConnectorError) as caught:
        run(name, tmp_path)
    assert (type(caught.value), caught.value.code) == (kind, code)
    shown = f"{caught.value} {caught.value!r} {caught.value.detail} {vars(caught.value)}"
    for secret in (PASSWORD, PASSWORD.replace(" ", ""), login(PASSWORD), "token=abc"):
        assert secret not in shown


@pytest.mark.parametrize("name", ANSWERED)
def test_answer_is_understood(name: str, tmp_path: Path) -> None:
    answer = run(name, tmp_path)
    assert ANSWERED[name](answer), answer


def test_every_fixture_is_played() -> None:
    assert sorted(path.stem for path in OURS.glob("*.yaml")) == sorted([*ANSWERED, *(row[0] for row in REFUSED)])


def test_waiting_times_are_the_sites_own(tmp_path: Path) -> None:
    expected = {
        "publish__too_many": timedelta(seconds=30),
        "publish__too_many_until": None,  # an instant that has passed asks for nothing
        "reply__flood": timedelta(seconds=15),
    }
    for name, wait in expected.items():
        with pytest.raises(RateLimited) as caught:
            run(name, tmp_path)
        assert caught.value.retry_after == wait


def test_redirect_names_the_address_that_the_account_must_have(tmp_path: Path) -> None:
    with pytest.raises(NotAuthorized, match=r"https://otro\.inpe\.example/wp-json/wp/v2/users/me"):
        run("identify__redirect_to_www", tmp_path)


def test_silent_changes_are_named(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="content, featured_media"):
        run("stage__silently_changed", tmp_path)


@pytest.mark.parametrize(
    "address",
    ["http://www.inpe.example", "www.inpe.example", "ftp://www.inpe.example", "https://u:p@www.inpe.example", ""],
)
def test_address_that_would_show_the_password_is_refused(address: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        the_connector(address=address)
    assert PASSWORD not in str(caught.value)


def test_password_is_in_no_repr() -> None:
    connector = the_connector()
    shown: Mapping[str, Any] = vars(connector) | vars(connector._api)
    for secret in (PASSWORD, login(PASSWORD)):
        assert secret not in repr(connector)
        assert secret not in json.dumps([repr(value) for name, value in shown.items() if name != "_secrets"])
    assert PASSWORD not in repr(Credentials({"application_password": PASSWORD}))
