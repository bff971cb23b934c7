"""Facebook Pages, Graph API v26.0, as its fact sheet of 2026-11-23 describes it.

Messages are Spanish, because the platform's follow the request's locale; where the sheet quotes one it is verbatim.
"""

from sandbox.facebook.graph import FacebookImitation

__all__ = ["FacebookImitation"]
