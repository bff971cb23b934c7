"""Preparing a post for a page: its files uploaded and processed, nothing visible. One step a call, resumable.

A post without files leaves nothing on the platform to prepare; there the list of posts is looked at, once to remember
which earlier ones say the same (`Progress.earlier`), so that a duplicate refusal can be told from the echo of our own
write, and again before the hour, so that a token or a right that is gone is known before it.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from connectors import linkedin_sentences as say
from connectors.errors import ConnectorError, Gone, NotAuthorized, Rejected, Unavailable, Unsupported
from connectors.linkedin_api import Api, Thing, key
from connectors.linkedin_content import files_of, fingerprint, is_same, video_of
from connectors.linkedin_upload import Dropped, Upload, Uploads
from core.deliveries import Stage
from core.platforms import Platform
from core.posts import OutgoingPost

# Preparing anew is for what the platform has dropped, or does not take: after these waits. Where it does the same
# again, a person must look. Ours.
ANEW_WAITS = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=5))
POSTS_A_PAGE = 100  # sheet 3.1 [doc]: the most


@dataclass(frozen=True, slots=True)
class Progress:
    """What is prepared so far: the meaning of a stage's token.

    `content` is a digest of what the post says, so that a token can never publish another text than the one it was
    made for. `earlier`: posts that said the same when preparing began, None before anybody looked; `anew` counts the
    fresh starts.
    """

    content: str
    uploads: tuple[Upload, ...] = ()
    earlier: tuple[str, ...] | None = None
    anew: int = 0

    @classmethod
    def of(cls, post: OutgoingPost, stage: Stage | None) -> "Progress":
        """Return how far this post has come; at the beginning where the token is another's or not readable."""
        beginning = cls(content=fingerprint(post))
        try:
            token: Any = stage.token if stage else {}
            if token["content"] != beginning.content:
                return beginning
            return cls(
                content=beginning.content,
                uploads=tuple(Upload.of(upload) for upload in token["uploads"]),
                earlier=None if token["earlier"] is None else tuple(str(urn) for urn in token["earlier"]),
                anew=int(token["anew"]),
            )
        except (KeyError, TypeError, ValueError):
            return beginning

    @property
    def urns(self) -> tuple[str, ...]:
        """The names of the uploaded files, in order."""
        return tuple(upload.urn for upload in self.uploads)

    def is_complete(self, post: OutgoingPost) -> bool:
        """Tell whether there is nothing left to prepare."""
        files = files_of(post)
        if not files:
            return self.earlier is not None
        return len(self.uploads) == len(files) and all(upload.available for upload in self.uploads)

    def stage(self, *, ready: bool = False, again_in: timedelta = timedelta(0)) -> Stage:
        """Return this as the caller stores it."""
        token: dict[str, object] = {
            "content": self.content,
            "uploads": [upload.stored() for upload in self.uploads],
            "earlier": None if self.earlier is None else list(self.earlier),
            "anew": self.anew,
        }
        return Stage(token=token, ready=ready, again_in=again_in)


class Staging:
    """Prepares posts for one page."""

    def __init__(self, api: Api, author: str) -> None:
        self._api = api
        self._author = author
        self._uploads = Uploads(api, author)

    def step(self, post: OutgoingPost, stage: Stage | None) -> Stage:
        """Do the next step; at the end, and whenever called again after it, look whether all is as it should."""
        progress = Progress.of(post, stage)
        if video_of(post) and len(post.media) > 1:
            raise Unsupported("one video alone, or images", platform=Platform.LINKEDIN, sentence=say.ONE_VIDEO)
        try:
            return self._step(post, progress)
        except Dropped as error:
            return self._anew(progress, error)
        except Gone as error:
            # "stop watching" is no answer to a post that is still to go out
            raise _unavailable("something needed is not there", error.detail) from error
        except OSError as error:
            raise _unavailable(
                "a file of the post cannot be read", type(error).__name__, sentence=say.FILE_NOT_READABLE
            ) from error

    def _step(self, post: OutgoingPost, progress: Progress) -> Stage:
        files = files_of(post)
        if not files:
            return replace(progress, earlier=self._look_at_list(post, progress)).stage(ready=True)
        if progress.is_complete(post):
            return self._check(progress)
        uploads = progress.uploads
        still = post.thumbnail if video_of(post) else None
        if all(upload.sent for upload in uploads) and len(uploads) < len(files):
            fresh = self._uploads.announce(files[len(uploads)], still=still is not None)
            return replace(progress, uploads=(*uploads, fresh)).stage()
        unsent = next((i for i, upload in enumerate(uploads) if not upload.sent), None)
        if unsent is not None:
            return _with(progress, unsent, self._uploads.send(uploads[unsent], files[unsent], still)).stage()
        index = next(i for i, upload in enumerate(uploads) if not upload.available)
        moved = _with(progress, index, self._uploads.look(uploads[index]))
        return moved.stage(ready=moved.is_complete(post), again_in=moved.uploads[index].again_in)

    def _check(self, progress: Progress) -> Stage:
        """Look whether every file is still ready. What a post shows already stays as ready as it was."""
        looked = replace(progress, uploads=tuple(self._uploads.look(upload) for upload in progress.uploads))
        ready = all(upload.available for upload in looked.uploads)
        return looked.stage(ready=ready, again_in=max(upload.again_in for upload in looked.uploads))

    def _look_at_list(self, post: OutgoingPost, progress: Progress) -> tuple[str, ...]:
        try:
            latest = latest_posts(self._api, self._author, 0).things("elements")
        except NotAuthorized as error:
            if error.status != 403:
                raise
            latest = ()  # reading is a right of its own; publishing will say whether writing is one
        if progress.earlier is not None:
            return progress.earlier
        return tuple(seen.text("id") for seen in latest if is_same(seen, post, self._author, ()))

    @staticmethod
    def _anew(progress: Progress, reason: ConnectorError) -> Stage:
        """Return a fresh start, or raise where none helped: what the platform refuses again and again is the file's."""
        if progress.anew >= len(ANEW_WAITS):
            raise Rejected(
                f"{reason.message}, time and again",
                platform=Platform.LINKEDIN,
                status=reason.status,
                code=reason.code,
                detail=reason.detail,
                sentence=say.FILE_NOT_TAKEN,
            ) from reason
        return Progress(content=progress.content, anew=progress.anew + 1).stage(again_in=ANEW_WAITS[progress.anew])


def latest_posts(api: Api, author: str, start: int) -> Thing:
    """Return a page of the author's posts, the newest first (sheet 3.1), those not visible yet among them.

    That the list takes `viewContext` as well is in no manual at hand: public clients send it, and one tells that in
    production it brings what is not published (read 2026-11-24 [code]). Where it is refused, the documented list
    serves: the visible posts only, and what is not visible is named by the duplicate refusal.
    """
    query = f"q=author&author={key(author)}&start={start}&count={POSTS_A_PAGE}&sortBy=CREATED"
    try:
        return api.get("posts", f"{query}&viewContext=AUTHOR")
    except Rejected:
        return api.get("posts", query)


def _with(progress: Progress, index: int, upload: Upload) -> Progress:
    uploads = (*progress.uploads[:index], upload, *progress.uploads[index + 1 :])
    return replace(progress, uploads=uploads)


def _unavailable(what: str, detail: str, *, sentence: str = "") -> Unavailable:
    return Unavailable(what, platform=Platform.LINKEDIN, detail=detail, sentence=sentence)
