"""The connector of a Facebook Page. Source: sheet of 2026-11-23; for operators docs/platforms/facebook.md."""

from datetime import date, datetime, timedelta
from typing import ClassVar

from connectors.base import NO_SERVICES, Connector, Services
from connectors.errors import Gone, NotAuthorized, OutcomeUnknown, Rejected, Unsupported
from connectors.facebook_stage import LINK_PLACE, Progress, Staging, message_of
from connectors.http import Door, visible_write
from connectors.meta import API_VERSION, Answer, Graph
from connectors.meta_insights import put, read_insights, snapshot
from connectors.meta_sentences import CANNOT_HIDE, PAGE_TOKEN
from connectors.meta_token import examine_token
from connectors.meta_values import address_at, ident, parse_time, part_of, same_text, text_of
from connectors.meta_walk import Walk
from core.accounts import Account, CredentialField, Credentials, Identity
from core.capabilities import ApiVersion, Capabilities, FileLimits, Limit, Operation, Repeating
from core.deliveries import Published, Stage
from core.feedback import Comment, Page, Snapshot
from core.platforms import Platform
from core.posts import OutgoingPost
from core.texts import _

_READ_ON = date(2026, 11, 23)
# no published maximum: "keep it to 1,000" is the sheet's own advice [memory]
ALT_TEXT_LENGTH = Limit(1000, "sheet section 5 [memory]", _READ_ON, remembered=True)
TEXT_LENGTH = Limit(63_206, "sheet section 5 [code]: what other tools use; Meta's API pages name none", _READ_ON)
PHOTO_SIZE = Limit(10_000_000, "sheet section 5 [doc]: 10 MB", _READ_ON)
PHOTO_COUNT = Limit(10, "sheet section 5 [code]: ten seen to work; no maximum documented", _READ_ON)
VIDEO_SIZE = Limit(10_000_000_000, "sheet section 5 [memory]: 10 GB by chunks", _READ_ON, remembered=True)
VIDEO_COUNT = Limit(1, "sheet section 2.4 [doc]: a video makes a post of its own", _READ_ON)
PHOTO_LIFE = timedelta(hours=24)  # unpublished photos that no post uses are dropped after about that (sheet 2.3 [doc])

# sheet 1.3
SCOPES = (
    "pages_show_list",
    "pages_manage_posts",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_engagement",
    "read_insights",
)
# sheet 4.2: the names of 2026. One retired name fails a whole request, so a refused request is asked again one by one.
POST_METRICS = (
    "post_media_view",
    "post_total_media_view_unique",
    "post_clicks",
    "post_reactions_by_type_total",
    "post_video_views",
)
PAGE_METRICS = (
    "page_media_view",
    "page_total_media_view_unique",
    "page_post_engagements",
    "page_views_total",
    "page_daily_follows_unique",
    "page_daily_unfollows_unique",
)

_COMMENT_FIELDS = "id,message,created_time,from{id,name},parent{id},is_hidden,can_hide,permalink_url"
_COMMENTS_A_PAGE = "100"
# of a failing insights request only this code means a bad name; the others mean that this post or Page has none at all
_METRIC_FAULTS = frozenset({"100"})
_SITE = "facebook.com"
_SKEW = timedelta(minutes=5)  # between the platform's clock and ours
_LISTS_READ = 5


