"""What a platform's refusal means, named by what must happen next.

ConnectorError(message; platform, status, code, detail redacted and cut)
├── Rejected         content refused            → failed; a person edits
├── NotAuthorized    token or scope gone        → pause the account, ask to reconnect
│   ├── TokenRefused the token itself is dead   → renewed once where that can be done, else as above
│   └── Blocked      the account is blocked     → pause the account, a person looks at the platform
├── RateLimited      not done; retry_after      → wait; the account waits with it
├── Unavailable      not done, safe             → again, with backoff
├── OutcomeUnknown   the write may have landed  → find() says whether; else a person; never blindly
│   └── Exists       it has landed, unseen      → looked for, never written again; else a person
├── Gone             remote object missing      → stop watching
└── Unsupported      the caller ignored capabilities → our bug

Misconfigured stands outside, so that nothing which handles a platform's answer can hide it.
"""

from datetime import timedelta
from typing import ClassVar

from connectors.redaction import redacted
from core.platforms import Platform
from core.texts import _

_LONGEST_WAIT = timedelta(days=32)

DETAIL_LENGTH = 500


class Misconfigured(Exception):
    """The connector cannot be built: a setting or a credential is missing or malformed."""


class ConnectorError(Exception):
    """A platform did not do what was asked.

    `sentence` is for staff: what happened and the way out, the kind's own where none is given. `message` and `detail`
    are for developers: redacted, the detail at most 500 characters.
    """

    sentence: str = _("La red no hizo lo que se le pidió.")

    def __init__(
        self,
        message: str = "",
        *,
        platform: Platform,
        status: int | None = None,
        code: str = "",
        detail: str = "",
        sentence: str = "",
    ) -> None:
        text = redacted(message or type(self).__doc__ or "")
        super().__init__(text)
        self.message = text
        self.platform = platform
        self.status = status
        self.code = code
        self.detail = redacted(detail)[:DETAIL_LENGTH]
        if sentence:
            self.sentence = sentence

    def __str__(self) -> str:
        marks = [str(self.platform)]
        if self.status is not None:
            marks.append(f"HTTP {self.status}")
        if self.code:
            marks.append(f"code {self.code}")
        return f"{self.message} ({', '.join(marks)})"


class Rejected(ConnectorError):
    """The platform refuses this content."""

    sentence = _("La red rechazó el contenido. Corríjalo y envíelo otra vez a aprobación.")


class NotAuthorized(ConnectorError):
    """The token or a right is gone."""

    sentence = _("La cuenta ya no acepta nuestra conexión. Pida a la administración técnica que la conecte otra vez.")


class TokenRefused(NotAuthorized):
    """The platform does not take the token itself: renewed credentials may be taken."""


class Blocked(NotAuthorized):
    """The platform has blocked the account for a time; a new token would not help."""

    sentence = _(
        "La red restringió la cuenta. No insista: vea el aviso en la propia red, y reanude la cuenta cuando se levante."
    )


class RateLimited(ConnectorError):
    """Nothing was done; the platform asks to wait. `retry_after` is None where it did not say how long."""

    sentence = _("La red pide esperar antes de publicar más.")

    def __init__(
        self,
        message: str = "",
        *,
        platform: Platform,
        status: int | None = None,
        code: str = "",
        detail: str = "",
        sentence: str = "",
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(message, platform=platform, status=status, code=code, detail=detail, sentence=sentence)
        # the longest that is true is a read budget's, which begins anew with the month
        self.retry_after = min(retry_after, _LONGEST_WAIT) if retry_after and retry_after > timedelta(0) else None


class Unavailable(ConnectorError):
    """Nothing was done; trying again is safe."""

    sentence = _("La red no responde. Se intentará otra vez.")


class OutcomeUnknown(ConnectorError):
    """The write may have landed; or, from `find`, the platform could not tell.

    `account_stops`: besides, the platform has restricted the account, and a person must look before the next post.
    """

    account_stops: ClassVar[bool] = False

    sentence = _("La red no confirmó el resultado. Se averiguará si salió antes de hacer nada más.")


class Exists(OutcomeUnknown):
    """The platform refuses the write since it has it already, and does not show which it means.

    From then on no look may say that the post is absent: it is found, or a person finds it.
    """


class Gone(ConnectorError):
    """The remote object is not there any more."""

    sentence = _("La publicación ya no está en la red.")


class Unsupported(ConnectorError):
    """The caller ignored the capabilities."""

    sentence = _("Esta red no permite esa operación.")
