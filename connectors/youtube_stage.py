"""How a post for YouTube is prepared unseen: a private video with all that belongs to it, one write a call.

Start of the upload, its chunks, then, once the video is processed: what differs mended, thumbnail, captions, playlist.
Every call after the upload reads the video first (1 unit of the day's 10,000), so a call never writes to what somebody
else made public, and a ready stage is checked by the same read. Source: sheet of 2026-11-23, sections 2 and 5.1.

The upload session's address stands in the stage's token before the first byte is sent. It is a bearer secret: the token
is in no repr (core.deliveries.Stage), and no error shows it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from connectors.errors import ConnectorError, Gone, Rejected, Unavailable
from connectors.youtube_api import Answer, Api, instant_at, number_at, text_at
from connectors.youtube_attachments import (
    add_captions,
    add_to_playlist,
    caption_languages,
    has_captions,
    is_in_playlist,
    set_thumbnail,
)
from connectors.youtube_errors import SessionLost
from connectors.youtube_post import LONG_VIDEO, Wanted, fingerprint, snippet_for, status_for, video_of
from connectors.youtube_processing import processing_wait
from connectors.youtube_upload import Session, go_on, start
from core.deliveries import Stage
from core.platforms import Platform
from core.posts import OutgoingPost
from core.texts import _

LIST_WAIT = timedelta(seconds=30)  # the uploads list lags somewhat (sheet 3.1 [doc][code])
LOOKS = 3  # for what is not where it should be, before it counts as gone
NO_PROGRESS_WAIT = timedelta(seconds=5)
# Preparing anew is for what the platform has lost; where it loses the same again, a person must look.
ANEW_LIMIT = 2
MEND_LIMIT = 2


@dataclass(frozen=True, slots=True)
class Progress:
    """What is prepared so far: the meaning of a stage's token.

    `content` is a digest of what the post says, so that a token can never publish another text than the one it was
    made for. `captions` counts the files that the video has; `mended` and `anew` the second tries; `looks` how often
    in a row something was missed.
    """

    content: str
    session: Session | None = field(default=None, repr=False)
    video: str = ""
    thumbnail: bool = False
    captions: int = 0
    playlist: bool = False
    mended: int = 0
    anew: int = 0
    looks: int = 0

    @classmethod
    def of(cls, post: OutgoingPost, stage: Stage | None) -> "Progress":
        """Return how far this post has come; at the beginning where the token is another's or not readable."""
        beginning = cls(content=fingerprint(post))
        try:
            token: Any = stage.token if stage else {}
            if token["content"] != beginning.content:
                return beginning
            return cls(**{**token, "session": Session(**token["session"]) if token["session"] else None})
        except (KeyError, TypeError):
            return beginning

    def stage(self, *, ready: bool = False, again_in: timedelta = timedelta(0)) -> Stage:
        """Return this as the caller stores it."""
        return Stage(token=asdict(self), ready=ready, again_in=again_in)


