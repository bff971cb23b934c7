"""What Instagram's codes mean, row by row of the sheet's section 6: while preparing, and in the visible write."""

from contextlib import nullcontext

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
    Unavailable,
)
from connectors.http import Door, visible_write
from connectors.instagram_errors import ROWS, SpamGuard, failure_in, is_final, meaning_of
from connectors.meta import API_VERSION, HOST, Graph
from core.platforms import Platform

TOKEN = "EAAB" + "x" * 40

# code/subcode, while preparing, in the visible write
SHEET = [
    ("-2/2207003", Unavailable, Unavailable),
    ("-2/2207020", Unavailable, Unavailable),
    ("-1/2207001", Unavailable, OutcomeUnknown),
    ("-1/2207032", Unavailable, OutcomeUnknown),
    ("-1/2207053", Unavailable, OutcomeUnknown),
    ("-1", Unavailable, OutcomeUnknown),
    ("1/2207057", Rejected, Rejected),
    ("4/2207051", Blocked, SpamGuard),
    ("9/2207042", RateLimited, RateLimited),
    ("24/2207006", Gone, Gone),
    ("24/2207008", Unavailable, Unavailable),
    ("25/2207050", Blocked, Blocked),
    ("100/2207023", Rejected, Rejected),
    ("100/2207028", Rejected, Rejected),
    ("100/2207035", Rejected, Rejected),
    ("100/2207036", Rejected, Rejected),
    ("100/2207037", Rejected, Rejected),
    ("100/2207040", Rejected, Rejected),
    ("352/2207026", Rejected, Rejected),
    ("9004/2207052", Rejected, Rejected),
    ("9007/2207027", Unavailable, Unavailable),
    ("36000/2207004", Rejected, Rejected),
    ("36001/2207005", Rejected, Rejected),
    ("36003/2207009", Rejected, Rejected),
    ("36004/2207010", Rejected, Rejected),
    ("1/2207081", Rejected, Rejected),
    *((f"190/{subcode}", NotAuthorized, NotAuthorized) for subcode in (458, 459, 460, 463, 464, 467, 492)),
    ("190", NotAuthorized, NotAuthorized),
    ("10", NotAuthorized, NotAuthorized),
    ("200", NotAuthorized, NotAuthorized),
    ("299", NotAuthorized, NotAuthorized),
    ("100/33", Gone, Gone),
    *((code, RateLimited, RateLimited) for code in ("4", "17", "32", "613", "80002")),
    ("1", Unavailable, OutcomeUnknown),
    ("2", Unavailable, OutcomeUnknown),
    ("368", Blocked, Blocked),
]


def answered(error: dict[str, object], *, visible: bool) -> ConnectorError:
    graph = Graph(Door(), Platform.INSTAGRAM, TOKEN, meaning=meaning_of)
    with responses.RequestsMock() as mock:
        mock.post(f"{HOST}/{API_VERSION.name}/178/media", json={"error": error}, status=400)
        with pytest.raises(ConnectorError) as caught, visible_write() if visible else nullcontext():
            graph.post("178/media", {"caption": "x"})
    return caught.value


@pytest.mark.parametrize(
    ("code", "preparing", "publishing"), SHEET, ids=lambda value: getattr(value, "__name__", value)
)
def test_code_means_what_must_happen_next(
    code: str, preparing: type[ConnectorError], publishing: type[ConnectorError]
) -> None:
    number, _slash, subcode = code.partition("/")
    error: dict[str, object] = {"message": "x", "type": "OAuthException", "code": int(number)}
    error |= {"error_subcode": int(subcode)} if subcode else {}
    for visible, expected in ((False, preparing), (True, publishing)):
        told = answered(error, visible=visible)
        assert (type(told), told.code, told.platform) == (expected, code, Platform.INSTAGRAM)


def test_every_row_of_the_table_is_of_the_sheet() -> None:
    sheet = {code.partition("/")[2] for code, _preparing, _publishing in SHEET}
    in_status_texts = {"2207076", "2207077", "2207082", "2207085"}
    assert {f"{subcode}" for _code, subcode, _meaning, _what in ROWS if subcode} <= sheet | in_status_texts


def test_account_that_is_no_business_any_more_has_no_code_of_its_own() -> None:
    error = answered({"message": "The user is not an Instagram Business", "code": 100}, visible=False)
    assert type(error) is NotAuthorized


@pytest.mark.parametrize(
    ("status", "subcode", "meaning"),
    [
        ("Error: Media upload has failed with error code 2207082", "2207082", Unavailable),
        ("Error: 2207077", "2207077", Unavailable),
        ("Error: 2207085.", "2207085", Unavailable),
        ("Error: 2207076", "2207076", Unavailable),
        ("Error: 2207053", "2207053", Unavailable),
        ("Error: Media upload has failed with error code 2207026", "2207026", Rejected),
        ("Error: 2207081", "2207081", Rejected),
        ("Error: 2207999", "2207999", Unavailable),
        ("Error: no words for it, see 12207082", "", Unavailable),
        ("", "", Unavailable),
    ],
)
def test_failed_container_tells_its_subcode_inside_a_sentence(
    status: str, subcode: str, meaning: type[ConnectorError]
) -> None:
    assert failure_in(status) == (subcode, meaning)


@pytest.mark.parametrize(
    ("code", "final"),
    [
        ("9007/2207027", True),
        ("36003/2207009", True),
        ("24/2207008", True),
        ("4/2207051", False),
        ("-1/2207001", False),
        ("24/2207006", False),
        ("100", False),
        ("100/33", False),
        ("7777777", False),
        ("", False),
    ],
)
def test_only_rows_that_say_so_prove_that_a_post_is_not_public(code: str, final: bool) -> None:
    assert is_final(code) is final


def test_spam_guard_tells_people_to_look_at_the_platform() -> None:
    assert SpamGuard.sentence != OutcomeUnknown.sentence
    assert "mire la cuenta" in SpamGuard.sentence
