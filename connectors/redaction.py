"""Takes secrets out of texts before anybody keeps or sees them."""

import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

MASK = "[oculto]"

_PATTERNS = (
    # parameters in a query, a form or JSON: the value goes, the name stays
    re.compile(
        r"""(?ix) (["']? \b (?: access_token | input_token | fb_exchange_token | client_secret | app_secret
                  | appsecret_proof | refresh_token | id_token | oauth_token(?:_secret)?
                  | oauth_signature | password | app_password | application_password )
                  \\? ["']? \s* (?: [=:] | %3D ) \s* \\? ["']? ) [^&\s"'\\,}]+""",
    ),
    re.compile(r"(?i)(\bauthorization[\"']?\s*[:=]\s*[\"']?(?:basic|bearer|oauth)\s+)[^\s\"',}]+"),
    # a word of prose may follow these two: a credential has a digit or a mark, or is longer than words are
    re.compile(r"(?i)(\b(?:basic|bearer)\s+)(?=\S*[\d+/_~=|]|[a-z]{24})[A-Za-z0-9+/_.~=|-]{8,}"),
    re.compile(r"(?i)(https?://)[^/\s:@]+:[^/\s@]+(?=@)"),
)


def redacted(text: str, secrets: Iterable[str] = (), *, longest: int | None = None) -> str:
    """Return the text without the given secrets and without anything that looks like a credential.

    `longest`: so many characters are kept. Of megabytes nobody needs more, and looking through them takes seconds.
    """
    # the longest first: one may be a part of another
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= 4:  # shorter ones would mask ordinary words
            for form in (secret, quote(secret, safe=""), quote_plus(secret)):
                text = text.replace(form, MASK)
    text = text[:longest]  # not earlier: half a secret would be none of those given
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\g<1>{MASK}", text)
    return text
