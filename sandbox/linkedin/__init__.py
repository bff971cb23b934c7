"""LinkedIn organization pages, versioned REST API of 2026, as its fact sheet of 2026-11-23 describes it.

Rows that the sheet marks `[memory]` or contradicts itself on are decided strictly, with a comment where it is done.
"""

from sandbox.linkedin.rest import LinkedInImitation

__all__ = ["LinkedInImitation"]
