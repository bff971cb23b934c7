"""What `POST /{ig}/media` asks for, checked before anything is fetched (sheet sections 2.2, 5)."""

import json
import re
from dataclasses import dataclass
from typing import Any

from sandbox.facebook import params
from sandbox.facebook.errors import GraphError, bad_parameter, not_imitated
from sandbox.fetching import Wish
from sandbox.instagram import errors
from sandbox.instagram.accounts import Visit
from sandbox.instagram.errors import refused

LARGEST_IMAGE = 8 * 1024 * 1024
"""8 MB, 8 MiB in the error's text (sheet 5 [doc])."""
LARGEST_VIDEO = 300 * 1024 * 1024
"""300 MB, 1 GB in older texts (sheet 5 [doc][code])."""
LARGEST_STORY_VIDEO = 100 * 1024 * 1024
LONGEST_CAPTION, MOST_HASHTAGS, MOST_MENTIONS = 2200, 30, 20
LONGEST_ALT_TEXT = 1000
FEWEST_ITEMS, MOST_ITEMS = 2, 10
MOST_COLLABORATORS, MOST_TAGS = 3, 20
_AGENT = "facebookexternalhit/1.1"
_KNOWN = frozenset(
    {
        *("image_url", "video_url", "media_type", "caption", "alt_text", "is_carousel_item", "children"),
        *("upload_type", "cover_url", "thumb_offset", "share_to_feed", "user_tags", "collaborators", "location_id"),
        *("audio_name", "is_ai_generated"),
    }
)
_FOREIGN = (
    *("trial_params", "product_tags", "branded_content_sponsor_ids", "is_paid_partnership", "audio_configuration"),
)
ENVELOPE = frozenset({"access_token", "appsecret_proof", "fields", "format", "pretty", "debug", "locale", "method"})
"""Parameters that every call may carry."""
_KINDS = frozenset({"REELS", "CAROUSEL", "STORIES", "VIDEO"})
_HASHTAG, _MENTION = re.compile(r"#\w+"), re.compile(r"(?<!\w)@\w[\w.]*")


@dataclass(frozen=True, slots=True)
class Order:
    """A container as asked for. `kind` as in `state.Container`; `url` of its file, "" when there is none."""

    kind: str
    is_child: bool
    is_picture: bool
    url: str
    cover_url: str
    resumable: bool
    caption: str
    alt_text: str
    share_to_feed: bool
    children: tuple[str, ...]

    @property
    def largest_video(self) -> int:
        """How many bytes its video may have."""
        return LARGEST_STORY_VIDEO if self.kind == "STORIES" else LARGEST_VIDEO

    def wishes(self) -> tuple[Wish, ...]:
        """Return the files to download."""
        largest = LARGEST_IMAGE if self.is_picture else self.largest_video
        pairs = ((self.url, largest), (self.cover_url, LARGEST_IMAGE))
        return tuple(Wish(url, most, _AGENT) for url, most in pairs if url)


def only(given: dict[str, Any], *known: str) -> None:
    """Refuse parameters that the edge does not have. The platform is silent on this: the imitation is strict."""
    unknown = sorted(given.keys() - ENVELOPE - set(known))
    if unknown:
        raise bad_parameter(f"Param {unknown[0]} is not one of the parameters of this edge")


def read(visit: Visit) -> Order:
    """Return the order. Raises GraphError."""
    given = visit.params
    for name in _FOREIGN:
        if name in given:
            raise not_imitated(name)
    only(given, *_KNOWN)
    is_child = params.flag(given, "is_carousel_item", default=False)
    order = Order(
        kind=_kind(given, is_child=is_child),
        is_child=is_child,
        is_picture="image_url" in given,
        url=_address(given, "image_url") or _address(given, "video_url"),
        cover_url=_address(given, "cover_url"),
        resumable=_resumable(visit),
        caption="" if is_child else params.text(given, "caption"),
        alt_text=params.text(given, "alt_text"),
        share_to_feed=params.flag(given, "share_to_feed", default=True),
        children=_children(given),
    )
    _check_source(order, given)
    _check_words(order)
    _check_company(order, given)
    return order


def _kind(given: dict[str, Any], *, is_child: bool) -> str:
    kind = params.text(given, "media_type")
    if kind and kind not in _KINDS:
        raise refused(errors.BAD_MEDIA_TYPE)
    if kind == "VIDEO" and not is_child:
        raise refused(errors.BAD_MEDIA_TYPE, message="media_type=VIDEO solo vale en los elementos de un carrusel")
    if is_child and kind not in {"", "VIDEO"}:
        raise bad_parameter(f"Un elemento de carrusel no puede ser {kind}")
    return kind or "IMAGE"


