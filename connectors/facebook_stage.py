"""How a post for a Facebook Page is prepared unseen, one step a call.

Text, link and photos: each photo with `published=false`, then a post that holds them, with `published=false` too: the
draft. Video: a chunked upload, finished with `published=false`, and once it is processed the post that the platform
made of it. Source: sheet of 2026-11-23, sections 2.1, 2.3, 2.4 and 2.6.

Of a step whose answer was lost only something invisible remains: an unattached photo (the platform drops it after
about 24 h) or a draft that nobody publishes. Such orphans are left where they are. Looking for them by their text in
`/feed` could hit a draft that somebody of the office keeps there on purpose, and we delete nothing that is not ours.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from connectors.errors import ConnectorError, Gone, Rejected, Unavailable, Unsupported
from connectors.meta import Answer, Graph, WrongOffset
from connectors.meta_sentences import ALTERED, FILE_UNREADABLE
from connectors.meta_values import address_at, ident, part_of, same_text, text_of, whole
from core.capabilities import LinkPlace, public_text
from core.deliveries import Stage
from core.media import MediaKind, OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost

# The platform proposes where a chunk ends, sometimes far away; requests holds a multipart body in memory, so ours are
# shorter. [memory] that it takes shorter ones: its answer tells where to go on, and that is followed in any case.
CHUNK = 4 * 1024 * 1024
PROCESSING_WAIT = timedelta(seconds=10)
HEAVY_WAIT = timedelta(seconds=30)
OFFSET_WAIT = timedelta(seconds=2)  # ours: between two that contradict each other
PHOTOS_IN_A_POST = 1366051
# Preparing anew is for what the platform has dropped; where it drops the same again, a person must look.
ANEW_LIMIT = 2
# Photos that a draft holds whose answer was lost are no fault of the content: they are uploaded again, after a breath,
# as often as it takes; the lateness limit ends it.
LOST_DRAFT_WAIT = timedelta(seconds=10)

# beside photos or a video the platform shows no link card (`link` makes a post of its own kind, sheet 2.1)
LINK_PLACE = LinkPlace.APART_OR_IN_TEXT
_OF_POST = "id,message,is_published,permalink_url,attachments{media_type,target,subattachments{target}}"
_OF_VIDEO = "id,published,permalink_url"


@dataclass(frozen=True, slots=True)
class Upload:
    """A video on its way: the next chunk lies between `start` and `end` (bytes); equal once all of them are there."""

    id: str
    session: str
    start: int
    end: int
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """What is prepared so far: the meaning of a stage's token.

    `content` is a digest of what the post says, so that a token can never publish another text than the one it was
    made for. `draft` is what `publish` makes public, `url` where people will find it; `anew` counts the fresh starts.
    """

    content: str
    photos: tuple[str, ...] = ()
    video: Upload | None = None
    draft: str = ""
    url: str = ""
    anew: int = 0
    heavy: bool = False

    @classmethod
    def of(cls, post: OutgoingPost, stage: Stage | None) -> "Progress":
        """Return how far this post has come; at the beginning where the token is another's or not readable."""
        beginning = cls(content=fingerprint(post))
        try:
            token: Any = stage.token if stage else {}
            video = token["video"]
            told = cls(
                content=token["content"],
                photos=tuple(token["photos"]),
                video=None if video is None else Upload(**video),
                draft=token["draft"],
                url=token["url"],
                anew=token["anew"],
                heavy=token["heavy"],
            )
        except (KeyError, TypeError):
            return beginning
        return told if told.content == beginning.content and told.is_sound else beginning

    @property
    def is_sound(self) -> bool:
        """Tell whether each part is of its kind."""
        texts = (*self.photos, self.draft, self.url)
        counts: tuple[object, ...] = (self.anew,)
        if self.video is not None:
            texts += (self.video.id, self.video.session)
            counts += (self.video.start, self.video.end)
        return all(isinstance(text, str) for text in texts) and all(type(count) is int for count in counts)

    @property
    def is_bare_video(self) -> bool:
        """Tell whether the draft is the video itself, since the platform named no post of it."""
        return self.video is not None and self.draft == self.video.id

    @property
    def visibility(self) -> str:
        """The draft's field that tells whether it is public."""
        return "published" if self.is_bare_video else "is_published"

    def stage(self, *, ready: bool = False, again_in: timedelta = timedelta(0)) -> Stage:
        """Return this as the caller stores it."""
        return Stage(token={**asdict(self), "photos": list(self.photos)}, ready=ready, again_in=again_in)


