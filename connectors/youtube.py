"""The connector of a YouTube channel. Source: sheet of 2026-11-23; for operators docs/platforms/youtube.md."""

from datetime import datetime, timedelta
from typing import ClassVar

from connectors.base import NO_SERVICES, Connector, Services
from connectors.errors import Gone, NotAuthorized, OutcomeUnknown, Rejected, Unavailable, Unsupported
from connectors.http import Door, visible_write
from connectors.youtube_api import API_VERSIONS, Answer, Api, instant_at, listed, text_at
from connectors.youtube_comments import Comments
from connectors.youtube_errors import unreadable
from connectors.youtube_meanings import CHANNEL_MISSING, NO_CHANNEL
from connectors.youtube_metrics import channel_snapshot, video_snapshot
from connectors.youtube_post import (
    CAPTIONS,
    DESCRIPTION_BYTES,
    FORBIDDEN,
    LINK_PLACE,
    OPTIONS,
    TAGS_LENGTH,
    THUMBNAIL,
    TITLE_LENGTH,
    VIDEOS,
    Wanted,
    byte_length,
    status_for,
    tags_length,
)
from connectors.youtube_quotas import QUOTAS
from connectors.youtube_stage import Progress, Staging, read_video
from connectors.youtube_token import consent_end, fetch_grant, lacking_scopes, missing_scopes
from core.accounts import Account, CredentialField, Credentials, Identity
from core.capabilities import ApiVersion, Capabilities, Operation, Repeating
from core.deliveries import Published, Stage
from core.feedback import Comment, Page, Snapshot
from core.platforms import Platform
from core.posts import OutgoingPost
from core.texts import _

_LISTS_READ = 2  # of 50 uploads
_SKEW = timedelta(minutes=5)  # between the platform's clock and ours


