"""A few sequences of acts in each run of the tests; more, and with the house's rules left out, in test_sequences.py."""

from tests.policy.sequences import play


def test_what_is_public_was_approved_as_it_is_by_who_might() -> None:
    play(examples=15)
