"""The fields of an upload, read and checked (sheet section 2.1)."""

from dataclasses import dataclass
from pathlib import PurePath

from sandbox.exchange import Upload
from sandbox.flickr import params, tags, texts
from sandbox.flickr.errors import no_rights, refused
from sandbox.flickr.state import Account, Privacy
from sandbox.hiding import Hiding

FIELDS = frozenset(
    {
        *("title", "description", "tags", "is_public", "is_friend", "is_family", "safety_level", "content_type"),
        *("hidden", "async", "dedup_check"),
    }
)
"""There is none for licence, album, group, place or date (sheet 2.1)."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an upload says, the account's settings where it says nothing. `dedup` 0: not asked for."""

    title: str
    description: str
    tags: tuple[str, ...]
    privacy: Privacy
    safety_level: int
    content_type: int
    hidden: int
    in_background: bool
    dedup: int
    polls: int | None = None
    hiding: Hiding | None = None


def read(args: dict[str, str], account: Account, upload: Upload, *, polls: int | None, hiding: Hiding | None) -> Draft:
    """Return what the upload says. Raises Failure."""
    settings = account.settings_privacy
    # Without a title the file's name without its ending ([memory], sheet 2.1).
    title = args.get("title", PurePath(upload.filename).stem)
    description = args.get("description", "")
    texts.check_lengths(title, description)
    texts.check_addresses(title, description)
    raw = tags.split(args.get("tags", ""))
    if len(raw) > tags.MOST:
        raise refused(f"tags: más de {tags.MOST}")
    draft = Draft(
        title=title,
        description=description,
        tags=tuple(raw),
        privacy=Privacy(
            params.flag(args, "is_public", default=settings.public),
            params.flag(args, "is_friend", default=settings.friends),
            params.flag(args, "is_family", default=settings.family),
        ),
        safety_level=params.choice(args, "safety_level", range(1, 4), default=account.settings_safety),
        content_type=params.choice(args, "content_type", range(1, 4), default=account.settings_content),
        hidden=params.choice(args, "hidden", range(1, 3), default=account.settings_hidden),
        in_background=params.flag(args, "async", default=False),
        dedup=params.choice(args, "dedup_check", range(3), default=0),
        polls=polls,
        hiding=hiding,
    )
    check_safety(account, draft.safety_level)
    return draft


def check_safety(account: Account, level: int) -> None:
    """Refuse what is not safe in a free account (sheet section 5); the code is a guess."""
    if not account.pro and level != 1:
        raise no_rights("pro", "none")
