"""Plug-in packages as pip leaves them: modules and a dist-info folder on the path, for as long as a test needs them."""

import importlib
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import core.platforms
from connectors.plugins import GROUP, Connectors
from connectors.registry import CONNECTORS, OURS, connector_for

README = Path(__file__).parents[2] / "connectors" / "README.md"


def readme_block(name: str) -> str:
    """Return the code block that README.md shows under the heading of that file."""
    block = rf"^### `{re.escape(name)}`\n\n```\w+\n(.*?)^```$"
    found = re.findall(block, README.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert len(found) == 1, f"README.md shows {name} {len(found)} times"
    return str(found[0])


@contextmanager
def installed(folder: Path, package: str, *, modules: Mapping[str, str], points: Mapping[str, str]) -> Iterator[None]:
    """Install a package for a while; afterwards neither its modules nor its platforms are known any more."""
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
    metadata = folder / f"{package.replace('-', '_')}-1.0.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0.0\n", encoding="utf-8")
    lines = [f"{name} = {value}" for name, value in points.items()]
    (metadata / "entry_points.txt").write_text("\n".join([f"[{GROUP}]", *lines, ""]), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        for words in ("_known", "_labels", "_words"):
            patch.setattr(core.platforms, words, dict(getattr(core.platforms, words)))
        importlib.invalidate_caches()
        try:
            yield
        finally:
            for name in modules:
                sys.modules.pop(name, None)


@contextmanager
def registered() -> Iterator[Connectors]:
    """Let the program's own registry load what is installed now; afterwards it is as before."""
    with pytest.MonkeyPatch.context() as patch:
        fresh = Connectors({platform: connector_for(platform) for platform in OURS})
        for name, value in vars(fresh).items():
            patch.setattr(CONNECTORS, name, value)
        CONNECTORS.load()
        yield CONNECTORS


@contextmanager
def mural_installed(folder: Path) -> Iterator[Connectors]:
    """Install the example of README.md as its own pyproject.toml declares it."""
    project: dict[str, Any] = tomllib.loads(readme_block("pyproject.toml"))
    modules = project["tool"]["setuptools"]["py-modules"]
    with (
        installed(
            folder,
            project["project"]["name"],
            modules={name: readme_block(f"{name}.py") for name in modules},
            points=project["project"]["entry-points"][GROUP],
        ),
        registered() as connectors,
    ):
        yield connectors
