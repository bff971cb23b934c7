"""Two thousand images, whole and spoilt, get the right verdict."""

from pathlib import Path

import pytest

from tests.storage.image_cases import FAMILIES, case
from tests.storage.judged import wrong

_ALL = 2000
_SHARES = 8


@pytest.mark.parametrize("share", range(_SHARES))
def test_each_of_two_thousand_files_gets_its_verdict(tmp_path: Path, share: int) -> None:
    numbers = range(2 * FAMILIES, 2 * FAMILIES + _ALL)[share::_SHARES]
    found = {number: said for number in numbers if (said := wrong(case(number), tmp_path))}
    assert {f"{number} {case(number).family}": said for number, said in found.items()} == {}
