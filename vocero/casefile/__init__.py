"""A post's case file: all that is known of it in one folder, which can be checked without Vocero."""

from vocero.casefile.case import Case, read_case
from vocero.casefile.packing import Packed, check_place, pack, planned

__all__ = ["Case", "Packed", "check_place", "pack", "planned", "read_case"]
