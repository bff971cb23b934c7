"""Pictures that are drawn to be looked at: a face that is nobody's, and a made-up logo strip."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter


def face(picture: Image.Image, centre: tuple[int, int], radius: int) -> Image.Image:
    """Return the grey picture with a drawn face in it."""
    pen = ImageDraw.Draw(picture)
    x, y = centre

    def oval(across: float, down: float, wide: float, tall: float, grey: int) -> None:
        left, top = x + (across - wide) * radius, y + (down - tall) * radius
        pen.ellipse((left, top, left + 2 * wide * radius, top + 2 * tall * radius), fill=grey)

    oval(0, -0.15, 1.0, 1.3, 50)
    oval(0, 0, 0.82, 1.1, 205)
    for side in (-0.35, 0.35):
        oval(side, -0.15, 0.25, 0.14, 130)
        oval(side, -0.15, 0.13, 0.08, 40)
        oval(side, -0.35, 0.2, 0.04, 60)
    oval(0, 0.1, 0.12, 0.3, 225)
    oval(0, 0.35, 0.2, 0.07, 150)
    oval(0, 0.62, 0.32, 0.09, 90)
    return picture.filter(ImageFilter.GaussianBlur(radius * 0.04))


def strip(width: int = 480) -> Image.Image:
    """Return a made-up strip of three fields, as ministries have them; it is nobody's."""
    image = Image.new("L", (480, 60), 235)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 130, 60), fill=60)
    pen.rectangle((130, 0, 300, 60), fill=120)
    for left, grey in ((12, 240), (150, 250), (320, 40)):
        for step in range(6):
            pen.rectangle((left + step * 16, 14 + step % 2 * 8, left + step * 16 + 9, 44), fill=grey)
    return image.resize((width, round(width / 8)), Image.Resampling.LANCZOS)


def as_png(image: Image.Image) -> bytes:
    """Return the picture as a file."""
    target = BytesIO()
    image.save(target, "PNG")
    return target.getvalue()
