"""The emoji that X counts as one sign (weight 2) though they are made of several code points.

Facts: Emoji 11.0, as twitter-text 3.1.0 (2020-03-27, read on 2026-11-23) knows them through its emoji table. An emoji
of one code point needs no entry: it weighs 2 in any case. A newer sequence (a phoenix: bird, joiner, fire) is counted
by its parts, 5 instead of 2: what X itself counts there is not documented, and ours must not be the smaller number.
"""

import re

_ZWJ = "\u200d"
_VS16 = "\ufe0f"
_MODIFIER = "[\U0001f3fb-\U0001f3ff]"

# shown as text unless U+FE0F follows; with it they are one emoji
_TEXT_BY_DEFAULT = """
A9 AE 203C 2049 2122 2139 2194-2199 21A9-21AA 231A-231B 2328 23CF 23ED-23EF 23F1-23F2 23F8-23FA 24C2 25AA-25AB 25B6 25C0
25FB-25FE 2600-2604 260E 2611 2614-2615 2618 261D 2620 2622-2623 2626 262A 262E-262F 2638-263A 2640 2642 2648-2653
265F-2660 2663 2665-2666 2668 267B 267F 2692-2697 2699 269B-269C 26A0-26A1 26AA-26AB 26B0-26B1 26BD-26BE 26C4-26C5 26C8
26CF 26D1 26D3-26D4 26E9-26EA 26F0-26F5 26F7-26FA 26FD 2702 2708-2709 270C-270D 270F 2712 2714 2716 271D 2721 2733-2734
2744 2747 2757 2763-2764 27A1 2934-2935 2B05-2B07 2B1B-2B1C 2B50 2B55 3030 303D 3297 3299 1F004 1F170-1F171 1F17E-1F17F
1F202 1F21A 1F22F 1F237 1F321 1F324-1F32C 1F336 1F37D 1F396-1F397 1F399-1F39B 1F39E-1F39F 1F3CB-1F3CE 1F3D4-1F3DF 1F3F3
1F3F5 1F3F7 1F43F 1F441 1F4FD 1F549-1F54A 1F56F-1F570 1F573-1F579 1F587 1F58A-1F58D 1F590 1F5A5 1F5A8 1F5B1-1F5B2 1F5BC
1F5C2-1F5C4 1F5D1-1F5D3 1F5DC-1F5DE 1F5E1 1F5E3 1F5E8 1F5EF 1F5F3 1F5FA 1F6CB 1F6CD-1F6CF 1F6E0-1F6E5 1F6E9 1F6F0 1F6F3
"""
# take a skin tone
_PEOPLE = """
261D 26F7 26F9 270A-270D 1F385 1F3C2-1F3C4 1F3C7 1F3CA-1F3CC 1F442-1F443 1F446-1F450 1F466-1F469 1F46E 1F470-1F478 1F47C
1F481-1F483 1F485-1F487 1F4AA 1F574-1F575 1F57A 1F590 1F595-1F596 1F645-1F647 1F64B-1F64F 1F6A3 1F6B4-1F6B6 1F6C0 1F6CC
1F918-1F91C 1F91E-1F91F 1F926 1F930-1F939 1F93D-1F93E 1F9B5-1F9B6 1F9B8-1F9B9 1F9D1-1F9DD
"""
# of these, text by default: U+FE0F may stand before the skin tone
_PEOPLE_IN_TEXT = "261D 26F7 26F9 270C-270D 1F3CB-1F3CC 1F574-1F575 1F590"
# are a woman or a man where a sign for that follows: at once or after a skin tone; only after one or U+FE0F; at once
_GENDERED = """
1F3C3-1F3C4 1F3CA 1F46E 1F471 1F473 1F477 1F481-1F482 1F486-1F487 1F645-1F647 1F64B 1F64D-1F64E 1F6A3 1F6B4-1F6B6 1F926
1F935 1F937-1F939 1F93D-1F93E 1F9B8-1F9B9 1F9D6-1F9DD
"""
_GENDERED_IN_TEXT = "1F3CB-1F3CC 1F574-1F575 26F9"
_GENDERED_WITHOUT_TONE = "1F46F 1F93C 1F9DE-1F9DF"
# what a woman or a man carries to show an occupation; below, those that need U+FE0F; then hair
_OCCUPATIONS = "1F33E 1F373 1F393 1F3A4 1F3A8 1F3EB 1F3ED 1F4BB-1F4BC 1F527 1F52C 1F680 1F692 1F9B0-1F9B3"
_OCCUPATIONS_IN_TEXT = "2695-2696 2708"
# first letter of a country's code: the second letters
_FLAGS = """
A:CDEFGILMOQRSTUWXZ B:ABDEFGHIJLMNOQRSTVWYZ C:ACDFGHIKLMNOPRUVWXYZ D:EGJKMOZ E:ACEGHRSTU F:IJKMOR G:ABDEFGHILMNPQRSTUWY
H:KMNRTU I:CDELMNOQRST J:EMOP K:EGHIMNPRWYZ L:ABCIKRSTUVY M:ACDEFGHKLMNOPQRSTUVWXYZ N:ACEFGILOPRUZ O:M P:AEFGHKLMNRSTWY
Q:A R:EOSUW S:ABCDEGHIJKLMNORSTVXYZ T:ACDFGHJKLMNORTVWZ U:AGMNSYZ V:ACEGINU W:FS X:K Y:ET Z:AMW
"""
_REGIONS = ("gbeng", "gbsct", "gbwls")  # black flag, these letters as tags, a final tag

