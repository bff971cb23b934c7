"""Images, videos, documents: announced, finished, looked at (sheet sections 2.3 to 2.5)."""

from datetime import datetime, timedelta
from typing import Any

from sandbox import seeded
from sandbox.exchange import Answer
from sandbox.linkedin import files, restli, schema, urns
from sandbox.linkedin.errors import LinkedInError, bad_value, not_found
from sandbox.linkedin.network import DOWNLOADS, SITE_HOST, Network, Visit, milliseconds
from sandbox.linkedin.schema import ListOf, Record
from sandbox.linkedin.state import AVAILABLE, PROCESSING_FAILED, Asset, Part
from sandbox.linkedin.tokens import PUBLISH, READ
from sandbox.media import Medium

PART = 4 * 1024 * 1024
SMALLEST_VIDEO, LARGEST_VIDEO = 75 * 1024, 500_000_000
"""Bytes: the narrowest reading of "75 KB - 500 MB" (sheet section 5 [doc])."""
VIDEO_ADDRESSES_LIVE = timedelta(days=30)
ADDRESSES_LIVE = timedelta(hours=24)
"""For images and documents the sheet names no time: this is ours."""
USUAL_POLLS = 1
LONGEST_PROCESSING = timedelta(seconds=30)
"""What nobody looks at is ready after this anyway, unless the fault plan asked for polls."""

_KINDS = {"images": "image", "videos": "video", "documents": "document"}
_OWNER = Record({"owner": str})
_VIDEO = Record({"owner": str, "fileSizeBytes": int, "uploadCaptions": bool, "uploadThumbnail": bool})
_FINISH = Record({"video": str, "uploadToken": str, "uploadedPartIds": ListOf(str)})


def act(network: Network, visit: Visit) -> Answer:
    """Answer `POST /rest/{images|videos|documents}?action=…`."""
    visit.ask.only("action")
    kind, action = _KINDS[visit.ask.path[0]], visit.ask.text("action")
    if action == "initializeUpload":
        return _initialize(network, visit, kind)
    if action == "finalizeUpload" and kind == "video":
        return _finalize(network, visit)
    raise LinkedInError(400, f"Action {action} does not exist on this resource", code="ILLEGAL_ARGUMENT")


def _initialize(network: Network, visit: Visit, kind: str) -> Answer:
    wanted = _VIDEO if kind == "video" else _OWNER
    sent = schema.body(restli.json_body(visit.call), Record({"initializeUploadRequest": wanted}))
    given = sent["initializeUploadRequest"]
    owner = str(urns.parse(given["owner"], kinds=urns.AUTHORS, field="owner"))
    network.require(visit, owner, PUBLISH, member_scope="w_member_social")
    size = given.get("fileSizeBytes")
    if size is not None and not SMALLEST_VIDEO <= size <= LARGEST_VIDEO:
        raise bad_value("INVALID_VALUE_FOR_FIELD", "/fileSizeBytes is out of bounds")
    key = network.state.new_key(kind)
    asset = Asset(
        urn=f"urn:li:{kind}:{key}",
        kind=kind,
        owner=owner,
        created_at=visit.now,
        expires_at=visit.now + (VIDEO_ADDRESSES_LIVE if kind == "video" else ADDRESSES_LIVE),
        signature=seeded.letters(network.ground.seed, "upload", key, length=24),
        parts=_parts(size),
        size=size,
        wanted_polls=visit.call.effects.processing_polls,
    )
    network.state.assets[asset.urn] = network.state.uploads[key] = asset
    expires_at = milliseconds(asset.expires_at)
    if kind != "video":
        value = {"uploadUrlExpiresAt": expires_at, "uploadUrl": address(asset, "0"), kind: asset.urn}
        return Answer.json({"value": value})
    if len(asset.parts) > 1:  # "often the empty string": to be sent back as it came in either case
        asset.upload_token = seeded.letters(network.ground.seed, "upload token", key, length=20)
    value = {
        "uploadUrlsExpireAt": expires_at,
        "video": asset.urn,
        "uploadToken": asset.upload_token,
        "uploadInstructions": [
            {"uploadUrl": address(asset, str(part.number)), "firstByte": part.first, "lastByte": part.last}
            for part in asset.parts
        ],
    }
    for name, wished in (("thumbnail", given["uploadThumbnail"]), ("captions", given["uploadCaptions"])):
        if wished:
            asset.extras += (name,)
            value[f"{name}UploadUrl"] = address(asset, name)
    return Answer.json({"value": value})


