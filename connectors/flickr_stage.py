"""How a post for Flickr is prepared unseen, one step a call: private uploads, their words and licence, the album.

One photo or video is one item of the account, so a post with several stages several. Each bears a machine tag of the
delivery's key and its place, by which an upload whose answer was lost is found and taken over: Flickr has no
idempotency key, and of its uploads nothing can be resumed half-way. Source: sheet of 2026-11-23, sections 2 and 3.2.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.errors import ConnectorError, Gone, Rejected, Unavailable, Unsupported
from connectors.flickr_api import Answer, FlickrApi, content_of, inside, listed, number
from connectors.flickr_errors import ADD_TO_ALBUM, CREATE_ALBUM, SET_LICENSE, AlreadyDone
from connectors.flickr_photos import PER_PAGE, Photo, Photos
from connectors.flickr_text import description_of, mark, plain, same_text, tags_of, title_of
from core.capabilities import Option
from core.deliveries import Stage
from core.media import MediaKind
from core.platforms import Platform
from core.posts import OutgoingPost
from core.texts import _

PROCESSING_WAIT = timedelta(seconds=10)
# Uploads of a call whose answer nobody stored are looked for from here on; the sheet's own advice is one minute, but
# the caller may have waited long before it tried again
LOOK_BACK = timedelta(days=1)
# Preparing anew is for what vanished; where it vanishes again, a person must look.
ANEW_LIMIT = 2
_ALBUM_LISTS_READ = 20

ACCOUNT_LICENSE = "account"
# ids and names: sheet 2.3 [rec]; whether the account offers one is asked at run time
LICENSE = Option(
    "license",
    _("Licencia"),
    values=(
        (ACCOUNT_LICENSE, _("la predeterminada de la cuenta")),
        ("0", _("todos los derechos reservados")),
        ("11", "CC BY 4.0"),
        ("12", "CC BY-SA 4.0"),
        ("13", "CC BY-ND 4.0"),
        ("14", "CC BY-NC 4.0"),
        ("15", "CC BY-NC-SA 4.0"),
        ("16", "CC BY-NC-ND 4.0"),
        ("9", "CC0"),
        ("10", _("dominio público")),
    ),
    default=ACCOUNT_LICENSE,
)
SAFETY_LEVEL = Option(
    "safety_level",
    _("Nivel de seguridad"),
    values=(("1", _("seguro")), ("2", _("moderado")), ("3", _("restringido"))),
    default="1",
)
CONTENT_TYPE = Option(
    "content_type",
    _("Tipo de contenido"),
    values=(("1", _("foto")), ("2", _("captura de pantalla")), ("3", _("otro"))),
    default="1",
)
ALBUM = Option("album", _("Álbum (se crea si no existe)"))
OPTIONS = (LICENSE, SAFETY_LEVEL, CONTENT_TYPE, ALBUM)


@dataclass(frozen=True, slots=True)
class Progress:
    """What is prepared so far: the meaning of a stage's token.

    `content` is a digest of what the post says, so that a token can never publish another text than the one it was
    made for. `since`: from when on our uploads are looked for (UNIX seconds). `photos`: the parts' ids, "" for one
    still to be uploaded; `checked`: how many of them are as they should be; `mended`: the last thing put right;
    `shown`: how many the public sees already; `anew` counts what vanished and was made again.
    """

    content: str
    since: int
    photos: tuple[str, ...]
    checked: int = 0
    mended: str = ""
    album: str = ""
    in_album: int = 0
    anew: int = 0
    shown: int = 0
    url: str = ""

    @classmethod
    def of(cls, post: OutgoingPost, stage: Stage | None) -> "Progress":
        """Return how far this post has come; at the beginning where the token is another's or not readable."""
        since = int((datetime.now(UTC) - LOOK_BACK).timestamp())
        beginning = cls(content=fingerprint(post), since=since, photos=("",) * len(post.media))
        token: Any = stage.token if stage else {}
        try:
            known = cls(
                content=str(token["content"]),
                since=int(token["since"]),
                photos=tuple(str(photo) for photo in token["photos"]),
                checked=int(token["checked"]),
                mended=str(token["mended"]),
                album=str(token["album"]),
                in_album=int(token["in_album"]),
                anew=int(token["anew"]),
                shown=int(token["shown"]),
                url=str(token["url"]),
            )
        except (KeyError, TypeError, ValueError):
            return beginning
        if known.content != beginning.content or len(known.photos) != len(beginning.photos):
            return beginning
        return known

    def is_complete(self, post: OutgoingPost) -> bool:
        """Tell whether all is prepared, as far as the token knows."""
        in_album = not album_of(post) or self.in_album == len(self.photos)
        return bool(self.photos) and all(self.photos) and self.checked == len(self.photos) and in_album

    def stage(self, *, ready: bool = False, again_in: timedelta = timedelta(0)) -> Stage:
        """Return this as the caller stores it."""
        return Stage(token={**asdict(self), "photos": list(self.photos)}, ready=ready, again_in=again_in)


