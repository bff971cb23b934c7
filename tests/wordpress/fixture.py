"""The fixture `real_wordpress`: import it in a conftest.py. One WordPress for each test process, about two seconds."""

import os
from collections.abc import Iterator

import pytest

from tests.wordpress.peer import Site, WordPress, what_is_missing


@pytest.fixture(scope="session")
def real_wordpress() -> Iterator[Site]:
    """A running WordPress of Debian's; skipped where it is not installed, unless REQUIRE_WORDPRESS=1."""
    if missing := what_is_missing():
        sentence = f"no WordPress to test against, missing: {missing} (as root: sh tests/wordpress/install.sh)"
        if os.environ.get("REQUIRE_WORDPRESS") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)
    with WordPress() as site:
        yield site
