"""What staff read when Facebook or Instagram refuses: what is wrong and the way out, never words for developers."""

import ast
import re
from pathlib import Path
from types import ModuleType

import pytest

from connectors import (
    facebook,
    facebook_stage,
    instagram,
    instagram_feedback,
    instagram_reel,
    instagram_sentences,
    instagram_stage,
    meta,
    meta_errors,
    meta_sentences,
)
from connectors.errors import NotAuthorized, Rejected
from connectors.instagram_errors import NOT_A_BUSINESS, ROWS, meaning_of, sentence_of
from connectors.meta_errors import GraphError

MODULES = [facebook, facebook_stage, instagram, instagram_feedback, instagram_reel, instagram_stage, meta]
CODES = [*meta_errors._CODES, *(code for code, _subcode in meta_errors._PAIRS)]
ERRORS = [*(GraphError(code) for code in CODES), *(GraphError(1, subcode) for subcode in meta_errors._SUBCODES)]
UNTOLD = meta_sentences.UNTOLD.partition("{")[0]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.name)
def test_refusal_that_the_table_knows_says_what_is_wrong(error: GraphError) -> None:
    sentence = error.sentence(Rejected) if error.meaning(400) is Rejected else "not refused"
    # of 100 the platform itself says only that something is wrong
    assert sentence.startswith(UNTOLD) == (error.code == 100)
    assert sentence


@pytest.mark.parametrize(("code", "subcode"), [row[:2] for row in ROWS if row[2] is Rejected])
def test_refusal_of_instagram_says_what_is_wrong(code: int, subcode: int) -> None:
    error = GraphError(code, subcode)
    sentence = sentence_of(error, meaning_of(error, 400))
    assert sentence
    assert not sentence.startswith(UNTOLD)


@pytest.mark.parametrize("error", [GraphError(7654321), GraphError(100, 7654321)], ids=lambda error: error.name)
def test_refusal_that_nobody_knows_tells_its_code_for_the_technicians(error: GraphError) -> None:
    assert error.name in error.sentence(Rejected)
    assert error.name in sentence_of(error, Rejected)


def test_dead_token_says_why_it_is_dead() -> None:
    told = {GraphError(190, subcode).sentence(NotAuthorized) for subcode in (458, 459, 460, 463, 464, 467, 492)}
    assert len(told - {""}) == 7


def test_account_that_is_no_business_any_more_says_how_to_make_it_one() -> None:
    error = GraphError(100, message=f"The user is {NOT_A_BUSINESS}")
    assert sentence_of(error, meaning_of(error, 400)) == instagram_sentences.NO_BUSINESS


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_refusal_that_is_raised_has_its_own_sentence(module: ModuleType) -> None:
    source = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
    calls = [node for node in ast.walk(source) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    refusals = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Rejected"]
    bare = [call.lineno for call in refusals if "sentence" not in {keyword.arg for keyword in call.keywords}]
    assert bare == []


def test_sentences_are_for_the_office() -> None:
    alone = [value for module in (meta_sentences, instagram_sentences) for value in vars(module).values()]
    sentences = [value for value in alone if isinstance(value, str) and re.match(r"(La|El|A|Este|Meta|Insta)\b", value)]
    for sentence in (*sentences, *meta_sentences.SENTENCES.values(), *instagram_sentences.SENTENCES.values()):
        assert re.fullmatch(r"[A-ZÁÉÍÓÚ].*\.", sentence), sentence
        assert not re.search(r"—|HTTP|token|scope|tú |  ", sentence), sentence
