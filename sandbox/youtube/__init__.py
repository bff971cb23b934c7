"""YouTube as its fact sheet of 2026-11-23 describes it: Data API v3, Analytics v2, Google's token and consent hosts.

Beyond the sheet, for rehearsals only:

- a file that begins with `sandbox-failed-<failureReason>` or `sandbox-rejected-<rejectionReason>` somewhere in its
  first 256 bytes meets that fate in processing; other bytes that are no video fail with `invalidFile`;
- a visitor's comment with a link is held for review, with two or more links it is likely spam;
- `throttle` faults: `code` 403 says that the day's quota is gone (each bucket in its own form), 400 that the account
  uploaded too many videos, anything else is the short "slow down";
- an error of the plan with status 404 or 410 on an upload session means what it says: the session is gone;
- an unlisted video counts as seen by the public in the ledger: whoever has the link sees it.
"""

from sandbox.youtube.api import YouTubeImitation

__all__ = ["YouTubeImitation"]
