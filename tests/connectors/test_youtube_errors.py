"""Every row of the sheet's error table, and every body that no API wrote."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import responses

from connectors.errors import (
    Blocked,
    ConnectorError,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    TokenRefused,
    Unavailable,
)
from connectors.http import Door, visible_write
from connectors.youtube import YouTubeConnector
from connectors.youtube_api import DATA_HOST
from connectors.youtube_errors import Refusal, error_for, token_error_for, until_midnight
from connectors.youtube_stage import Progress
from connectors.youtube_token import TOKEN_URL
from core.accounts import Credentials
from core.deliveries import Stage
from core.media import MediaKind, Medium, OutgoingMedium
from core.posts import OutgoingPost
from tests.connectors.youtube_channel import account

PER_DAY = (
    "Quota exceeded for quota metric 'Video Uploads' and limit 'Video Uploads per day' of service "
    "'youtube.googleapis.com' for consumer 'project_number:400500600700'."
)
SECRETS = {
    "client_id": "400500600700-x.apps.googleusercontent.com",
    "client_secret": "GOCSPX-" + "s" * 28,
    "refresh_token": "1//0h" + "r" * 60,
    "access_token": "ya29.a0" + "t" * 60,
}


def body(status: int, reason: str, message: str = "Words.", **more: object) -> bytes:
    error = {"message": message, "domain": "global", "reason": reason}
    return json.dumps({"error": {"code": status, "message": message, "errors": [error], **more}}).encode()


REFUSED = [
    "invalidTitle invalidDescription invalidTags invalidCategoryId invalidPublishAt defaultLanguageNotSet",
    "invalidVideoMetadata invalidFilename mediaBodyRequired invalidRecordingDetails invalidVideoGameRating",
    "invalidImage imageFormatUnsupported imageTooTall imageTooWide",
    "commentTextRequired commentTextTooLong invalidCustomEmoji invalidCommentMetadata parentIdMissing",
    "parentCommentIsPrivate channelOrVideoIdMissing operationNotSupported banWithoutReject",
    "invalidPageToken missingRequiredParameter unexpectedParameter incompatibleParameters badRequest neverHeardOf",
]
MISSING = "videoNotFound channelNotFound commentNotFound commentThreadNotFound parentCommentNotFound playlistNotFound"
ROWS: list[tuple[int, str, type[ConnectorError]]] = [
    (401, "authError", TokenRefused),
    (401, "youtubeSignupRequired", NotAuthorized),
    (403, "youtubeSignupRequired", NotAuthorized),
    (403, "insufficientPermissions", NotAuthorized),
    (403, "authenticatedUserAccountClosed", Blocked),
    (403, "authenticatedUserAccountSuspended", Blocked),
    (403, "accountDelegationForbidden", NotAuthorized),
    (403, "quotaExceeded", RateLimited),
    (403, "dailyLimitExceeded", RateLimited),
    (403, "rateLimitExceeded", RateLimited),
    (429, "rateLimitExceeded", RateLimited),
    (403, "userRateLimitExceeded", RateLimited),
    (429, "userRateLimitExceeded", RateLimited),
    (400, "uploadLimitExceeded", RateLimited),
    (429, "uploadRateLimitExceeded", RateLimited),
    (429, "", RateLimited),
    (403, "accessNotConfigured", NotAuthorized),
    (403, "SERVICE_DISABLED", NotAuthorized),
    (403, "forbidden", Rejected),
    (403, "commentsDisabled", Rejected),
    (403, "forbiddenPrivacySetting", Rejected),
    (403, "forbiddenLicenseSetting", Rejected),
    (403, "ineligibleAccount", Rejected),
    (400, "processingFailure", Unavailable),
    (500, "backendError", Unavailable),
    (502, "internalError", Unavailable),
    (503, "backendError", Unavailable),
    (504, "backendError", Unavailable),
    (409, "conflict", Rejected),
    (410, "gone", Gone),
    *((404, reason, Gone) for reason in MISSING.split()),
    *((400, reason, Rejected) for reasons in REFUSED for reason in reasons.split()),
]


@pytest.mark.parametrize(("status", "reason", "meaning"), ROWS)
def test_every_row_of_the_table(status: int, reason: str, meaning: type[ConnectorError]) -> None:
    error = error_for(status, {}, body(status, reason))
    assert type(error) is meaning
    assert (error.status, error.code) == (status, reason)


@pytest.mark.parametrize(("status", "reason", "meaning"), ROWS)
def test_only_what_may_have_landed_is_unknown_in_the_visible_write(
    status: int, reason: str, meaning: type[ConnectorError]
) -> None:
    with visible_write():
        error = error_for(status, {}, body(status, reason))
    assert type(error) is (OutcomeUnknown if status >= 500 else meaning)


NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 11, 24, 12, tzinfo=UTC), 20),  # 04:00 in winter
        (datetime(2026, 7, 1, 12, tzinfo=UTC), 19),  # 05:00 in summer
        (datetime(2026, 11, 1, 7, tzinfo=UTC), 25),  # the day on which the clocks go back
        (datetime(2026, 3, 8, 8, tzinfo=UTC), 23),  # and forward
    ],
)
def test_midnight_is_that_of_the_pacific(now: datetime, hours: int) -> None:
    assert until_midnight(now) == timedelta(hours=hours, minutes=1)


@pytest.mark.parametrize("status", [403, 429])
def test_a_bucket_of_the_day_waits_until_midnight_whatever_the_header_says(status: int) -> None:
    error = error_for(status, {"Retry-After": "30"}, body(status, "rateLimitExceeded", PER_DAY))
    assert isinstance(error, RateLimited)
    assert error.retry_after is not None
    assert abs(error.retry_after - until_midnight(datetime.now(UTC))) < timedelta(seconds=5)


def quota_info(limit: str, reason: str = "RATE_LIMIT_EXCEEDED") -> dict[str, object]:
    metadata = {"service": "youtube.googleapis.com", "quota_limit": limit, "quota_limit_value": "100"}
    return {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason, "metadata": metadata}


def newer(status: int, message: str, *details: object, word: str = "RESOURCE_EXHAUSTED") -> bytes:
    """Return the answer of a front end that has no `errors`."""
    error = {"code": status, "message": message, "status": word, "details": list(details)}
    return json.dumps({"error": error}).encode()


NAMED = quota_info("VideoUploadsPerDayPerProject")
SHORT = quota_info("DefaultPerMinutePerProject")
VIOLATED = {"violations": [{"quotaId": "VideoUploadsPerDayPerProject"}]}
USED_UP = {
    "the newer name": (429, newer(429, PER_DAY, quota_info(""))),
    "the status alone": (429, newer(429, PER_DAY)),
    "the status alone, of a 403": (403, newer(403, PER_DAY)),
    "another letter case": (429, newer(429, PER_DAY.upper(), word="resource_exhausted")),
    "another letter case of the reason": (403, body(403, "RATELIMITEXCEEDED", "Limit PER DAY reached")),
    "a hyphen": (429, body(429, "rateLimitExceeded", "The per-day limit")),
    "no reason at all": (429, newer(429, PER_DAY, word="")),
    "the name of the limit alone": (429, newer(429, "Quota exceeded.", NAMED)),
    "the same, of a 403": (403, body(403, "rateLimitExceeded", "Quota exceeded.", details=[NAMED])),
    "the same in lower case": (429, newer(429, "Quota exceeded.", quota_info("videouploadsperday"))),
    "a violation": (429, newer(429, "Quota exceeded.", VIOLATED)),
    "of a user": (429, body(429, "userRateLimitExceeded", PER_DAY)),
    "quota by its own name": (429, body(429, "quotaExceeded")),
}
STILL_LEFT = {
    "by the minute": (429, newer(429, "Quota exceeded for limit 'Queries per minute'.", SHORT)),
    "the newer name": (403, newer(403, "Slow down.", quota_info("", "RATE_LIMIT_EXCEEDED"))),
    "the status alone": (403, newer(403, "Slow down.")),
    "prose": (429, body(429, "rateLimitExceeded", "What a super day. Slow down.")),
    "a page": (429, b"<html>1000 requests per day</html>"),
    "details of no shape": (429, newer(429, "Slow down.", 1, {"metadata": [1], "violations": [1, {"quotaId": None}]})),
}


@pytest.mark.parametrize(("status", "content"), USED_UP.values(), ids=USED_UP.keys())
def test_an_empty_bucket_of_the_day_is_known_by_whatever_tells_it(status: int, content: bytes) -> None:
    error = error_for(status, {"Retry-After": "30"}, content)
    assert isinstance(error, RateLimited)
    assert error.retry_after is not None
    assert abs(error.retry_after - until_midnight(datetime.now(UTC))) < timedelta(seconds=5)
    assert "medianoche de California" in error.sentence


@pytest.mark.parametrize(("status", "content"), STILL_LEFT.values(), ids=STILL_LEFT.keys())
def test_a_throttle_that_speaks_of_no_day_stays_short(status: int, content: bytes) -> None:
    error = error_for(status, {}, content)
    assert isinstance(error, RateLimited)
    assert error.retry_after == timedelta(minutes=1)


def test_a_short_throttle_waits_shortly_or_as_asked() -> None:
    short = error_for(429, {}, body(429, "rateLimitExceeded", "Slow down, please"))
    asked = error_for(429, {"Retry-After": "42"}, body(429, "rateLimitExceeded"))
    assert isinstance(short, RateLimited)
    assert isinstance(asked, RateLimited)
    assert short.retry_after == timedelta(minutes=1)
    assert asked.retry_after == timedelta(seconds=42)


@pytest.mark.parametrize(
    ("status", "reason", "wait"),
    [(400, "uploadLimitExceeded", timedelta(hours=24)), (429, "uploadRateLimitExceeded", timedelta(minutes=10))],
)
def test_other_limits_have_their_own_waits(status: int, reason: str, wait: timedelta) -> None:
    error = error_for(status, {}, body(status, reason))
    assert isinstance(error, RateLimited)
    assert error.retry_after == wait


def test_details_of_the_newer_front_ends_are_read() -> None:
    details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]
    error = error_for(403, {}, body(403, "forbidden", details=details))
    assert type(error) is NotAuthorized
    bare = json.dumps({"error": {"code": 403, "status": "PERMISSION_DENIED", "details": details}}).encode()
    assert error_for(403, {}, bare).code == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"


NO_JSON = {
    "empty": b"",
    "html": b"<html><body>502</body></html>",
    "truncated": body(400, "invalidTitle")[:-9],
    "list": b"[1]",
    "text": b'"no"',
    "null error": b'{"error":null}',
    "text error": b'{"error":"invalid_request"}',
    "latin 1": '{"error":{"message":"ñ'.encode("latin-1"),
    "deep": b"[" * 200_000,
    "reasons of no shape": b'{"error":{"errors":[1,{"reason":{"a":1}}],"details":{"x":1},"message":[1]}}',
}


@pytest.mark.parametrize("content", NO_JSON.values(), ids=NO_JSON.keys())
@pytest.mark.parametrize("status", [301, 308, 400, 401, 403, 404, 409, 429, 500, 503])
def test_every_other_body_is_one_of_the_errors(status: int, content: bytes) -> None:
    assert isinstance(error_for(status, {}, content), ConnectorError)
    with visible_write():
        error = error_for(status, {}, content)
    if status >= 500 or status < 400:
        assert type(error) is OutcomeUnknown


@pytest.mark.parametrize(
    ("status", "word", "meaning"),
    [
        (400, "invalid_grant", NotAuthorized),
        (401, "invalid_client", NotAuthorized),
        (401, "unauthorized_client", NotAuthorized),
        (400, "invalid_scope", NotAuthorized),
        (400, "invalid_request", Unavailable),
        (503, "invalid_grant", Unavailable),
        (500, "internal_failure", Unavailable),
        (429, "rate_limited", RateLimited),
    ],
)
def test_only_the_token_host_s_own_word_ends_a_connection(
    status: int, word: str, meaning: type[ConnectorError]
) -> None:
    content = json.dumps({"error": word, "error_description": "Token has been expired or revoked."}).encode()
    error = token_error_for(status, {}, content)
    assert (type(error), error.code) == (meaning, word)


@pytest.mark.parametrize("content", NO_JSON.values(), ids=NO_JSON.keys())
@pytest.mark.parametrize("status", [400, 401, 503])
def test_a_token_host_that_speaks_no_json_tells_nothing(status: int, content: bytes) -> None:
    assert type(token_error_for(status, {}, content)) is Unavailable


def test_refusal_keeps_little_of_a_page() -> None:
    assert len(Refusal.parse(500, b"<p>" + b"x" * 10_000).message) <= 300


def connector() -> YouTubeConnector:
    return YouTubeConnector(account("UCx"), Credentials(SECRETS), Door())


BODIES: dict[str, bytes] = {
    "empty": b"",
    "html": b"<html>Un momento</html>",
    "truncated": b'{"items": [{"id": "A", "status": {"privacyStatus": "pub',
    "list": b"[]",
    "number": b"12",
    "wrong shape": b'{"items": {"id": 1}}',
    "items of no shape": b'{"items": [1, null, "x"]}',
    "utf 16": json.dumps({"items": []}).encode("utf-16"),
    "latin 1": '{"items":["ñ"]}'.encode("latin-1"),
    "deep": b'{"items":' + b"[" * 100_000,
    "huge number": b'{"items":[' + b"9" * 5000 + b"]}",
    "secret": json.dumps({"error": SECRETS["access_token"]}).encode()[:-1],
}
POST = OutgoingPost(
    key="entrega-1",
    text="Hola",
    title="Hola",
    media=(OutgoingMedium(Medium("0" * 64, MediaKind.VIDEO, "video/mp4", 4), "", Path("x.mp4")),),
)


@pytest.mark.parametrize("content", BODIES.values(), ids=BODIES.keys())
@pytest.mark.parametrize(
    "operation", ["identify", "comments", "reply", "hide", "metrics", "account_metrics", "find", "publish", "refresh"]
)
def test_no_body_makes_a_traceback_or_tells_a_secret(content: bytes, operation: str) -> None:
    youtube = connector()
    ready = Stage({}, ready=True)
    calls = {
        "identify": youtube.identify,
        "comments": lambda: youtube.comments("A"),
        "reply": lambda: youtube.reply("A", "Sí"),
        "hide": lambda: youtube.hide("A", hidden=True),
        "metrics": lambda: youtube.metrics("A"),
        "account_metrics": youtube.account_metrics,
        "find": lambda: youtube.find(POST, ready, NOW),
        "publish": lambda: youtube.publish(POST, ready),
        "refresh": youtube.refresh,
    }
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for method in ("GET", "POST", "PUT", "DELETE"):
            mock.add(method, re.compile(f"{DATA_HOST}|https://youtubeanalytics"), body=content)
        mock.add("POST", TOKEN_URL, body=content)
        try:
            calls[operation]()
        except ConnectorError as error:
            told = f"{error!r}{error}{error.detail}"
            assert not any(secret in told for secret in SECRETS.values() if secret != SECRETS["client_id"])


PRIVATE = {
    "items": [
        {
            "id": "AAAAAAAAAAA",
            "snippet": {"title": "Hola", "description": "Hola", "categoryId": "22"},
            "status": {"privacyStatus": "private", "uploadStatus": "processed"},
        }
    ]
}


@pytest.mark.parametrize("content", BODIES.values(), ids=BODIES.keys())
def test_a_publication_that_is_answered_with_anything_else_is_unknown(content: bytes) -> None:
    stage = Stage(Progress.of(POST, None).stage().token | {"video": "AAAAAAAAAAA"}, ready=True)
    with responses.RequestsMock() as mock:
        mock.add("GET", f"{DATA_HOST}/youtube/v3/videos", json=PRIVATE)
        mock.add("PUT", f"{DATA_HOST}/youtube/v3/videos", body=content)
        with pytest.raises(OutcomeUnknown):
            connector().publish(POST, stage)


def test_a_publication_that_the_platform_keeps_private_is_rejected() -> None:
    stage = Stage(Progress.of(POST, None).stage().token | {"video": "AAAAAAAAAAA"}, ready=True)
    with responses.RequestsMock() as mock:
        mock.add("GET", f"{DATA_HOST}/youtube/v3/videos", json=PRIVATE)
        mock.add("PUT", f"{DATA_HOST}/youtube/v3/videos", json={"status": {"privacyStatus": "private"}})
        with pytest.raises(Rejected, match="private"):
            connector().publish(POST, stage)
