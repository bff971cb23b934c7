"""The connector of an account on X. Source: sheet of 2026-11-23; for operators docs/platforms/x.md."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, TypeVar

from connectors import x_sentences as say
from connectors.base import NO_SERVICES, Connector, Services
from connectors.errors import ConnectorError, Gone, Rejected, Unavailable, Unsupported
from connectors.http import Door, visible_write
from connectors.x_api import API_VERSION, Api
from connectors.x_comments import Conversations
from connectors.x_errors import DUPLICATE, INVALID_MEDIA, Answer, unreadable
from connectors.x_figures import Figures
from connectors.x_login import FIELDS, Login
from connectors.x_posts import OwnPosts
from connectors.x_progress import LINK_PLACE, Progress, messages_of
from connectors.x_reading import Seen, id_in, instant_of, is_id, read_post
from connectors.x_stage import IMAGES, Staging
from connectors.x_text import weight
from connectors.x_upload import CHUNKS, FILE_LIFE, LARGEST_CHUNK
from core.accounts import Account, CredentialField, Credentials, Identity
from core.capabilities import (
    ApiVersion,
    Capabilities,
    FileLimits,
    Limit,
    Operation,
    Option,
    Quota,
    Range,
    Repeating,
    each_message,
)
from core.deliveries import Published, Stage
from core.feedback import Comment, Page, Snapshot
from core.platforms import Platform
from core.posts import OutgoingPost
from core.texts import _

_Error = TypeVar("_Error", bound=ConnectorError)

_READ_ON = date(2026, 11, 23)
TEXT_WEIGHT = Limit(280, "sheet 5.1 [code]: twitter-text configuration 3; Premium accounts may have more", _READ_ON)
# the composer takes 25 messages at once; the API names no limit
THREAD_LENGTH = Limit(24, "sheet 2.1 names none; the composer of X takes 25 [memory]", _READ_ON, remembered=True)
DAILY_MESSAGES = Quota(
    Limit(10_000, "sheet 5.3 [doc]: POST /2/tweets, 10,000 in 24 h for the app", _READ_ON),
    unit=_("mensajes"),
    cost=each_message,
    shared=True,
)
ALT_TEXT_LENGTH = Limit(1000, "sheet 5.2 [doc]", _READ_ON)
IMAGE_COUNT = Limit(IMAGES, "sheet 5.2 [doc]", _READ_ON)
IMAGE_SIZE = Limit(5_000_000, "sheet 5.2 [doc]: 5 MB", _READ_ON)
GIF_SIZE = Limit(15_000_000, "sheet 5.2 [doc]: 15 MB for one that moves", _READ_ON)
GIF_COUNT = Limit(1, "sheet 5.2 [doc]: one that moves goes alone", _READ_ON)
GIF_WIDTH = Range(None, 1280, "sheet 5.2 [doc]: 1280x1080", _READ_ON)
GIF_HEIGHT = Range(None, 1080, "sheet 5.2 [doc]: 1280x1080", _READ_ON)
GIF_FRAMES = Limit(350, "sheet 5.2 [doc]", _READ_ON)
GIF_PIXELS = Limit(300_000_000, "sheet 5.2 [doc]: frames x pixels", _READ_ON)
VIDEO_COUNT = Limit(1, "sheet 5.2 [doc]", _READ_ON)
VIDEO_SIZE = Limit(
    CHUNKS * LARGEST_CHUNK, "sheet 5.2 [doc]: 8 GB without Premium; 1,000 chunks of 8 MB (2.2)", _READ_ON
)
VIDEO_DURATION = Range(0.5, 1200.0, "sheet 5.2 [doc]: 20 min without Premium", _READ_ON)
VIDEO_RATIO = Range(1 / 3, 3.0, "sheet 5.2 [doc]: 1:3 to 3:1", _READ_ON)
VIDEO_WIDTH = Range(32, 1280, "sheet 5.2 [doc]: 32x32 to 1280x1024", _READ_ON)
VIDEO_HEIGHT = Range(
    32, 1280, "sheet 5.2 [doc]: 1280x1024; upright films turn the two around [memory]", _READ_ON, remembered=True
)
CAPTIONS_COUNT = Limit(6, "ours: one track a language; X names no limit", _READ_ON)
CAPTIONS_SIZE = Limit(500_000, "ours: X names no limit for subtitles", _READ_ON)
# between an image's upload and the moment at which posts take it: about 3 s (sheet 2.2 [code]); ours is generous
MEDIA_RIPENS = timedelta(minutes=2)
# before that the count of a post's replies may leave out what is there; ours
_COUNTS_LAG = timedelta(minutes=10)

OPTIONS = (
    Option(
        "reply_settings",
        _("Quién puede responder"),
        (
            ("everyone", _("Todos")),
            ("following", _("Las cuentas que seguimos")),
            ("mentionedUsers", _("Solo las cuentas mencionadas")),
            ("verified", _("Las cuentas verificadas")),
            ("subscribers", _("Los suscriptores")),
        ),
        default="everyone",
    ),
    Option("made_with_ai", _("Hecho con inteligencia artificial"), (("no", _("No")), ("yes", _("Sí"))), default="no"),
    Option("paid_partnership", _("Colaboración pagada"), (("no", _("No")), ("yes", _("Sí"))), default="no"),
)


class XConnector(Connector):
    """One account, through OAuth 1.0a or OAuth 2."""

    platform: ClassVar[Platform] = Platform.X
    capabilities: ClassVar[Capabilities] = Capabilities(
        platform=Platform.X,
        # no idempotency key; X refuses an equal text for some hours, which is no promise (sheet 0 and 3.2)
        repeating=Repeating.DUPLICATES,
        operations=frozenset(Operation),
        text_length=TEXT_WEIGHT,
        text_required=False,
        link=LINK_PLACE,
        images=FileLimits(
            types=frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"}),
            count=IMAGE_COUNT,
            size=IMAGE_SIZE,
            alt_text_length=ALT_TEXT_LENGTH,
            animated=True,
            # another image type that moves is not known to stay one
            animation=FileLimits(
                types=frozenset({"image/gif"}),
                count=GIF_COUNT,
                size=GIF_SIZE,
                width=GIF_WIDTH,
                height=GIF_HEIGHT,
                alt_text_length=ALT_TEXT_LENGTH,
                animated=True,
                frames=GIF_FRAMES,
                frame_pixels=GIF_PIXELS,
            ),
        ),
        videos=FileLimits(
            types=frozenset({"video/mp4", "video/quicktime"}),
            count=VIDEO_COUNT,
            size=VIDEO_SIZE,
            ratio=VIDEO_RATIO,
            width=VIDEO_WIDTH,
            height=VIDEO_HEIGHT,
            duration=VIDEO_DURATION,
        ),
        captions=FileLimits(
            types=frozenset({"application/x-subrip", "text/vtt"}), count=CAPTIONS_COUNT, size=CAPTIONS_SIZE
        ),
        measure=weight,
        text_unit=_("caracteres según la cuenta de X"),
        thread=THREAD_LENGTH,
        options=OPTIONS,
        quotas=(DAILY_MESSAGES,),
        reads_cost=True,
        staging_lead=timedelta(minutes=10),
        staging_life=FILE_LIFE,
    )
    api_versions: ClassVar[tuple[ApiVersion, ...]] = (API_VERSION,)
    credential_fields: ClassVar[tuple[CredentialField, ...]] = FIELDS
    renew_before: ClassVar[timedelta] = timedelta(minutes=15)  # of two hours

    def __init__(
        self, account: Account, credentials: Credentials, door: Door, services: Services = NO_SERVICES
    ) -> None:
        super().__init__(account, credentials, door, services)
        self._door = door
        self._login = Login(credentials)
        self._api = Api(door, self._login, services.read_budget)
        self._posts = OwnPosts(self._api, account.remote_id)
        self._staging = Staging(self._api, self._posts)
        self._conversations = Conversations(self._api, services.read_budget, account.remote_id)
        self._figures = Figures(self._api, services.read_budget)

    def identify(self) -> Identity:
        """Return the account behind the token; `missing` where X says that the token may only read."""
        data = _data(self._api.read("/2/users/me", user__fields="name,username"))
        remote_id, username = id_in(data.get("id")), str(data.get("username") or "")
        if not remote_id:
            raise unreadable("the platform did not tell whose token this is")
        access = self._api.headers.get("x-access-level", "")
        return Identity(
            remote_id=remote_id,
            name=str(data.get("name") or username),
            address=f"https://x.com/{username}" if username else f"https://x.com/i/user/{remote_id}",
            missing=("tweet.write",) if access == "read" else (),
            expires_at=self._login.credentials.expires_at,
        )

    def stage(self, post: OutgoingPost, stage: Stage | None = None) -> Stage:
        """Do one step of x_stage.py."""
        return self._staging.step(post, stage)

    def publish(self, post: OutgoingPost, stage: Stage) -> Published:
        """Post the next message. Of one that was seen public while preparing, nothing is written again.

        A duplicate (403) may be the echo of an earlier try whose answer was lost: the post is looked for, and if X
        shows neither it nor an older double, OutcomeUnknown.
        """
        progress = Progress.of(post, stage)
        messages = messages_of(post)
        # one that cannot be read reads as if nothing were out yet
        is_readable = stage.token.get("began_at") == progress.began_at
        is_prepared = stage.ready and is_readable and len(progress.posted) < len(messages)
        if not is_prepared or not (progress.posted or len(progress.files) == len(post.media)):
            raise Unsupported("publish needs a ready stage of this very post", platform=self.platform)
        if progress.seen:
            return self._published(progress.with_posted(progress.seen), messages)
        try:
            with visible_write():
                posted = _posted_id(self._api.post("/2/tweets", _body(post, progress, messages)))
        except Rejected as error:
            posted = self._echo_of(_of_thread(error, progress, messages), post, progress, messages)
        return self._published(progress.with_posted(posted), messages)

    def find(self, post: OutgoingPost, stage: Stage, since: datetime) -> Published | None:
        """Look among our own posts for the message that is next, as X gives it back.

        None only where the list is whole and `since` at least a minute ago; else OutcomeUnknown (OwnPosts.look).
        """
        progress = Progress.of(post, stage)
        messages = messages_of(post)
        number = len(progress.posted)
        if number >= len(messages):
            raise Unsupported("all of it is out already", platform=self.platform)
        found = self._posts.look(
            messages[number], parent_id=progress.parent_id, media=_media_of(post, number), since=since
        )
        return None if found is None else self._published(progress.with_posted(found.id), messages, at=found.created_at)

    def take_down(self, remote_id: str) -> None:
        """Delete the post, and before it our own messages that continue it. A lost answer is safe to repeat.

        Where X does not show all that continues it nothing is deleted (Unavailable).
        """
        root = read_post(self._api, remote_id, fields="public_metrics")
        for post_id in (*reversed(self._thread_below(root)), remote_id):
            try:
                answer = self._api.delete(f"/2/tweets/{post_id}")
            except Gone:
                if post_id == remote_id:
                    raise
                continue
            if _data(answer).get("deleted") is not True:
                raise unreadable("the platform did not confirm the deletion")

    def comments(self, remote_id: str, cursor: str | None = None) -> Page[Comment]:
        """Return up to 500 replies, oldest first, without our own thread. BudgetSpent where no more may be read.

        `resume_cursor` brings only what is new since, and what was written in the five minutes before the last pull.
        """
        return self._conversations.page(remote_id, cursor)

    def reply(self, comment_id: str, text: str) -> Published:
        """Answer a reply or mention. A duplicate is an earlier call's, which is looked for."""
        _require_id(comment_id)
        began = datetime.now(UTC)
        try:
            with visible_write():
                posted = _posted_id(
                    self._api.post("/2/tweets", {"text": text, "reply": {"in_reply_to_tweet_id": comment_id}})
                )
        except Rejected as error:
            if error.code != DUPLICATE:
                raise
            earlier = self._posts.echo(
                text,
                parent_id=comment_id,
                media=0,
                since=began - timedelta(hours=1),
                addressee=self._author_of(comment_id),
            )
            if earlier is None:
                raise _said(error, Rejected, say.ANSWERED_SO) from error
            posted = earlier.id
        return Published(remote_id=posted, url=self._url(posted))

    def hide(self, comment_id: str, hidden: bool) -> None:  # noqa: FBT001  (the design's own signature)
        """Hide or show a reply in a conversation of ours. A lost answer is safe to repeat."""
        _require_id(comment_id)
        answer = self._api.put(f"/2/tweets/{comment_id}/hidden", {"hidden": hidden})
        if _data(answer).get("hidden") is not hidden:
            raise unreadable("the platform did not confirm it")

    def metrics(self, remote_id: str) -> Snapshot:
        """Return the post's figures, by X's names before document 2.167."""
        return self._figures.of_post(remote_id)

    def account_metrics(self) -> Snapshot:
        """Return followers and the like."""
        return self._figures.of_account()

    def refresh(self) -> Credentials | None:
        """Use the refresh token up for new ones; None for OAuth 1.0a, whose keys have no end."""
        if self._login.is_signed or not self._login.credentials.get("refresh_token"):
            return None
        return self._login.renewed(self._door)

    def _author_of(self, comment_id: str) -> str:
        try:
            return read_post(self._api, comment_id, fields="author_id", expansions="author_id").author_id
        except ConnectorError:
            return ""

    def _thread_below(self, root: Seen) -> list[str]:
        item: Any = root.answer.get("data")
        figures = item.get("public_metrics") if isinstance(item, dict) else None
        is_settled = datetime.now(UTC) - instant_of(root.id) > _COUNTS_LAG
        if is_settled and isinstance(figures, dict) and figures.get("reply_count") == 0:
            return []
        return self._posts.thread_below(root)

    def _echo_of(self, error: Rejected, post: OutgoingPost, progress: Progress, messages: tuple[str, ...]) -> str:
        """Return the id of the earlier write that X calls this one's double, or raise what the refusal means here."""
        if error.code == INVALID_MEDIA:
            raise _of_media(error, progress) from error
        if error.code != DUPLICATE:
            raise error
        number = len(progress.posted)
        earlier = self._posts.echo(
            messages[number], parent_id=progress.parent_id, media=_media_of(post, number), since=progress.since
        )
        if earlier is None:
            raise error
        return earlier.id

    def _published(self, progress: Progress, messages: tuple[str, ...], *, at: datetime | None = None) -> Published:
        first = progress.posted[0]
        rest = progress.stage(ready=True) if len(progress.posted) < len(messages) else None
        return Published(
            remote_id=first, url=self._url(first), published_at=at if len(progress.posted) == 1 else None, rest=rest
        )

    def _url(self, post_id: str) -> str:
        host, _slash, name = self.account.address.removeprefix("https://").strip("/").partition("/")
        known = host in ("x.com", "www.x.com", "twitter.com", "www.twitter.com") and name.isidentifier()
        return f"https://x.com/{name if known else 'i'}/status/{post_id}"


