"""The recorded and documented exchanges: none unused, none missing, none misshapen, nothing secret in any."""

import ast
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.replay import FIXTURES, expectation, parsed

TESTS = Path(__file__).parent
FILES = sorted(FIXTURES.glob("*/*.yaml"))
ORIGINS = {"recorded", "documented", "constructed"}
BODIES = {"form", "json", "multipart", "body"}

# What a platform's fixtures must cover. The website is not here: its tests talk to a real WordPress.
REQUIRED = {
    "facebook": {
        "identify": ["", "app", "user_token", "other_page", "invalid_token"],
        "stage": ["text", "link", "one_image", "several_images", "video", "lost_answer", "html_body", "dropped_photo"],
        "publish": [
            "",
            "again",
            "lost_answer",
            "html_body",
            "empty_body",
            "truncated",
            "broken_json",
            "token_expired",
            "permission_missing",
            "throttled",
            "blocked",
            "duplicate",
            "community_standards",
            "unknown_error",
            "gone",
        ],
        "find": ["published", "not_published", "listed", "not_listed", "gone", "no_answer"],
        "take_down": ["", "gone", "lost_answer"],
        "comments": ["", "last_page", "gone"],
        "reply": ["", "lost_answer"],
        "hide": ["", "show", "not_allowed"],
        "metrics": ["", "retired_metric"],
        "account_metrics": [""],
    },
    "flickr": {
        "identify": ["", "read_only", "token_rejected", "signature_invalid", "key_expired"],
        "stage": [
            "one_image",
            "several_images",
            "video",
            "taken_over",
            "lost_answer",
            "html_body",
            "upload_refused_3",
            "upload_refused_6",
            "license",
            "album",
            "album_new",
            "album_lost_answer",
            "vanished",
        ],
        "publish": [
            "",
            "again",
            "several",
            "lost_answer",
            "html_body",
            "empty_body",
            "truncated",
            "broken_json",
            "token_rejected",
            "permission_missing",
            "key_expired",
            "throttled",
            "unavailable",
            "write_failed",
            "gone",
        ],
        "find": ["published", "not_published", "next_part", "marked", "not_marked", "gone", "no_answer"],
        "take_down": ["", "several", "gone", "lost_answer"],
        "comments": ["", "several", "private", "gone"],
        "reply": ["", "again", "lost_answer", "too_fast"],
        "metrics": ["", "several", "without_stats"],
        "account_metrics": ["", "without_stats"],
    },
    "instagram": {
        "identify": ["", "app", "user_token", "no_account", "invalid_token"],
        "stage": [
            "image",
            "carousel",
            "reel",
            "reel_with_cover",
            "reel_in_parts",
            "quota_full",
            "expired",
            "failed",
            "not_fetched",
            "missed",
            "public_already",
            "lost_answer",
            "html_body",
        ],
        "publish": [
            "",
            "again",
            "lost_answer",
            "html_body",
            "empty_body",
            "truncated",
            "broken_json",
            "spam_guard",
            "server_error",
            "not_ready",
            "quota_used",
            "token_expired",
            "permission_missing",
            "throttled",
            "blocked",
            "unknown_error",
            "undescribed",
        ],
        "find": ["published", "not_published", "other_posts", "not_listed", "several", "gone", "no_answer"],
        "take_down": ["", "gone", "lost_answer"],
        "comments": ["", "last_page", "more_replies", "gone"],
        "reply": ["", "lost_answer", "hidden"],
        "hide": ["", "show", "own"],
        "metrics": ["", "reel", "refused_metric", "no_data"],
        "account_metrics": [""],
    },
    "youtube": {
        "identify": ["", "missing_scope", "no_channel", "signup_required", "invalid_token"],
        "stage": [
            "",
            "interrupted",
            "lost_answer",
            "lost_last_answer",
            "session_lost_video_there",
            "session_lost_other_file",
            "uploads_of_the_day_used_up",
            "html_body",
        ],
        "publish": [
            "",
            "again",
            "lost_answer",
            "html_body",
            "empty_body",
            "truncated",
            "broken_json",
            "token_expired",
            "permission_missing",
            "quota_exceeded",
            "throttled",
            "gone",
            "changed",
            "service_unavailable",
        ],
        "find": ["published", "not_published", "unlisted", "gone", "no_answer"],
        "take_down": ["", "again", "gone", "lost_answer"],
        "comments": ["", "more_replies", "held", "last_page", "off", "gone", "stale_page"],
        "reply": ["", "of_a_reply", "there_already", "lost_answer"],
        "hide": ["", "show", "not_allowed"],
        "metrics": ["", "no_scope", "retired_metric"],
        "account_metrics": [""],
        "refresh": ["", "replaced", "dead", "unavailable", "lost_answer"],
    },
    "x": {
        "identify": ["", "read_only", "unauthorized", "no_credits"],
        "stage": [
            "text",
            "one_image",
            "video",
            "video_failed",
            "moving_gif",
            "captions",
            "public_already",
            "dropped_image",
            "lost_answer",
            "html_body",
        ],
        "publish": [
            "",
            "empty_history",
            "thread",
            "lost_answer",
            "html_body",
            "empty_body",
            "truncated",
            "broken_json",
            "token_expired",
            "no_credits",
            "usage_capped",
            "throttled",
            "throttled_day",
            "suspended",
            "duplicate_of_ours",
            "duplicate_of_an_older",
            "duplicate_unseen",
            "invalid_media",
        ],
        "find": ["listed", "new_spelling", "part", "media", "long_post", "not_listed", "partial", "no_answer"],
        "take_down": ["", "thread", "gone", "lost_answer"],
        "comments": ["", "older", "gone"],
        "reply": ["", "refused", "lost_answer"],
        "hide": ["", "show", "not_ours"],
        "metrics": ["", "too_old", "gone"],
        "account_metrics": [""],
        "refresh": ["", "public", "used", "lost_answer", "html"],
    },
    "linkedin": {
        "identify": ["", "without_application", "missing_scopes", "other_page", "expired_token"],
        "stage": ["text", "one_image", "several_images", "video", "lost_answer", "html_body", "dropped_image"],
        "publish": [
            "",
            "escaped",
            "link",
            "lost_answer",
            "html_body",
            "no_id",
            "truncated",
            "duplicate",
            "duplicate_older",
            "duplicate_never_visible",
            "token_expired",
            "permission_missing",
            "throttled",
            "version_retired",
            "server_error",
        ],
        "find": ["published", "not_listed", "older", "not_visible_yet", "no_answer"],
        "take_down": ["", "lost_answer"],
        "comments": ["", "pages", "gone", "fresh"],
        "reply": ["", "to_a_reply", "lost_answer"],
        "metrics": ["", "no_activity", "partly_forbidden"],
        "account_metrics": [""],
        "refresh": ["", "dead", "lost_answer"],
    },
}

