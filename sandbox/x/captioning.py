"""What is said about media: alternative texts and subtitles (sheet section 2.2)."""

from typing import Any

from sandbox.x import params
from sandbox.x.bodies import ID, Choice, Record, Text, check, checked
from sandbox.x.errors import gone, invalid_about, not_imitated
from sandbox.x.media_state import Upload
from sandbox.x.purse import MANAGE
from sandbox.x.visit import Visit

LONGEST_ALT = 1000
_METADATA = Record(
    {
        "id": ID,
        "metadata": Record(
            {
                "alt_text": Record({"text": Text(most=LONGEST_ALT)}, frozenset({"text"})),
                **dict.fromkeys(
                    (
                        *("allow_download_status", "audience_policy", "content_expiration", "domain_restrictions"),
                        *("found_media_origin", "geo_restrictions", "management_info", "preview_image"),
                        *("sensitive_media_warning", "shared_info", "sticker_info", "upload_source"),
                    ),
                    dict,
                ),
            }
        ),
    },
    frozenset({"id"}),
)
_CATEGORIES = Choice(("AmplifyVideo", "TweetVideo"))
_TRACK = Record(
    {"id": ID, "language_code": Text(r"[A-Z]{2}"), "display_name": Text()}, frozenset({"id", "language_code"})
)
# The document calls nothing required; without these there is nothing to do, so the strict reading.
_SUBTITLES = Record(
    {"id": ID, "media_category": _CATEGORIES, "subtitles": _TRACK}, frozenset({"id", "media_category", "subtitles"})
)
_DELETED = Record(
    {"id": ID, "media_category": _CATEGORIES, "language_code": Text(r"[A-Z]{2}")},
    frozenset({"id", "media_category", "language_code"}),
)


def describe(visit: Visit) -> dict[str, Any]:
    """Answer POST /2/media/metadata. Posts that exist keep the text they were made with [memory]."""
    params.only(visit, ())
    given = checked(visit.call, _METADATA)
    metadata = given.get("metadata", {})
    if metadata.keys() - {"alt_text"}:
        raise not_imitated(", ".join(sorted(metadata.keys() - {"alt_text"})))
    upload = _finished(visit, given["id"])
    visit.price = MANAGE
    if "alt_text" in metadata:
        upload.alt_text = metadata["alt_text"]["text"]
    associated = {"alt_text": {"text": upload.alt_text}} if upload.alt_text else {}
    return {"data": {"id": upload.id, "associated_metadata": associated}}


def add_subtitles(visit: Visit) -> dict[str, Any]:
    """Answer POST /2/media/subtitles."""
    params.only(visit, ())
    given = checked(visit.call, _SUBTITLES)
    upload, track = _video(visit, given["id"]), given["subtitles"]
    if _finished(visit, track["id"]).sort != "subtitles":
        raise invalid_about("[$.subtitles.id: is not a subtitles upload]", {})
    upload.subtitles[track["language_code"]] = track
    associated = {"subtitles": list(upload.subtitles.values())}
    return {"data": {"id": upload.id, "media_category": given["media_category"], "associated_subtitles": associated}}


def remove_subtitles(visit: Visit) -> dict[str, Any]:
    """Answer DELETE /2/media/subtitles."""
    params.only(visit, ())
    given = checked(visit.call, _DELETED)
    upload = _video(visit, given["id"])
    return {"data": {"deleted": upload.subtitles.pop(given["language_code"], None) is not None}}


def _finished(visit: Visit, media_id: str) -> Upload:
    check(media_id, ID)
    upload = visit.desk.uploads.find(media_id, visit.caller.user_id)
    if upload is None or upload.old or not upload.finished:
        raise gone("id", media_id, "media")
    return upload


def _video(visit: Visit, media_id: str) -> Upload:
    upload = _finished(visit, media_id)
    if upload.sort != "video":
        raise invalid_about("[$.id: is not a video]", {})
    return upload
