"""`python -m vocero`."""

from vocero.cli import main

main()