SECRET_LIKE = (
    re.compile(r"EAA[A-Za-z0-9]{8,}"),  # a Meta token
    re.compile(
        r"""(?ix) \b (?: access_token | client_secret | app_secret | refresh_token | \w*password )
        ["']? [ ]* [:=] [ ]* ["']? (?!<) [\w| -]{6,}"""
    ),
    re.compile(r"(?i)\b(?:bearer|basic|oauth) (?!<)(?=\S*[\d=|+/])[\w+/=.|-]{6,}"),
    re.compile(r"\b[0-9a-f]{32,}\b"),  # digests, keys
    re.compile(r"(?=\b\w*\d)\b(?=\w*[A-Z])[A-Za-z0-9_]{40,}\b"),  # tokens of any kind
    re.compile(r"[\w.+-]+@(?!(?:[\w-]+\.)*example\b)[\w-]+\.\w{2,}"),  # people
)
HARMLESS = re.compile(r"Content-MD5: [0-9a-f]{32}\b|avatar\\?/[0-9a-f]{32,64}\b")


def test_there_are_fixtures() -> None:
    assert FILES


@pytest.mark.parametrize("platform", REQUIRED)
def test_no_required_case_is_missing(platform: str) -> None:
    wanted = {
        f"{operation}__{situation}" if situation else operation
        for operation, situations in REQUIRED[platform].items()
        for situation in situations
    }
    assert wanted - {file.stem for file in FILES if file.parent.name == platform} == set()


@pytest.mark.parametrize("platform", sorted({file.parent.name for file in FILES}))
def test_no_fixture_is_unused(platform: str) -> None:
    names = {file.stem for file in FILES if file.parent.name == platform}
    assert names - _named_in_tests(platform) == set()


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_fixture_is_well_formed(file: Path) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*(__[a-z0-9]+(_[a-z0-9]+)*)?", file.stem)
    document = parsed(file.read_text(encoding="utf-8"))
    # `given`: the stage that the connector is handed
    assert set(document) - {"given"} == {"origin", "source", "date", "exchanges"}
    assert document["origin"] in ORIGINS
    assert len(document["source"]) > 5
    assert isinstance(document["date"], date)
    assert document["exchanges"]
    for exchange in document["exchanges"]:
        assert set(exchange) == {"request", "response"}
        _check_request(exchange["request"])
        _check_response(exchange["response"])


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_fixture_holds_nothing_secret(file: Path) -> None:
    assert _secrets(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer EAABwzLixnjYBO",
        "https://graph.facebook.com/v26.0/me?access_token=abcdef123",
        'access_token: "123456|abcdef"',
        "proof: 5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "Authorization: Basic ZWRpdG9yOnNlY3JldA==",
        "message: escriba a rosa@correo.pe",
        '{"password": "abcd efgh ijkl"}',
    ],
)
def test_secret_like_text_is_found(text: str) -> None:
    assert _secrets(text)


def _secrets(text: str) -> list[str]:
    return [match.group() for pattern in SECRET_LIKE for match in pattern.finditer(HARMLESS.sub("", text))]


def _check_request(request: dict[str, Any]) -> None:
    assert set(request) <= {"method", "url", "query", "headers"} | BODIES
    assert request["method"] in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"}
    assert re.fullmatch(r"https?://[^?#]+", request["url"])
    assert expectation(request)["url"] == request["url"]
    for part in ("query", "form"):
        for value in request.get(part, {}).values():
            # what travels is text: a bare `true` here could never match
            assert isinstance(value, str | list), f"{part} values are texts, {value!r} is not"


def _check_response(response: dict[str, Any]) -> None:
    assert set(response) <= {"status", "headers", "json", "text", "failure"}
    assert not {"json", "text"} <= set(response)
    assert response.get("failure") in {None, "lost", "reset", "refused", "truncated"}
    assert response.get("status", 0) in range(100, 600) or response.get("failure") in {"lost", "reset", "refused"}


def _named_in_tests(platform: str) -> set[str]:
    """Return all texts in the platform's tests, and for parametrised parts also with each operation before them."""
    texts: set[str] = set()
    for module in TESTS.glob(f"test_{platform}*.py"):
        tree = ast.parse(module.read_text(encoding="utf-8"))
        literals = {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        prefixes = {
            str(part.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr)
            for part in node.values[:1]
            if isinstance(part, ast.Constant) and str(part.value).endswith("__")
        }
        texts |= literals | {f"{prefix}{literal}" for prefix in prefixes for literal in literals}
    return texts
