"""Whether the copies of a post, one for each of its accounts, can be shown as they are and go together."""

from collections.abc import Iterable

from connectors.registry import CONNECTORS
from core.permalink import copy_for
from core.platforms import Platform
from core.posts import Content
from policy.content import check_content
from policy.permalink import check_site
from policy.reasons import Reason


def check_copies(copies: Iterable[tuple[Platform, Content]]) -> list[Reason]:
    """Return why a platform could not show its copy, or why they do not go together; each reason once."""
    listed = list(copies)
    reasons = check_site(listed)
    for platform, content in listed:
        reasons.extend(check_content(copy_for(content, platform), CONNECTORS[platform].capabilities))
    return list(dict.fromkeys(reasons))
