"""What a post carries besides its text: media, several images, a link, a poll (sheet section 2.1)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sandbox.linkedin import urns
from sandbox.linkedin.errors import bad_value
from sandbox.linkedin.network import Network
from sandbox.linkedin.schema import Choice, ListOf, Record
from sandbox.linkedin.state import PROCESSING, PROCESSING_FAILED, WAITING_UPLOAD, Asset

LONGEST_ALT_TEXT = 4086
LONGEST_ARTICLE_TITLE = 400
LONGEST_ARTICLE_DESCRIPTION = 4086
LONGEST_QUESTION, LONGEST_OPTION = 140, 30
"""Characters (sheet section 5; the description's and the poll's are [memory])."""
LEAST_IMAGES, MOST_IMAGES = 2, 20

_DURATIONS = ("ONE_DAY", "THREE_DAYS", "SEVEN_DAYS", "FOURTEEN_DAYS")
CONTENT = Record(
    {},
    {
        "media": Record({"id": str}, {"title": str, "altText": str}),
        "multiImage": Record({"images": ListOf(Record({"id": str}, {"altText": str}))}),
        # The sheet marks only description and thumbnail as optional.
        "article": Record({"source": str, "title": str}, {"description": str, "thumbnail": str}),
        "poll": Record(
            {
                "question": str,
                "options": ListOf(Record({"text": str})),
                "settings": Record({"duration": Choice(_DURATIONS)}),
            }
        ),
    },
)


@dataclass(frozen=True, slots=True)
class Content:
    """Checked content: the media it shows, in order, and its title if it has one."""

    assets: tuple[Asset, ...]
    title: str | None


def check(network: Network, given: dict[str, Any], author: str, now: datetime) -> Content:
    """Check what the schema cannot say. Raises LinkedInError 400."""
    if len(given) != 1:
        raise bad_value("INVALID_VALUE_FOR_FIELD", "/content must hold exactly one kind of content")
    (kind, item), *_ = given.items()
    media = _Media(network, author, now)
    if kind == "media":
        return _medium(media, item)
    if kind == "multiImage":
        return Content(tuple(_images(media, item["images"])), None)
    if kind == "article":
        return _article(media, item)
    _check_poll(item)
    return Content((), item["question"])


def _limit(text: str, longest: int, path: str) -> None:
    if len(text) > longest:
        raise bad_value("FIELD_LENGTH_TOO_LONG", f"{path} is longer than {longest} characters")


class _Media:
    """Finds the media of one author."""

    def __init__(self, network: Network, author: str, now: datetime) -> None:
        self._assets = network.state.assets
        self._author = author
        self._now = now

    def find(self, text: str, kinds: tuple[str, ...], path: str) -> Asset:
        urn = urns.parse(text, kinds=kinds, field=path)
        asset = self._assets.get(str(urn))
        if asset is None:
            code = "INVALID_VIDEO_ID" if urn.kind == "video" else "INVALID_URN_ID"
            raise bad_value(code, f"/{path} {urn} does not exist")
        if asset.owner != self._author:
            raise bad_value("INVALID_VALUE_FOR_FIELD", f"/{path} {urn} is not owned by {self._author}")
        status = asset.status(self._now)
        # An image in processing is taken; the post stays invisible until it is ready, or for ever (sheet 2.3).
        if status == WAITING_UPLOAD or (status == PROCESSING and asset.kind != "image"):
            raise bad_value("MEDIA_ASSET_WAITING_UPLOAD", f"{urn} is not ready yet")
        if status == PROCESSING_FAILED:
            raise bad_value("MEDIA_ASSET_PROCESSING_FAILED", f"{urn} could not be processed")
        return asset


def _medium(media: _Media, item: dict[str, Any]) -> Content:
    asset = media.find(item["id"], ("image", "video", "document"), "content/media/id")
    _limit(item.get("altText", ""), LONGEST_ALT_TEXT, "/content/media/altText")
    title = item.get("title", "")
    if asset.kind == "document" and not title.strip():
        raise bad_value("MISSING_FIELD", "/content/media/title is required for documents")
    return Content((asset,), title or None)


def _images(media: _Media, items: list[dict[str, Any]]) -> Iterator[Asset]:
    if not LEAST_IMAGES <= len(items) <= MOST_IMAGES:
        raise bad_value("INVALID_VALUE_FOR_FIELD", "/content/multiImage/images must hold 2 to 20 images")
    for index, item in enumerate(items):
        path = f"content/multiImage/images/{index}"
        _limit(item.get("altText", ""), LONGEST_ALT_TEXT, f"/{path}/altText")
        yield media.find(item["id"], ("image",), f"{path}/id")


def _article(media: _Media, item: dict[str, Any]) -> Content:
    source = urlsplit(item["source"])
    if source.scheme not in {"http", "https"} or "." not in (source.hostname or ""):
        raise bad_value("INVALID_VALUE_FOR_FIELD", "/content/article/source is not a web address")
    if not item["title"].strip():
        raise bad_value("INVALID_VALUE_BLANK_FIELD", "/content/article/title is blank")
    _limit(item["title"], LONGEST_ARTICLE_TITLE, "/content/article/title")
    _limit(item.get("description", ""), LONGEST_ARTICLE_DESCRIPTION, "/content/article/description")
    assets: tuple[Asset, ...] = ()
    if "thumbnail" in item:  # the public sees it as the card's picture
        assets = (media.find(item["thumbnail"], ("image",), "content/article/thumbnail"),)
    return Content(assets, item["title"])


def _check_poll(item: dict[str, Any]) -> None:
    _limit(item["question"], LONGEST_QUESTION, "/content/poll/question")
    options = [option["text"] for option in item["options"]]
    if not 2 <= len(options) <= 4:
        raise bad_value("INVALID_VALUE_FOR_FIELD", "/content/poll/options must hold 2 to 4 options")
    for index, option in enumerate(options):
        _limit(option, LONGEST_OPTION, f"/content/poll/options/{index}/text")
    if any(not text.strip() for text in (item["question"], *options)):
        raise bad_value("INVALID_VALUE_BLANK_FIELD", "/content/poll has a blank text")
