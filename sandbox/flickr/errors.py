"""Flickr's two ways of refusing: `stat=fail` under HTTP 200, and OAuth problems under 401 (sheet section 6)."""

from urllib.parse import quote

from sandbox.exchange import Answer
from sandbox.flickr.documents import Element

GENERAL = {
    0: "Sorry, the Flickr API service is not currently available.",
    1: "Photo not found",
    3: "General upload failure",
    6: "User exceeded upload limit",
    7: "User exceeded video upload limit",
    9: "Duplicate photo detected",
    10: "Sorry, the Flickr search API is not currently available.",
    14: "Uploads are temporarily limited",
    95: "SSL is required",
    96: "Invalid signature",
    97: "Missing signature",
    98: "Login failed / Invalid auth token",
    99: "User not logged in / Insufficient permissions",
    100: "Invalid API Key (Key has expired)",
    105: "Service currently unavailable",
    106: "Write operation failed",
    116: "Bad URL found",
    201: "Sorry, the Flickr API service is not currently available.",
}
"""Texts for planned failures; 0/201, 1, 9, 100 as the sheet quotes them."""


class Failure(Exception):
    """`stat=fail`: HTTP 200 all the same. `extras` stand beside `err` in XML, `attributes` on it."""

    def __init__(
        self, code: int, message: str, *, extras: tuple[Element, ...] = (), attributes: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.extras = extras
        self.attributes = attributes or {}


class OAuthProblem(Exception):
    """HTTP 401, text/plain, neither XML nor JSON. `more` is appended as it is."""

    def __init__(self, problem: str, more: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.more = more

    def to_answer(self) -> Answer:
        """Return the answer."""
        text = f"oauth_problem={self.problem}" + (f"&{self.more}" if self.more else "")
        return Answer(401, text.encode(), "text/plain; charset=utf-8")


def absent(names: list[str]) -> OAuthProblem:
    """Return the problem of missing parameters."""
    return OAuthProblem("parameter_absent", f"oauth_parameters_absent={quote('&'.join(names), safe='')}")


def no_photo() -> Failure:
    """Return 1: it does not exist, or this caller may not see it."""
    return Failure(1, "Photo not found")


def no_rights(needed: str, granted: str) -> Failure:
    """Return 99 with the sheet's recorded wording."""
    return Failure(99, f"Insufficient permissions. Method requires {needed} privileges; {granted} granted.")


def refused(why: str) -> Failure:
    """Return a refusal of what the sheet does not know (the real one often ignores it): our bug, permanent."""
    return Failure(112, f"[ensayo] {why}")
