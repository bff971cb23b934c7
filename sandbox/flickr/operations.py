"""What each request asks for, by name, for fault rules."""

from collections.abc import Mapping

from sandbox.exchange import Call
from sandbox.flickr import params
from sandbox.flickr.methods import Method
from sandbox.flickr.stream import API_HOST, FILES_HOST, UPLOAD_HOST, WEB_HOST

REST = "/services/rest/"
UPLOAD, REPLACE = "/services/upload/", "/services/replace/"
UPLOADS = {UPLOAD: "upload", REPLACE: "replace"}
LOGIN = "/services/oauth/"
AUTHORIZE = LOGIN + "authorize"
_STEPS = {LOGIN + step: step for step in ("request_token", "authorize", "access_token")}

OPERATIONS = frozenset(
    {
        *_STEPS.values(),
        *UPLOADS.values(),
        *("identify", "account", "list", "search", "read", "tickets", "licenses", "albums", "groups"),
        *("publish", "unpublish", "edit", "license", "delete", "album", "pool"),
        *("comments", "reply", "comment_edit", "comment_delete", "metrics", "account_metrics"),
        *("page", "file"),
    }
)


def name(methods: Mapping[str, Method], call: Call) -> str:
    """Return the operation, "" for none. `setPerms` is `publish` with is_public=1 and `unpublish` without."""
    if call.host == FILES_HOST:
        return "file"
    if call.host == UPLOAD_HOST:
        return UPLOADS.get(call.path, "")
    if call.host != API_HOST:
        return _STEPS.get(call.path, "page") if call.host == WEB_HOST else "page"
    if call.path != REST:
        return ""
    args = params.read(call)
    method = methods.get(args.get("method", "").removeprefix("flickr."))
    if method is None:
        return ""
    if method.operation == "perms":
        return "publish" if args.get("is_public") == "1" else "unpublish"
    return method.operation