def _body(post: OutgoingPost, progress: Progress, messages: tuple[str, ...]) -> dict[str, Any]:
    """Return the next message as `POST /2/tweets` takes it (sheet 2.1); keys that say nothing are left out."""
    text = messages[len(progress.posted)]
    body: dict[str, Any] = {"text": text} if text.strip() else {}
    if progress.parent_id is not None:
        return body | {"reply": {"in_reply_to_tweet_id": progress.parent_id}}
    if progress.files:
        body["media"] = {"media_ids": [file.id for file in progress.files]}
    replies = post.option("x", "reply_settings", "everyone")
    if replies != "everyone":
        body["reply_settings"] = replies
    return body | {name: True for name in ("made_with_ai", "paid_partnership") if post.option("x", name) == "yes"}


def _media_of(post: OutgoingPost, number: int) -> int:
    return len(post.media) if number == 0 else 0


def _of_media(error: Rejected, progress: Progress) -> ConnectorError:
    """Return what it means that X does not take the media: too early, too late, or never (sheet 6.2 [code])."""
    now = datetime.now(UTC)
    if any(file.is_dying(now, within=timedelta(0)) for file in progress.files):
        return _said(error, Gone, say.FILES_DROPPED)
    if any(file.is_young(now, within=MEDIA_RIPENS) for file in progress.files):
        return _said(error, Unavailable, say.FILES_EARLY)
    return error


def _of_thread(error: Rejected, progress: Progress, messages: tuple[str, ...]) -> Rejected:
    """Return the refusal with what staff must know of a thread that is broken now."""
    if not progress.posted:
        return error
    cause = error.sentence.partition(". ")[0].rstrip(".")
    out, whole = len(progress.posted), len(messages)
    return _said(error, Rejected, say.THREAD_BROKEN.format(out=out, all=whole, cause=cause))


def _said(error: ConnectorError, kind: type[_Error], sentence: str) -> _Error:
    return kind(
        error.message,
        platform=Platform.X,
        status=error.status,
        code=error.code,
        detail=error.detail,
        sentence=sentence,
    )


def _require_id(comment_id: str) -> None:
    if not is_id(comment_id):
        raise Gone("no such id on X", platform=Platform.X)


def _posted_id(answer: Answer) -> str:
    """Return the id of what was just posted. Nothing else of the answer is needed, nor believed."""
    post_id = id_in(_data(answer).get("id"))
    if not post_id:
        raise unreadable("the platform did not confirm the post")
    return post_id


def _data(answer: Answer) -> dict[str, Any]:
    data = answer.get("data")
    return data if isinstance(data, dict) else {}
