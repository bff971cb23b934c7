"""Uploads one video in a process of its own, keeping every answer of `stage` in a file as the engine does.

`python -m tests.connectors.youtube_uploader < job.json`; prints its peak memory and how many calls it took. It imports
nothing but the connector, so that the memory is the connector's. The job:

    {"keep": "token.json", "routes": {…}, "credentials": {…}, "channel": "UC…", "path": "clip.mp4", "size": 4000,
     "sha256": "…", "chunk": 8388608}
"""

import json
import resource
import sys
from pathlib import Path

from connectors import youtube_upload
from connectors.errors import Unavailable
from connectors.http import Door
from connectors.youtube import YouTubeConnector
from core.accounts import Account, Credentials
from core.deliveries import Stage
from core.media import MediaKind, Medium, OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost


def main() -> None:
    """Stage until the video is there."""
    job = json.load(sys.stdin)
    youtube_upload.CHUNK = job["chunk"]
    medium = Medium(job["sha256"], MediaKind.VIDEO, "video/mp4", job["size"])
    media = (OutgoingMedium(medium, "", Path(job["path"])),)
    post = OutgoingPost(key="entrega-1", title="Feria de Piura", text="Ñandúes & artesanía", media=media)
    account = Account(1, Platform.YOUTUBE, "inpe", "INPE", job["channel"], "https://www.youtube.com/")
    connector = YouTubeConnector(account, Credentials(job["credentials"]), Door(routes=job["routes"], closed=True))
    keep = Path(job["keep"])
    stage = Stage(json.loads(keep.read_text(encoding="utf-8")), ready=False) if keep.exists() else None
    calls = failures = 0
    while stage is None or not stage.token["video"]:
        calls += 1
        try:
            stage = connector.stage(post, stage)
        except Unavailable:
            failures += 1
            continue
        new = keep.with_suffix(".new")
        new.write_text(json.dumps(stage.token), encoding="utf-8")
        new.rename(keep)
    json.dump({"peak_rss_mib": round(_peak(), 1), "calls": calls, "failures": failures}, sys.stdout)


def _peak() -> float:
    """Return the most memory that this program had; where the system does not tell, what getrusage says of the process.

    Of a process that was started by a large one getrusage tells that one's peak: it counts what came before `exec`.
    """
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
