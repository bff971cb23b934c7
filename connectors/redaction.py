"""Takes secrets out of texts before anybody keeps or sees them."""

import re
from collections.abc import Iterable

MASK = "[oculto]"

_PATTERNS = (
    # parameters in a query, a form or JSON: the value goes, the name stays
    re.compile(
        r"""(?ix) (["']? \b (?: access_token | input_token | fb_exchange_token | client_secret | app_secret
                  | appsecret_proof | refresh_token | id_token | oauth_token(?:_secret)?
                  | oauth_signature | password | app_password | application_password ) ["']?
                  \s* [=:] \s* ["']? ) [^&\s"',}]+""",
    ),
    re.compile(r"(?i)(\bauthorization[\"']?\s*[:=]\s*[\"']?(?:basic|bearer|oauth)\s+)[^\s\"',}]+"),
    re.compile(r"(?i)(\b(?:basic|bearer)\s+)[A-Za-z0-9+/_.~=-]{8,}"),
    re.compile(r"(?i)(https?://)[^/\s:@]+:[^/\s@]+(?=@)"),
)


def redacted(text: str, secrets: Iterable[str] = ()) -> str:
    """Return the text without the given secrets and without anything that looks like a credential."""
    for secret in secrets:
        if len(secret) >= 4:  # shorter ones would mask ordinary words
            text = text.replace(secret, MASK)
    for pattern in _PATTERNS:
        text = pattern.sub(rf"\g<1>{MASK}", text)
    return text
