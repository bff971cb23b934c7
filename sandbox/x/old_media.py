"""Media v1.1: retired on 2025-06-09, still hands out ids that no post takes (sheet sections 0, 2.2 and 2.3)."""

from sandbox.exchange import Answer, Call
from sandbox.x.errors import OldError, not_imitated
from sandbox.x.media_state import LIFE, Upload
from sandbox.x.tokens import Caller
from sandbox.x.visit import Desk

HOST = "upload.twitter.com"
UPLOAD_PATH, METADATA_PATH = "/1.1/media/upload.json", "/1.1/media/metadata/create.json"
_JSON = "application/json; charset=utf-8"


def answer(desk: Desk, call: Call, caller: Caller) -> Answer:
    """Answer a call of v1.1's upload host. What it takes in is never shown."""
    if call.path == METADATA_PATH and call.method == "POST":
        return Answer(200, b"", _JSON)
    if call.path != UPLOAD_PATH:
        raise OldError(404, 34, "Sorry, that page does not exist.")
    if call.method == "GET" and call.query.get("command") == "STATUS":
        return Answer.json(_described(_known(desk, call, caller)), content_type=_JSON)
    if call.method != "POST":
        raise OldError(404, 34, "Sorry, that page does not exist.")
    command = call.form.get("command") or call.query.get("command", "")
    if command == "APPEND":
        _known(desk, call, caller)
        return Answer(204, b"", _JSON)
    if command == "FINALIZE":
        return Answer.json(_described(_known(desk, call, caller)), status=201, content_type=_JSON)
    if command not in {"", "INIT"}:
        raise not_imitated(f"command={command}")
    if command == "" and not call.files and "media_data" not in call.form:
        raise OldError(400, 38, "media parameter is missing.")
    upload = Upload(
        id=desk.uploads.new_id(),
        owner_id=caller.user_id,
        sort="image",
        category="tweet_image",
        media_type="",
        total=sum(file.incoming.size for file in call.files),
        expires_at=call.now + LIFE,
        old=True,
    )
    desk.uploads.all[upload.id] = upload
    return Answer.json(_described(upload), status=202 if command else 200, content_type=_JSON)


def _known(desk: Desk, call: Call, caller: Caller) -> Upload:
    media_id = call.form.get("media_id") or call.query.get("media_id", "")
    upload = desk.uploads.find(media_id, caller.user_id)
    if upload is None:
        raise OldError(400, 324, "The validation of media ids failed.")
    return upload


def _described(upload: Upload) -> dict[str, object]:
    return {
        "media_id": int(upload.id),
        "media_id_string": upload.id,
        "media_key": upload.key,
        "size": upload.total,
        "expires_after_secs": int(LIFE.total_seconds()),
    }
