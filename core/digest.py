"""What an approval binds: a SHA-256 over all that the public will see, where and in which time.

The canonical form is JSON (RFC 8259) with sorted keys, no spaces, UTF-8 without escapes, and these keys: `account`
(`platform:remote id`), `categories`, `excerpt`, `language`, `link`, `media` (in order, each `alt_text` and `sha256`),
`tags`, `text`, `title`, `version`, `window` (`from`, `until`: ISO 8601 UTC). Source: procedure.md section 3, "Approval
binds"; title, excerpt, categories and tags are ours, since the public sees them too.

A content with a thread, options, a thumbnail or captions has version 2: the keys `options` (an object) and `thread`
besides, and in each medium `language` and `role`. Any other keeps version 1, on which approvals in use rest.
"""

import hashlib
import json
from datetime import UTC

from core.media import Attachment
from core.posts import Content, Window


def canonical(content: Content, *, official_id: str, window: Window) -> str:
    """Return the exact text that is hashed."""
    is_extended = bool(content.thread or content.options) or content.shown != content.attachments
    more = {"thread": list(content.thread), "options": dict(content.options)} if is_extended else {}
    return json.dumps(
        {
            "version": 2 if is_extended else 1,
            "account": official_id,
            "title": content.title,
            "text": content.text,
            "link": content.link,
            "language": content.language,
            "media": [_bound(attachment, is_extended=is_extended) for attachment in content.attachments],
            "excerpt": content.excerpt,
            "categories": list(content.categories),
            "tags": list(content.tags),
            "window": {
                "from": window.starts_at.astimezone(UTC).isoformat(),
                "until": window.ends_at.astimezone(UTC).isoformat(),
            },
            **more,
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def digest(content: Content, *, official_id: str, window: Window) -> str:
    """Return the SHA-256 of the canonical form, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content, official_id=official_id, window=window).encode()).hexdigest()


def _bound(attachment: Attachment, *, is_extended: bool) -> dict[str, str]:
    bound = {"sha256": attachment.medium.sha256, "alt_text": attachment.alt_text}
    return bound | {"role": attachment.role, "language": attachment.language} if is_extended else bound