class YouTubeConnector(Connector):
    """One channel, through the OAuth consent of its owner."""

    platform: ClassVar[Platform] = Platform.YOUTUBE
    capabilities: ClassVar[Capabilities] = Capabilities(
        platform=Platform.YOUTUBE,
        # `privacyStatus: public` on a video: a second time says the same of the same video (sheet 2.3 [doc])
        repeating=Repeating.HARMLESS,
        operations=frozenset(Operation),
        text_length=DESCRIPTION_BYTES,
        text_required=False,
        text_unit=_("bytes (una letra con tilde o una eñe cuenta por dos)"),
        measure=byte_length,
        title_required=True,
        title_length=TITLE_LENGTH,
        forbidden="".join(sorted(FORBIDDEN)),
        link=LINK_PLACE,
        videos=VIDEOS,
        media_required=True,
        thumbnail=THUMBNAIL,
        captions=CAPTIONS,
        tags_length=TAGS_LENGTH,
        tags_measure=tags_length,
        options=OPTIONS,
        quotas=QUOTAS,
        # ours: a large file takes its time to be sent, and again to be processed; a private video is kept for good
        staging_lead=timedelta(hours=2),
        staging_life=None,
    )
    api_versions: ClassVar[tuple[ApiVersion, ...]] = API_VERSIONS
    credential_fields: ClassVar[tuple[CredentialField, ...]] = (
        CredentialField("client_id", _("Identificador del cliente OAuth de Google"), secret=False),
        CredentialField("client_secret", _("Clave secreta del cliente OAuth")),
        CredentialField("refresh_token", _("Token de renovación (refresh token) del canal")),
        CredentialField("access_token", _("Token de acceso (opcional: se obtiene solo)"), required=False),
    )

    def __init__(
        self, account: Account, credentials: Credentials, door: Door, services: Services = NO_SERVICES
    ) -> None:
        super().__init__(account, credentials, door, services)
        self._credentials = credentials
        self._door = door
        self._api = Api(door, credentials)
        self._staging = Staging(self._api)
        self._comments = Comments(self._api, account.remote_id)

    def identify(self) -> Identity:
        """Return the channel behind the consent. NotAuthorized where the Google account has none: its token is alive.

        `expires_at` stays empty: the access token's end is told by `refresh`. A refresh token has an end of its own
        only where Google says so (`connect_again_before`: apps in testing, 7 days; sheet 1.1 [doc]).
        """
        channels = self._api.items(self._api.data.channels().list(part="id,snippet", mine=True))
        if not channels:
            raise NotAuthorized(
                "this Google account has no YouTube channel",
                platform=self.platform,
                code=NO_CHANNEL,
                sentence=CHANNEL_MISSING,
            )
        remote_id, handle = text_at(channels[0], "id"), text_at(channels[0], "snippet", "customUrl")
        if not remote_id:
            raise unreadable("the platform did not tell whose token this is")
        # scopes and end are told together with a new access token only, and kept by `refresh`
        is_told = bool(self._credentials.get("scope"))
        known = self._credentials if is_told else self._api.grant().added_to(self._credentials)
        scope = known.get("scope")
        return Identity(
            remote_id=remote_id,
            name=text_at(channels[0], "snippet", "title"),
            address=f"https://www.youtube.com/{handle if handle.startswith('@') else f'channel/{remote_id}'}",
            missing=missing_scopes(scope) if scope else (),
            lacking=lacking_scopes(scope) if scope else (),
            connect_again_before=consent_end(known),
        )

    def stage(self, post: OutgoingPost, stage: Stage | None = None) -> Stage:
        """Do one step of youtube_stage.py."""
        return self._staging.step(post, stage)

    def publish(self, post: OutgoingPost, stage: Stage) -> Published:
        """Make the private video public, leaving every other setting of it as it is.

        A video that vanished raises OutcomeUnknown: `stage` has just seen it, so somebody removed it since, and if
        this is a repetition it may have been public before. One that says something else by now is Unavailable: it is
        mended by `stage` first.
        """
        progress = Progress.of(post, stage)
        if not stage.ready or not progress.video:
            raise Unsupported("there is no video of this very post to publish", platform=self.platform)
        wanted = Wanted.of(post)
        # an update erases what it leaves out (sheet 2.3 [doc]), so all is read first
        video = read_video(self._api, progress.video, "snippet,status")
        if video is None:
            raise self._vanished()
        if text_at(video, "status", "privacyStatus") == "public":
            return _published(progress.video)
        differing = wanted.differences(video)
        if differing:
            raise Unavailable(f"the prepared video was changed: {', '.join(differing)}", platform=self.platform)
        body = {"id": progress.video, "status": status_for(video, "public", wanted)}
        with visible_write():
            try:
                answer = self._api.call(self._api.data.videos().update(part="status", body=body))
            except Gone as error:
                raise self._vanished() from error
            privacy = text_at(answer, "status", "privacyStatus")
            if not privacy:
                raise unreadable("the platform did not confirm the publication")
        if privacy != "public":
            raise Rejected(
                f"the platform keeps the video {privacy}",
                platform=self.platform,
                code=privacy[:100],
                sentence=_(
                    "YouTube no hizo público el video. Revise en YouTube Studio si tiene alguna restricción, corríjala"
                    " y envíe la publicación otra vez."
                ),
            )
        return _published(progress.video)

    def find(self, post: OutgoingPost, stage: Stage, since: datetime) -> Published | None:
        """Read the video by its id, which settles it; without one, look for its words among the public uploads.

        OutcomeUnknown for a video that is gone (it may have been public until somebody removed it), for one that
        somebody made unlisted, for one that the platform withdrew; and where the list, which lags, has none.
        """
        progress = Progress.of(post, stage)
        if not progress.video:
            return self._find_listed(Wanted.of(post), since)
        video = read_video(self._api, progress.video, "status")
        if video is None:
            raise self._vanished()
        privacy, state = text_at(video, "status", "privacyStatus"), text_at(video, "status", "uploadStatus")
        if privacy == "private":
            return None
        if privacy == "public" and state not in ("rejected", "failed", "deleted"):
            return _published(progress.video)
        raise OutcomeUnknown(
            "the video is neither private nor simply public", platform=self.platform, code=f"{privacy} {state}"[:100]
        )

    def take_down(self, remote_id: str) -> None:
        """Make the video private. A lost answer is safe to repeat: the second time there is nothing to do.

        Not deleted: that would destroy for good what may have to be shown later, its comments and figures with it.
        """
        video = read_video(self._api, remote_id, "status")
        if video is None:
            raise Gone("the video is not there any more", platform=self.platform)
        if text_at(video, "status", "privacyStatus") == "private":
            return
        body = {"id": remote_id, "status": status_for(video, "private")}
        answer = self._api.call(self._api.data.videos().update(part="status", body=body))
        if text_at(answer, "status", "privacyStatus") != "private":
            raise unreadable("the platform did not confirm that the video is private")

    def comments(self, remote_id: str, cursor: str | None = None) -> Page[Comment]:
        """Return threads with their replies, newest thread first: the platform has no other order of time.

        From a `resume_cursor` every thread is listed again, since a late reply moves none up (sheet 3.2 [doc]), but
        only what was written since is returned, and only long threads that grew are opened.
        """
        return self._comments.page(remote_id, cursor)

    def reply(self, comment_id: str, text: str) -> Published:
        """Answer as the channel."""
        return self._comments.reply(comment_id, text)

    def hide(self, comment_id: str, hidden: bool) -> None:  # noqa: FBT001  (the design's own signature)
        """Hold back for review, or show. A lost answer is safe to repeat."""
        self._comments.hide(comment_id, hidden=hidden)

    def metrics(self, remote_id: str) -> Snapshot:
        """Return the video's counts, and what Analytics has of it."""
        return video_snapshot(self._api, remote_id)

    def account_metrics(self) -> Snapshot:
        """Return the channel's counts, and the last day that Analytics has of it."""
        return channel_snapshot(self._api)

    def refresh(self) -> Credentials | None:
        """Return a new access token with its end. The refresh token does not rotate: nothing is lost by asking."""
        return fetch_grant(self._door, self._credentials).added_to(self._credentials)

    def _find_listed(self, wanted: Wanted, since: datetime) -> Published:
        channels = self._api.items(self._api.data.channels().list(part="contentDetails", mine=True))
        playlist = text_at(channels[0], "contentDetails", "relatedPlaylists", "uploads") if channels else ""
        page_token = None
        for _list in range(_LISTS_READ if playlist else 0):
            request = self._api.data.playlistItems().list(
                part="contentDetails", playlistId=playlist, maxResults=50, pageToken=page_token
            )
            try:
                answer = self._api.call(request)
            except Gone:
                break
            ids = [each for each in (text_at(item, "contentDetails", "videoId") for item in listed(answer)) if each]
            for video in self._videos(ids):
                uploaded_at = instant_at(video, "snippet", "publishedAt")
                is_public = text_at(video, "status", "privacyStatus") == "public"
                if is_public and uploaded_at and uploaded_at >= since - _SKEW and not wanted.differences(video):
                    return _published(text_at(video, "id"))
            page_token = text_at(answer, "nextPageToken") or None
            if page_token is None:
                break
        raise OutcomeUnknown("the video is not in the list, which lags", platform=self.platform)

    def _videos(self, ids: list[str]) -> list[Answer]:
        if not ids:
            return []
        return self._api.items(self._api.data.videos().list(part="snippet,status", id=",".join(ids)))

    def _vanished(self) -> OutcomeUnknown:
        return OutcomeUnknown("the video is not there any more", platform=self.platform, code="videoNotFound")


def _published(video_id: str) -> Published:
    # snippet.publishedAt is when the video was uploaded (sheet 3.1 [doc]), so it tells no time of publication
    return Published(remote_id=video_id, url=f"https://www.youtube.com/watch?v={video_id}")
