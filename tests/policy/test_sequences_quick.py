"""A few sequences of acts in each run of the tests; thousands are in test_sequences.py."""

import shutil
from collections.abc import Iterator

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.policy.sequences import SHARED, Sequences


@pytest.fixture(autouse=True, scope="module")
def nothing_is_left() -> Iterator[None]:
    yield
    shutil.rmtree(SHARED, ignore_errors=True)


def _settings(examples: int, steps: int = 30) -> settings:
    return settings(max_examples=examples, stateful_step_count=steps, derandomize=True, deadline=None, database=None)


def test_what_is_public_was_approved_as_it_is_by_who_might() -> None:
    run_state_machine_as_test(Sequences, settings=_settings(12))  # type: ignore[no-untyped-call]
