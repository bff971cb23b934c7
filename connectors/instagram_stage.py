"""How a post for Instagram is prepared unseen: containers, one step a call.

Image: its file under a public address, then a container that the platform fills from there. Carousel: the same for each
image, each looked at until it is finished, then a container that holds them. Reel: a container, and the video's bytes
in chunks (connectors/instagram_reel.py); its cover needs a public address too. A container lives 24 h and nobody sees
it. Source: sheet instagram.md of 2026-11-23, sections 2.1 to 2.4 and 6.

Files leave their public address as soon as the platform says that the container is finished, for then it has its own
copy ("fetched by the platform at once", sheet 2.2): before the public sees the post. What cannot be taken away then
stays in the token (`left`), for `InstagramConnector.tidy`.

Of a step whose answer was lost only a container remains that nobody publishes: the platform drops it after a day.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from connectors.errors import (
    ConnectorError,
    Gone,
    Misconfigured,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
)
from connectors.instagram_errors import NOT_FETCHED, failure_in
from connectors.instagram_post import (
    SHARE_TO_FEED,
    Kind,
    Progress,
    caption_of,
    is_ours,
    is_telling,
    pictures,
    window_start,
)
from connectors.instagram_reel import UPLOAD_FIELDS, Reel
from connectors.instagram_sentences import FAILED, SENTENCES
from connectors.media_hosts import MediaHost
from connectors.meta import Answer, Graph
from connectors.meta_errors import number
from connectors.meta_values import address_at, parse_time, text_of
from core.deliveries import Stage
from core.media import OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost
from core.texts import _

# "once a minute, at most 5 minutes" [doc]; tools in the field ask every 10 to 30 s (sheet 2.1 [code])
IMAGE_WAIT = timedelta(seconds=5)
VIDEO_WAIT = timedelta(seconds=20)
# A container's read says "not there" now and then, although it works (sheet 3.1 [code]): asked again before it counts
MISS_WAIT = timedelta(seconds=15)
MISSES = 4
FETCH_WAIT = timedelta(seconds=20)
REFUSALS = 3  # of addresses that cannot be fetched, also seen on good ones: "2-3 retries, then P" (sheet 6 [code])
EXPIRIES = 2
LISTED = 25
LISTS_READ = 4
QUOTA_WAIT = timedelta(hours=1)  # where the list of posts does not tell when the window frees
QUOTA_WINDOW = timedelta(days=1)  # the longest that is documented (sheet 2.4)

SITE = "instagram.com"
_STATE = "status_code,status"
_MEDIA = "id,caption,media_type,media_product_type,permalink,timestamp,children{id}"


class NotHosted(Unavailable):
    """The file could not be put under a public address; Instagram itself was not asked."""

    sentence = _(
        "No se pudo poner el archivo en una dirección pública, de donde Instagram lo recoge."
        " Se intentará otra vez; si se repite, avise a la administración técnica."
    )


class Staging:
    """Prepares posts for one account."""

    def __init__(self, graph: Graph, account_id: str, host: MediaHost | None) -> None:
        self._graph = graph
        self._account = account_id
        self._host = host
        self._reel = Reel(graph)

    def step(self, post: OutgoingPost, stage: Stage | None) -> Stage:
        """Do the next step; at the end, and whenever called again after it, look whether the container is fit."""
        progress = Progress.of(post, stage)
        kind = Kind.of(post)
        try:
            if progress.container:
                return self._look(post, progress, kind)
            files = pictures(post)
            if not progress.hosted and not progress.children:
                self._check_quota()
            if kind is Kind.CAROUSEL:
                return self._carousel_step(post, progress)
            if len(progress.hosted) < len(files):
                return self._put(post, files[0], progress)
            return self._create(progress, self._form(post, progress, kind))
        except Gone as error:
            # "stop watching" is no answer to a post that is still to go out
            self._graph.check_home()
            raise _unavailable("something needed is not visible to this token", error.detail) from error
        except OSError as error:
            raise _unavailable("a file of the post cannot be read", type(error).__name__) from error

    def find(self, post: OutgoingPost, progress: Progress, since: datetime | None) -> Answer | None:
        """Return this post from the account's newest media, None where it is not among them.

        Raises OutcomeUnknown where several could be it, or where the list cannot be read to the post's own time.
        """
        start = window_start(progress, since)
        found: list[Answer] = []
        query = {"fields": _MEDIA, "limit": f"{LISTED}"}
        for _list in range(LISTS_READ):
            answer = self._graph.get(f"{self._account}/media", **query)
            items = self._graph.items(answer)
            if not all(is_telling(item) for item in items):
                raise self._graph.unreadable("what the account's list holds cannot be recognised")
            found += [item for item in items if is_ours(item, post, not_before=start)]
            cursor = self._graph.cursor_of(answer, asked=LISTED)
            if cursor is None or any(_is_before(item, start) for item in items):
                break
            query["after"] = cursor
        else:
            if not found:
                raise OutcomeUnknown("the account's list does not reach back to the post", platform=Platform.INSTAGRAM)
        ids = {self._graph.id_in(item) for item in found}
        if len(ids) > 1:
            raise OutcomeUnknown("several posts of the account could be this one", platform=Platform.INSTAGRAM)
        return found[0] if found else None

    def state(self, container: str, *, fields: str = _STATE) -> Answer:
        """Read a container. Raises Gone where it is not there, which once alone proves nothing."""
        return self._graph.get(container, fields=fields)

    def _carousel_step(self, post: OutgoingPost, progress: Progress) -> Stage:
        made = len(progress.children)
        if made < len(progress.hosted):
            medium = post.media[made]
            form = {"is_carousel_item": "true", "image_url": progress.hosted[made].url}
            return self._child(progress, _described(form, medium))
        if made < len(post.media):
            # the one before is looked at first: where it failed, nothing more needs to become public
            return self._put(post, post.media[made], self._children_seen(progress))
        progress = self._children_seen(progress)
        if not progress.children:
            return progress.stage()
        if progress.finished < made:
            return progress.stage(again_in=IMAGE_WAIT)
        return self._create(progress, self._form(post, progress, Kind.CAROUSEL))

    def _children_seen(self, progress: Progress) -> Progress:
        """Look at the children in their order; `finished` counts those from the first on that are."""
        for child in progress.children[progress.finished :]:
            try:
                seen = self.state(child)
            except Gone as error:
                return self._missed(progress, error)
            code = code_of(seen)
            if code in ("ERROR", "EXPIRED"):
                return self._failed(progress, code, seen)
            progress = replace(progress, misses=0)
            if code != "FINISHED":
                break
            progress = replace(progress, finished=progress.finished + 1)
        return progress

    def _put(self, post: OutgoingPost, medium: OutgoingMedium, progress: Progress) -> Stage:
        if self._host is None:
            raise Misconfigured("Instagram fetches images from a public address: set up a media host")
        try:
            hosted = self._host.put(medium, key=post.key)
        except ConnectorError as error:
            # whatever it was, neither this account nor this post is at fault
            raise NotHosted(
                "the media host failed", platform=Platform.INSTAGRAM, detail=f"{error} {error.detail}"
            ) from error
        if not hosted.url.isascii() or not hosted.url.startswith(("https://", "http://")):
            raise Misconfigured("the media host gave an address that Instagram cannot fetch")
        return replace(progress, hosted=(*progress.hosted, hosted)).stage()

    def _form(self, post: OutgoingPost, progress: Progress, kind: Kind) -> dict[str, str]:
        form = {"caption": caption_of(post)}
        if kind is Kind.IMAGE:
            return _described(form | {"image_url": progress.hosted[0].url}, post.media[0])
        if kind is Kind.CAROUSEL:
            return form | {"media_type": "CAROUSEL", "children": ",".join(progress.children)}
        shared = post.option(Platform.INSTAGRAM, SHARE_TO_FEED.name, SHARE_TO_FEED.default)
        form |= {"media_type": "REELS", "upload_type": "resumable", "share_to_feed": shared}
        return form | ({"cover_url": progress.hosted[0].url} if progress.hosted else {})

    def _child(self, progress: Progress, form: dict[str, str]) -> Stage:
        answer = self._make(progress, form)
        if isinstance(answer, Stage):
            return answer
        return replace(progress, children=(*progress.children, self._graph.id_in(answer)), refusals=0).stage()

    def _create(self, progress: Progress, form: dict[str, str]) -> Stage:
        answer = self._make(progress, {name: value for name, value in form.items() if value})
        if isinstance(answer, Stage):
            return answer
        return replace(
            progress,
            container=self._graph.id_in(answer),
            address=text_of(answer.get("uri")),
            made_at=int(time.time()),
            refusals=0,
        ).stage()

    def _make(self, progress: Progress, form: dict[str, str]) -> Answer | Stage:
        """Make a container; a file that could not be fetched is put up anew a few times."""
        try:
            return self._graph.post(f"{self._account}/media", form)
        except Rejected as error:
            if not error.code.endswith(f"/{NOT_FETCHED}") or progress.refusals >= REFUSALS:
                raise
            kept = progress.hosted[: len(progress.children)]
            return replace(progress, refusals=progress.refusals + 1, hosted=kept).stage(again_in=FETCH_WAIT)

    def _look(self, post: OutgoingPost, progress: Progress, kind: Kind) -> Stage:
        wait = VIDEO_WAIT if kind is Kind.REEL else IMAGE_WAIT
        uploading = kind is Kind.REEL and progress.sent < post.media[0].medium.size
        try:
            seen = self.state(progress.container, fields=f"{_STATE},{UPLOAD_FIELDS}" if uploading else _STATE)
        except Gone as error:
            return self._missed(progress, error).stage(again_in=MISS_WAIT)
        progress = replace(progress, misses=0)
        match code_of(seen):
            case "FINISHED":
                return self._finished(progress)
            case "PUBLISHED":
                return self._public(post, progress)
            case "ERROR" | "EXPIRED" as code:
                return self._failed(progress, code, seen).stage()
            case _ if uploading:
                return self._reel.step(post.media[0], progress, seen)
        return progress.stage(again_in=wait)

    def _finished(self, progress: Progress) -> Stage:
        if not progress.hosted:
            return progress.stage(ready=True)
        *others, last = progress.hosted
        progress = replace(progress, hosted=tuple(others))
        try:
            if self._host is not None:
                self._host.remove(last.token)
        except ConnectorError:
            progress = replace(progress, left=(*progress.left, last))
        return progress.stage()

    def _public(self, post: OutgoingPost, progress: Progress) -> Stage:
        """An earlier publication landed; another container would make a second post."""
        progress = replace(progress, public=True)
        with suppress(OutcomeUnknown):
            seen = self.find(post, progress, None)
            if seen is not None:
                url = address_at(seen.get("permalink"), SITE)
                progress = replace(progress, media=self._graph.id_in(seen), url=url)
        return progress.stage(ready=True)

    def _missed(self, progress: Progress, error: Gone) -> Progress:
        if progress.misses < MISSES:
            return replace(progress, misses=progress.misses + 1)
        self._graph.check_home()
        return self._expired(progress, _unavailable("the container vanished again", error.detail))

    def _failed(self, progress: Progress, code: str, seen: Answer) -> Progress:
        """Return a fresh start after a container that ended badly, or raise where that did not help before."""
        said = text_of(seen.get("status"))
        if code == "EXPIRED":
            return self._expired(progress, _unavailable("the container expired again", said))
        subcode, meaning = failure_in(said)
        if meaning is Rejected or progress.failures:
            raise Rejected(
                "the platform could not process it",
                platform=Platform.INSTAGRAM,
                code=subcode,
                detail=said,
                sentence=SENTENCES.get(number(subcode), FAILED),
            )
        return replace(progress.anew(), failures=progress.failures + 1)

    def _expired(self, progress: Progress, reason: ConnectorError) -> Progress:
        if progress.expiries >= EXPIRIES:
            raise reason
        return replace(progress.anew(), expiries=progress.expiries + 1)

    def _check_quota(self) -> None:
        """Raise RateLimited where the account may publish no more for now (sheet 2.4: asked live)."""
        answer = self._graph.get(f"{self._account}/content_publishing_limit", fields="quota_usage,config")
        for item in self._graph.items(answer):
            config = item.get("config")
            if not isinstance(config, dict):
                continue
            total = number(config.get("quota_total"))
            used = number(item.get("quota_usage"))
            if total <= 0 or used < total:
                continue
            told = number(config.get("quota_duration"))
            window = QUOTA_WINDOW // timedelta(seconds=1)
            duration = timedelta(seconds=min(told, window) if told > 0 else window)
            raise RateLimited(
                "the account's daily number of posts is reached",
                platform=Platform.INSTAGRAM,
                detail=f"{used} of {total}",
                retry_after=self._frees_in(total, duration),
            )

    def _frees_in(self, total: int, duration: timedelta) -> timedelta:
        """Return when the oldest of the counted posts leaves the window."""
        answer = self._graph.get(f"{self._account}/media", fields="timestamp", limit="100")
        instants = [at for item in self._graph.items(answer) if (at := parse_time(item.get("timestamp")))]
        now = datetime.now(UTC)
        counted: Sequence[datetime] = sorted((at for at in instants if at > now - duration), reverse=True)
        if len(counted) < total:
            return QUOTA_WAIT
        return min(max(counted[total - 1] + duration - now, timedelta(minutes=1)), duration)


def code_of(seen: Answer) -> str:
    """Return a container's state; the error stands in the text alone now and then (sheet 2.1 [code])."""
    code = text_of(seen.get("status_code"))
    return "ERROR" if not code and text_of(seen.get("status")).startswith("Error") else code


def _described(form: dict[str, str], medium: OutgoingMedium) -> dict[str, str]:
    return form | ({"alt_text": medium.alt_text} if medium.alt_text else {})


def _is_before(item: Answer, instant: datetime) -> bool:
    at = parse_time(item.get("timestamp"))
    return at is not None and at < instant


def _unavailable(what: str, detail: str) -> Unavailable:
    return Unavailable(what, platform=Platform.INSTAGRAM, detail=detail)
