"""A media host in an S3-compatible bucket: AWS, MinIO, Cloudflare R2, Backblaze and others.

Each request is signed with AWS Signature Version 4 by requests-aws4auth. That library reads a whole body to hash it;
the approved file's SHA-256 is known, so it is signed instead and the body stays on the disk. Whoever keeps the bucket
compares: other bytes than the approved ones are refused there (XAmzContentSHA256Mismatch).

The objects must be readable by anybody who knows their address: by the bucket's own policy on the prefix, since many
buckets take no rights from a request.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import BinaryIO
from urllib.parse import urlsplit

import requests
from requests_aws4auth import AWS4Auth

from connectors.errors import ConnectorError, Misconfigured, NotAuthorized, RateLimited, Rejected, Unavailable
from connectors.http import Door, open_session
from connectors.media_hosts import Hosted, MediaHost
from connectors.redaction import redacted
from core.media import OutgoingMedium
from core.platforms import Platform

_SERVICE = "s3"
_ALGORITHM = "AWS4-HMAC-SHA256"
_EMPTY = hashlib.sha256(b"").hexdigest()
_CODE = re.compile(r"<Code>(\w{1,64})</Code>")
_NAME_LENGTH = 40  # hexadecimal digits: 160 bits that nobody guesses

# S3's error codes, as its API reference lists them [memory]; the status decides where a keeper has words of its own
_CODES: dict[str, type[ConnectorError]] = {
    "BadDigest": Unavailable,
    "IncompleteBody": Unavailable,
    "RequestTimeout": Unavailable,
    "XAmzContentSHA256Mismatch": Rejected,  # the file on our disk is not the approved one
    "SlowDown": RateLimited,
    "AuthorizationHeaderMalformed": NotAuthorized,  # the region is wrong
    "NoSuchBucket": NotAuthorized,
}
_STATUSES: dict[int, type[ConnectorError]] = {
    301: NotAuthorized,  # another region's bucket
    307: NotAuthorized,
    401: NotAuthorized,
    403: NotAuthorized,
    404: NotAuthorized,
    408: Unavailable,
    429: RateLimited,
}


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket and who may write into it.

    `address`: the bucket's own, by path (`https://s3.example.org/bucket`) or by host
    (`https://bucket.s3.us-east-1.amazonaws.com`); `public_address`: where anybody reads it, if elsewhere (a CDN).
    """

    address: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)
    public_address: str = ""
    prefix: str = "vocero/"


class S3MediaHost(MediaHost):
    """Files as objects under names that nobody can guess; the same file and key have the same name."""

    def __init__(self, bucket: Bucket, door: Door, *, platform: Platform) -> None:
        """Open the bucket; `platform` is for whom, and stands in errors. Raises Misconfigured; calls nobody."""
        for address in (bucket.address, bucket.public_address or bucket.address):
            _check(address)
        if not re.fullmatch(r"(?:[A-Za-z0-9_-]+/)*", bucket.prefix):
            raise Misconfigured("the bucket's prefix is made of letters, digits, - and _, and ends with a slash")
        if not (bucket.region and bucket.access_key and bucket.secret_key):
            raise Misconfigured("a bucket needs a region, an access key and a secret key")
        self._bucket = bucket
        self._platform = platform
        self._address = bucket.address.rstrip("/")
        self._public = (bucket.public_address or bucket.address).rstrip("/")
        self._secrets = (bucket.secret_key, bucket.access_key)
        self._keys = AWS4Auth(bucket.access_key, bucket.secret_key, bucket.region, _SERVICE)
        self._session = open_session(door, platform, secrets=self._secrets)

    def put(self, medium: OutgoingMedium, *, key: str) -> Hosted:
        """Write the object, over itself where it is there already. The answer's address is the public one."""
        name = self._name(medium, key)
        with medium.path.open("rb") as file:
            response = self._send("PUT", name, digest=medium.medium.sha256, body=file, kind=medium.medium.mime_type)
        if response.status_code != 200:
            raise self._error(response)
        return Hosted(url=f"{self._public}/{name}", token={"name": name})

    def remove(self, token: dict[str, str]) -> None:
        """Delete the object. One that is not there is no error for S3 either; only names under our prefix are taken."""
        name = token.get("name", "")
        if not name.startswith(self._bucket.prefix) or not re.fullmatch(r"[\w./-]+", name) or ".." in name:
            raise Misconfigured("not an object of this media host")
        response = self._send("DELETE", name, digest=_EMPTY)
        if response.status_code not in (200, 204) and _code_of(response) != "NoSuchKey":
            raise self._error(response)

    def _name(self, medium: OutgoingMedium, key: str) -> str:
        said = f"{key}\n{medium.medium.sha256}".encode()
        digest = hmac.new(self._bucket.secret_key.encode(), said, hashlib.sha256).hexdigest()
        return f"{self._bucket.prefix}{digest[:_NAME_LENGTH]}{medium.medium.extension}"

    def _send(
        self, method: str, name: str, *, digest: str, body: BinaryIO | None = None, kind: str = ""
    ) -> requests.Response:
        url = f"{self._address}/{name}"
        # named, so that the signature holds where VOCERO_ROUTES sends the traffic to another host
        headers = {"Host": AWS4Auth.get_host_header(url)} | ({"Content-Type": kind} if kind else {})
        return self._session.request(method, url, data=body, headers=headers, auth=self._signed(digest))

    def _signed(self, digest: str) -> Callable[[requests.PreparedRequest], requests.PreparedRequest]:
        """Return what signs a request whose body has this SHA-256, without reading it."""

        def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
            now = datetime.now(UTC)
            if f"{now:%Y%m%d}" != self._keys.date:
                self._keys.regenerate_signing_key(date=f"{now:%Y%m%d}")
            request.headers["x-amz-date"] = f"{now:%Y%m%dT%H%M%SZ}"
            request.headers["x-amz-content-sha256"] = digest
            headers, names = self._keys.get_canonical_headers(request, self._keys.include_hdrs)
            canonical = self._keys.get_canonical_request(request, headers, names)
            scope = self._keys.signing_key.scope
            text = self._keys.get_sig_string(request, canonical, scope)
            signature = hmac.new(self._keys.signing_key.key, text.encode(), hashlib.sha256).hexdigest()
            credential = f"{self._bucket.access_key}/{scope}"
            request.headers["Authorization"] = (
                f"{_ALGORITHM} Credential={credential}, SignedHeaders={names}, Signature={signature}"
            )
            return request

        return sign

    def _error(self, response: requests.Response) -> ConnectorError:
        status, code = response.status_code, _code_of(response)
        kind = _CODES.get(code) or _STATUSES.get(status) or (Rejected if 400 <= status < 500 else Unavailable)
        detail = redacted(response.text[:1000], self._secrets)
        return kind("the bucket refused the file", platform=self._platform, status=status, code=code, detail=detail)


def _check(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.username:
        raise Misconfigured("a bucket's address looks like https://s3.example.org/bucket")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise Misconfigured("a bucket's address begins with https://")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _code_of(response: requests.Response) -> str:
    """Return the error code of S3's XML, which is not parsed: a hostile document could do harm."""
    found = _CODE.search(response.content[:4000].decode("utf-8", "replace"))
    return found.group(1) if found else ""