def _address(given: dict[str, Any], name: str) -> str:
    url = params.text(given, name)
    if name in given and (not url.isascii() or not re.match(r"https?://[^/\s]+", url) or re.search(r"\s", url)):
        raise refused(errors.NOT_FETCHED)
    return url


def _resumable(visit: Visit) -> bool:
    wanted = params.text(visit.params, "upload_type")
    if wanted not in {"", "resumable"}:
        raise bad_parameter("upload_type debe ser resumable")
    if wanted and visit.caller.by_login:
        raise bad_parameter("upload_type solo se admite en graph.facebook.com")  # sheet 0 [doc]
    return bool(wanted)


def _children(given: dict[str, Any]) -> tuple[str, ...]:
    children: Any = given.get("children", ())
    if isinstance(children, str) and children.lstrip().startswith("["):
        children = _decoded("children", children)
    elif isinstance(children, str):
        children = [part.strip() for part in children.split(",") if part.strip()]
    if not isinstance(children, list | tuple) or any(not isinstance(child, str | int) for child in children):
        raise bad_parameter("children debe ser una lista de contenedores")
    return tuple(str(child) for child in children)


def _check_source(order: Order, given: dict[str, Any]) -> None:
    sources = [name for name in ("image_url", "video_url", "upload_type", "children") if name in given]
    usual = {
        "IMAGE": {"image_url"},
        "VIDEO": {"video_url", "upload_type"},
        "REELS": {"video_url", "upload_type"},
        "STORIES": {"image_url", "video_url", "upload_type"},
        "CAROUSEL": {"children"},
    }[order.kind]
    if order.kind == "CAROUSEL" and not FEWEST_ITEMS <= len(order.children) <= MOST_ITEMS:
        raise refused(errors.BAD_ITEM_COUNT)
    if len(sources) != 1 or sources[0] not in usual:
        raise bad_parameter(f"Para {order.kind} hace falta exactamente uno de {', '.join(sorted(usual))}")
    if order.cover_url and order.kind != "REELS":
        raise bad_parameter("cover_url solo vale para reels")
    if "share_to_feed" in given and order.kind != "REELS":
        raise bad_parameter("share_to_feed solo vale para reels")
    if "thumb_offset" in given:
        _check_thumb(order, given)


def _check_thumb(order: Order, given: dict[str, Any]) -> None:
    if order.kind not in {"REELS", "VIDEO"}:
        raise bad_parameter("thumb_offset solo vale para videos")
    if not re.fullmatch(r"\d{1,9}", str(given["thumb_offset"])):  # the video's length is not looked at here
        raise refused(errors.BAD_OFFSET)


def _check_words(order: Order) -> None:
    caption = order.caption
    if (
        len(caption) > LONGEST_CAPTION
        or len(_HASHTAG.findall(caption)) > MOST_HASHTAGS
        or len(_MENTION.findall(caption)) > MOST_MENTIONS
    ):
        raise refused(errors.CAPTION_TOO_LONG)
    if order.alt_text and order.kind != "IMAGE":
        raise bad_parameter("alt_text solo vale para imágenes")
    if len(order.alt_text) > LONGEST_ALT_TEXT:
        raise bad_parameter(f"alt_text pasa de {LONGEST_ALT_TEXT} caracteres")


def _check_company(order: Order, given: dict[str, Any]) -> None:
    """Check who and what is named with it: tags, collaborators, a place."""
    if "collaborators" in given:
        names = _decoded("collaborators", given["collaborators"])
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise bad_parameter("collaborators debe ser una lista de nombres de usuario")
        if len(names) > MOST_COLLABORATORS or order.is_child or order.kind == "STORIES":
            raise bad_parameter("collaborators admite hasta 3, y no en historias ni en elementos de carrusel")
    if "location_id" in given:
        # No Page of the imitated world has a location.
        raise bad_parameter("INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID")
    if "user_tags" in given:
        _check_tags(order, _decoded("user_tags", given["user_tags"]))


def _check_tags(order: Order, tags: Any) -> None:
    if not isinstance(tags, list) or not all(isinstance(tag, dict) and tag.get("username") for tag in tags):
        raise refused(errors.BAD_TAG)
    if len(tags) > MOST_TAGS:
        raise refused(errors.TOO_MANY_TAGS)
    for tag in tags:
        place = [tag.get(axis) for axis in ("x", "y")]
        if not order.is_picture and place != [None, None]:
            raise refused(errors.TAG_PLACED_ON_VIDEO)
        if order.is_picture and not all(_is_share(value) for value in place):
            raise refused(errors.TAG_NOT_PLACED)


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _decoded(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise GraphError(100, f"(#100) Param {name} must be an array.") from error
