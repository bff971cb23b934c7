"""X (Twitter), API v2 for self-serve applications, as its fact sheet of 2026-11-23 describes it.

Posts are tweets: the imitation thinks in the new names (document 2.167) and speaks the old ones unless the request
asks in the new ones or the fault plan says otherwise (`manners` in `service.py`).
"""

from sandbox.x.service import XImitation

__all__ = ["XImitation"]
