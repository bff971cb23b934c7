"""The staff's guide and the program agree."""

import re
from pathlib import Path

import pytest

from scheduler.programme.notation import read_cell

GUIDE = (Path(__file__).parents[3] / "docs" / "programa-semanal.md").read_text("utf-8")
PACKAGES = tuple(Path(__file__).parents[3] / name for name in ("scheduler/programme", "policy"))
EXAMPLES = re.findall(r"^```\n(.*?)^```$", GUIDE, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_of_the_guide_is_read_without_faults(example: str) -> None:
    drafts = read_cell(example)
    assert all(draft.platforms and draft.text and not draft.faults for draft in drafts)


def test_guide_has_its_examples() -> None:
    assert [len(read_cell(example)) for example in EXAMPLES] == [1, 2, 1]


def test_every_notice_that_the_guide_explains_exists() -> None:
    """The words of each table row, up to what is filled in, stand in a sentence of the program."""
    sentences = " ".join(path.read_text("utf-8") for package in PACKAGES for path in sorted(package.glob("*.py")))
    sentences = re.sub(r'"\s*\n\s*f?"', "", sentences)
    table = GUIDE.partition("## Qué significa cada aviso")[2]
    notices = [row.split(" | ")[0].strip("| ") for row in table.splitlines() if row.startswith("| ")]
    told = [
        part.strip()
        for notice in notices
        if notice != "El aviso dice"
        for alternative in notice.split(" / ")
        for part in re.split(r"«[^»]*»|\{[^}]*\}|\(…\)|…|\d+", alternative)
        if len(part.strip()) > 2
    ]
    assert len(told) > 40
    assert [part for part in told if part not in sentences] == []