_MAN, _WOMAN, _BOY, _GIRL = "\U0001f468", "\U0001f469", "\U0001f466", "\U0001f467"
_HEART, _KISS = "\u2764\ufe0f", "\U0001f48b"


def _one_of(ranges: str) -> str:
    """Return a class of a regular expression from hexadecimal code points and ranges."""
    return "[" + "".join("-".join(chr(int(end, 16)) for end in part.split("-")) for part in ranges.split()) + "]"


def _flag(first: str, seconds: str) -> str:
    signs = [chr(0x1F1E6 + ord(letter) - ord("A")) for letter in (first, *seconds)]
    return f"{signs[0]}[{''.join(signs[1:])}]"


def _tagged(letters: str) -> str:
    return "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in letters) + "\U000e007f"


_FAMILY = (
    f"(?:{_MAN}{_ZWJ}[{_MAN}{_WOMAN}]|{_WOMAN}{_ZWJ}{_WOMAN}|[{_MAN}{_WOMAN}]){_ZWJ}"
    f"(?:{_GIRL}{_ZWJ}[{_BOY}{_GIRL}]|{_BOY}{_ZWJ}{_BOY}|[{_BOY}{_GIRL}])"
)
_COUPLE = f"{_ZWJ}{_HEART}{_ZWJ}(?:{_KISS}{_ZWJ})?"
_GENDER = f"{_ZWJ}[\u2640\u2642]{_VS16}"

# the longest first
SEQUENCE = re.compile(
    "|".join(
        (
            f"[{_MAN}{_WOMAN}]{_MODIFIER}?{_ZWJ}(?:{_one_of(_OCCUPATIONS)}|{_one_of(_OCCUPATIONS_IN_TEXT)}{_VS16})",
            f"{_one_of(_GENDERED_IN_TEXT)}(?:{_MODIFIER}|{_VS16}){_GENDER}",
            f"{_one_of(_GENDERED)}{_MODIFIER}?{_GENDER}",
            f"{_one_of(_GENDERED_WITHOUT_TONE)}{_GENDER}",
            f"{_MAN}{_COUPLE}{_MAN}|{_WOMAN}{_COUPLE}[{_MAN}{_WOMAN}]",
            _FAMILY,
            f"\U0001f3f3{_VS16}{_ZWJ}\U0001f308|\U0001f3f4{_ZWJ}\u2620{_VS16}|\U0001f441{_ZWJ}\U0001f5e8",
            *map(_tagged, _REGIONS),
            *(_flag(*letters.split(":")) for letters in _FLAGS.split()),
            f"[#*0-9]{_VS16}?\u20e3",
            f"{_one_of(_PEOPLE_IN_TEXT)}{_VS16}?{_MODIFIER}",
            f"{_one_of(_PEOPLE)}{_MODIFIER}",
            f"{_one_of(_TEXT_BY_DEFAULT)}{_VS16}",
        )
    )
)
