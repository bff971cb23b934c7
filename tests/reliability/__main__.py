"""`python -m tests.reliability CASE`: play a case of docs/reliability.md on this machine, and say whether it is so."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from core.platforms import Platform
from tests.databases import migrated_sqlite
from tests.reliability.cases import CASES, PLATFORMS, play


def main() -> int:
    """Play the case, or all; return 0 when each ends as the page says."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument("case", choices=("all", *CASES))
    parser.add_argument("--platform", choices=[each.value for each in PLATFORMS], default=PLATFORMS[0].value)
    asked = parser.parse_args()
    failed = 0
    for name in CASES if asked.case == "all" else (asked.case,):
        with tempfile.TemporaryDirectory(prefix="vocero-") as made:
            folder = Path(made)
            database = folder / "vocero.db"
            shutil.copy(migrated_sqlite(folder), database)
            platform = Platform(asked.platform)
            wrong = play(CASES[name], f"sqlite:///{database}", folder, platform=platform, tell=_say)
        for line in wrong:
            print(f"NOT AS THE PAGE SAYS: {line}")
        print(f"{name}: {'not as the page says' if wrong else 'as the page says'}\n", flush=True)
        failed += bool(wrong)
    return 1 if failed else 0


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
