#!/bin/sh
# Writes the hash-locked requirements from pyproject.toml: one file for every system and Python from 3.11 up,
# with no package address in it. Run by `make lock`; needs uv on the PATH.
set -eu
cd "$(dirname "$0")/.."
compile="uv pip compile --quiet --universal --python-version 3.11 --generate-hashes
         --no-emit-index-url --no-emit-find-links --no-header --upgrade"
$compile pyproject.toml --extra postgres -o requirements/run.txt
$compile pyproject.toml --extra postgres --group dev -c requirements/run.txt -o requirements/dev.txt
$compile --group build -c requirements/dev.txt -o requirements/build.txt
