"""The draft that stands for a delivery on a WordPress site: how it is named, what it holds, what is ours in a list."""

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from connectors.wordpress_api import Api, Style, Thing
from connectors.wordpress_markup import Illustration, blocks, escaped
from core.deliveries import Stage
from core.media import MediaKind
from core.posts import OutgoingPost

POSTS = "/wp/v2/posts"
# `any` leaves the trash out (sheet 2.4)
EVERY_STATUS = "publish,future,draft,pending,private,trash"
_TITLE_IN_SLUG = 80  # of WordPress' 200 (sheet 5); the trash appends "__trashed"
_TWINS = 5  # how many posts of one slug are looked for: WordPress names them -2, -3, …
# A draft without a date of its own bears the time of its last change, give or take a second (WordPress 6.1 [ran])
_SAME_TIME = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is in the site's media library. `described`: its alternative text is known to be there."""

    id: int
    url: str
    described: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a post is prepared: what `Stage.token` holds. `written`: the last call wrote the draft."""

    style: Style | None = None
    uploads: tuple[Upload | None, ...] = ()
    categories: tuple[int, ...] = ()
    tags: tuple[int, ...] = ()
    post_id: int | None = None
    written: bool = False

    @classmethod
    def of(cls, stage: Stage | None, post: OutgoingPost) -> "Progress":
        """Return what the token says; nothing is prepared where there is none."""
        token: Mapping[str, object] = stage.token if stage else {}
        uploads = [_upload(one) for one in _list(token.get("uploads"))]
        uploads += [None] * (len(post.media) - len(uploads))
        post_id = token.get("post_id")
        return cls(
            style=Style(str(token["style"])) if token.get("style") else None,
            uploads=tuple(uploads),
            categories=tuple(int(str(one)) for one in _list(token.get("categories"))),
            tags=tuple(int(str(one)) for one in _list(token.get("tags"))),
            post_id=post_id if isinstance(post_id, int) else None,
            written=token.get("written") is True,
        )

    def stage(self, *, ready: bool) -> Stage:
        """Return it as the caller keeps it."""
        token: dict[str, object] = {
            "style": str(self.style) if self.style else None,
            "uploads": [
                {"id": one.id, "url": one.url, "described": one.described} if one else None for one in self.uploads
            ],
            "categories": list(self.categories),
            "tags": list(self.tags),
            "post_id": self.post_id,
            "written": self.written,
        }
        return Stage(token=token, ready=ready)


def slug_of(post: OutgoingPost) -> str:
    """Return the post's part of the URL: its title, for people, and its key, which nobody else has."""
    ascii_title = unicodedata.normalize("NFKD", post.title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_title).strip("-")[:_TITLE_IN_SLUG].strip("-")
    # WordPress itself would make one hyphen of many
    return re.sub(r"-{2,}", "-", f"{words}-{post.key}").strip("-")


def look_up(api: Api, post: OutgoingPost) -> list[Thing]:
    """Return this delivery's posts on the site, in whatever state, oldest first."""
    slug = slug_of(post)
    slugs = [slug, f"{slug}__trashed", *(f"{slug}-{n}" for n in range(2, _TWINS + 1))]
    found = api.list(
        POSTS,
        slug=",".join(slugs),
        status=EVERY_STATUS,
        context="edit",
        orderby="id",
        order="asc",
        per_page="100",
    )
    return sorted(found.things, key=lambda thing: thing.number("id"))


def content_of(post: OutgoingPost, progress: Progress) -> dict[str, object]:
    """Return all that the public will see, as WordPress takes it; the first image is the featured one."""
    pairs = [(medium, upload) for medium, upload in zip(post.media, progress.uploads, strict=True) if upload]
    featured = next((upload for medium, upload in pairs if medium.medium.kind is MediaKind.IMAGE), None)
    illustrations = [
        Illustration(kind=medium.medium.kind, id=upload.id, url=upload.url, alt_text=flat(medium.alt_text))
        for medium, upload in pairs
        if upload is not featured
    ]
    content: dict[str, object] = {
        "slug": slug_of(post),
        "title": escaped(flat(post.title)),
        "content": blocks(post.whole_text, post.link, illustrations),
        "excerpt": escaped(post.excerpt.strip()),
        "featured_media": featured.id if featured else 0,
        "tags": list(progress.tags),
        "password": "",
    }
    if progress.categories:  # WordPress puts a post without one into its default category
        content["categories"] = list(progress.categories)
    return content


def differences(wanted: Mapping[str, object], found: Thing) -> tuple[str, ...]:
    """Return the fields in which the site holds something else: it drops and filters in silence (sheet 7.5, 7.8)."""
    differing = [name for name in ("title", "content", "excerpt") if found.text(name, "raw") != wanted[name]]
    if found.number("featured_media") != wanted["featured_media"]:
        differing.append("featured_media")
    differing += [
        name
        for name in ("categories", "tags")
        if name in wanted and found.numbers(name) != frozenset(_ids(wanted[name]))
    ]
    if found.fields.get("password"):
        differing.append("password")
    return tuple(differing)


def has_own_date(found: Thing) -> bool:
    """Tell whether a draft bears a date that somebody gave it: published, it would be back-dated or wait for it."""
    return abs(found.instant("date_gmt") - found.instant("modified_gmt")) > _SAME_TIME


def was_public(trashed: Thing) -> bool:
    """Tell whether a post in the trash had been published before: trashing dates a draft, but not a published post.

    WordPress 6.1 [ran]. A draft that somebody had dated by hand looks the same, so that a person decides there too.
    """
    return has_own_date(trashed)


def same_words(one: str, other: str) -> bool:
    """Tell whether two alternative texts say the same: WordPress collapses blanks and may escape signs."""
    return flat(html.unescape(one)) == flat(html.unescape(other))


def flat(text: str) -> str:
    """Return the text in one line."""
    return " ".join(text.split())


def _upload(value: object) -> Upload | None:
    if not isinstance(value, Mapping):
        return None
    return Upload(id=int(value["id"]), url=str(value["url"]), described=value["described"] is True)


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else []


def _ids(value: object) -> Iterable[int]:
    return (int(str(one)) for one in _list(value))
