"""Fixtures that several connector tests share."""

from tests.connectors.contract import post, server, stand, text

__all__ = ["post", "server", "stand", "text"]
