"""A WordPress 6.1 site and its REST API, as the fact sheet of 2026-11-23 describes it (run against a real one there).

Compared request by request with a real 6.1.9 on 2026-11-23; where that one was more precise than the sheet, it is
followed. The site speaks German: staff read Spanish, the sheet is English, so a client that matches words is caught.
"""

from sandbox.wordpress.rest import WordPressImitation

__all__ = ["WordPressImitation"]
