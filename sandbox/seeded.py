"""Made-up secrets and numbers that follow from the seed: the same seed gives the same world."""

import hashlib
import string

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
    out: list[str] = []
    block = 0
    while len(out) < length:
        text = "\x1f".join(str(part) for part in (seed, *parts, block))
        out += [_LETTERS[byte % len(_LETTERS)] for byte in hashlib.sha256(text.encode()).digest()]
        block += 1
    return "".join(out[:length])


def hexadecimal(seed: int, *parts: object, length: int) -> str:
    """Return lower-case hexadecimal digits, at most 64."""
    text = "\x1f".join(str(part) for part in (seed, *parts))
    return hashlib.sha256(text.encode()).hexdigest()[:length]
