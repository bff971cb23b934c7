"""Errors of the Data and Analytics APIs (sheet section 6): the reason counts, the status says little."""

from collections.abc import Mapping
from typing import Any

_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


class ApiError(Exception):
    """An error answer. `new`: of a newer front end, which adds a status name and `details`."""

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        *,
        domain: str = "global",
        location: str | None = None,
        place: str = "parameter",
        new: bool = False,
        info: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message
        self.domain = domain
        self.location = location
        self.place = place
        self.new = new
        self.info = info
        self.headers = dict(headers or {})

    def to_json(self) -> dict[str, Any]:
        """Return the body."""
        one = {"message": self.message, "domain": self.domain, "reason": self.reason}
        if self.location is not None:
            one |= {"location": self.location, "locationType": self.place}
        error: dict[str, Any] = {"code": self.status, "message": self.message, "errors": [one]}
        if self.new and self.status in _NAMES:
            error["status"] = _NAMES[self.status]
        if self.info is not None:
            kind = "type.googleapis.com/google.rpc.ErrorInfo"
            error["details"] = [{"@type": kind, "reason": self.info, "domain": "googleapis.com"}]
        return {"error": error}


def bad_request(message: str, *, location: str | None = None) -> ApiError:
    """Return 400 badRequest."""
    return ApiError(400, "badRequest", message, location=location)


def missing_parameter(name: str, message: str = "") -> ApiError:
    """Return 400 missingRequiredParameter."""
    text = message or f"Required parameter: {name}"
    return ApiError(400, "missingRequiredParameter", text, domain="youtube.parameter", location=name)


def incompatible(names: str) -> ApiError:
    """Return 400 incompatibleParameters."""
    text = f"Incompatible parameters specified in the request: {names}"
    return ApiError(400, "incompatibleParameters", text, domain="youtube.parameter", location=names)


def bad_metadata(reason: str, message: str, where: str, *, domain: str = "youtube.video") -> ApiError:
    """Return a 400 about something in the body."""
    return ApiError(400, reason, message, domain=domain, location=f"body.{where}", place="other")


def wrong_type(where: str) -> ApiError:
    """Return the 400 for a value that is not of its key's type."""
    return ApiError(400, "badRequest", f"Invalid value at '{where}'", new=True)


def dead_token() -> ApiError:
    """Return 401 authError."""
    return ApiError(
        401,
        "authError",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential.",
        location="Authorization",
        place="header",
        new=True,
        headers={"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"'},
    )


def no_channel() -> ApiError:
    """Return 401 youtubeSignupRequired: the account has no channel; the token lives."""
    return ApiError(
        401,
        "youtubeSignupRequired",
        "Unauthorized",
        domain="youtube.header",
        location="Authorization",
        place="header",
    )


def missing_scope() -> ApiError:
    """Return 403 insufficientPermissions."""
    return ApiError(
        403,
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
        new=True,
        info="ACCESS_TOKEN_SCOPE_INSUFFICIENT",
        headers={"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="insufficient_scope"'},
    )


def forbidden(message: str, *, domain: str = "global") -> ApiError:
    """Return 403 forbidden."""
    return ApiError(403, "forbidden", message, domain=domain)


def not_found(reason: str, message: str, *, domain: str, location: str | None = None) -> ApiError:
    """Return 404 with that reason."""
    return ApiError(404, reason, message, domain=domain, location=location)


def video_not_found(location: str = "id") -> ApiError:
    """Return 404 videoNotFound."""
    text = "The video that you are trying to work with cannot be found."
    return not_found("videoNotFound", text, domain="youtube.video", location=location)


def media_required() -> ApiError:
    """Return 400 mediaBodyRequired."""
    return ApiError(400, "mediaBodyRequired", "The request does not include the media content.", domain="youtube.video")


def not_imitated(what: str) -> ApiError:
    """Return a refusal that no client may mistake for the platform's."""
    return ApiError(501, "sandboxNotImitated", f"[ensayo] no se imita: {what}", domain="sandbox")