class Staging:
    """Prepares posts for one account."""

    def __init__(self, api: FlickrApi, photos: Photos, nsid: str) -> None:
        self._api = api
        self._photos = photos
        self._nsid = nsid

    def step(self, post: OutgoingPost, stage: Stage | None) -> Stage:
        """Do the next step; whenever called again after the last one, look whether all is still as it should be."""
        if not post.media:
            raise Unsupported("a photo or a video is needed", platform=Platform.FLICKR)
        try:
            progress = Progress.of(post, stage)
            if stage is None or progress.content != stage.token.get("content"):
                self._check_limits(post)
                return progress.stage()
            if not all(progress.photos):
                return self._upload(post, progress)
            if progress.is_complete(post):
                progress = replace(progress, checked=progress.shown)
            checked = self._check(post, progress)
            return checked if isinstance(checked, Stage) else self._album(post, checked)
        except Gone as error:
            # "stop watching" is no answer to a post that is still to go out
            raise _unavailable("something needed is not visible to this token", error.detail) from error
        except OSError as error:
            raise _unavailable("a file of the post cannot be read", type(error).__name__) from error

    def _check_limits(self, post: OutgoingPost) -> None:
        """Ask what the account may upload, before any byte travels (people.getLimits, sheet section 5 [doc])."""
        try:
            answer = self._api.get("flickr.people.getLimits")
        except (Rejected, Gone):
            return  # a courtesy: the upload itself will tell
        limits = answer.get("person") if isinstance(answer.get("person"), dict) else answer
        for position, medium in enumerate(post.media, 1):
            kind = "videos" if medium.medium.kind is MediaKind.VIDEO else "photos"
            size, duration = (number(inside(limits, kind, name)) for name in ("maxupload", "maxduration"))
            if size and medium.medium.size > size:
                raise Rejected(f"file {position} is larger than this account's {size} bytes", platform=Platform.FLICKR)
            if duration and kind == "videos" and (medium.medium.duration or 0) > duration:
                raise Rejected(f"video {position} is longer than this account's {duration} s", platform=Platform.FLICKR)

    def _upload(self, post: OutgoingPost, progress: Progress) -> Stage:
        """Take over what an earlier call uploaded; else upload the first that is missing."""
        tags = [mark(post.key, position) for position in range(1, len(post.media) + 1)]
        found = self._photos.marked(mark(post.key, 1)[:-1], since=progress.since)
        photos = [
            known or (found[tag].id if tag in found else "") for known, tag in zip(progress.photos, tags, strict=True)
        ]
        if tuple(photos) == progress.photos:
            missing = photos.index("")
            photos[missing] = self._send(post, missing)
        return replace(progress, photos=tuple(photos)).stage()

    def _send(self, post: OutgoingPost, index: int) -> str:
        fields = {
            "title": title_of(post),
            "description": description_of(post),
            "tags": tags_of(post, index + 1),
            # a field left out falls back to the account's settings, which may be "public" (trap 5)
            "is_public": "0",
            "is_friend": "0",
            "is_family": "0",
            "safety_level": chosen(post, SAFETY_LEVEL),
            "content_type": chosen(post, CONTENT_TYPE),
            "hidden": "1",  # may be found in searches, once it is public
        }
        medium = post.media[index]
        name = f"{post.key}-{index + 1}{medium.medium.extension}"
        return self._api.upload(medium, fields, name=name)

    def _check(self, post: OutgoingPost, progress: Progress) -> Stage | Progress:
        """Look at each part in turn and put right what differs, one write a call; a Progress: nothing does."""
        for index in range(progress.checked, len(progress.photos)):
            progress = replace(progress, checked=index)
            try:
                seen = self._photos.read(progress.photos[index])
            except Gone as error:
                return self._without(progress, index, error).stage()
            if index == 0:
                progress = replace(progress, url=seen.url)
            if seen.has_failed:
                raise Rejected("the platform could not process the video", platform=Platform.FLICKR, code="failed")
            if seen.is_pending:
                return progress.stage(again_in=PROCESSING_WAIT)
            # already public: an earlier publish landed, or somebody did it by hand. Its words are the public's now.
            written = None if seen.is_public else self._mend(post, progress, seen)
            if written:
                return replace(progress, mended=written).stage()
        return replace(progress, checked=len(progress.photos))

    def _mend(self, post: OutgoingPost, progress: Progress, seen: Photo) -> str:
        """Write what differs, and name it; "" where nothing does. Raises Rejected where writing it did not help."""
        title, description, wanted = title_of(post), description_of(post), chosen(post, LICENSE)
        writes: tuple[tuple[str, bool, Callable[[], Answer]], ...] = (
            (
                "words",
                _differs(seen.title, title) or _differs(seen.description, description),
                lambda: self._api.post("flickr.photos.setMeta", photo_id=seen.id, title=title, description=description),
            ),
            (
                "license",
                wanted not in (ACCOUNT_LICENSE, seen.license),
                lambda: self._set_license(seen.id, wanted),
            ),
        )
        for name, differs, write in writes:
            if not differs:
                continue
            if progress.mended == f"{seen.id}:{name}":
                raise Rejected(f"the platform keeps another {name} than it was given", platform=Platform.FLICKR)
            write()
            return f"{seen.id}:{name}"
        return ""

    def _set_license(self, photo_id: str, wanted: str) -> Answer:
        offered = {content_of(one.get("id")) for one in self._licenses()}
        if offered and wanted not in offered:
            raise Rejected(f"the platform has no licence {wanted}", platform=Platform.FLICKR)
        return self._api.post(SET_LICENSE, photo_id=photo_id, license_id=wanted)

    def _licenses(self) -> list[Answer]:
        return listed(self._api.get("flickr.photos.licenses.getInfo"), "licenses", "license")

    def _album(self, post: OutgoingPost, progress: Progress) -> Stage:
        """Put the next part into the album, if one was chosen. Without a public photo nobody sees an album."""
        title = album_of(post)
        if not title or progress.in_album >= len(progress.photos):
            return replace(progress, mended="").stage(ready=True)
        if not progress.album:
            found = self._album_named(title)
            if found:
                return replace(progress, album=found, in_album=0, mended="").stage()
            answer = self._api.post(CREATE_ALBUM, title=title, description="", primary_photo_id=progress.photos[0])
            album = content_of(inside(answer, "photoset", "id"))
            if not album:
                raise self._api.unreadable("the answer names no album")
            return replace(progress, album=album, in_album=1, mended="").stage()
        try:
            self._api.post(ADD_TO_ALBUM, photoset_id=progress.album, photo_id=progress.photos[progress.in_album])
        except AlreadyDone:
            pass
        except Gone as error:
            # 1: the album, 2: the photo (sheet 2.4); either is looked for once more
            anew = self._anew(progress, error)
            return (
                replace(anew, album="", in_album=0).stage() if error.code == "1" else replace(anew, checked=0).stage()
            )
        return replace(progress, in_album=progress.in_album + 1, mended="").stage()

    def _album_named(self, title: str) -> str:
        """Return the oldest album of that title, "" where there is none: titles are not unique (sheet 2.4)."""
        same = []
        for page in range(1, _ALBUM_LISTS_READ + 1):
            answer = self._api.get("flickr.photosets.getList", user_id=self._nsid, per_page=PER_PAGE, page=str(page))
            if not isinstance(inside(answer, "photosets", "photoset"), list):
                raise self._api.unreadable("the answer has no list of albums")
            same += [
                album_id
                for album in listed(answer, "photosets", "photoset")
                if (album_id := number(album.get("id"))) and same_text(plain(content_of(album.get("title"))), title)
            ]
            if page >= (number(inside(answer, "photosets", "pages")) or 0):
                break
        return str(min(same)) if same else ""

    def _without(self, progress: Progress, index: int, error: ConnectorError) -> Progress:
        photos = (*progress.photos[:index], "", *progress.photos[index + 1 :])
        in_album = min(progress.in_album, index)
        return replace(self._anew(progress, error), photos=photos, in_album=in_album)

    def _anew(self, progress: Progress, error: ConnectorError) -> Progress:
        """Count a fresh start, or raise where it did not help before."""
        if progress.anew >= ANEW_LIMIT:
            raise _unavailable("what was prepared vanished again", error.detail) from error
        return replace(progress, anew=progress.anew + 1, mended="")


def chosen(post: OutgoingPost, option: Option) -> str:
    """Return the value of an option, its default where none was chosen."""
    return post.option(Platform.FLICKR, option.name) or option.default


def album_of(post: OutgoingPost) -> str:
    """Return the title of the album that was chosen, "" for none."""
    return " ".join(chosen(post, ALBUM).split())


def fingerprint(post: OutgoingPost) -> str:
    """Return a digest of all that goes to this platform."""
    media = [medium.medium.sha256 for medium in post.media]
    options = [chosen(post, option) for option in OPTIONS]
    said = json.dumps([post.title, post.whole_text, post.link, post.tags, options, media], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _differs(seen: str | None, wanted: str) -> bool:
    return seen is not None and not same_text(plain(seen), plain(wanted))


def _unavailable(message: str, detail: str) -> Unavailable:
    return Unavailable(message, platform=Platform.FLICKR, detail=detail)
