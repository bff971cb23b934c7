"""What the rules find in an image: each check both ways, with its place; and what a signature lifts."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.findings import Severity
from core.images import Box, Change, Check, Look, Note, NoteKind, Original, Placement, Rule, StripMatch
from core.media import Attachment, AttachmentRole, MediaKind, Medium
from core.posts import Content
from policy.image_case import Seen
from policy.images import blocking, check_file, check_images, placement_of, unseen

DAY = date(2026, 1, 1)
IMAGE = Medium("ab" * 32, MediaKind.IMAGE, "image/jpeg", 400_000, 1080, 1350, file_name="foto.jpg")
STRIP = StripMatch("franja.png", 0.9, Box(40, 30, 540, 68))
LOOK = Look(1080, 1350, sharpness=200, contrast=0.8, templates=("cd",), strip=STRIP, detail=(0.01,) * 32)
FACE = Box(400, 500, 200, 200)
PLACE = [("instagram", Placement.FEED)]


def rule(check: Check, **given: Any) -> Rule:
    severity = given.pop("severity", Severity.BLOCK)
    return Rule("regla", check, severity, DAY, "la oficina", DAY, **given)


FRANJA = {"least": 0.7, "template": "franja.png", "template_sha256": "cd"}
STORY = {"values": ("1080x1920", "250,0,250,0"), "severity": Severity.WARN}
TALL = replace(IMAGE, height=1920)
TALL_LOOK = replace(LOOK, height=1920, strip=None)
TABLE: list[tuple[str, Rule, Seen, Box | bool | None]] = [
    ("as recommended", rule(Check.SIZE, values=("1080x1350",)), Seen(IMAGE), False),
    ("larger, of that shape", rule(Check.SIZE, values=("800x1000",)), Seen(IMAGE), False),
    ("of another shape", rule(Check.SIZE, values=("1080x1080",)), Seen(IMAGE), True),
    ("smaller", rule(Check.SIZE, values=("2160x2700",)), Seen(IMAGE), True),
    ("short side", rule(Check.SHORT_SIDE, least=1080), Seen(IMAGE), False),
    ("short side missed by one", rule(Check.SHORT_SIDE, least=1081), Seen(IMAGE), True),
    ("long side", rule(Check.LONG_SIDE, least=1351), Seen(IMAGE), True),
    ("ratio", rule(Check.RATIO, least=0.8, most=1.91), Seen(IMAGE), False),
    ("ratio too tall", rule(Check.RATIO, least=0.81, most=1.91), Seen(IMAGE), True),
    ("bytes", rule(Check.BYTES, most=399_999), Seen(IMAGE), True),
    ("bytes at the limit", rule(Check.BYTES, most=400_000), Seen(IMAGE), False),
    ("type", rule(Check.TYPES, values=("image/png",)), Seen(IMAGE), True),
    ("frames", rule(Check.FRAMES, most=1), Seen(replace(IMAGE, frames=2)), True),
    ("duration not known", rule(Check.DURATION, most=1), Seen(IMAGE), False),
    ("blurred", rule(Check.SHARPNESS, least=201), Seen(IMAGE, LOOK), True),
    ("sharp", rule(Check.SHARPNESS, least=200), Seen(IMAGE, LOOK), False),
    ("foggy", rule(Check.CONTRAST, least=0.9), Seen(IMAGE, LOOK), True),
    ("a face", rule(Check.FACES, most=0), Seen(IMAGE, replace(LOOK, faces=(FACE,))), FACE),
    ("no face", rule(Check.FACES, most=0), Seen(IMAGE, LOOK), False),
    ("the strip", rule(Check.STRIP, **FRANJA), Seen(IMAGE, LOOK), False),
    ("no strip", rule(Check.STRIP, **FRANJA), Seen(IMAGE, replace(LOOK, strip=None)), True),
    (
        "hardly the strip",
        rule(Check.STRIP, **FRANJA),
        Seen(IMAGE, replace(LOOK, strip=replace(STRIP, score=0.69))),
        STRIP.box,
    ),
    ("another strip looked for", rule(Check.STRIP, **FRANJA), Seen(IMAGE, replace(LOOK, templates=("ef",))), True),
    ("nobody looked", rule(Check.STRIP, **FRANJA), Seen(IMAGE), True),
    ("no template given", rule(Check.STRIP, least=0.7), Seen(IMAGE), False),
    ("strip too narrow", rule(Check.STRIP_WIDTH, least=0.6), Seen(IMAGE, LOOK), STRIP.box),
    ("strip wide enough", rule(Check.STRIP_WIDTH, least=0.5), Seen(IMAGE, LOOK), False),
    ("strip at the top", rule(Check.STRIP_PLACE, values=("top",)), Seen(IMAGE, LOOK), False),
    ("strip not at the bottom", rule(Check.STRIP_PLACE, values=("bottom",)), Seen(IMAGE, LOOK), STRIP.box),
    (
        "strip crowded",
        rule(Check.STRIP_CLEAR, least=1),
        Seen(IMAGE, replace(LOOK, strip=replace(STRIP, clear=0.5))),
        STRIP.box,
    ),
    (
        "strip squeezed",
        rule(Check.STRIP_SHAPE, least=0.95),
        Seen(IMAGE, replace(LOOK, strip=replace(STRIP, stretch=0.85))),
        STRIP.box,
    ),
    (
        "a face under the buttons",
        rule(Check.SAFE_AREA, **STORY),
        Seen(TALL, replace(TALL_LOOK, faces=(Box(400, 100, 200, 200),))),
        Box(400, 100, 200, 200),
    ),
    ("a face in the middle", rule(Check.SAFE_AREA, **STORY), Seen(TALL, replace(TALL_LOOK, faces=(FACE,))), False),
    (
        "words under the name",
        rule(Check.SAFE_AREA, **STORY),
        Seen(TALL, replace(TALL_LOOK, detail=(0.2,) * 3 + (0.1,) * 26 + (0.01,) * 3)),
        Box(0, 0, 1080, 250),
    ),
    ("another screen", rule(Check.SAFE_AREA, **STORY), Seen(IMAGE, replace(LOOK, faces=(Box(0, 0, 9, 9),))), False),
]


@pytest.mark.parametrize(("what", "asked", "seen", "found"), TABLE, ids=[row[0] for row in TABLE])
def test_each_check_finds_what_it_is_for(what: str, asked: Rule, seen: Seen, found: Box | bool | None) -> None:
    findings = check_file(seen, [asked], PLACE)
    assert len(findings) == bool(found)
    for each in findings:
        assert (each.rule, each.severity, each.sha256) == ("regla", asked.severity, IMAGE.sha256)
        assert "foto.jpg" in each.sentence
        assert "{" not in each.sentence + each.advice
        assert each.advice
        if isinstance(found, Box):
            assert each.box == found


def test_every_check_is_in_the_table() -> None:
    fixed = {Check.COLOUR, Check.ORIENTATION, Check.METADATA}
    assert {asked.check for _what, asked, _seen, found in TABLE if found} | fixed | {Check.DURATION} == set(Check)
    long = Medium("ab" * 32, MediaKind.VIDEO, "video/mp4", 9, duration=91.5, file_name="foto.jpg")
    [found] = check_file(Seen(long), [rule(Check.DURATION, most=90, kinds=("video",))], PLACE)
    assert "91,5 segundos" in found.sentence


def test_a_rule_is_about_its_places_and_days() -> None:
    asked = rule(Check.BYTES, most=1, networks=("instagram",), placements=(Placement.STORY,))
    places = [(network, each) for network in ("instagram", "x") for each in Placement]
    [found] = check_file(Seen(IMAGE), [asked], places)
    assert (found.network, found.placement) == ("instagram", Placement.STORY)
    [everywhere] = check_file(Seen(IMAGE), [replace(asked, networks=(), placements=())], places)
    assert (everywhere.network, everywhere.placement) == ("", None)
    assert not check_file(Seen(IMAGE), [replace(asked, kinds=("video",))], places)


@pytest.mark.parametrize("change", Change)
def test_what_was_done_is_said_and_may_be_barred(change: Change) -> None:
    seen = Seen(IMAGE, LOOK, Original("ef" * 32, 500_000, (change,)))
    fixed = [rule(check, severity=Severity.FIX) for check in (Check.COLOUR, Check.ORIENTATION, Check.METADATA)]
    [found] = check_file(seen, fixed, PLACE)
    assert found.severity is (Severity.WARN if change is Change.OTHER_NAME else Severity.FIX)
    assert "foto.jpg" in found.sentence
    [barred] = check_file(seen, [replace(each, severity=Severity.BLOCK) for each in fixed], PLACE)
    assert barred.blocks is (change not in (Change.OTHER_NAME, Change.ENCODED_ANEW))
    [alone] = check_file(seen, [], PLACE)
    assert alone.severity is not Severity.BLOCK  # without any rule it is said all the same


def test_a_signature_lifts_one_finding_of_one_image() -> None:
    other = replace(IMAGE, sha256="12" * 32, file_name="otra.jpg")
    content = Content("Taller", attachments=(Attachment(IMAGE, "Un taller"), Attachment(other, "Otro")))
    looks = {each.sha256: replace(LOOK, faces=(FACE,)) for each in (IMAGE, other)}
    asked = [rule(Check.FACES, most=0)]

    def found(*notes: Note) -> list[str]:
        findings = check_images(content, ["x"], asked, looks=looks, originals={}, notes=notes)
        assert len(blocking(findings)) == sum(each.blocks for each in findings)
        return [each.file_name for each in findings if each.blocks]

    note = Note(1, IMAGE.sha256, "regla", NoteKind.CONSENT, "firmado el 3 de noviembre", "redactora")
    assert found() == ["foto.jpg", "otra.jpg"]
    assert found(note) == ["otra.jpg"]
    assert found(replace(note, rule="otra")) == ["foto.jpg", "otra.jpg"]
    assert found(replace(note, kind=NoteKind.WAIVER)) == ["foto.jpg", "otra.jpg"]


def test_a_thumbnail_is_seen_elsewhere_than_the_post() -> None:
    card = Attachment(IMAGE, role=AttachmentRole.THUMBNAIL)
    film = Attachment(Medium("12" * 32, MediaKind.VIDEO, "video/mp4", 9))
    assert placement_of(film, Content("x", attachments=(film, card))) is Placement.FEED
    assert placement_of(card, Content("x", attachments=(film, card), link="https://a.pe")) is Placement.THUMBNAIL
    assert placement_of(card, Content("x", attachments=(card,), link="https://a.pe")) is Placement.LINK_CARD


def test_a_strip_without_its_template_is_said_not_to_be_evaluated() -> None:
    asked = [rule(Check.STRIP, least=0.7), rule(Check.STRIP, **FRANJA)]
    assert unseen(asked) == asked[:1]
