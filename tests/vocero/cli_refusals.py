"""What a refusal must look like: one line of Spanish, an exit code, and nothing changed."""

import re

from tests.vocero.cli_office import Ended, OfficeOnDisk

_QUOTED = re.compile(r"«[^»]*»")
_TECHNICAL = re.compile(
    r"Traceback|sqlite3|sqlalchemy|psycopg|pydantic|openpyxl|PIL\b|Errno|\bSELECT\b|\bINSERT\b|\bBEGIN\b|Error\w*:.*Error"
)
_ENGLISH = re.compile(
    r"\b(the|is|not|cannot|could|invalid|unable|should|must|input|file|directory|failed|unknown|expected|such|missing)\b",
    re.IGNORECASE,
)


def check_refused(office: OfficeOnDisk, ended: Ended, *, code: int, says: str) -> None:
    """Hold a command's end against the promise: this exit code, one plain sentence, and no secret."""
    assert ended.code == code, ended
    assert ended.err.startswith("Error: "), ended.err
    assert ended.err.endswith("\n"), ended.err
    line = ended.err.removeprefix("Error: ").removesuffix("\n")
    assert "\n" not in line, ended.err
    assert says in line
    check_plain(office, line)


def check_plain(office: OfficeOnDisk, text: str) -> None:
    """Hold a text for people against what it may not hold: a library's words, SQL, English, the key."""
    bare = _QUOTED.sub("«»", text)
    assert not _TECHNICAL.search(bare), text
    assert not _ENGLISH.search(bare), text
    assert office.key not in text
