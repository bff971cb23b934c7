"""Prepares a post on a WordPress site, one write a call: files, terms, the draft; then looks whether it is all there.

Every write is preceded by a look: what an earlier call wrote, and whose answer was lost, is found by the delivery's key
(a file's name, a term's name, the post's slug) and taken over instead of being written a second time.
"""

import hashlib
import html
import re
from dataclasses import replace
from urllib.parse import quote

from connectors.errors import Gone, NotAuthorized, Rejected
from connectors.wordpress_api import Api, Thing
from connectors.wordpress_draft import (
    POSTS,
    Progress,
    Upload,
    content_of,
    differences,
    has_own_date,
    look_up,
    same_words,
    was_public,
)
from connectors.wordpress_errors import TermExists
from core.deliveries import Stage
from core.media import OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost

_MEDIA = "/wp/v2/media"
_ALT_TEXT_IN_ADDRESS = 1000  # bytes; a web server's line takes 8 KB [memory]; longer ones are written afterwards
_PIECE = 1024 * 1024


class Staging:
    """One post on its way to a ready draft."""

    def __init__(self, api: Api, post: OutgoingPost, stage: Stage | None) -> None:
        self._api = api
        self._post = post
        self._progress = Progress.of(stage, post)
        self._api.style = self._progress.style

    def step(self) -> Stage:
        """Do what comes next."""
        for index, upload in enumerate(self._progress.uploads):
            if upload is None:
                return self._more(uploads=self._with(index, self._uploaded(index)))
            if not upload.described:
                return self._more(uploads=self._with(index, self._described(index, upload)))
        if len(self._progress.categories) < len(self._post.categories):
            name = self._post.categories[len(self._progress.categories)]
            return self._more(categories=(*self._progress.categories, self._term("categories", name)))
        if len(self._progress.tags) < len(self._post.tags):
            name = self._post.tags[len(self._progress.tags)]
            return self._more(tags=(*self._progress.tags, self._term("tags", name)))
        return self._draft()

    def _more(self, **changes: object) -> Stage:
        """Return what is prepared now, to be called again."""
        progress = replace(self._progress, style=self._api.style, written=False)
        return replace(progress, **changes).stage(ready=False)  # type: ignore[arg-type]

    def _with(self, index: int, upload: Upload | None) -> tuple[Upload | None, ...]:
        uploads = list(self._progress.uploads)
        uploads[index] = upload
        return tuple(uploads)

    def _uploaded(self, index: int) -> Upload:
        medium = self._post.media[index]
        name = f"{self._post.key}-{index + 1}-{medium.medium.sha256[:12]}"
        found = self._api.list(_MEDIA, slug=name, context="edit", orderby="id", order="asc").things
        thing = found[0] if found else self._sent(medium, name)
        return _upload(thing, medium)

    def _sent(self, medium: OutgoingMedium, name: str) -> Thing:
        checksum = self._checksum(medium)
        query = {}
        if medium.alt_text and len(quote(medium.alt_text)) <= _ALT_TEXT_IN_ADDRESS:
            query["alt_text"] = medium.alt_text
        headers = {
            "Content-Type": medium.medium.mime_type,
            "Content-Disposition": f'attachment; filename="{name}{medium.medium.extension}"',
            "Content-MD5": checksum,  # hexadecimal, as WordPress compares it (sheet 2.1)
        }
        with medium.path.open("rb") as file:
            return self._api.upload(_MEDIA, file, headers=headers, query=query)

    def _checksum(self, medium: OutgoingMedium) -> str:
        """Return the MD5 of the bytes, once they have proved to be the approved ones."""
        sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
        with medium.path.open("rb") as file:
            while piece := file.read(_PIECE):
                sha256.update(piece)
                md5.update(piece)
        if sha256.hexdigest() != medium.medium.sha256:
            raise self._rejected("the file on our disk is not the approved one", code="file_changed")
        return md5.hexdigest()

    def _described(self, index: int, upload: Upload) -> Upload:
        medium = self._post.media[index]
        described = _upload(self._api.post(f"{_MEDIA}/{upload.id}", {"alt_text": medium.alt_text}), medium)
        if not described.described:
            raise self._rejected(f"the site changes the alternative text of file {index + 1}", code="differs")
        return described

    def _term(self, taxonomy: str, name: str) -> int:
        """Return the id of the category or tag of this name, made where there is none."""
        found = self._api.list(f"/wp/v2/{taxonomy}", search=_searchable(name), per_page="100").things
        same = [one for one in found if _folded(html.unescape(one.text("name"))) == _folded(name)]
        if same:
            topmost = min(same, key=lambda one: (one.fields.get("parent", 0), one.number("id")))
            return topmost.number("id")
        try:
            return self._api.post(f"/wp/v2/{taxonomy}", {"name": name}).number("id")
        except TermExists as there:
            return there.term_id
        except NotAuthorized as error:
            if error.status != 403:
                raise
            raise self._rejected(
                f"the site has no such term in {taxonomy}, and our user may not create one: {name}", code=error.code
            ) from error

    def _draft(self) -> Stage:
        posts = self._posts()
        living = [post for post in posts if post.text("status") != "trash"]
        public = [post for post in living if post.text("status") == "publish"]
        wanted = content_of(self._post, self._progress)
        if public:
            return self._already_public(public[0], wanted)
        if len(living) > 1:
            # twins of an answer that was lost: the oldest stays, so that every caller keeps the same one
            self._api.delete(f"{POSTS}/{living[-1].number('id')}")
            return self._more(post_id=living[0].number("id"))
        if not living:
            return self._written(wanted, self._restorable(posts))
        if lost := self._lost_media():
            return self._more(uploads=lost, post_id=living[0].number("id"))
        return self._compared(wanted, living[0])

    def _compared(self, wanted: dict[str, object], found: Thing) -> Stage:
        """Take the draft as it is, or write it as approved: somebody may have changed it since."""
        differing = differences(wanted, found)
        is_draft = found.text("status") == "draft"
        if self._progress.written and (differing or not is_draft):
            what = ", ".join(differing) or "status"
            raise self._rejected(f"the site does not keep what we write: {what}", code="differs")
        if differing or not is_draft or (has_own_date(found) and not self._progress.written):
            return self._written(wanted, found)
        return replace(
            self._progress, style=self._api.style, post_id=found.number("id"), written=False
        ).stage(ready=True)  # fmt: skip

    def _posts(self) -> list[Thing]:
        """Return this delivery's posts, also the one that we know when somebody gave it another slug."""
        found = look_up(self._api, self._post)
        known = self._progress.post_id
        if known is not None and known not in {post.number("id") for post in found}:
            try:
                found.append(self._api.get(f"{POSTS}/{known}", context="edit"))
            except Gone:
                return found
        return sorted(found, key=lambda post: post.number("id"))

    def _restorable(self, trashed: list[Thing]) -> Thing | None:
        """Return the draft to bring back from the trash, if there is one."""
        if any(was_public(post) for post in trashed):
            raise self._rejected(
                "the post had been public, and somebody withdrew it on the site", code="withdrawn_on_site"
            )
        return trashed[0] if trashed else None

    def _written(self, wanted: dict[str, object], found: Thing | None) -> Stage:
        if found is None:
            written = self._api.post(POSTS, wanted | {"status": "draft"})
        else:
            # What is a draft is not told to be one: meanwhile another worker, to whom we are dead, may have published
            # it, and the word would take it from the public.
            back = {} if found.text("status") == "draft" else {"status": "draft"}
            # a null date makes the draft undated again: it gets the moment of its publishing (WordPress 6.1 [ran])
            undated = {"date": None} if has_own_date(found) or back else {}
            written = self._api.post(f"{POSTS}/{found.number('id')}", wanted | back | undated)
        return self._more(post_id=written.number("id"), written=True)

    def _already_public(self, public: Thing, wanted: dict[str, object]) -> Stage:
        differing = differences(wanted, public)
        if differing:
            raise self._rejected(
                f"it is public already ({public.text('link')}), but not as approved: {', '.join(differing)}",
                code="already_public",
            )
        progress = replace(self._progress, style=self._api.style, post_id=public.number("id"), written=False)
        return progress.stage(ready=True)

    def _lost_media(self) -> tuple[Upload | None, ...] | None:
        """Return the uploads as they are now, where the site no longer has them as we do."""
        known = [upload.id for upload in self._progress.uploads if upload]
        if not known:
            return None
        include = ",".join(str(one) for one in known)
        found = {
            thing.number("id"): thing
            for thing in self._api.list(_MEDIA, include=include, context="edit", per_page="100").things
        }
        uploads = tuple(
            _upload(found[upload.id], medium) if upload and upload.id in found else None
            for upload, medium in zip(self._progress.uploads, self._post.media, strict=True)
        )
        return None if uploads == self._progress.uploads else uploads

    def _rejected(self, message: str, *, code: str) -> Rejected:
        return Rejected(message, platform=Platform.WEBSITE, code=code)


def _upload(thing: Thing, medium: OutgoingMedium) -> Upload:
    return Upload(
        id=thing.number("id"),
        url=thing.text("source_url"),
        described=same_words(thing.text("alt_text"), medium.alt_text),
    )


def _searchable(name: str) -> str:
    """Return the longest part of a term's name that stands in the site's database as it is written."""
    # "&" is kept there as "&amp;", and a search for "&" finds nothing (WordPress 6.1 [ran])
    return max(re.split(r"[&<>\"']", name), key=len).strip()


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
