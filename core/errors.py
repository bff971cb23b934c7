"""Errors of the house.

VoceroError(sentence; diagnostic)
├── InvalidInput     what was given cannot be used: nothing was changed      → exit 2
├── NotAllowed       this person may not do this, or not now                 → exit 3
├── NotFound         there is no such thing                                  → exit 4
├── Conflict         somebody else changed it meanwhile: look and try again  → exit 5
└── StorageError     the database or the disk refused: nothing was changed   → exit 6

What a platform answers is another family: `connectors/errors.py`.
"""

from typing import ClassVar


class VoceroError(Exception):
    """An expected error. `sentence` is for people (Spanish, with the way out); `diagnostic` for developers."""

    exit_code: ClassVar[int] = 1

    def __init__(self, sentence: str, *, diagnostic: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.diagnostic = diagnostic


class InvalidInput(VoceroError):
    """What was given cannot be used; nothing was changed."""

    exit_code = 2


class NotAllowed(VoceroError):
    """This person may not do this, or it may not be done now; nothing was changed."""

    exit_code = 3


class NotFound(VoceroError):
    """There is no such thing."""

    exit_code = 4


class Conflict(VoceroError):
    """Somebody else changed it meanwhile; nothing was changed."""

    exit_code = 5


class StorageError(VoceroError):
    """The database or the disk refused; nothing was changed."""

    exit_code = 6
