"""Attachments as X gives them back."""

from typing import Any

from sandbox.x import figures
from sandbox.x.params import Wanted
from sandbox.x.state import Attachment
from sandbox.x.visit import FILES_HOST, Visit


def file_address(attachment: Attachment) -> str:
    """Return where the picture of an attachment is."""
    return f"https://{FILES_HOST}/media/{attachment.media_key}"


def medium(visit: Visit, attachment: Attachment, wanted: Wanted, *, own: bool) -> dict[str, Any]:
    """Return one attachment."""
    whole: dict[str, Any] = {"alt_text": attachment.alt_text}
    if attachment.width:
        whole |= {"width": attachment.width, "height": attachment.height}
    if attachment.kind == "photo":
        whole["url"] = file_address(attachment)
    else:
        whole["preview_image_url"] = f"{file_address(attachment)}/preview"
    if attachment.kind == "video":
        whole["public_metrics"] = {"view_count": figures.views(visit.network, attachment, visit.now)}
        if attachment.duration_ms:
            whole["duration_ms"] = attachment.duration_ms
        if own:
            whole["non_public_metrics"] = figures.playback(visit.network, attachment, visit.now)
    shown = {"media_key": attachment.media_key, "type": attachment.kind}
    return shown | {name: value for name, value in whole.items() if name in wanted.media and value != ""}