class Staging:
    """Prepares posts for one channel."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def step(self, post: OutgoingPost, stage: Stage | None) -> Stage:
        """Do the next step; at the end, and whenever called again after it, look whether the video is as it should."""
        progress = Progress.of(post, stage)
        try:
            if not progress.video:
                return self._upload(post, progress)
            return self._complete(post, progress)
        except Gone as error:
            # "stop watching" is no answer to a post that is still to go out
            raise _unavailable("something needed is not there", error.detail) from error
        except OSError as error:
            raise Unavailable(
                "a file of the post cannot be read",
                platform=Platform.YOUTUBE,
                detail=type(error).__name__,
                sentence=_(
                    "No se pudo leer un archivo de la publicación en este equipo. Se intentará otra vez; si continúa,"
                    " avise a la administración técnica."
                ),
            ) from error

    def _upload(self, post: OutgoingPost, progress: Progress) -> Stage:
        medium, wanted = video_of(post), Wanted.of(post)
        if progress.session is None:
            wanted.check()
            caption_languages(post)
            self._check_length(medium.medium.duration)
            return replace(progress, session=start(self._api, medium, wanted)).stage()
        try:
            step = go_on(self._api, medium, wanted, progress.session)
        except SessionLost as error:
            return self._without_session(wanted, progress, progress.session, error)
        wait = timedelta(0) if step.moved else NO_PROGRESS_WAIT
        # whatever came of the session, its address is needed no more once there is a video
        session = None if step.video else step.session
        return replace(progress, session=session, video=step.video, looks=0).stage(again_in=wait)

    def _check_length(self, duration: float | None) -> None:
        """Ask whether the channel may have long videos: the platform would only say so after the whole upload."""
        if not duration or duration <= LONG_VIDEO:
            return
        channels = self._api.items(self._api.data.channels().list(part="status", mine=True))
        if channels and text_at(channels[0], "status", "longUploadsStatus") in ("eligible", "disallowed"):
            raise Rejected(
                "the channel is not verified for videos of more than 15 minutes",
                platform=Platform.YOUTUBE,
                code="longUploadsStatus",
                sentence=_(
                    "El video dura más de 15 minutos y el canal no está verificado para videos tan largos. Verifíquelo"
                    " en YouTube Studio o acorte el video, y envíe la publicación otra vez."
                ),
            )

    def _without_session(self, wanted: Wanted, progress: Progress, session: Session, error: SessionLost) -> Stage:
        """Look for the finished video before anything is uploaded again (sheet 2.2 [code])."""
        found = self._uploaded(wanted, session)
        if found:
            return replace(progress, session=None, video=found, looks=0).stage()
        if session.may_be_complete and progress.looks + 1 < LOOKS:
            return replace(progress, looks=progress.looks + 1).stage(again_in=LIST_WAIT)
        return self._anew(progress, error)

    def _uploaded(self, wanted: Wanted, session: Session) -> str:
        """Return the id of the private video that this session made, if the uploads list has it."""
        channels = self._api.items(self._api.data.channels().list(part="contentDetails", mine=True))
        playlist = text_at(channels[0], "contentDetails", "relatedPlaylists", "uploads") if channels else ""
        if not playlist:
            return ""
        request = self._api.data.playlistItems().list(
            part="snippet,contentDetails,status", playlistId=playlist, maxResults=50
        )
        try:
            newest = self._api.items(request)
        except Gone:  # a brand-new channel has no list yet (sheet 3.1 [doc][code])
            return ""
        ids = [text_at(item, "contentDetails", "videoId") for item in newest]
        ids = [each for each in ids if each]
        if not ids:
            return ""
        videos = self._api.data.videos().list(part="snippet,status,fileDetails", id=",".join(ids))
        return next((text_at(video, "id") for video in self._api.items(videos) if _is_of(video, wanted, session)), "")

    def _complete(self, post: OutgoingPost, progress: Progress) -> Stage:
        wanted = Wanted.of(post)
        video = read_video(self._api, progress.video, "snippet,status,processingDetails")
        if video is None or text_at(video, "status", "uploadStatus") == "deleted":
            if progress.looks + 1 < LOOKS:
                return replace(progress, looks=progress.looks + 1).stage(again_in=LIST_WAIT)
            return self._anew(progress, _unavailable("the prepared video is not there any more", ""))
        progress = replace(progress, looks=0)
        if text_at(video, "status", "privacyStatus") == "public":
            # an earlier publish landed, or somebody did it by hand: nothing is written to what the public sees
            return progress.stage(ready=True)
        wait = processing_wait(video)
        if wait is not None:
            return progress.stage(again_in=wait)
        return self._mended(wanted, progress, video) or self._attached(post, wanted, progress)

    def _mended(self, wanted: Wanted, progress: Progress, video: Answer) -> Stage | None:
        """Write what was changed on the platform as it was approved; None where nothing was."""
        differing = wanted.differences(video)
        privacy, publish_at = text_at(video, "status", "privacyStatus"), text_at(video, "status", "publishAt")
        is_exposed = privacy == "unlisted" or bool(publish_at)
        if not differing and not is_exposed:
            return None
        if progress.mended >= MEND_LIMIT:
            what = ", ".join(differing) or "visibility"
            raise Rejected(
                f"the platform keeps another {what} than it was given",
                platform=Platform.YOUTUBE,
                code="not_kept",
                sentence=_(
                    "El video en YouTube no queda como se aprobó: alguien lo cambia, o YouTube lo corrige. Véalo en"
                    " YouTube Studio antes de enviar la publicación otra vez."
                ),
            )
        body: dict[str, Any] = {"id": progress.video}
        if set(differing) - {"made for kids"}:
            body["snippet"] = snippet_for(video, wanted)
        # The privacy of what is private is left alone: meanwhile another worker, to whom we are dead, may have
        # published it, and the word would take it from the public.
        if is_exposed or "made for kids" in differing:
            body["status"] = status_for(video, "private", wanted)
        parts = ",".join(name for name in ("snippet", "status") if name in body)
        self._api.call(self._api.data.videos().update(part=parts, body=body))
        return replace(progress, mended=progress.mended + 1).stage()

    def _attached(self, post: OutgoingPost, wanted: Wanted, progress: Progress) -> Stage:
        api, video_id = self._api, progress.video
        if post.thumbnail and not progress.thumbnail:
            set_thumbnail(api, video_id, post.thumbnail)
            return replace(progress, thumbnail=True).stage()
        if progress.captions < len(post.captions):
            language = caption_languages(post)[progress.captions]
            # an earlier answer may have been lost
            if not has_captions(api, video_id, language):
                add_captions(api, video_id, post.captions[progress.captions], language)
            return replace(progress, captions=progress.captions + 1).stage()
        if wanted.playlist and not progress.playlist:
            if not is_in_playlist(api, wanted.playlist, video_id):
                add_to_playlist(api, wanted.playlist, video_id)
            return replace(progress, playlist=True).stage()
        return progress.stage(ready=True)

    @staticmethod
    def _anew(progress: Progress, reason: ConnectorError) -> Stage:
        """Start afresh, or raise the reason where that did not help before."""
        if progress.anew >= ANEW_LIMIT:
            raise reason
        return Progress(content=progress.content, anew=progress.anew + 1).stage()


def read_video(api: Api, video_id: str, parts: str) -> Answer | None:
    """Return these parts of a video, None where the platform shows us none of that id (it is simply left out)."""
    found = api.items(api.data.videos().list(part=parts, id=video_id))
    return next((video for video in found if text_at(video, "id") in ("", video_id)), None)


def _is_of(video: Mapping[str, Any], wanted: Wanted, session: Session) -> bool:
    """Tell whether a listed video is what the session made: private, since then, of these words and this size."""
    uploaded_at = instant_at(video, "snippet", "publishedAt")
    size = number_at(video, "fileDetails", "fileSize")
    return (
        text_at(video, "status", "privacyStatus") == "private"
        and not wanted.differences(video)
        and uploaded_at is not None
        and uploaded_at >= datetime.fromisoformat(session.started)
        and size in (None, session.size)
    )


def _unavailable(what: str, detail: str) -> Unavailable:
    return Unavailable(what, platform=Platform.YOUTUBE, detail=detail)