class FacebookConnector(Connector):
    """One Page, through its Page token."""

    platform: ClassVar[Platform] = Platform.FACEBOOK
    capabilities: ClassVar[Capabilities] = Capabilities(
        platform=Platform.FACEBOOK,
        # `is_published=true` on a draft: a second time succeeds again and nothing is doubled (sheet 2.6 [code])
        repeating=Repeating.HARMLESS,
        operations=frozenset(Operation) - {Operation.REFRESH},  # Page tokens have no end date (sheet 1.1)
        text_length=TEXT_LENGTH,
        link=LINK_PLACE,
        images=FileLimits(
            types=frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff"}),
            count=PHOTO_COUNT,
            size=PHOTO_SIZE,
            alt_text_length=ALT_TEXT_LENGTH,
        ),
        videos=FileLimits(types=frozenset({"video/mp4", "video/quicktime"}), count=VIDEO_COUNT, size=VIDEO_SIZE),
        staging_lead=timedelta(minutes=10),
        staging_life=PHOTO_LIFE,
    )
    api_versions: ClassVar[tuple[ApiVersion, ...]] = (API_VERSION,)
    credential_fields: ClassVar[tuple[CredentialField, ...]] = (
        CredentialField("page_token", _("Token de acceso de la página")),
        CredentialField("app_id", _("Identificador de la aplicación de Meta"), secret=False, required=False),
        CredentialField("app_secret", _("Clave secreta de la aplicación de Meta"), required=False),
    )

    def __init__(
        self, account: Account, credentials: Credentials, door: Door, services: Services = NO_SERVICES
    ) -> None:
        super().__init__(account, credentials, door, services)
        self._credentials = credentials
        self._door = door
        self._page = account.remote_id
        token, secret = credentials.get("page_token"), credentials.get("app_secret")
        self._graph = Graph(door, self.platform, token, home=self._page, app_secret=secret)
        self._staging = Staging(self._graph, self._page)

    def identify(self) -> Identity:
        """Return the Page. Raises NotAuthorized for a person's token, which could read the Page and not act as it."""
        seen = self._graph.get("me", fields="id,name")
        remote_id = self._graph.id_in(seen)
        if remote_id != self._page and self._lists_pages():
            raise NotAuthorized(
                "this is a person's token; the Page's own is needed", platform=self.platform, sentence=PAGE_TOKEN
            )
        facts = examine_token(self._door, self.platform, self._credentials, page_id=remote_id)
        if facts is not None and facts.kind not in ("PAGE", ""):
            raise NotAuthorized(
                "this is a token of another kind; the Page's own is needed",
                platform=self.platform,
                detail=facts.kind,
                sentence=PAGE_TOKEN,
            )
        link = self._graph.get(remote_id, fields="link").get("link")
        return Identity(
            remote_id=remote_id,
            name=text_of(seen.get("name")),
            address=address_at(link, _SITE) or f"https://www.{_SITE}/{remote_id}",
            missing=facts.missing(SCOPES) if facts else (),
            expires_at=facts.expires_at if facts else None,
        )

    def stage(self, post: OutgoingPost, stage: Stage | None = None) -> Stage:
        """Do one step of facebook_stage.py."""
        return self._staging.step(post, stage)

    def publish(self, post: OutgoingPost, stage: Stage) -> Published:
        """Make the draft public.

        A draft that vanished raises OutcomeUnknown: `stage` has just seen it, so somebody removed it since, and if
        this is a repetition it may have been public before. Making another one is a person's decision.
        """
        progress = Progress.of(post, stage)
        if not progress.draft:
            raise Unsupported("there is no draft of this very post to publish", platform=self.platform)
        with visible_write():
            try:
                # no `fields`: read-after-write is documented for creating calls only, and a refused field after the
                # flip would look like a refused post
                answer = self._graph.post(progress.draft, {"is_published": "true"})
            except Gone as error:
                raise OutcomeUnknown(
                    "the draft is not there any more", platform=self.platform, status=error.status, code=error.code
                ) from error
            self._graph.confirmed(answer, "the publication")
        return self._published(progress.draft, {"permalink_url": progress.url})

    def find(self, post: OutgoingPost, stage: Stage, since: datetime) -> Published | None:
        """Read the draft by its id, which settles it; without one, look for the text among the published posts.

        A draft that is gone tells nothing: it may have been public until somebody removed it. Absence from the list
        tells nothing either, since the platform lists a selection (sheet 3.1).
        """
        progress = Progress.of(post, stage)
        if not progress.draft:
            return self._find_listed(post, since)
        try:
            seen = self._graph.read(progress.draft, fields=f"id,{progress.visibility},permalink_url")
        except Gone as error:
            raise OutcomeUnknown(
                "the draft is not there any more", platform=self.platform, status=error.status, code=error.code
            ) from error
        if seen.get(progress.visibility) is True:
            return self._published(progress.draft, seen)
        if seen.get(progress.visibility) is False:
            return None
        raise OutcomeUnknown("the platform did not tell whether the post is public", platform=self.platform)

    def take_down(self, remote_id: str) -> None:
        """Delete the post. A lost answer is safe to repeat: the second time it is Gone."""
        self._graph.delete(remote_id)

    def comments(self, remote_id: str, cursor: str | None = None) -> Page[Comment]:
        """Return up to 100 comments and replies, oldest first.

        From a `resume_cursor` only those since an hour before the newest one that was met.
        """
        walk = Walk.parse(cursor, self.platform)
        query = {"filter": "stream", "order": "chronological", "limit": _COMMENTS_A_PAGE, "fields": _COMMENT_FIELDS}
        query |= {"since": f"{walk.since}"} if walk.since else {}
        query |= {"after": walk.after} if walk.after else {}
        answer = self._graph.read(f"{remote_id}/comments", **query)
        items = tuple(self._comment(item) for item in self._graph.items(answer))
        met = walk.met([comment.created_at for comment in items])
        after = self._graph.cursor_of(answer)
        if after is None:
            return Page(items, resume_cursor=met.resumed())
        return Page(items, next_cursor=met.following(after, self.platform))

    def reply(self, comment_id: str, text: str) -> Published:
        """Answer as the Page. Not repeatable: a second call makes a second reply."""
        with visible_write():
            answer = self._graph.post(
                f"{comment_id}/comments", {"message": text}, fields="id,permalink_url,created_time"
            )
            reply_id = self._graph.id_in(answer)
        return self._published(reply_id, answer, at=parse_time(answer.get("created_time")))

    def hide(self, comment_id: str, hidden: bool) -> None:  # noqa: FBT001  (the design's own signature)
        """Hide or show. A lost answer is safe to repeat. Rejected where the platform does not let it be done."""
        # asked first: the refusal would come as code 200, which elsewhere means that a permission is gone (sheet 3.2)
        seen = self._graph.read(comment_id, fields="id,can_hide,is_hidden")
        if seen.get("is_hidden") is hidden:
            return
        if seen.get("can_hide") is False:
            raise Rejected("this comment cannot be hidden or shown", platform=self.platform, sentence=CANNOT_HIDE)
        answer = self._graph.post(comment_id, {"is_hidden": "true" if hidden else "false"})
        self._graph.confirmed(answer, "the hiding")

    def metrics(self, remote_id: str) -> Snapshot:
        """Return the counts that the post itself shows, and its insights (`<metric>.<part>` where one has parts)."""
        fields = "shares,reactions.summary(true).limit(0),comments.summary(true).limit(0)"
        seen = self._graph.read(remote_id, fields=fields)
        values: dict[str, float] = {}
        put(values, "shares", part_of(seen, "shares", "count"))
        put(values, "reactions", part_of(seen, "reactions", "summary", "total_count"))
        put(values, "comments", part_of(seen, "comments", "summary", "total_count"))
        values |= read_insights(self._graph, f"{remote_id}/insights", POST_METRICS, faults=_METRIC_FAULTS)
        return snapshot(values, expected=POST_METRICS)

    def account_metrics(self) -> Snapshot:
        """Return the Page's followers now, and its last whole day by the platform's clock (Pacific midnight)."""
        seen = self._graph.get(self._page, fields="followers_count,fan_count")
        values: dict[str, float] = {}
        for name in ("followers_count", "fan_count"):
            put(values, name, seen.get(name))
        path = f"{self._page}/insights"
        values |= read_insights(self._graph, path, PAGE_METRICS, faults=_METRIC_FAULTS, period="day")
        return snapshot(values, expected=PAGE_METRICS)

    def _lists_pages(self) -> bool:
        """Tell whether the token has Pages of its own, which only a person's or a system user's has."""
        try:
            return isinstance(self._graph.get("me/accounts", fields="id").get("data"), list)
        except (Rejected, Gone, NotAuthorized):
            return False

    def _find_listed(self, post: OutgoingPost, since: datetime) -> Published:
        wanted = message_of(post)
        query = {"fields": "id,message,created_time,permalink_url", "limit": "100"}
        for _list in range(_LISTS_READ if wanted.strip() else 0):
            answer = self._graph.get(f"{self._page}/published_posts", **query)
            items = self._graph.items(answer)
            for item in items:
                at = parse_time(item.get("created_time"))
                if at and at >= since - _SKEW and same_text(text_of(item.get("message")), wanted):
                    return self._published(self._graph.id_in(item), item, at=at)
            cursor = self._graph.cursor_of(answer)
            if cursor is None or any(_is_before(item, since - _SKEW) for item in items):
                break
            query["after"] = cursor
        raise OutcomeUnknown("the post is not in the list, which does not hold every post", platform=self.platform)

    def _comment(self, item: Answer) -> Comment:
        comment_id, created_at = self._graph.id_in(item), parse_time(item.get("created_time"))
        if created_at is None:
            raise self._graph.unreadable("a comment has no time")
        author_id = ident(part_of(item, "from", "id"))
        return Comment(
            id=comment_id,
            text=text_of(item.get("message")),
            created_at=created_at,
            parent_id=ident(part_of(item, "parent", "id")) or None,
            author_id=author_id,
            author_name=text_of(part_of(item, "from", "name")),
            own=author_id == self._page,
            hidden=item.get("is_hidden") is True,
            can_hide=item.get("can_hide") is not False,
            url=address_at(item.get("permalink_url"), _SITE),
        )

    def _published(self, remote_id: str, seen: Answer, *, at: datetime | None = None) -> Published:
        # a draft's created_time may be the draft's own: what the flip does to it is not known (sheet 2.6 [memory])
        url = address_at(seen.get("permalink_url"), _SITE) or f"https://www.{_SITE}/{remote_id}"
        return Published(remote_id=remote_id, url=url, published_at=at)


def _is_before(item: Answer, instant: datetime) -> bool:
    at = parse_time(item.get("created_time"))
    return at is not None and at < instant
