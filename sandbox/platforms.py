"""The imitated platforms: add one here."""

from sandbox.facebook import FacebookImitation
from sandbox.flickr import FlickrImitation
from sandbox.imitation import Imitation
from sandbox.instagram.graph import InstagramImitation
from sandbox.linkedin import LinkedInImitation
from sandbox.wordpress import WordPressImitation
from sandbox.x import XImitation
from sandbox.youtube import YouTubeImitation

PLATFORMS: tuple[type[Imitation], ...] = (
    FacebookImitation,
    InstagramImitation,
    WordPressImitation,
    FlickrImitation,
    LinkedInImitation,
    YouTubeImitation,
    XImitation,
)


def routes(address: str) -> dict[str, str]:
    """Return `VOCERO_ROUTES` for a sandbox at that address: every imitated origin to its place there."""
    return {f"https://{host}": f"{address.rstrip('/')}/{host}" for kind in PLATFORMS for host in kind.hosts}
