"""What the platform makes of an uploaded video, and why it may not take it. Source: sheet of 2026-11-23, 2.3."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from connectors.errors import Blocked, ConnectorError, Rejected
from connectors.youtube_api import number_at, text_at
from connectors.youtube_meanings import ACCOUNT_CLOSED, ACCOUNT_SUSPENDED
from core.platforms import Platform
from core.texts import _

PROCESSING_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=2)

_ANOTHER_FILE = _(
    "YouTube no pudo procesar el video: el archivo está dañado o tiene un formato que no admite. Expórtelo otra vez en"
    " MP4 (H.264 y AAC) y envíe la publicación a aprobación."
)
_RIGHTS = _(
    "YouTube no admite el video porque tiene música, imágenes o marcas de otros. Cambie esa parte, o reclame en YouTube"
    " Studio si la oficina tiene los derechos."
)
_RULES = _(
    "YouTube no admite el video porque, según dice, incumple sus normas. Vea el motivo en YouTube Studio; puede"
    " reclamar ahí, o cambiar el video y enviarlo otra vez a aprobación."
)
# status.failureReason and status.rejectionReason (sheet 2.3 [lib])
_SENTENCES: Mapping[str, str] = {
    "conversion": _ANOTHER_FILE,
    "invalidFile": _ANOTHER_FILE,
    "codec": _ANOTHER_FILE,
    "emptyFile": _("El archivo del video llegó vacío a YouTube. Súbalo otra vez y envíe la publicación a aprobación."),
    "tooSmall": _("YouTube no admite un video tan pequeño. Use otro archivo y envíe la publicación a aprobación."),
    "uploadAborted": _("La subida del video a YouTube se interrumpió del todo. Envíe la publicación otra vez."),
    "copyright": _RIGHTS,
    "claim": _RIGHTS,
    "trademark": _RIGHTS,
    "inappropriate": _RULES,
    "termsOfUse": _RULES,
    "legal": _RULES,
    "duplicate": _(
        "YouTube dice que el canal ya tiene este mismo video. Búsquelo en YouTube Studio antes de enviarlo otra vez."
    ),
    "length": _(
        "El video dura más de lo que YouTube permite al canal. Acórtelo, o verifique el canal en YouTube Studio, y"
        " envíe la publicación otra vez."
    ),
}
_UNKNOWN = _("YouTube no admite el video. Vea el motivo en YouTube Studio antes de enviarlo otra vez a aprobación.")
_ACCOUNTS: Mapping[str, str] = {
    "uploaderAccountSuspended": ACCOUNT_SUSPENDED,
    "uploaderAccountClosed": ACCOUNT_CLOSED,
}


def processing_wait(video: Mapping[str, Any]) -> timedelta | None:
    """Return how long to wait, None where the platform has done its work.

    Raises Rejected where it does not take the video, Blocked where that is for the account's sake.
    """
    status = text_at(video, "status", "uploadStatus")
    if status == "processed":
        return None
    if status in ("failed", "rejected") or text_at(video, "processingDetails", "processingStatus") == "failed":
        raise _not_taken(
            text_at(video, "status", "failureReason")
            or text_at(video, "status", "rejectionReason")
            or text_at(video, "processingDetails", "processingFailureReason")
        )
    left = number_at(video, "processingDetails", "processingProgress", "timeLeftMs")
    if not left or left < 0:
        return PROCESSING_WAIT
    return min(max(timedelta(milliseconds=min(left, 1e9)), PROCESSING_WAIT / 3), LONGEST_WAIT)


def _not_taken(why: str) -> ConnectorError:
    what, code = f"the platform does not take the video: {why[:100]}", why[:100]
    if why in _ACCOUNTS:
        return Blocked(what, platform=Platform.YOUTUBE, code=code, sentence=_ACCOUNTS[why])
    return Rejected(what, platform=Platform.YOUTUBE, code=code, sentence=_SENTENCES.get(why, _UNKNOWN))
