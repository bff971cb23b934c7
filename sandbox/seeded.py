"""Made-up secrets and numbers that follow from the seed: the same seed gives the same world."""

import hashlib
import string
from functools import lru_cache

_LETTERS = string.ascii_letters + string.digits


def number(seed: int, *parts: object) -> int:
    """Return a number below 2**64 that depends on the seed and the parts only."""
    text = "\x1f".join(str(part) for part in (seed, *parts))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def fraction(seed: int, *parts: object) -> float:
    """Return a number in [0, 1) that depends on the seed and the parts only."""
    return number(seed, *parts) / 2**64


def letters(seed: int, *parts: object, length: int) -> str:
    """Return ASCII letters and digits of that length."""
    return _letters("\x1f".join(str(part) for part in (seed, *parts)), length)


# a reset makes the same world again, and most of its time went into the same tokens
@lru_cache(maxsize=4096)
def _letters(said: str, length: int) -> str:
    out: list[str] = []
    block = 0
    while len(out) < length:
        digest = hashlib.sha256(f"{said}\x1f{block}".encode()).digest()
        out += [_LETTERS[byte % len(_LETTERS)] for byte in digest]
        block += 1
    return "".join(out[:length])


def hexadecimal(seed: int, *parts: object, length: int) -> str:
    """Return lower-case hexadecimal digits, at most 64."""
    text = "\x1f".join(str(part) for part in (seed, *parts))
    return hashlib.sha256(text.encode()).hexdigest()[:length]
