"""What an approval binds: a SHA-256 over all that the public will see, where and in which time.

The canonical form is JSON (RFC 8259) with sorted keys, no spaces, UTF-8 without escapes, and these keys: `account`
(`platform:remote id`), `categories`, `excerpt`, `language`, `link`, `media` (in order, each `alt_text` and `sha256`),
`tags`, `text`, `title`, `version`, `window` (`from`, `until`: ISO 8601 UTC). Source: procedure.md section 3, "Approval
binds"; title, excerpt, categories and tags are ours, since the public sees them too.
"""

import hashlib
import json
from datetime import UTC

from core.posts import Content, Window

_VERSION = 1


def canonical(content: Content, *, official_id: str, window: Window) -> str:
    """Return the exact text that is hashed."""
    return json.dumps(
        {
            "version": _VERSION,
            "account": official_id,
            "title": content.title,
            "text": content.text,
            "link": content.link,
            "language": content.language,
            "media": [{"sha256": a.medium.sha256, "alt_text": a.alt_text} for a in content.attachments],
            "excerpt": content.excerpt,
            "categories": list(content.categories),
            "tags": list(content.tags),
            "window": {
                "from": window.starts_at.astimezone(UTC).isoformat(),
                "until": window.ends_at.astimezone(UTC).isoformat(),
            },
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def digest(content: Content, *, official_id: str, window: Window) -> str:
    """Return the SHA-256 of the canonical form, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content, official_id=official_id, window=window).encode()).hexdigest()
