"""What Flickr's failures mean for Vocero, as one table.

Source: sheet flickr.md of 2026-11-23, sections 2, 3.3, 4 and 6. Codes 1 to 14 belong to their method (trap 9): the
same 6 is "account full" at an upload and "waiting for an administrator" in a group. HTTP 200 proves nothing; only
`stat` does, and OAuth alone fails with 401 and a query string that repeats the tokens (never kept).

OutcomeUnknown in these tables reads: the write may have landed; where nobody could see it, Unavailable. Choices that
the tables make, by what must happen next:

- 100 (the key is disabled) is NotAuthorized with a sentence of its own: everything stops, another key is needed.
- `timestamp_refused` stops the account too: every call fails until somebody sets our clock.
- `nonce_used`: ours are never used twice, so a proxy sent the request a second time and the first may have landed.
- 3 and 106: "failed", says the platform, and may have kept the photo all the same (sheet 6.3).
"""

from connectors.errors import ConnectorError, Gone, NotAuthorized, OutcomeUnknown, RateLimited, Rejected, Unavailable
from connectors.errors import Unsupported as OurBug
from core.texts import _

Meaning = type[ConnectorError]

UPLOAD = "upload"
ADD_COMMENT = "flickr.photos.comments.addComment"
ADD_TO_ALBUM = "flickr.photosets.addPhoto"
CREATE_ALBUM = "flickr.photosets.create"
SET_LICENSE = "flickr.photos.licenses.setLicense"
PHOTO_STATS = "flickr.stats.getPhotoStats"


class AlreadyDone(Rejected):
    """It is so already, or the platform has this very file already."""

    sentence = _("Flickr ya tiene ese mismo archivo. Revise la cuenta antes de enviarlo otra vez.")


class AccountFull(Rejected):
    """The account takes no more of this kind."""

    sentence = _("La cuenta de Flickr llegó a su límite. Libere espacio o cambie de plan, y envíe otra vez.")


class KeyDisabled(NotAuthorized):
    """The application's key is not valid any more."""

    sentence = _("Flickr ya no acepta la clave de nuestra aplicación. Pida a la administración técnica otra clave.")


class WrongClock(NotAuthorized):
    """Our clock and the platform's differ too much."""

    sentence = _(
        "El reloj de este equipo no coincide con el de Flickr. Pida a la administración técnica que lo ponga en hora,"
        " y reanude la cuenta."
    )


# sheet 6.2: any method, HTTP 200
_GENERAL: dict[int, Meaning] = {
    0: Unavailable,  # service not available
    1: Gone,  # object not found; also where this token may not see it
    2: Rejected,  # permission denied, or the second argument is refused
    5: NotAuthorized,  # the user was deleted
    95: OurBug,  # SSL required
    96: OurBug,  # invalid signature (old authentication)
    97: OurBug,  # missing signature (old authentication)
    98: NotAuthorized,  # login failed, token invalid or revoked
    99: NotAuthorized,  # not logged in, or the token's right is too low
    100: KeyDisabled,
    105: Unavailable,  # service currently unavailable
    106: OutcomeUnknown,  # write failed, temporary
    111: OurBug,  # format not found
    112: OurBug,  # method not found
    114: OurBug,  # bad SOAP envelope
    115: OurBug,  # bad XML-RPC call
    116: Rejected,  # the text holds an address from the abuse list
    201: Unavailable,  # service not available
}

_OF_METHOD: dict[str, dict[int, Meaning]] = {
    # sheet 6.3
    UPLOAD: {
        0: Unavailable,  # video uploads temporarily disabled
        1: Rejected,
        2: OurBug,  # no photo specified
        3: OutcomeUnknown,  # general upload failure
        4: Rejected,  # file size zero
        5: Rejected,  # file type not recognised
        6: AccountFull,  # upload limit
        7: AccountFull,  # video limit
        8: Rejected,  # file too large
        9: AlreadyDone,  # only where `dedup_check` was sent, which we do not: it would find other posts' files too
        10: Rejected,  # 10-13: external image link, clone meta
        11: Rejected,
        12: Rejected,
        13: Rejected,
        14: RateLimited,  # automatic uploads off, or the server at capacity
    },
    SET_LICENSE: {1: Gone, 2: Rejected},  # photo; licence not found
    CREATE_ALBUM: {1: Rejected, 2: Gone, 3: AccountFull},  # no title; photo not found; cannot create more
    ADD_TO_ALBUM: {1: Gone, 2: Gone, 3: AlreadyDone, 10: Rejected},  # album; photo; already in it; album full
    ADD_COMMENT: {1: Gone, 8: Rejected, 9: RateLimited},  # photo; blank; posting too fast
    PHOTO_STATS: {1: Rejected, 2: Rejected, 3: OurBug, 4: Gone},  # no stats; none that day; invalid date; photo
}

# sheet 6.1: HTTP 401, text
_OAUTH: dict[str, Meaning] = {
    "signature_invalid": NotAuthorized,  # a wrong secret, or our bug
    "token_rejected": NotAuthorized,
    "permission_denied": NotAuthorized,
    "parameter_absent": NotAuthorized,
    "timestamp_refused": WrongClock,
    "nonce_used": OutcomeUnknown,
}

# sheet 6.1, 6.3: where the body says nothing that can be read
_STATUSES: dict[int, Meaning] = {401: NotAuthorized, 413: Rejected, 429: RateLimited}


def meaning_of(method: str, code: int) -> Meaning:
    """Return what must happen next. A code that nobody described is a refusal, since the platform did answer."""
    return _OF_METHOD.get(method, {}).get(code) or _GENERAL.get(code) or Rejected


def meaning_of_problem(problem: str) -> Meaning:
    """Return what an `oauth_problem` asks for."""
    return _OAUTH.get(problem, NotAuthorized)


def meaning_of_status(status: int) -> Meaning:
    """Return what an answer means that is neither a success nor a failure of the API."""
    return _STATUSES.get(status, OutcomeUnknown)