def _parts(size: int | None) -> list[Part]:
    if size is None:
        return [Part(0)]
    return [Part(n, first, min(first + PART, size) - 1) for n, first in enumerate(range(0, size, PART))]


def address(asset: Asset, place: str) -> str:
    """Return the signed address for a part, a thumbnail or captions."""
    return f"https://{SITE_HOST}/dms-uploads/sp/v2/{asset.key}/{place}?ca=vector&cn=uploads&v=beta&ut={asset.signature}"


def accept(asset: Asset, medium: Medium, now: datetime, *, polls: int | None) -> None:
    """Take the whole file in and begin processing it. `polls`: what the fault plan wants of this call."""
    asked = asset.wanted_polls if polls is None else polls
    asset.medium = medium
    asset.trouble = files.trouble(asset.kind, medium.path)
    asset.polls = USUAL_POLLS if asked is None else asked
    asset.ready_at = now + LONGEST_PROCESSING if asked is None else None


def _finalize(network: Network, visit: Visit) -> Answer:
    sent = schema.body(restli.json_body(visit.call), Record({"finalizeUploadRequest": _FINISH}))
    given = sent["finalizeUploadRequest"]
    urn = str(urns.parse(given["video"], kinds=("video",), field="video"))
    asset = network.state.assets.get(urn)
    if asset is None:
        raise bad_value("INVALID_VIDEO_ID", f"{urn} does not exist")
    network.require(visit, asset.owner, PUBLISH, member_scope="w_member_social")
    if given["uploadToken"] != asset.upload_token:
        raise bad_value("INVALID_VALUE_FOR_FIELD", "/uploadToken is not the one that was issued")
    if asset.medium is not None:  # the sheet knows no second finalizing: look at the status instead
        raise bad_value("INVALID_VIDEO_ID", f"{urn} was finalized already")
    if any(part.etag is None for part in asset.parts) or asset.whole is None:
        raise bad_value("INVALID_VALUE_FOR_FIELD", "not all parts were uploaded")
    if given["uploadedPartIds"] != [part.etag for part in asset.parts]:
        raise bad_value("INVALID_VALUE_FOR_FIELD", "/uploadedPartIds are not the ETags of the parts in their order")
    medium = network.ground.store.keep(asset.whole)
    asset.whole.discard()
    asset.whole = None
    accept(asset, medium, visit.now, polls=visit.call.effects.processing_polls)
    return Answer(200, b"", "application/json")


def read(network: Network, visit: Visit) -> Answer:
    """Answer `GET /rest/{images|videos|documents}/{urn}`. Each look moves processing on by one."""
    visit.ask.only()
    collection, key = visit.ask.path
    urn = str(urns.parse(key, kinds=(_KINDS[collection],), field="id"))
    asset = network.state.assets.get(urn)
    if asset is None:
        visit.require_scope(READ)
        raise not_found(urn)
    network.require(visit, asset.owner, READ)
    status = asset.status(visit.now)
    if asset.medium is not None and asset.polls > 0:
        asset.polls -= 1
    seen: dict[str, Any] = {"id": asset.urn, "owner": asset.owner, "status": status}
    if status == AVAILABLE:
        seen["downloadUrl"] = f"https://{SITE_HOST}{DOWNLOADS}{asset.key}"
    if status == PROCESSING_FAILED and asset.kind == "video":
        seen["processingFailureReason"] = asset.trouble
    return Answer.json(seen)
