"""The bytes: signed addresses on another host, with rules of their own (sheet sections 2.3 to 2.5, traps 6 and 7)."""

import hmac
import io

from sandbox import seeded
from sandbox.exchange import Answer, Call
from sandbox.linkedin.assets import accept
from sandbox.linkedin.errors import LinkedInError, bad_value, denied, not_allowed, not_found
from sandbox.linkedin.network import Network
from sandbox.linkedin.state import Asset, Part
from sandbox.linkedin.tokens import PUBLISH
from sandbox.media import Incoming, MediaStore

PREFIX = "/dms-uploads/sp/v2/"
LARGEST_DOCUMENT = 100_000_000
_BLOCK = 1 << 20


def put(network: Network, call: Call) -> Answer:
    """Answer `PUT` of bytes to an address that an initialization gave. Raises LinkedInError."""
    key, _, place = call.path.removeprefix(PREFIX).partition("/")
    asset = network.state.uploads.get(key)
    if asset is None:
        raise not_found("upload")
    if call.method != "PUT":
        raise not_allowed(call.method)
    if not hmac.compare_digest(call.query.get("ut", "").encode(), asset.signature.encode()):
        raise LinkedInError(403, "Signature of the upload URL does not match")
    if call.now >= asset.expires_at:
        raise LinkedInError(401, "The upload URL has expired", code="EXPIRED_UPLOAD_URL")
    if "Content-Length" not in call.headers:
        raise LinkedInError(411, "Length Required")
    if call.body is None or call.body.size == 0:
        raise LinkedInError(
            415 if call.content_type and call.body is None else 400, "The bytes themselves are expected"
        )
    if place in asset.extras:
        return Answer(201, b"", "application/octet-stream")
    part = next((part for part in asset.parts if str(part.number) == place), None)
    if part is None:
        raise not_found("upload")
    return _video_part(network, call, asset, part) if asset.kind == "video" else _file(network, call, asset)


def _file(network: Network, call: Call, asset: Asset) -> Answer:
    """Take an image or a document, in one piece, from somebody who may publish as its owner."""
    token = network.tokens.check(call)
    if asset.owner.startswith("urn:li:person:"):
        allowed = asset.owner == token.person_urn and "w_member_social" in token.scopes
    else:
        role = network.tokens.members.role(token.member, asset.owner)
        allowed = bool(PUBLISH.scopes & set(token.scopes)) and role in PUBLISH.roles
    if not allowed:
        raise denied("uploads.PUT")
    body = call.body
    assert body is not None  # noqa: S101  # `put` looked
    if asset.kind == "document" and body.size > LARGEST_DOCUMENT:
        raise LinkedInError(413, "Request Entity Too Large")
    if asset.medium is None:
        accept(asset, network.ground.store.keep(body), call.now, polls=call.effects.processing_polls)
    elif asset.medium.sha256 != body.sha256:  # the same bytes again: a repeated call after a lost answer
        raise bad_value("INVALID_VALUE_FOR_FIELD", "Other bytes were uploaded here already")
    return Answer(201, b"", "application/octet-stream")


def _video_part(network: Network, call: Call, asset: Asset, part: Part) -> Answer:
    if "Authorization" in call.headers:
        raise LinkedInError(400, "The upload URL is signed: no Authorization header is expected")
    if call.content_type != "application/octet-stream":
        raise LinkedInError(415, f"Unsupported media type {call.content_type}")
    body = call.body
    assert body is not None  # noqa: S101  # `put` looked
    assert part.last is not None  # noqa: S101  # videos are announced with their size
    if body.size != part.last - part.first + 1:
        raise bad_value("INVALID_VALUE_FOR_FIELD", f"Bytes {part.first} to {part.last} are expected here")
    etag = "/ambry-video/signedId/" + seeded.letters(0, asset.key, part.number, body.sha256, length=40)
    if etag != part.etag:
        if asset.medium is not None:
            raise bad_value("INVALID_VIDEO_ID", "The video was finalized already")
        _take(network.ground.store, asset, part, body)
        part.etag = etag
    return Answer(200, b"", "application/octet-stream", {"ETag": etag})


def _take(store: MediaStore, asset: Asset, part: Part, body: Incoming) -> None:
    """Join a part to those before it, or keep it aside until they have come. Each byte is hashed twice at most."""
    if asset.whole is None:
        asset.whole = store.incoming()
    if part.number < asset.joined:
        asset.whole = _replaced(store, asset.whole, part, body)
        return
    if part.number > asset.joined:
        if part.parked is not None:
            part.parked.discard()
        part.parked = store.incoming()
        store.append(part.parked, body)
        return
    store.append(asset.whole, body)
    asset.joined += 1
    for follower in asset.parts[asset.joined :]:
        if follower.parked is None:
            break
        store.append(asset.whole, follower.parked)
        follower.parked.discard()
        follower.parked = None
        asset.joined += 1


def _replaced(store: MediaStore, old: Incoming, part: Part, body: Incoming) -> Incoming:
    """Return the joined parts with other bytes for one of them."""
    fresh = store.incoming()
    old.seek(0)
    _copy(old, fresh, part.first)
    store.append(fresh, body)
    old.seek((part.last or 0) + 1)
    _copy(old, fresh, old.size)
    old.discard()
    return fresh


def _copy(source: io.FileIO, target: Incoming, most: int) -> None:
    while most > 0 and (block := source.read(min(_BLOCK, most))):
        target.write(block)
        most -= len(block)
