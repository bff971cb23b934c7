"""What a post says on YouTube, and the platform's limits for it. Source: sheet of 2026-11-23, sections 2.1 and 5."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from connectors.errors import Rejected, Unsupported
from connectors.youtube_api import text_at
from connectors.youtube_errors import unreadable
from core.capabilities import FileLimits, Limit, LinkPlace, Option, Range, public_text
from core.media import MediaKind, OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost
from core.texts import _

READ_ON = date(2026, 11, 23)
TITLE_LENGTH = Limit(100, "sheet sections 2.1 and 5 [doc]", READ_ON)
DESCRIPTION_BYTES = Limit(5000, "sheet sections 2.1 and 5 [doc]: bytes of UTF-8", READ_ON)
TAGS_LENGTH = Limit(
    500, "sheet section 2.1 [doc]: all together; how commas count is [memory]", READ_ON, remembered=True
)
FORBIDDEN = frozenset("<>")  # in title and description (sheet 2.1 [doc])
LONG_VIDEO = 15 * 60  # seconds; longer ones only on verified channels (sheet 5 [doc][memory])
# what the house can tell by its bytes; the platform takes more containers (sheet 5 [memory])
VIDEOS = FileLimits(
    types=frozenset({"video/mp4", "video/quicktime"}),
    count=Limit(1, "sheet section 2.1: one video an insert [lib]", READ_ON),
    size=Limit(274_877_906_944, "sheet section 2.1 [lib]: 256 GB", READ_ON),
    duration=Range(None, 12 * 60 * 60, "sheet section 5 [doc][memory]: 12 h", READ_ON, remembered=True),
)
THUMBNAIL = FileLimits(
    types=frozenset({"image/jpeg", "image/png"}),
    count=Limit(1, "sheet section 2.3 [lib]", READ_ON),
    size=Limit(52_428_800, "sheet section 2.3 [doc][lib]: 50 MB since 2026-09-14", READ_ON),
)
CAPTIONS = FileLimits(
    types=frozenset({"application/x-subrip", "text/vtt"}),
    count=Limit(10, "ours: each costs 450 units of the day's quota; the platform names no maximum", READ_ON),
    size=Limit(8_388_608, "ours: it is sent in one piece; the platform takes 100 MB [lib]", READ_ON),
)
# beside a video there is no link card: it joins the description
LINK_PLACE = LinkPlace.APART_OR_IN_TEXT

# sheet 2.1 [doc][memory]; 25 and 29 from memory alone. The platform's own list is videoCategories.list.
CATEGORIES = (
    ("22", _("Gente y blogs")),
    ("24", _("Entretenimiento")),
    ("25", _("Noticias y política")),
    ("26", _("Consejos y estilo")),
    ("27", _("Educación")),
    ("29", _("ONG y activismo")),
)
YES, NO = "yes", "no"
CATEGORY = Option("category", _("Categoría"), CATEGORIES, default="22")
FOR_KIDS = Option("made_for_kids", _("¿Es contenido para niños?"), ((NO, _("No")), (YES, _("Sí"))), default=NO)
PLAYLIST = Option("playlist", _("Lista de reproducción (su identificador, opcional)"))
NOTIFY = Option("notify_subscribers", _("¿Avisar a los suscriptores?"), ((YES, _("Sí")), (NO, _("No"))), default=YES)
OPTIONS = (CATEGORY, FOR_KIDS, PLAYLIST, NOTIFY)

# What videos.update replaces, so that what is left out is erased (sheet 2.3 [doc]). `publishAt` is a mutable key too,
# and never carried on: it belongs to private videos alone, and would publish one without us.
STATUS_KEYS = ("license", "embeddable", "publicStatsViewable", "selfDeclaredMadeForKids", "containsSyntheticMedia")
SNIPPET_KEYS = ("title", "description", "tags", "categoryId", "defaultLanguage", "defaultAudioLanguage")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A post in the platform's own terms."""

    title: str
    description: str
    tags: tuple[str, ...]
    category: str
    language: str
    for_kids: bool
    notify: bool
    playlist: str

    @classmethod
    def of(cls, post: OutgoingPost) -> "Wanted":
        """Return what the post says there."""
        return cls(
            title=post.title,
            description=public_text(post.whole_text, link=post.link, has_media=True, place=LINK_PLACE),
            tags=post.tags,
            category=_chosen(post, CATEGORY),
            language=post.language,
            for_kids=_chosen(post, FOR_KIDS) == YES,
            notify=_chosen(post, NOTIFY) == YES,
            playlist=_chosen(post, PLAYLIST).strip(),
        )

    @property
    def snippet(self) -> dict[str, Any]:
        """The words of the video."""
        words: dict[str, Any] = {
            "title": self.title,
            "description": self.description,
            "tags": list(self.tags),
            "categoryId": self.category,
            "defaultLanguage": self.language,
        }
        return {name: value for name, value in words.items() if value or name == "description"}

    def check(self) -> None:
        """Raise Rejected for what the platform would refuse, before a call of the day's hundred is spent on it."""
        bytes_over = byte_length(self.description) - DESCRIPTION_BYTES.value
        tags_over = tags_length(self.tags) - TAGS_LENGTH.value
        for wrong, what, sentence in (
            (
                not self.title.strip(),
                "a video needs a title",
                _("Falta el título del video para YouTube. Escríbalo y envíelo otra vez a aprobación."),
            ),
            (
                len(self.title) > TITLE_LENGTH.value,
                "the title is longer than 100 characters",
                _("El título pasa de los 100 caracteres que YouTube admite. Acórtelo y envíelo otra vez a aprobación."),
            ),
            (
                bytes_over > 0,
                f"the description is {bytes_over} bytes too long",
                _("El texto es más largo de lo que YouTube admite. Acórtelo y envíelo otra vez a aprobación."),
            ),
            (
                tags_over > 0,
                f"the tags are {tags_over} characters too long",
                _(
                    "Las etiquetas suman más de los 500 caracteres que YouTube admite. Quite o acorte algunas y envíelo"
                    " otra vez a aprobación."
                ),
            ),
            (
                bool(FORBIDDEN & set(self.title + self.description)),
                "title and description cannot have < or >",
                _(
                    "YouTube no admite los signos < y > en el título ni en el texto. Quítelos y envíelo otra vez a"
                    " aprobación."
                ),
            ),
        ):
            if wrong:
                raise Rejected(what, platform=Platform.YOUTUBE, code="not_sent", sentence=sentence)

    def differences(self, video: Mapping[str, Any]) -> tuple[str, ...]:
        """Name the parts in which a video certainly says something else, as `title` or `made for kids`.

        Compared up to Unicode form, white space and the order of tags. What the answer does not tell is not held
        against it.
        """
        snippet, status = video.get("snippet"), video.get("status")
        tags = snippet.get("tags") if isinstance(snippet, Mapping) else None
        seen_tags = {_plain(str(tag)).casefold() for tag in tags} if isinstance(tags, list) else set()
        for_kids = status.get("selfDeclaredMadeForKids") if isinstance(status, Mapping) else None
        compared = (
            ("title", _plain(text_at(video, "snippet", "title")) == _plain(self.title)),
            ("description", _plain(text_at(video, "snippet", "description")) == _plain(self.description)),
            ("tags", seen_tags == {_plain(tag).casefold() for tag in self.tags}),
            ("category", text_at(video, "snippet", "categoryId") in ("", self.category)),
            ("made for kids", for_kids in (None, self.for_kids)),
        )
        return tuple(name for name, is_same in compared if not is_same)


