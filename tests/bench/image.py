"""What it costs to judge a photograph of 12 megapixels, beside what Pillow needs to decode it."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from PIL import Image

from tests.bench.figures import Figure, Run

_SIZE = (4000, 3000)
_MOST_TIMES = 3.0
_MOST_MEMORY = 150.0  # MB

# a process of its own: the peak is that of judging alone, with all that the command line has read by then
_JUDGE = """
import json, sys, time
from datetime import date
from pathlib import Path
from PIL import Image
from core.images import Placement
from core.platforms import Platform
from policy.image_case import Seen
from policy.images import check_file
from storage.looking import look_at
from storage.media import previewed
from storage.rulebooks import Rulebook
from vocero.office import SHIPPED_RULES

file, rounds, decodes = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "decode"
rules = Rulebook(SHIPPED_RULES).on(date(2026, 12, 1)).rules
places = [(platform, Placement.FEED) for platform in Platform]

def judge():
    taken = previewed(file).taken
    return check_file(Seen(taken.medium, look_at(file), taken.original), rules, places)

def decode():
    with Image.open(file) as image:
        image.load()

def took(act):
    began = time.perf_counter()
    act()
    return time.perf_counter() - began

judge()
judged, decoded = [], []
for _ in range(rounds):  # in turn, so that a busy machine slows both
    judged.append(took(judge))
    if decodes:
        decoded.append(took(decode))
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({"judged": judged, "decoded": decoded, "peak": peak / 1024}))
"""


def image(run: Run) -> Iterator[Figure]:
    """A JPEG of 12 megapixels: type, wholeness, metadata, digest, sharpness, contrast, faces, and every rule."""
    rounds = 3 if run.quick else 15
    task = run.progress.add_task("a photograph of 12 megapixels", total=2)
    with tempfile.TemporaryDirectory(dir=run.memory or run.disk) as folder:
        path = Path(folder) / "foto.jpg"
        _photograph().save(path, quality=90)
        size = path.stat().st_size
        timed = _measured(path, rounds, "decode")
        run.progress.advance(task)
        alone = _measured(path, 1, "no")
        run.progress.advance(task)
    ours, theirs = median(timed["judged"]), median(timed["decoded"])
    yield Figure(
        "image time",
        f"a JPEG of 12 megapixels judged, median of {rounds}",
        "s",
        ours,
        theirs,
        "Pillow decodes it",
        f"ratio < {_MOST_TIMES:g}",
        ours < _MOST_TIMES * theirs,
        {"bytes": size},
    )
    yield Figure(
        "image memory",
        "the whole process at its peak",
        "MB",
        alone["peak"],
        None,
        "",
        f"< {_MOST_MEMORY:.0f} MB",
        alone["peak"] < _MOST_MEMORY,
    )


def _photograph() -> Image.Image:
    """Return something with the detail of a photograph: soft shapes, and grain over them."""
    soft = Image.effect_noise((500, 375), 90).resize(_SIZE, Image.Resampling.BICUBIC).convert("RGB")
    grain = Image.effect_noise(_SIZE, 24).convert("RGB")
    return Image.blend(soft, grain, 0.25)


def _measured(path: Path, rounds: int, how: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", _JUDGE, str(path), str(rounds), how], capture_output=True, text=True, check=True
    )
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured
