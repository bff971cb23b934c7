"""Fixtures that several connector tests share."""

from tests.connectors.contract import post, server, stand, text
from tests.wordpress.fixture import real_wordpress

__all__ = ["post", "real_wordpress", "server", "stand", "text"]
