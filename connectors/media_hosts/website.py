"""A media host in the media library of the institution's own website (WordPress; sheet website.md 2.1, 2.2).

A file is found again by its name, which comes from the delivery's key and a secret, so that the same file and key make
one upload whatever was lost on the way. Visitors who ask the site's API for its media may see it listed meanwhile.
"""

import hashlib
import hmac
from urllib.parse import quote

from connectors.errors import Gone, Rejected
from connectors.http import Door
from connectors.media_hosts import Hosted, MediaHost
from connectors.wordpress_api import Api, Thing
from connectors.wordpress_errors import unreadable
from core.accounts import Credentials
from core.media import OutgoingMedium
from core.platforms import Platform

_MEDIA = "/wp/v2/media"
_PIECE = 1024 * 1024
_NAME_LENGTH = 40  # hexadecimal digits: 160 bits that nobody guesses


class WebsiteMediaHost(MediaHost):
    """Files in a WordPress site's media library, deleted for good when they are removed."""

    def __init__(self, address: str, credentials: Credentials, door: Door) -> None:
        """Open the site with the website account's address and credentials; calls nobody."""
        self._api = Api(address, credentials, door)
        self._secret = credentials.get("application_password").replace(" ", "").encode()

    def put(self, medium: OutgoingMedium, *, key: str) -> Hosted:
        """Upload the file, or find it where it is there already."""
        name = self._name(medium, key)
        found = self._api.list(_MEDIA, slug=name, context="edit", orderby="id", order="asc").things
        thing = found[0] if found else self._sent(medium, name)
        return Hosted(url=_original(thing), token={"id": str(thing.number("id")), "name": name})

    def remove(self, token: dict[str, str]) -> None:
        """Delete the file for good. Nothing where it is gone, or where that number is another file by now."""
        path = f"{_MEDIA}/{int(token['id'])}"
        try:
            if self._api.get(path, context="edit").text("slug") == token["name"]:
                self._api.delete(path, force="true")
        except Gone:
            return

    def _name(self, medium: OutgoingMedium, key: str) -> str:
        said = f"{key}\n{medium.medium.sha256}".encode()
        return f"vocero-{hmac.new(self._secret, said, hashlib.sha256).hexdigest()[:_NAME_LENGTH]}"

    def _sent(self, medium: OutgoingMedium, name: str) -> Thing:
        headers = {
            "Content-Type": medium.medium.mime_type,
            "Content-Disposition": f'attachment; filename="{name}{medium.medium.extension}"',
            "Content-MD5": _checksum(medium),  # hexadecimal, as WordPress compares it
        }
        with medium.path.open("rb") as file:
            return self._api.upload(_MEDIA, file, headers=headers, query={})


def _checksum(medium: OutgoingMedium) -> str:
    """Return the MD5 of the bytes, once they have proved to be the approved ones."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with medium.path.open("rb") as file:
        while piece := file.read(_PIECE):
            sha256.update(piece)
            md5.update(piece)
    if sha256.hexdigest() != medium.medium.sha256:
        raise Rejected("the file on our disk is not the approved one", platform=Platform.WEBSITE, code="file_changed")
    return md5.hexdigest()


def _original(thing: Thing) -> str:
    """Return the address of the very bytes: of some JPEG WordPress shows a smaller or turned copy instead."""
    url = thing.text("source_url")
    details = thing.fields.get("media_details")
    original = details.get("original_image") if isinstance(details, dict) else None
    if not original:
        return url
    if not isinstance(original, str) or "/" in original:
        raise unreadable("media_details.original_image")
    return f"{url.rpartition('/')[0]}/{quote(original)}"