def status_for(video: Mapping[str, Any], privacy: str, wanted: Wanted | None = None) -> dict[str, Any]:
    """Return the status that an update gives a video: this privacy, what is wanted, and all else as it is.

    Raises Unavailable where the platform did not tell it: an update would erase what was not read (sheet 2.3 [doc]).
    """
    status = video.get("status")
    if not isinstance(status, Mapping) or not status.get("privacyStatus"):
        raise unreadable("the platform did not tell the video's status")
    kept = {name: status[name] for name in STATUS_KEYS if name in status}
    declared = {"selfDeclaredMadeForKids": wanted.for_kids} if wanted else {}
    return kept | declared | {"privacyStatus": privacy}


def snippet_for(video: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
    """Return the snippet that an update gives a video: what the post says, and all else as it is."""
    snippet = video.get("snippet")
    kept = {name: snippet[name] for name in SNIPPET_KEYS if name in snippet} if isinstance(snippet, Mapping) else {}
    kept.pop("tags", None)
    return kept | wanted.snippet


def video_of(post: OutgoingPost) -> OutgoingMedium:
    """Return the post's one video. Raises Unsupported where it has none, or more."""
    if len(post.media) != 1 or post.media[0].medium.kind is not MediaKind.VIDEO:
        raise Unsupported("a post there is one video", platform=Platform.YOUTUBE)
    return post.media[0]


def fingerprint(post: OutgoingPost) -> str:
    """Return a digest of all that goes to this platform."""
    wanted = Wanted.of(post)
    files = [[file.medium.sha256, file.role, file.language] for file in post.files]
    said = [wanted.snippet, wanted.for_kids, wanted.notify, wanted.playlist, files]
    return hashlib.sha256(json.dumps(said, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


def byte_length(text: str) -> int:
    """Return how long the platform finds a description: bytes of UTF-8."""
    return len(text.encode("utf-8", "replace"))


def tags_length(tags: tuple[str, ...]) -> int:
    """Return how long the platform finds the tags: a blank costs two quotes [doc], each tag a comma [memory]."""
    return sum(len(tag) + 2 * (" " in tag) for tag in tags) + max(len(tags) - 1, 0)


def _chosen(post: OutgoingPost, option: Option) -> str:
    return post.option(str(Platform.YOUTUBE), option.name) or option.default


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
