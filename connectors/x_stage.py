"""How a post for X is prepared: its files uploaded one step a call, then a look whether it is out already.

X keeps no draft, so what is checked at the end is that the files still live and that no equal post of ours is public.
Files whose answer was lost stay behind unseen and die after a day.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from connectors import x_sentences as say
from connectors.errors import ConnectorError, Gone, Rejected, Unsupported
from connectors.x_api import Api
from connectors.x_posts import SKEW, OwnPosts, unavailable
from connectors.x_progress import Progress, messages_of
from connectors.x_text import UNPOSTABLE, same_text
from connectors.x_upload import Uploads, is_chunked, is_moving
from core.deliveries import Stage
from core.media import MediaKind, OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost

IMAGES = 4
# "about 3 s" until a post accepts a fresh image (sheet 2.2 [code])
IMAGE_REST = timedelta(seconds=3)
# what dies within this is uploaded anew: the visible write must not come too late for it
DYING = timedelta(minutes=5)
# Preparing anew is for what X has dropped. Where it drops the same again, the post is tried as it is: X may not tell
# of a file that was sent in one shot.
ANEW_LIMIT = 2
# one cashtag a post for self-serve applications (sheet 2.1 [doc]); its form as in twitter-text
_CASHTAG = re.compile(r"(?:^|(?<=\s))\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?=$|[\s!'#%&()*+,\\./:;<=>?@\[\]^_{|}~$-])")


class Staging:
    """Prepares posts for one account."""

    def __init__(self, api: Api, posts: OwnPosts) -> None:
        self._uploads = Uploads(api)
        self._posts = posts

    def step(self, post: OutgoingPost, stage: Stage | None) -> Stage:
        """Do the next step; at the end, and whenever called again after it, look whether all is as it should be."""
        progress = Progress.of(post, stage)
        _check_content(post)
        try:
            # the files belong to the first message; once it is out nothing of them is left to do
            return (None if progress.posted else self._file_step(post, progress)) or self._check(post, progress)
        except Gone as error:
            if progress.anew >= ANEW_LIMIT:
                raise unavailable(
                    "the platform keeps dropping a file", error.detail, sentence=say.FILES_DROPPED
                ) from error
            return _anew(progress).stage()
        except OSError as error:
            what = type(error).__name__
            raise unavailable("a file of the post cannot be read", what, sentence=say.FILE_UNREADABLE) from error

    def _file_step(self, post: OutgoingPost, progress: Progress) -> Stage | None:
        for number, medium in enumerate(post.media):
            file = progress.files[number] if number < len(progress.files) else None
            if file is None or not file.is_ready:
                after, wait = self._uploads.step(medium, file)
                is_last = after.is_ready and number + 1 == len(post.media)
                return progress.with_file(number, after).stage(again_in=max(wait, IMAGE_REST) if is_last else wait)
        for number, captions in enumerate(post.captions):
            file = progress.captions[number] if number < len(progress.captions) else None
            if file is None or not file.is_ready:
                bound = self._uploads.caption_step(captions, file, video=progress.files[0])
                return progress.with_captions(number, bound).stage()
        return None

    def _check(self, post: OutgoingPost, progress: Progress) -> Stage:
        number = len(progress.posted)
        messages = messages_of(post)
        if number >= len(messages):
            raise Unsupported("all of it is out already", platform=Platform.X)
        if not progress.posted and progress.anew < ANEW_LIMIT and not self._is_all_alive(progress):
            return _anew(progress).stage()
        listing = self._posts.since(progress.since - SKEW, replies=progress.parent_id is not None)
        media = len(post.media) if number == 0 else 0
        public = listing.find(messages[number], parent_id=progress.parent_id, media=media)
        return replace(progress, seen=public.id if public else "").stage(ready=True)

    def _is_all_alive(self, progress: Progress) -> bool:
        now = datetime.now(UTC)
        return all(not file.is_dying(now, within=DYING) and self._uploads.is_alive(file) for file in progress.files)


def _anew(progress: Progress) -> Progress:
    return replace(progress, files=(), captions=(), seen="", anew=progress.anew + 1)


def _check_content(post: OutgoingPost) -> None:
    """Refuse at once what X would refuse at the hour of publishing, and our own limits do not tell."""
    messages = messages_of(post)
    for number, message in enumerate(messages):
        if not message.strip() and (number or not post.media):
            raise _rejected("a message without text needs an image or a video", say.EMPTY)
        if UNPOSTABLE.search(message):
            raise _rejected("the text holds a character that no post may hold", say.SIGN)
        if len(_CASHTAG.findall(message)) > 1:
            raise _rejected("more than one cashtag in a message", say.CASHTAG)
        # X takes the second for a double of the first, and the thread would break there (sheet 6.2 [code])
        if any(same_text(message, other) for other in messages[:number]):
            raise _rejected("two messages of the thread are the same", say.SAME_TWICE)
    if len(post.media) > 1 and any(is_chunked(medium) for medium in post.media):
        if any(is_moving(medium) for medium in post.media):
            raise _rejected("an animated GIF goes alone", say.GIF_ALONE)
        raise _unsupported("one video alone, or images")
    if len(post.media) > IMAGES:
        raise _unsupported(f"at most {IMAGES} images")
    if post.captions and not _is_video(post.media):
        raise _unsupported("captions without a video")


def _is_video(media: tuple[OutgoingMedium, ...]) -> bool:
    return bool(media) and media[0].medium.kind is MediaKind.VIDEO


def _rejected(what: str, sentence: str) -> ConnectorError:
    return Rejected(what, platform=Platform.X, sentence=sentence)


def _unsupported(what: str) -> ConnectorError:
    return Unsupported(what, platform=Platform.X)
