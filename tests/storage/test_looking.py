"""What is seen in an image: how sharp it is, whether there are faces, where the logo strip is."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter

from core.errors import InvalidInput
from core.images import Box
from storage.looking import Template, look_at, template_of
from tests.storage.drawn import as_png, face, strip
from tests.storage.pictures import kept


def paper(size: tuple[int, int] = (1080, 1350), grey: int = 170) -> Image.Image:
    return Image.new("L", size, grey)


@pytest.fixture
def template(tmp_path: Path) -> Template:
    return template_of(kept(tmp_path / "franja.png", as_png(strip())))


@pytest.mark.parametrize(("size", "radius"), [((1080, 1350), 150), ((4000, 3000), 600), ((600, 600), 90)])
def test_a_face_is_found_where_it_is_and_only_there(size: tuple[int, int], radius: int) -> None:
    centre = (size[0] // 3, size[1] // 2)
    [found] = look_at(as_png(face(paper(size, 150), centre, radius))).faces
    assert found.left < centre[0] < found.right
    assert found.top < centre[1] < found.bottom
    assert radius < found.width < 4 * radius
    assert look_at(as_png(paper(size, 150))).faces == ()


@pytest.mark.parametrize(("share", "at"), [(0.3, (40, 30)), (0.5, (300, 1240)), (0.9, (20, 600))])
def test_the_strip_is_found_with_its_place_and_size(template: Template, share: float, at: tuple[int, int]) -> None:
    image, logo = paper(), strip(round(1080 * share))
    image.paste(logo, at)
    match = look_at(as_png(image), [template]).strip
    assert match is not None
    assert match.score > 0.8
    assert match.box.width == pytest.approx(logo.width, rel=0.06)
    assert abs(match.box.left - at[0]) <= 16
    assert abs(match.box.top - at[1]) <= 16
    assert match.stretch == 1.0
    assert match.clear > 0.95


def test_where_there_is_no_strip_none_is_sure(template: Template) -> None:
    look = look_at(as_png(face(paper(), (500, 600), 200)), [template])
    assert look.templates == (template.sha256,)
    assert look.strip is None or look.strip.score < 0.7


def test_a_strip_that_is_deformed_or_crowded_is_told(template: Template) -> None:
    image, logo = paper(), strip(540)
    image.paste(logo.resize((540, round(logo.height * 1.15))), (200, 200))
    deformed = look_at(as_png(image), [template]).strip
    assert deformed is not None
    assert deformed.stretch > 1.05
    crowded_image = paper()
    for row in range(0, 1350, 8):
        ImageDraw.Draw(crowded_image).line((0, row, 1080, row), fill=20, width=4)
    crowded_image.paste(logo, (200, 200))
    crowded = look_at(as_png(crowded_image), [template]).strip
    assert crowded is not None
    assert crowded.clear < 0.85


def test_blur_and_fog_are_measured() -> None:
    drawn = paper((800, 800))
    drawn.paste(strip(700), (50, 300))
    sharp, blurred = look_at(as_png(drawn)), look_at(as_png(drawn.filter(ImageFilter.GaussianBlur(12))))
    assert blurred.sharpness < sharp.sharpness / 4
    foggy = look_at(as_png(drawn.point([120 + each // 8 for each in range(256)])))
    assert foggy.contrast < sharp.contrast / 3


def test_a_tiny_or_transparent_image_is_looked_at_too() -> None:
    assert look_at(as_png(paper((1, 1)))).faces == ()
    clear = look_at(as_png(Image.new("RGBA", (300, 200), (0, 0, 0, 0))))
    assert (clear.width, clear.height, clear.contrast) == (300, 200, 0)


def test_a_strip_that_nothing_could_be_compared_with_is_refused(tmp_path: Path) -> None:
    for name, content in (("a.png", as_png(paper((400, 50)))), ("b.png", as_png(strip(30))), ("c.png", b"nada")):
        with pytest.raises(InvalidInput, match=name):
            template_of(kept(tmp_path / name, content))


def test_opencv_is_read_only_by_who_looks() -> None:
    code = (
        "import sys, vocero.office, vocero.actions, vocero.cli.posts, vocero.cli.running, vocero.cli.programme\n"
        "print([name for name in ('cv2', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


def test_a_box_knows_its_corners() -> None:
    assert (Box(3, 4, 10, 20).right, Box(3, 4, 10, 20).bottom) == (13, 24)
