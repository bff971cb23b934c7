"""Errors: the API's envelope and the OAuth host's (sheet section 6)."""

from typing import Any

OVER_LIMIT = "Resource level throttle limit for calls to this resource is reached."
COMMENTS_OVER_LIMIT = "Comment create throttled: creation rate limit exceeded for member"


class LinkedInError(Exception):
    """An error answer of the API. `code` and `service` (serviceErrorCode) are not always there."""

    def __init__(self, status: int, message: str, *, code: str | None = None, service: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.service = service

    def to_json(self) -> dict[str, Any]:
        """Return the body."""
        body: dict[str, Any] = {"status": self.status}
        if self.service is not None:
            body["serviceErrorCode"] = self.service
        if self.code is not None:
            body["code"] = self.code
        return body | {"message": self.message}


class OAuthError(Exception):
    """An error answer of the OAuth host."""

    def __init__(self, error: str, description: str, *, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status

    def to_json(self) -> dict[str, Any]:
        """Return the body."""
        return {"error": self.error, "error_description": self.description}


def bad_value(code: str, message: str) -> LinkedInError:
    """Return 400 with one of the codes of the sheet's table."""
    return LinkedInError(400, message, code=code)


def bad_syntax(where: str) -> LinkedInError:
    """Return 400 for URNs and records that are not encoded as Rest.li 2.0 wants them."""
    return LinkedInError(400, f"Syntax exception in {where}", code="ILLEGAL_ARGUMENT")


def not_a_map() -> LinkedInError:
    """Return 400 for a body that is no JSON object."""
    return LinkedInError(400, "The request body could not be converted to data map", code="ILLEGAL_ARGUMENT")


def bad_field(path: str, trouble: str) -> LinkedInError:
    """Return 422: the body does not fit the schema."""
    return LinkedInError(422, f"ERROR :: {path} :: {trouble}")


def dead_token(service: int) -> LinkedInError:
    """Return 401. `service`: 65600 invalid, 65601 revoked, 65602 expired (numbers [memory])."""
    known = {
        65600: ("INVALID_ACCESS_TOKEN", "Invalid access token"),
        65601: ("REVOKED_ACCESS_TOKEN", "The token has been revoked"),
        65602: ("EXPIRED_ACCESS_TOKEN", "The token used in the request has expired"),
    }
    code, message = known[service]
    return LinkedInError(401, message, code=code, service=service)


def no_token() -> LinkedInError:
    """Return 401 for a request without a bearer token."""
    return LinkedInError(401, "Empty oauth2 access token", code="EMPTY_ACCESS_TOKEN")


def denied(what: str) -> LinkedInError:
    """Return 403/100: scope, product tier or page role is missing. `what`: resource, method, version."""
    return LinkedInError(403, f"Not enough permissions to access: {what}", code="ACCESS_DENIED", service=100)


def unpermitted(where: str, fields: list[str]) -> LinkedInError:
    """Return 403 for fields that this application may not use. `where`: PARAMETER or REQUEST_BODY."""
    names = ",".join(f"/{field}" for field in fields)
    return LinkedInError(
        403,
        f"Unpermitted fields present in {where}: Data Processing Exception while processing fields [{names}]",
        code="ACCESS_DENIED",
        service=100,
    )


def not_found(what: str) -> LinkedInError:
    """Return 404."""
    return LinkedInError(404, f"Could not find entity {what}", code="NOT_FOUND")


def not_allowed(method: str) -> LinkedInError:
    """Return 405."""
    return LinkedInError(405, f"The {method} method is not allowed on this resource", code="METHOD_NOT_ALLOWED")


def over_limit(message: str = OVER_LIMIT) -> LinkedInError:
    """Return 429: no header says for how long."""
    return LinkedInError(429, message)


def not_imitated(what: str) -> LinkedInError:
    """Return a refusal that no client may mistake for the platform's."""
    return LinkedInError(501, f"[ensayo] no se imita: {what}")
