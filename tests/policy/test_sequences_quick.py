"""A few sequences of acts in each run of the tests; more, and with the house's rules left out, in test_sequences.py."""

import shutil
from collections.abc import Iterator

import pytest

from tests.policy.sequences import SHARED, play


@pytest.fixture(autouse=True, scope="module")
def nothing_is_left() -> Iterator[None]:
    yield
    shutil.rmtree(SHARED, ignore_errors=True)


def test_what_is_public_was_approved_as_it_is_by_who_might() -> None:
    play(examples=15)
