"""Addresses under which a network fetches a file of an approved delivery: unguessable, short-lived, signed.

`{public_url}/m/{delivery key}/{SHA-256}/{until}/{mac}{.ext}`: `until` in Unix seconds, `mac` an HMAC-SHA256 over all of
it but the ending (which is there for those who judge a file by its name). The ledger is asked again at each visit.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.media_hosts import Hosted, MediaHost
from core.deliveries import DeliveryState
from core.media import Medium, OutgoingMedium
from storage.database import Database

LIFE = timedelta(hours=2)
# Until it is over, and never before somebody approved it: a delivery is made by scheduling what is approved.
_LENT_IN = frozenset({DeliveryState.SCHEDULED, DeliveryState.STAGING, DeliveryState.PUBLISHING, DeliveryState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class LinkSigner:
    """Signs what a link says, and knows its own signature again."""

    secret: bytes = field(repr=False)

    def mac(self, *, key: str, sha256: str, until: int) -> str:
        """Return the signature, 64 hexadecimal digits."""
        return hmac.new(self.secret, f"{key}|{sha256}|{until}".encode(), hashlib.sha256).hexdigest()

    def is_mine(self, mac: str, *, key: str, sha256: str, until: int) -> bool:
        """Tell whether the signature is ours, in constant time."""
        return hmac.compare_digest(mac.encode(), self.mac(key=key, sha256=sha256, until=until).encode())


@dataclass(frozen=True, slots=True)
class DeskHost(MediaHost):
    """Lends files from our own server. `public_url`: where the world reaches it, without a slash at the end."""

    public_url: str
    signer: LinkSigner
    now: Callable[[], datetime]

    def put(self, medium: OutgoingMedium, *, key: str) -> Hosted:
        """Return an address that holds for two hours; nothing is copied."""
        sha256, until = medium.medium.sha256, int((self.now() + LIFE).timestamp())
        mac = self.signer.mac(key=key, sha256=sha256, until=until)
        return Hosted(f"{self.public_url}/m/{key}/{sha256}/{until}/{mac}{medium.medium.extension}", {})

    def remove(self, token: dict[str, str]) -> None:
        """Do nothing: an address ends by itself, and with its delivery."""


def lent(database: Database, signer: LinkSigner, *, key: str, sha256: str, until: int, mac: str) -> Medium | None:
    """Return the file that the address lends now, None for whatever reason it lends none.

    It is signed by us, its time is not over, its delivery is on its way, approved still, and the file is part of it.
    """
    if not signer.is_mine(mac, key=key, sha256=sha256, until=until):
        return None
    with database.read() as transaction:
        delivery = transaction.deliveries.find(key)
        if delivery is None or delivery.state not in _LENT_IN or transaction.now.timestamp() > until:
            return None
        if transaction.posts.approval(delivery.approval_id).revoked_at is not None:
            return None
        attachments = transaction.posts.revision(delivery.revision_id).content.attachments
    return next((each.medium for each in attachments if each.medium.sha256 == sha256), None)
