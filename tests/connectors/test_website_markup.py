"""The text as it was approved, as blocks: nothing of it becomes markup, and nothing of it is lost."""

import html
import re

import pytest

from connectors.wordpress_draft import slug_of
from connectors.wordpress_markup import Illustration, blocks, escaped, plain
from core.media import MediaKind
from core.posts import OutgoingPost

PARAGRAPH = "<!-- wp:paragraph -->\n<p>{}</p>\n<!-- /wp:paragraph -->"


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("Uno\nDos", ["Uno<br>Dos"]),
        ("Uno\r\n\r\nDos\n \n\n Tres ", ["Uno", "Dos", "Tres"]),
        ("<script>x</script> & <!-- wp:html -->", ["&lt;script&gt;x&lt;/script&gt; &amp; &lt;!-- wp:html --&gt;"]),
        ("[gallery ids=1]", ["&#091;gallery ids=1]"]),
        ('Dijo "sí" y \'no\'', ['Dijo "sí" y \'no\'']),
        (
            "Vea https://x.example/a?b=1&c=\"2\", y (http://y.example/).",
            [
                (
                    'Vea <a href="https://x.example/a?b=1&amp;c=">https://x.example/a?b=1&amp;c=</a>"2", y '
                    '(<a href="http://y.example/">http://y.example/</a>).'
                )
            ],
        ),
        ("", []),
    ],
)  # fmt: skip
def test_blocks_paragraphs(text: str, inner: list[str]) -> None:
    assert blocks(text, "", ()) == "\n\n".join(PARAGRAPH.format(one) for one in inner)


def test_blocks_show_the_text_and_nothing_else() -> None:
    text = 'A < B & "C" [d] https://x.example/?e=1&f=2 <b>g</b>'
    shown = html.unescape(re.sub(r"<[^>]*>", "", blocks(text, "", ())))
    assert shown.strip() == text


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ejemplo"])
def test_blocks_link_that_is_no_address_is_only_text(link: str) -> None:
    assert "href" not in blocks("Hola", link, ())


def test_blocks_attributes_cannot_be_left() -> None:
    picture = Illustration(MediaKind.IMAGE, 7, "https://x.example/a.png", '"><script>')
    assert 'alt="&quot;&gt;&lt;script&gt;"' in blocks("", "", (picture,))


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Muy <b>bien</b> &amp; claro", "Muy bien & claro"),
        ("<p>Uno</p>\n<p>Dos<br />Tres</p>", "Uno\n\nDos\nTres"),
        ("1 < 2 y 3 &gt; 2", "1 < 2 y 3 > 2"),
        ("sin\n\nmarcas", "sin\n\nmarcas"),
    ],
)
def test_plain_is_what_people_read(markup: str, text: str) -> None:
    assert plain(markup) == text


@pytest.mark.parametrize("text", ["1 < 2 & <b>", "«Sí»\n\nOPII", "&amp; literal", "<!-- x -->"])
def test_plain_gives_back_what_was_escaped(text: str) -> None:
    assert plain(escaped(text)) == text


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Campaña de salud: ¡médicos!", "campana-de-salud-medicos-k-1"),
        ("", "k-1"),
        ("😀", "k-1"),
        ("a " * 200, "-".join("a" * 40) + "-k-1"),
    ],
)
def test_slug_is_for_people_and_ends_with_the_key(title: str, slug: str) -> None:
    assert slug_of(OutgoingPost(key="k-1", text="", title=title)) == slug
