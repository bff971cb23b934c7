"""The number that the database gave to a new row."""

from typing import Any

from sqlalchemy import CursorResult


def new_key(result: CursorResult[Any]) -> int:
    """Return the primary key of the row that was just inserted."""
    key = result.inserted_primary_key
    if key is None:
        raise LookupError("the database gave no key for a new row")
    return int(key[0])
