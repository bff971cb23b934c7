"""How WordPress treats text: slugs, file names, curly quotes, filtered HTML."""

import html
import re
import unicodedata

_SPECIAL = str.maketrans({"ß": "s", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "€": "E"})
_TAG = re.compile(r"<[^>]*>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BLOCK_MARK = re.compile(r"<!--\s*/?wp:.*?-->\n?", re.DOTALL)
_FORBIDDEN = re.compile(
    r"</?(?:script|iframe|object|embed|form|input|select|option|link|meta|base|applet|frame|frameset|svg|math|style)\b[^>]*>",
    re.IGNORECASE,
)
_HANDLER = re.compile(r"""\s+on[a-z]+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)
_SCRIPT_ADDRESS = re.compile(r"""(href|src)\s*=\s*(["'])\s*javascript:""", re.IGNORECASE)
_LOOSE_AMPERSAND = re.compile(r"&(?!#?\w+;)")
_SLUG_LENGTH = 200


def plain_letters(text: str) -> str:
    """Return the text without accents."""
    return "".join(
        letter for letter in unicodedata.normalize("NFD", text.translate(_SPECIAL)) if not unicodedata.combining(letter)
    )


def slug(text: str) -> str:
    """Return a title as a slug, cut at 200."""
    bare = plain_letters(_TAG.sub("", html.unescape(text))).lower()
    bare = re.sub(r"[\s./–—]+", "-", bare)
    bare = re.sub(r"[^a-z0-9_-]", "", bare)
    return re.sub(r"-{2,}", "-", bare).strip("-")[:_SLUG_LENGTH].rstrip("-")


def file_name(text: str) -> str:
    """Return a name fit for a file: transliterated, spaces to hyphens."""
    bare = plain_letters(text.replace("\\", "/").rpartition("/")[2])
    bare = re.sub(r"[\s-]+", "-", bare)
    return re.sub(r"[^A-Za-z0-9._-]", "", bare).strip("._-") or "unnamed-file"


def without_tags(text: str) -> str:
    """Return the text without any tag, on one line."""
    return re.sub(r"\s+", " ", _TAG.sub("", _COMMENT.sub("", text))).strip()


def filtered(text: str) -> str:
    """Return HTML as a user without `unfiltered_html` may write it: forbidden tags go, their text stays."""
    bare = _FORBIDDEN.sub("", text)
    bare = _TAG.sub(lambda tag: _HANDLER.sub("", tag[0]), bare)
    return _LOOSE_AMPERSAND.sub("&amp;", _SCRIPT_ADDRESS.sub(r"\1=\2", bare))


def texturised(text: str) -> str:
    """Return the text as readers get it: curly quotes, dashes, entities, outside of tags."""
    parts = re.split(r"(<!--.*?-->|<[^>]*>)", text, flags=re.DOTALL)
    return "".join(part if part.startswith("<") else _curly(part) for part in parts)


def _curly(text: str) -> str:
    text = _LOOSE_AMPERSAND.sub("&#038;", text)
    text = (
        text.replace("...", "&#8230;").replace("---", "&#8212;").replace(" -- ", " &#8212; ").replace("--", "&#8211;")
    )
    text = text.replace(" - ", " &#8211; ")
    text = re.sub(r"(^|[\s(\[{-])\"", r"\1&#8220;", text).replace('"', "&#8221;")
    return re.sub(r"(^|[\s(\[{-])'", r"\1&#8216;", text).replace("'", "&#8217;")


def rendered(content: str) -> str:
    """Return post content as readers get it: block marks gone, paragraphs made where there were no blocks."""
    content = content.replace("<img ", '<img decoding="async" ')
    if "<!-- wp:" in content:
        return "\n" + texturised(_BLOCK_MARK.sub("", content)).strip() + "\n"
    paragraphs = [part.strip() for part in re.split(r"\n\s*\n", content) if part.strip()]
    made = [
        part if re.match(r"<(p|div|h\d|ul|ol|figure|table|blockquote)\b", part) else f"<p>{part}</p>"
        for part in paragraphs
    ]
    return "".join(texturised(part.replace("\n", "<br />\n")) + "\n" for part in made)


def excerpt_of(content: str) -> str:
    """Return the excerpt that WordPress makes of content: 55 words."""
    words = without_tags(content).split()
    text = " ".join(words[:55]) + (" [&hellip;]" if len(words) > 55 else "")
    return f"<p>{texturised(text)}</p>\n" if text else ""


def without_comments(text: str) -> str:
    """Return the text without HTML comments, block marks among them."""
    return _COMMENT.sub("", text)
