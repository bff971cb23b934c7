"""Anexo 01, the office's weekly programme: workbooks and printed sheets in and out; no database, no network."""

import sys

if "numpy" not in sys.modules:
    # openpyxl reads NumPy wherever it is installed, for cells that we never write: 20 MB and 0.2 s of every command.
    # OpenCV brought it into the house (docs/decisions/0006-opencv.md); only who looks at an image needs it.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        import openpyxl  # noqa: F401  (here, once, for all modules of the package)
    finally:
        del sys.modules["numpy"]
