"""Comments under a video: reading them all, answering, holding back. Source: sheet of 2026-11-23, sections 3.2 and 3.3.

The platform lists threads newest first, in three lists of their own: what everybody sees, what waits for review, what
it takes for spam. A thread holds only some of its replies. Cursors: youtube_cursor.py.
"""

from datetime import datetime

from connectors.errors import Gone, Rejected
from connectors.http import visible_write
from connectors.youtube_api import Answer, Api, inside, instant_at, listed, number_at, text_at
from connectors.youtube_cursor import HELD, PUBLISHED, Cursor
from connectors.youtube_errors import unreadable
from connectors.youtube_meanings import BAD_PAGE_TOKEN, COMMENTS_OFF
from core.deliveries import Published
from core.feedback import Comment, Page
from core.platforms import Platform

A_PAGE = 100
_REPLY_PAGES = 20  # of one thread: 2000 replies


class Comments:
    """The comments under one channel's videos."""

    def __init__(self, api: Api, channel_id: str) -> None:
        self._api = api
        self._channel = channel_id

    def page(self, video_id: str, given: str | None) -> Page[Comment]:
        """Return up to 100 threads with their replies, newest thread first: all, or what is new since the cursor's.

        Empty where comments are off.
        """
        cursor = Cursor.parse(given)
        try:
            answer = self._threads(video_id, cursor.listing, cursor.page_token)
        except Rejected as error:
            if error.code == COMMENTS_OFF:
                return Page((), resume_cursor=cursor.resumed(is_whole=False))
            raise
        found: list[tuple[Comment, datetime]] = []
        counts: dict[str, int] = {}
        for thread in listed(answer):
            found += self._of_thread(thread, video_id, cursor, counts)
        newest_at = max((comment.created_at for comment, _changed_at in found), default=None)
        following = cursor.following(text_at(answer, "nextPageToken"), newest_at, counts)
        return Page(
            tuple(comment for comment, changed_at in found if cursor.is_new(changed_at)),
            next_cursor=str(following) if following else None,
            resume_cursor=None if following else cursor.met(newest_at, counts).resumed(),
        )

    def reply(self, comment_id: str, text: str) -> Published:
        """Answer in public. A reply that says the very same under the same comment already is taken for ours."""
        seen = self._one(comment_id)
        top = text_at(seen, "snippet", "parentId") or comment_id
        if top != comment_id:
            # one level only: a reply to a reply stands under the top comment and names whom it answers (sheet 3.2)
            name = text_at(seen, "snippet", "authorDisplayName")
            text = text if not name or name in text else f"{name} {text}"
        video_id = text_at(seen, "snippet", "videoId")
        for each in self._replies(top):
            reply = self._comment(each, video_id, parent_id=top)
            if reply.own and reply.text.split() == text.split():
                return Published(remote_id=reply.id, url=reply.url, published_at=reply.created_at)
        with visible_write():
            answer = self._api.call(
                self._api.data.comments().insert(
                    part="snippet", body={"snippet": {"parentId": top, "textOriginal": text}}
                )
            )
            reply_id = text_at(answer, "id")
            if not reply_id:
                raise unreadable("the platform did not confirm the reply")
        return Published(
            remote_id=reply_id,
            url=comment_url(video_id or text_at(answer, "snippet", "videoId"), reply_id),
            published_at=instant_at(answer, "snippet", "publishedAt"),
        )

    def hide(self, comment_id: str, *, hidden: bool) -> None:
        """Hold a comment back for review, or publish it. Never `rejected`: that cannot be undone (sheet 3.3 [doc])."""
        status = HELD if hidden else PUBLISHED
        self._api.tell(self._api.data.comments().setModerationStatus(id=comment_id, moderationStatus=status))

    def _threads(self, video_id: str, listing: str, page_token: str) -> Answer:
        request = self._api.data.commentThreads().list(
            part="snippet,replies",
            videoId=video_id,
            order="time",
            maxResults=A_PAGE,
            moderationStatus=listing,
            textFormat="plainText",
            pageToken=page_token or None,
        )
        try:
            return self._api.call(request)
        except Rejected as error:
            if not page_token or error.code != BAD_PAGE_TOKEN:
                raise
            return self._threads(video_id, listing, "")  # the list is paged anew (sheet 6 [doc])

    def _of_thread(
        self, thread: Answer, video_id: str, cursor: Cursor, counts: dict[str, int]
    ) -> list[tuple[Comment, datetime]]:
        """Return top comment and replies, each with its last change; enter in `counts` what a long thread holds."""
        top = inside(thread, "snippet", "topLevelComment")
        thread_id = text_at(top, "id") or text_at(thread, "id")
        # a published comment may be listed for the sake of a reply that is held
        is_hidden = cursor.listing != PUBLISHED and inside(thread, "snippet", "isPublic") is not True
        given = inside(thread, "replies", "comments")
        replies = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
        count = int(number_at(thread, "snippet", "totalReplyCount") or 0)
        if len(replies) < count:
            counts[thread_id] = count
            if cursor.has_grown(thread_id, count):
                opened = self._replies(thread_id)
                ids = {text_at(each, "id") for each in opened}
                replies = [*opened, *(each for each in replies if text_at(each, "id") not in ids)]
                if len(replies) < count:
                    del counts[thread_id]  # what lags or was cut off is looked for again
        found = [self._comment(each, video_id, parent_id=thread_id) for each in replies]
        found.sort(key=lambda comment: comment.created_at)
        changes = {text_at(each, "id"): instant_at(each, "snippet", "updatedAt") for each in (top, *replies)}
        first = self._comment(top, video_id, is_hidden=is_hidden)
        return [
            (comment, max(comment.created_at, changes.get(comment.id) or comment.created_at))
            for comment in (first, *found)
        ]

    def _replies(self, thread_id: str) -> list[Answer]:
        """Return every reply of a thread; none where it was deleted meanwhile."""
        found: list[Answer] = []
        page_token = ""
        for _page in range(_REPLY_PAGES):
            request = self._api.data.comments().list(
                part="snippet",
                parentId=thread_id,
                maxResults=A_PAGE,
                textFormat="plainText",
                pageToken=page_token or None,
            )
            try:
                answer = self._api.call(request)
            except Gone:
                break
            found += listed(answer)
            page_token = text_at(answer, "nextPageToken")
            if not page_token:
                break
        return found

    def _one(self, comment_id: str) -> Answer:
        request = self._api.data.comments().list(part="snippet", id=comment_id, textFormat="plainText")
        found = self._api.items(request)
        if not found:
            raise Gone("the comment is not there any more", platform=Platform.YOUTUBE)
        return found[0]

    def _comment(self, item: object, video_id: str, *, parent_id: str = "", is_hidden: bool = False) -> Comment:
        created_at = instant_at(item, "snippet", "publishedAt")
        comment_id = text_at(item, "id")
        if not comment_id or created_at is None:
            raise unreadable("a comment has no id or no time")
        status = text_at(item, "snippet", "moderationStatus")  # only the owner is told, and not of published ones
        author_id = text_at(item, "snippet", "authorChannelId", "value")
        own = author_id == self._channel
        parent = text_at(item, "snippet", "parentId") or parent_id
        return Comment(
            id=comment_id,
            text=text_at(item, "snippet", "textDisplay") or text_at(item, "snippet", "textOriginal"),
            created_at=created_at,
            parent_id=parent or None,
            author_id=author_id,
            author_name=text_at(item, "snippet", "authorDisplayName"),
            own=own,
            hidden=status != PUBLISHED if status else is_hidden,
            can_hide=not own,  # one's own can only be deleted (sheet 3.3 [doc])
            url=comment_url(text_at(item, "snippet", "videoId") or video_id, comment_id),
        )


def comment_url(video_id: str, comment_id: str) -> str:
    """Return where people find a comment. [memory]: the platform's own links look so; no document says it."""
    return f"https://www.youtube.com/watch?v={video_id}&lc={comment_id}"
