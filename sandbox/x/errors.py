"""X's errors: problems of v2, codes of v1.1, refusals of the token endpoint (sheet section 6.1)."""

from typing import Any

NEW_HOST, OLD_HOST = "api.x.com", "api.twitter.com"
"""Problem types live on either (sheet 0 and 6.1)."""


class XError(Exception):
    """An error answer of v2. `tail` ends the problem's type; "": about:blank."""

    content_type = "application/problem+json"

    def __init__(self, status: int, title: str, detail: str, *, tail: str = "", **more: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = detail
        self.tail = tail
        self.more = more
        self.headers: dict[str, str] = {}

    def to_json(self, host: str) -> dict[str, Any]:
        """Return the body. `host` stands in the type's address."""
        body = {**self.more, "title": self.title, "detail": self.detail, "type": address(self.tail, host)}
        if "errors" not in self.more:
            body["status"] = self.status
        return body


class OldError(XError):
    """An error answer of v1.1, as its own hosts give it and the edge may still leak."""

    content_type = "application/json; charset=utf-8"

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(status, "", message)
        self.code = code

    def to_json(self, host: str) -> dict[str, Any]:  # noqa: ARG002  # v1.1 names no host
        """Return the body."""
        return {"errors": [{"code": self.code, "message": self.detail}]}


class GrantError(XError):
    """An error answer of the token endpoint (RFC 6749's names)."""

    content_type = "application/json; charset=utf-8"

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(status, error, description)

    def to_json(self, host: str) -> dict[str, Any]:  # noqa: ARG002  # the token endpoint names no host
        """Return the body."""
        return {"error": self.title, "error_description": self.detail}


def address(tail: str, host: str) -> str:
    """Return a problem's type."""
    return f"https://{host}/2/problems/{tail}" if tail else "about:blank"


def invalid(message: str, **parameters: Any) -> XError:
    """Return 400 invalid-request about these parameters; dots of names are double underscores here."""
    named = {name.replace("__", "."): [str(value)] for name, value in parameters.items()}
    return invalid_about(message, named)


def invalid_about(message: str, parameters: dict[str, list[str]]) -> XError:
    """Return 400 invalid-request."""
    return XError(
        400,
        "Invalid Request",
        "One or more parameters to your request was invalid.",
        tail="invalid-request",
        errors=[{"parameters": parameters, "message": message}],
    )


def unauthorized() -> XError:
    """Return 401: whatever is wrong with the token or the signature, the body is the same."""
    return XError(401, "Unauthorized", "Unauthorized")


def forbidden(detail: str = "Forbidden", *, tail: str = "", **more: Any) -> XError:
    """Return 403."""
    return XError(403, "Forbidden", detail, tail=tail, **more)


def wrong_context(used: str, supported: tuple[str, ...]) -> XError:
    """Return 403 unsupported-authentication."""
    return XError(
        403,
        "Unsupported Authentication",
        f"Authenticating with {used} is forbidden for this endpoint.  Supported authentication types are "
        f"[{', '.join(supported)}].",
        tail="unsupported-authentication",
    )


def no_credits(*, other_body: bool = False) -> XError:
    """Return 402, in one of the two bodies seen (sheet 6.2 [code])."""
    if other_body:
        return XError(402, "Payment Required", "credits depleted", tail="credits-depleted")
    text = "Your enrolled account [1900000000000000001] does not have any credits to fulfill this request."
    return XError(402, "CreditsDepleted", text, tail="credits")


def not_found() -> XError:
    """Return 404 for a path that nobody has."""
    return XError(404, "Not Found", "Not Found")


def gone(name: str, value: str, resource: str) -> XError:
    """Return 404 for a resource that is not there."""
    return XError(
        404,
        "Not Found Error",
        f"Could not find {resource} with {name}: [{value}].",
        tail="resource-not-found",
        value=value,
        resource_id=value,
        resource_type=resource,
        parameter=name,
    )


def too_many(*, tail: str = "", **more: Any) -> XError:
    """Return 429."""
    return XError(429, "Too Many Requests", "Too Many Requests", tail=tail, **more)


def not_imitated(what: str) -> XError:
    """Return a refusal that no client may mistake for the platform's."""
    return XError(501, "Not Implemented", f"[ensayo] no se imita: {what}")