class Staging:
    """Prepares posts for one Page."""

    def __init__(self, graph: Graph, page_id: str) -> None:
        self._graph = graph
        self._page = page_id

    def step(self, post: OutgoingPost, stage: Stage | None) -> Stage:
        """Do the next step; at the end, and whenever called again after it, look whether the draft is as it should."""
        progress = Progress.of(post, stage)
        try:
            if progress.draft:
                return self._check(post, progress)
            video = _video(post)
            if video is not None:
                return self._video_step(post, progress, video)
            if len(progress.photos) < len(post.media):
                return self._upload_photo(post.media[len(progress.photos)], progress)
            return self._make_draft(post, progress)
        except Gone as error:
            # "stop watching" is no answer to a post that is still to go out
            raise _unavailable("something needed is not visible to this token", error.detail) from error
        except OSError as error:
            raise _unavailable("a file of the post cannot be read", type(error).__name__) from error

    def _upload_photo(self, medium: OutgoingMedium, progress: Progress) -> Stage:
        form = {"published": "false"}
        if medium.alt_text:
            form["alt_text_custom"] = medium.alt_text
        with medium.path.open("rb") as file:
            answer = self._graph.post(
                f"{self._page}/photos", form, files={"source": (_file_name(medium), file, medium.medium.mime_type)}
            )
        return replace(progress, photos=(*progress.photos, self._graph.id_in(answer))).stage()

    def _make_draft(self, post: OutgoingPost, progress: Progress) -> Stage:
        form = {"published": "false", "message": message_of(post)}
        if post.link and not post.media:
            form["link"] = post.link
        for position, photo in enumerate(progress.photos):
            # the library sends a list as its first keys; this form is the manual's own
            form[f"attached_media[{position}]"] = json.dumps({"media_fbid": photo})
        try:
            answer = self._graph.post(f"{self._page}/feed", {name: value for name, value in form.items() if value})
        except (Rejected, Gone) as error:
            if error.code == "1" and not progress.heavy:
                return replace(progress, heavy=True).stage(again_in=HEAVY_WAIT)
            if error.code.endswith(f"/{PHOTOS_IN_A_POST}"):
                return Progress(content=progress.content, anew=progress.anew).stage(again_in=LOST_DRAFT_WAIT)
            if error.code.split("/")[0] == "100" and not self._has_all(progress.photos):
                return self._anew(progress, error).stage()
            raise
        return replace(progress, draft=self._graph.id_in(answer)).stage()

    def _has_all(self, photos: tuple[str, ...]) -> bool:
        """Tell whether the photos are still there: unpublished ones are dropped after about 24 h."""
        for photo in photos:
            try:
                self._graph.read(photo, fields="id")
            except Gone:
                return False
        return True

    def _video_step(self, post: OutgoingPost, progress: Progress, video: OutgoingMedium) -> Stage:
        upload = progress.video
        if upload is None:
            return self._start_upload(video, progress)
        try:
            if upload.finished:
                return self._look_at_processing(upload, progress)
            if upload.start < upload.end:
                return self._send_chunk(video, upload, progress)
            return self._finish_upload(post, upload, progress)
        except (Rejected, Gone) as error:
            # an upload session that ran out, or was finished by a call whose answer was lost
            if error.code.split("/")[0] != "100":
                raise
            return self._anew(progress, error).stage()

    def _start_upload(self, video: OutgoingMedium, progress: Progress) -> Stage:
        answer = self._graph.post(
            f"{self._page}/videos", {"upload_phase": "start", "file_size": str(video.medium.size)}
        )
        start, end = _part_in(answer, video.medium.size) or (0, 0)
        if start >= end:
            raise self._graph.unreadable("the answer to a video's beginning names no part of it")
        video_id, session = (self._graph.id_in(answer, name) for name in ("video_id", "upload_session_id"))
        return replace(progress, video=Upload(id=video_id, session=session, start=start, end=end)).stage()

    def _send_chunk(self, video: OutgoingMedium, upload: Upload, progress: Progress) -> Stage:
        with video.path.open("rb") as file:
            file.seek(upload.start)
            chunk = file.read(min(upload.end - upload.start, CHUNK))
        form = {"upload_phase": "transfer", "upload_session_id": upload.session, "start_offset": str(upload.start)}
        try:
            answer = self._graph.post(
                f"{self._page}/videos",
                form,
                files={"video_file_chunk": (_file_name(video), chunk, "application/octet-stream")},
            )
        except WrongOffset as error:
            wanted = _part_in({"start_offset": error.start, "end_offset": error.end}, video.medium.size)
            if wanted is None or error.start == upload.start:
                raise
            moved = replace(upload, start=error.start, end=error.end)
            return replace(progress, video=moved).stage(again_in=OFFSET_WAIT)
        start, end = _part_in(answer, video.medium.size) or (0, 0)
        if start <= upload.start:
            raise self._graph.unreadable("the answer to a chunk names no part that follows it")
        return replace(progress, video=replace(upload, start=start, end=end)).stage()

    def _finish_upload(self, post: OutgoingPost, upload: Upload, progress: Progress) -> Stage:
        form = {
            "upload_phase": "finish",
            "upload_session_id": upload.session,
            "published": "false",
            "description": message_of(post),
            "title": post.title,
        }
        answer = self._graph.post(f"{self._page}/videos", {name: value for name, value in form.items() if value})
        self._graph.confirmed(answer, "the video's upload")
        return replace(progress, video=replace(upload, finished=True)).stage(again_in=PROCESSING_WAIT)

    def _look_at_processing(self, upload: Upload, progress: Progress) -> Stage:
        seen = self._graph.get(upload.id, fields="status,post_id")
        state = text_of(part_of(seen, "status", "video_status"))
        if state == "ready":
            return replace(progress, draft=self._post_of(upload, seen)).stage()
        if state == "error":
            raise Rejected(
                "the platform could not process the video",
                platform=Platform.FACEBOOK,
                detail=self._graph.told,
                sentence=FILE_UNREADABLE,
            )
        if state in ("upload_failed", "expired"):
            return self._anew(progress, _unavailable(f"the video's upload ended as {state}", "")).stage()
        return progress.stage(again_in=PROCESSING_WAIT)

    def _post_of(self, upload: Upload, seen: Answer) -> str:
        """Return the id of the video's own post.

        `post_id` is documented for a video [doc]; that an unpublished one has it already is not. Where it is missing
        the video itself takes its place [memory]. Some answers give the story's number without the Page's.
        """
        if not seen.get("post_id"):
            return upload.id
        post_id = self._graph.id_in(seen, "post_id")
        return post_id if "_" in post_id else f"{self._page}_{post_id}"

    def _check(self, post: OutgoingPost, progress: Progress) -> Stage:
        try:
            seen = self._graph.read(progress.draft, fields=_OF_VIDEO if progress.is_bare_video else _OF_POST)
        except Gone:
            return self._anew(progress, _unavailable("the draft vanished again", "")).stage()
        is_public = seen.get(progress.visibility)
        if not isinstance(is_public, bool):
            raise self._graph.unreadable("the platform did not tell whether the draft is public")
        if not isinstance(seen.get("message"), str | None):
            raise self._graph.unreadable("the draft's text is no text")
        # already public: an earlier publish landed, or somebody did it by hand. A second draft would be a second post.
        if not is_public and not progress.is_bare_video:
            difference = _difference(seen, post, progress)
            if difference:
                refusal = Rejected(
                    f"the platform keeps another {difference} than it was given",
                    platform=Platform.FACEBOOK,
                    sentence=ALTERED,
                )
                return self._anew(progress, refusal).stage()
        url = address_at(seen.get("permalink_url"), "facebook.com")
        return replace(progress, url=url).stage(ready=True)

    def _anew(self, progress: Progress, reason: ConnectorError) -> Progress:
        """Return a fresh start, or raise the reason where it did not help before."""
        if progress.anew >= ANEW_LIMIT:
            raise reason
        return Progress(content=progress.content, anew=progress.anew + 1)


