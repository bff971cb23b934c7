"""What YouTube takes of a project in a day. Source: sheet of 2026-11-23, section 5.1."""

from connectors.youtube_post import READ_ON
from core.capabilities import Limit, Load, Quota
from core.texts import _

# What a post takes of a day's units (sheet 5.1 [doc]): reading and making it public, thumbnails.set, captions.list and
# captions.insert. Reading comments and figures takes of them too, and is not counted here.
_UNITS, _UNITS_A_THUMBNAIL, _UNITS_A_CAPTIONS_FILE = 60, 50, 450
_PACIFIC = "America/Los_Angeles"


def units_of(load: Load) -> int:
    """Return what a post takes of the units."""
    return _UNITS + _UNITS_A_THUMBNAIL * load.thumbnails + _UNITS_A_CAPTIONS_FILE * load.captions


# both are the project's, so of all its channels together; they begin anew at midnight Pacific
QUOTAS = (
    Quota(Limit(100, "sheet 5.1 [doc]: videos.insert, 100 calls a day", READ_ON), _("videos"), _PACIFIC, shared=True),
    Quota(
        Limit(10_000, "sheet 5.1 [doc]: all other methods, 10,000 units a day", READ_ON),
        _("unidades"),
        _PACIFIC,
        cost=units_of,
        shared=True,
    ),
)
