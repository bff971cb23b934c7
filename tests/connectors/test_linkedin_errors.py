"""The error table, row by row, and what comes in no row."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from connectors import linkedin_sentences
from connectors.errors import (
    ConnectorError,
    Exists,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    TokenRefused,
    Unavailable,
    Unsupported,
)
from connectors.http import visible_write
from connectors.linkedin_errors import COMMENT_WAIT, LIMIT_WAIT, Duplicate, Refusal, UploadExpired, VersionRetired

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
DENIED = "Not enough permissions to access: partnerApiPostsExternal.CREATE.20260401"
THROTTLE = "Resource level throttle limit for calls to this resource is reached."
COMMENTS = "Comment create throttled: creation rate limit exceeded for member"


def meant(
    status: int, body: object, *, headers: dict[str, str] | None = None, secrets: tuple[str, ...] = ()
) -> ConnectorError:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Refusal.parse(status, text).error(headers=headers or {}, secrets=secrets, now=NOON)


# sheet section 6, from the top
@pytest.mark.parametrize(
    ("status", "code", "message", "kind"),
    [
        *(
            (400, code, "x", Rejected)
            for code in (
                "MISSING_FIELD",
                "INVALID_URN_TYPE",
                "INVALID_URN_ID",
                "INVALID_VALUE_FOR_FIELD",
                "INVALID_VALUE_BLANK_FIELD",
                "FIELD_LENGTH_TOO_LONG",
                "INVALID_VIDEO_ID",
            )
        ),
        (400, "ILLEGAL_ARGUMENT", "could not be converted to data map", Rejected),
        (400, "ILLEGAL_ARGUMENT", "Syntax exception in path variables", Rejected),
        (400, "VERSION_MISSING", "A version must be present", Unsupported),
        (400, "MEDIA_ASSET_WAITING_UPLOAD", "not ready", Unavailable),
        (400, "MEDIA_ASSET_PROCESSING_FAILED", "could not be processed", Rejected),
        (401, 65600, "Invalid access token", TokenRefused),
        (401, 65601, "The token has been revoked", TokenRefused),
        (401, 65602, "The token used in the request has expired", TokenRefused),
        (401, "EMPTY_ACCESS_TOKEN", "Empty oauth2 access token", TokenRefused),
        (401, "EXPIRED_ACCESS_TOKEN", "expired", TokenRefused),
        (401, "EXPIRED_UPLOAD_URL", "The upload URL has expired", UploadExpired),
        (403, "ACCESS_DENIED", DENIED, NotAuthorized),
        (403, 100, DENIED, NotAuthorized),
        (403, "ACCESS_DENIED", "Unpermitted fields present in REQUEST_BODY: [/content]", Rejected),
        (404, "NOT_FOUND", "Could not find entity", Gone),
        (405, "", "method not allowed", Unsupported),
        (409, "CONFLICT", "concurrent write", Unavailable),
        (411, "", "length", Rejected),
        (413, "", "too large", Rejected),
        (415, "", "media type", Rejected),
        (422, "", "ERROR :: /x :: field is required but not found and has no default value", Rejected),
        (422, "", "Content is a duplicate of urn:li:share:71", Duplicate),
        (409, "", "Content is a duplicate of urn:li:ugcPost:71", Duplicate),
        (422, "", "Content is a duplicate of something", Exists),
        (426, "NONEXISTENT_VERSION", "Requested version 20250401 is not active", VersionRetired),
        (429, "", THROTTLE, RateLimited),
        (429, "", COMMENTS, RateLimited),
        (404, "", "Unable to obtain activity", Unavailable),
        (403, "", "This resource is forbidden", Unavailable),
        (400, "", "Service Unavailable", Unavailable),
        (418, "", "anything", Rejected),
        (500, "", "Internal Server Error", OutcomeUnknown),
        (502, "", "Bad Gateway", OutcomeUnknown),
        (503, "", "Service Unavailable", OutcomeUnknown),
        (504, "", "Gateway Timeout", OutcomeUnknown),
        (302, "", "elsewhere", OutcomeUnknown),
    ],
)
def test_row_says_what_must_happen_next(status: int, code: object, message: str, kind: type[ConnectorError]) -> None:
    name = "serviceErrorCode" if isinstance(code, int) else "code"
    body = {"status": status, "message": message} | ({name: code} if code else {})
    with visible_write():
        assert type(meant(status, body)) is kind
    # where nobody could see it, an unknown outcome is one that may be tried again
    assert type(meant(status, body)) is (Unavailable if issubclass(kind, OutcomeUnknown) else kind)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Forbidden</body></html>",
        b'{"message": "brok',
        b"[1, 2]",
        b"null",
        b'"text"',
        b'{"other": 1}',
        "ñandú".encode("latin-1"),
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"message": 5, "code": ["x"], "status": {}}',
        b'{"message": null, "code": null}',
    ],
)
@pytest.mark.parametrize("status", [302, 400, 403, 404, 409, 422, 500, 503])
def test_body_of_any_shape_becomes_one_of_our_errors(status: int, body: bytes) -> None:
    with visible_write():
        error = meant(status, body)
    assert isinstance(error, ConnectorError)
    if not body.startswith(b'{"message"') or not body.endswith(b"}"):
        assert type(error) is OutcomeUnknown


@pytest.mark.parametrize(
    ("status", "kind"), [(401, TokenRefused), (413, Rejected), (426, VersionRetired), (429, RateLimited)]
)
def test_status_that_says_all_needs_no_body(status: int, kind: type[ConnectorError]) -> None:
    assert type(meant(status, b"<html>")) is kind


@pytest.mark.parametrize(
    ("headers", "message", "now", "wait"),
    [
        ({}, THROTTLE, NOON, LIMIT_WAIT),
        ({}, THROTTLE, NOON.replace(hour=23, minute=55), timedelta(minutes=5)),
        ({}, COMMENTS, NOON, COMMENT_WAIT),
        ({"Retry-After": "420"}, THROTTLE, NOON, timedelta(minutes=7)),
        ({"Retry-After": "Mon, 23 Nov 2026 12:02:00 GMT"}, THROTTLE, NOON, timedelta(minutes=2)),
        ({"Retry-After": "Mon, 23 Nov 2026 11:00:00 GMT"}, THROTTLE, NOON, LIMIT_WAIT),
        ({"Retry-After": "soon"}, THROTTLE, NOON, LIMIT_WAIT),
        ({"Retry-After": "9" * 40}, THROTTLE, NOON, LIMIT_WAIT),
        ({"Retry-After": "999999"}, THROTTLE, NOON, timedelta(days=1)),
        ({"Retry-After": "Mon, 23 Nov 2099 12:02:00 GMT"}, THROTTLE, NOON, timedelta(days=1)),
    ],
)
def test_throttle_waits(headers: dict[str, str], message: str, now: datetime, wait: timedelta) -> None:
    error = Refusal(429, message=message).error(headers=headers, secrets=(), now=now)
    assert isinstance(error, RateLimited)
    assert error.retry_after == wait


def test_duplicate_names_the_first_post() -> None:
    error = meant(422, {"message": "Content is a duplicate of urn:li:share:7000000000000000001", "status": 422})
    assert isinstance(error, Duplicate)
    assert error.urn == "urn:li:share:7000000000000000001"


def test_error_keeps_code_status_and_trace_and_no_secret() -> None:
    body = {"message": "Malformed token AQXsecretsecret", "code": "ACCESS_DENIED", "status": 403}
    error = meant(403, body, headers={"x-li-uuid": "Atrace"}, secrets=("AQXsecretsecret",))
    assert (error.status, error.code) == (403, "ACCESS_DENIED")
    assert "Atrace" in error.detail
    assert "secretsecret" not in error.detail + str(error)


def sentence(status: int, code: str, message: str = "x") -> str:
    return meant(status, {"status": status, "code": code, "message": message}).sentence


@pytest.mark.parametrize(
    ("status", "code", "message", "words"),
    [
        (400, "FIELD_LENGTH_TOO_LONG", "x", "Acórtelo"),
        (400, "MISSING_FIELD", "x", "Complételo"),
        (400, "INVALID_URN_ID", "x", "menciones"),
        (400, "ILLEGAL_ARGUMENT", "x", "Revise el texto, el enlace y los archivos"),
        (400, "MEDIA_ASSET_PROCESSING_FAILED", "x", "exportarlo"),
        (400, "MEDIA_ASSET_WAITING_UPLOAD", "x", "todavía procesa"),
        (400, "VERSION_MISSING", "x", "No es culpa del contenido"),
        (403, "ACCESS_DENIED", DENIED, "falta un permiso, o la persona"),
        (403, "100", DENIED, "falta un permiso, o la persona"),
        (403, "ACCESS_DENIED", "Unpermitted fields present in REQUEST_BODY: [/content]", "pedir ese permiso"),
        (413, "", "x", "Redúzcalo"),
        (415, "", "x", "MP4"),
        (422, "", "ERROR :: /x :: field is required", "Revise el texto"),
        (429, "", COMMENTS, "comentarios"),
    ],
)
def test_refusal_tells_staff_what_to_do(status: int, code: str, message: str, words: str) -> None:
    assert words in sentence(status, code, message)


@pytest.mark.parametrize("status", range(400, 512))
@pytest.mark.parametrize("body", [b'{"message": "x", "code": "y"}', b"<html>"])
def test_no_refusal_of_content_or_right_leaves_staff_with_a_common_sentence(status: int, body: bytes) -> None:
    for error in (meant(status, body), seen_as_write(status, body)):
        if isinstance(error, Rejected | Unsupported) or type(error) is NotAuthorized:
            assert error.sentence not in (Rejected.sentence, Unsupported.sentence, NotAuthorized.sentence)
        if type(error) is OutcomeUnknown:
            assert error.sentence == OutcomeUnknown.sentence


def seen_as_write(status: int, body: bytes) -> ConnectorError:
    with visible_write():
        return meant(status, body)


@pytest.mark.parametrize("text", [value for name, value in vars(linkedin_sentences).items() if name.isupper()])
def test_sentence_is_plain_and_whole(text: str) -> None:
    assert text.endswith(".")
    assert text.isprintable()
    assert not set(text) & set("—–{}<>|")
    assert not re.search(r"\b(?:token inválido|HTTP|URN|API|JSON|scope|upload)\b", text)


@pytest.mark.parametrize("error", [Duplicate, VersionRetired])
def test_named_case_speaks_to_people_in_its_own_sentence(error: type[ConnectorError]) -> None:
    assert error.sentence not in (NotAuthorized.sentence, Rejected.sentence)
    assert error.sentence.endswith(".")
