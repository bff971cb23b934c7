"""An office on the disk, made once for each worker process and copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.server import SandboxServer
from tests.vocero.cli_office import OfficeOnDisk, copied, make_office, serving


@pytest.fixture(scope="session")
def office_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an office that nobody may change."""
    folder = tmp_path_factory.mktemp("office") / "template"
    make_office(folder)
    return folder


@pytest.fixture
def office(office_template: Path, tmp_path: Path) -> OfficeOnDisk:
    """Return an office that the test may spoil."""
    return copied(office_template, tmp_path / "oficina")


@pytest.fixture
def platforms() -> Iterator[SandboxServer]:
    """Serve the imitated platforms of the office's accounts."""
    with serving() as server:
        yield server