def message_of(post: OutgoingPost) -> str:
    """Return the text as it goes out."""
    return public_text(post.whole_text, link=post.link, has_media=bool(post.media), place=LINK_PLACE)


def fingerprint(post: OutgoingPost) -> str:
    """Return a digest of all that goes to this platform."""
    media = [[medium.medium.sha256, medium.alt_text] for medium in post.media]
    said = json.dumps([post.title, post.whole_text, post.link, media], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _video(post: OutgoingPost) -> OutgoingMedium | None:
    videos = [medium for medium in post.media if medium.medium.kind is MediaKind.VIDEO]
    if videos and len(post.media) > 1:
        raise Unsupported("one video alone, or photos", platform=Platform.FACEBOOK)
    return videos[0] if videos else None


def _difference(seen: Mapping[str, Any], post: OutgoingPost, progress: Progress) -> str:
    """Name what certainly differs; empty where nothing does, or where the answer does not tell."""
    if ("message" in seen or not progress.video) and not same_text(text_of(seen.get("message")), message_of(post)):
        return "text"
    shown = _attached(seen.get("attachments"))
    if progress.photos and shown and shown != set(progress.photos):
        return "set of photos"
    return ""


def _attached(attachments: object) -> set[str]:
    """Return the ids of what a post shows; several photos stand inside one attachment (sheet 3.1)."""
    ids = set()
    for item in _listed(attachments):
        for shown in _listed(part_of(item, "subattachments")) or [item]:
            ids.add(ident(part_of(shown, "target", "id")))
    return ids - {""}


def _listed(edge: object) -> list[Any]:
    data = part_of(edge, "data")
    return data if isinstance(data, list) else []


def _part_in(answer: Answer, size: int) -> tuple[int, int] | None:
    """Return the part of the file that the platform wants next, both ends alike at the file's end (sheet 2.4).

    None where it names none, or one that such a file has not.
    """
    start, end = whole(answer.get("start_offset")), whole(answer.get("end_offset"))
    if start is None or end is None or end > size or not (start < end or start == end == size):
        return None
    return start, end


def _file_name(medium: OutgoingMedium) -> str:
    """Return a name that tells nothing of the office's folders."""
    return medium.medium.sha256[:16] + medium.medium.extension


def _unavailable(what: str, detail: str) -> Unavailable:
    return Unavailable(what, platform=Platform.FACEBOOK, detail=detail)
