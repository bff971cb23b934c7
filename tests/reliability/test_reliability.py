"""docs/reliability.md tells the truth: each of its cases ends as it says, and each is there."""

import re
from pathlib import Path

import pytest

from core.platforms import Platform
from tests.reliability.cases import CASES, play

_PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"


@pytest.mark.parametrize("database_kind", ["sqlite"])
@pytest.mark.parametrize("name", CASES)
def test_a_case_ends_as_the_page_says(name: str, database_url: str, tmp_path: Path) -> None:
    assert play(CASES[name], database_url, tmp_path, platform=Platform.FACEBOOK) == []


def test_the_page_has_every_case_and_no_other() -> None:
    assert set(re.findall(r"make reliability CASE=([\w-]+)", _PAGE.read_text())) - {"all"} == set(CASES)
