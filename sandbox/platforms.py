"""The imitated platforms: add one here."""

from sandbox.facebook import FacebookImitation
from sandbox.imitation import Imitation
from sandbox.wordpress import WordPressImitation

PLATFORMS: tuple[type[Imitation], ...] = (FacebookImitation, WordPressImitation)


def routes(address: str) -> dict[str, str]:
    """Return `VOCERO_ROUTES` for a sandbox at that address: every imitated origin to its place there."""
    return {f"https://{host}": f"{address.rstrip('/')}/{host}" for kind in PLATFORMS for host in kind.hosts}
