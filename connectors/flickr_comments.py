"""The comments under one photo. Flickr has no threads and no hiding: a reply is a comment that begins with a mention.

Source: sheet flickr.md of 2026-11-23, section 3.3.
"""

import re
from dataclasses import dataclass

from connectors.errors import Gone
from connectors.flickr_api import Answer, FlickrApi, content_of, inside, listed
from connectors.flickr_errors import ADD_COMMENT
from connectors.flickr_photos import instant, page_of
from connectors.flickr_text import mentioned, mentioning, plain
from connectors.http import visible_write
from core.deliveries import Published
from core.feedback import Comment
from core.platforms import Platform

_ID = re.compile(r"[^-]+-(\d+)-[^-]+")


@dataclass(frozen=True, slots=True)
class _Said:
    """A comment with what names its author in a mention."""

    comment: Comment
    names: frozenset[str]


class Comments:
    """Reads and answers the comments under the photos of one account."""

    def __init__(self, api: FlickrApi, nsid: str) -> None:
        self._api = api
        self._nsid = nsid

    def under(self, photo_id: str) -> tuple[Comment, ...]:
        """Return all comments, oldest first: the platform gives them in one answer."""
        answer = self._api.get("flickr.photos.comments.getList", photo_id=photo_id)
        if not isinstance(answer.get("comments"), dict):
            raise self._api.unreadable("the answer has no comments")
        said: list[_Said] = []
        for item in listed(answer, "comments", "comment"):
            said.append(self._said(item, said))
        return tuple(each.comment for each in said)

    def reply(self, comment_id: str, text: str) -> Published:
        """Answer in public, mentioning the author. The same text again returns the first answer, and makes none.

        Without the mention a second "thank you" to somebody else would be swallowed too (trap 14).
        """
        found = _ID.fullmatch(comment_id)
        if found is None:
            raise Gone("no such comment id on Flickr", platform=Platform.FLICKR)
        photo_id = found.group(1)
        answered = next((comment for comment in self.under(photo_id) if comment.id == comment_id), None)
        if answered is None:
            raise Gone("the comment is not there any more", platform=Platform.FLICKR)
        with visible_write():
            answer = self._api.post(
                ADD_COMMENT, photo_id=photo_id, comment_text=mentioning(answered.author_id, text.strip())
            )
            remote_id = content_of(inside(answer, "comment", "id"))
            if not remote_id:
                raise self._api.unreadable("the answer names no comment")
        url = content_of(inside(answer, "comment", "permalink"))
        return Published(
            remote_id=remote_id,
            url=url if url.startswith("https://") else page_of(self._nsid, photo_id),
            published_at=instant(inside(answer, "comment", "datecreate")),
        )

    def _said(self, item: Answer, earlier: list[_Said]) -> _Said:
        comment_id, created_at = content_of(item.get("id")), instant(item.get("datecreate"))
        if not comment_id or created_at is None:
            raise self._api.unreadable("a comment has no id or no time")
        author, alias = content_of(item.get("author")), content_of(item.get("path_alias"))
        own = author == self._nsid
        text = plain(content_of(item))
        name, rest = mentioned(text) if own else ("", text)
        parent_id = _last_of(name, earlier)
        url = content_of(item.get("permalink"))
        comment = Comment(
            id=comment_id,
            text=rest if parent_id else text,
            created_at=created_at,
            parent_id=parent_id,
            author_id=author,
            author_name=content_of(item.get("authorname")),
            own=own,
            can_hide=False,
            url=url if url.startswith("https://") else "",
        )
        return _Said(comment, frozenset({author, alias} - {""}))


def _last_of(name: str, earlier: list[_Said]) -> str | None:
    """Return the last comment by whom our reply mentions: there the platform itself keeps no order of talk."""
    return next((said.comment.id for said in reversed(earlier) if name in said.names), None)
