"""What a WordPress answer means for us. Decided by HTTP status and `code` only: messages are translated.

Source: sheet website.md section 6, 2026-11-23, checked against WordPress 6.1.
"""

from collections.abc import Mapping
from datetime import timedelta
from fnmatch import fnmatchcase

from connectors.errors import (
    ConnectorError,
    Gone,
    NotAuthorized,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from connectors.http import is_visible_write
from connectors.redaction import redacted
from connectors.waits import retry_after
from core.platforms import Platform

# The code that we give to an answer in which there is no JSON: a web server's, firewall's or theme's page
NOT_JSON = "not_json"
FLOOD_WAIT = timedelta(seconds=15)  # sheet 5 [ran]

# Status, code, meaning, diagnostic; `?` and `*` as in file names; the first row that fits decides.
# OutcomeUnknown here: nobody knows whether it was carried out. Outside the visible write that is Unavailable, since
# every other write looks first whether it is already there.
_MEANINGS: tuple[tuple[str, str, type[ConnectorError], str], ...] = (
    ("200", NOT_JSON, OutcomeUnknown, "the answer is not JSON"),
    ("3??", "*", NotAuthorized, "the site redirects its API: the account's address must be its canonical one"),
    ("400", "comment_flood", RateLimited, "comments are coming too fast"),
    ("401", "*", NotAuthorized, "the site takes us for an anonymous visitor: wrong or revoked application password"),
    ("403", "rest_comment_closed", Rejected, "comments are closed there"),
    ("403", "rest_comment_draft_post", Rejected, "the post is not public"),
    ("403", "rest_comment_invalid_post_id", Gone, "the post is not there"),
    ("403", NOT_JSON, NotAuthorized, "a firewall or security plugin refuses us"),
    ("403", "*", NotAuthorized, "the user's role lacks the right"),
    ("404", "rest_*_invalid_id", Gone, "it is not there"),
    ("404", "rest_term_invalid", Gone, "the term is not there"),
    ("404", "*", NotAuthorized, "there is no WordPress REST API, or it is blocked"),
    ("408", "*", OutcomeUnknown, "the site gave up waiting"),
    ("410", "*", Gone, "it is in the trash"),
    ("412", "rest_upload_hash_mismatch", Unavailable, "the file was damaged on its way"),
    ("413", "*", Rejected, "too large for the web server"),
    ("429", "*", RateLimited, "too many requests"),
    ("4??", "*", Rejected, "the site refuses this"),
    ("500", "rest_upload_sideload_error", Rejected, "the site refuses this file type, or the bytes do not fit it"),
    ("500", "rest_upload_unknown_error", Rejected, "the file is larger than the site takes"),
    ("501", "application_passwords_disabled", NotAuthorized, "application passwords are switched off"),
    ("501", "*", Unsupported, "the site cannot do this"),
    # WordPress announces its maintenance with Retry-After before it does anything; a proxy's 503 may come after
    ("503 Retry-After", "*", Unavailable, "the site is in maintenance"),
    ("5??*", "*", OutcomeUnknown, "the site failed"),
    ("*", "*", OutcomeUnknown, "an answer that nobody foresaw"),
)


class TermExists(Rejected):
    """There is a category or tag of that name already: `term_id`."""

    def __init__(self, term_id: int) -> None:
        super().__init__(platform=Platform.WEBSITE, status=400, code="term_exists")
        self.term_id = term_id


def error_for(
    *, status: int, code: str, headers: Mapping[str, str], message: str = "", secrets: tuple[str, ...] = ()
) -> ConnectorError:
    """Return the error that an answer means. `message` is the site's own words, for developers."""
    mark = f"{status} Retry-After" if status == 503 and "Retry-After" in headers else str(status)
    kind, diagnostic = next(
        (kind, diagnostic)
        for statuses, codes, kind, diagnostic in _MEANINGS
        if fnmatchcase(mark, statuses) and fnmatchcase(code, codes)
    )
    detail = redacted(message, secrets)
    if kind is RateLimited:
        wait = FLOOD_WAIT if code == "comment_flood" else retry_after(headers)
        return RateLimited(
            diagnostic, platform=Platform.WEBSITE, status=status, code=code, detail=detail, retry_after=wait
        )
    if kind is OutcomeUnknown and not is_visible_write():
        kind = Unavailable
    return kind(diagnostic, platform=Platform.WEBSITE, status=status, code=code, detail=detail)


def unreadable(what: str) -> ConnectorError:
    """Return the error for an answer that lacks what it must have."""
    kind = OutcomeUnknown if is_visible_write() else Unavailable
    return kind(f"the answer has no usable {what}", platform=Platform.WEBSITE)
