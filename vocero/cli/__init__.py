"""The command line. It asks, shows and calls `vocero.actions`; it holds no rules of its own."""

from vocero.cli.app import main

__all__ = ["main"]
