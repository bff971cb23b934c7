"""Which resource and method a call is about, and what is done with it; the names of operations for fault rules."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.exchange import Answer, Call
from sandbox.linkedin import assets, comments, identity, oauth, posts, restli, social, statistics, uploads
from sandbox.linkedin.errors import LinkedInError, not_allowed, not_found, not_imitated
from sandbox.linkedin.network import DOWNLOADS, SITE_HOST, Network, Visit
from sandbox.linkedin.restli import Ask

Act = Callable[[Network, Visit], Answer]


@dataclass(frozen=True, slots=True)
class Resource:
    """One method of one path; `*` in the path stands for a key."""

    method: str
    path: str
    operation: str
    act: Act


_COMMENTS = "rest/socialActions/*/comments"
_COMMENT = f"{_COMMENTS}/*"
_RESOURCES = (
    Resource("GET", "v2/userinfo", "identify", identity.person),
    Resource("FINDER", "rest/organizationAcls", "identify", identity.roles),
    Resource("GET", "rest/organizations/*", "identify", identity.organization),
    *(
        resource
        for kind in ("images", "videos", "documents")
        for resource in (
            Resource("ACTION", f"rest/{kind}", "initialize", assets.act),
            Resource("GET", f"rest/{kind}/*", "media_status", assets.read),
        )
    ),
    Resource("CREATE", "rest/posts", "publish", posts.create),
    Resource("FINDER", "rest/posts", "list", posts.find),
    Resource("BATCH_GET", "rest/posts", "read", posts.read_many),
    Resource("GET", "rest/posts/*", "read", posts.read),
    Resource("PARTIAL_UPDATE", "rest/posts/*", "edit", posts.update),
    Resource("DELETE", "rest/posts/*", "delete", posts.delete),
    Resource("GET", "rest/socialActions/*", "social", social.summary),
    Resource("GET", "rest/socialMetadata/*", "social", social.metadata),
    Resource("PARTIAL_UPDATE", "rest/socialMetadata/*", "moderate", social.moderate),
    Resource("CREATE", "rest/reactions", "like", social.react),
    Resource("GET", _COMMENTS, "comments", comments.read),
    Resource("BATCH_GET", _COMMENTS, "comments", comments.read_many),
    Resource("CREATE", _COMMENTS, "reply", comments.create),
    Resource("GET", _COMMENT, "comments", comments.read_one),
    Resource("PARTIAL_UPDATE", _COMMENT, "edit_comment", comments.update),
    Resource("DELETE", _COMMENT, "delete_comment", comments.delete),
    Resource("FINDER", "rest/organizationalEntityShareStatistics", "insights", statistics.shares),
    Resource("FINDER", "rest/organizationalEntityFollowerStatistics", "insights", statistics.followers),
    Resource("FINDER", "rest/organizationPageStatistics", "insights", statistics.views),
    Resource("FINDER", "rest/videoAnalytics", "insights", statistics.video),
    Resource("GET", "rest/networkSizes/*", "insights", statistics.size),
)
_FOREIGN = frozenset(
    {
        "eventSubscriptions",
        "memberCreatorPostAnalytics",
        "memberCreatorVideoAnalytics",
        "memberFollowersCount",
        "organizationalEntityNotifications",
    }
)
OPERATIONS = frozenset(
    {*(resource.operation for resource in _RESOURCES), *oauth.OPERATIONS.values(), "finalize", "upload", "page", "file"}
)


def _fits(pattern: str, path: list[str]) -> bool:
    wanted = pattern.split("/")
    return len(wanted) == len(path) and all(
        mine in {"*", theirs} and theirs for mine, theirs in zip(wanted, path, strict=True)
    )


def carry_out(network: Network, visit: Visit) -> Answer:
    """Carry a call of the API out. Raises LinkedInError."""
    return _resource(visit.ask).act(network, visit)


def _resource(ask: Ask) -> Resource:
    path = [ask.root, *ask.path]
    known = [resource for resource in _RESOURCES if _fits(resource.path, path)]
    for resource in known:
        if resource.method == ask.method:
            return resource
    if known:
        raise not_allowed(ask.method)
    if ask.root == "rest" and ask.path and ask.path[0] in _FOREIGN:
        raise not_imitated(ask.path[0])
    raise not_found("/".join(path))


def operation(call: Call) -> str:
    """Return the operation of a call, "" for none."""
    if call.host == SITE_HOST:
        if call.path in oauth.OPERATIONS:
            return oauth.OPERATIONS[call.path]
        places = ((uploads.PREFIX, "upload"), (DOWNLOADS, "file"), ("/feed/update/", "page"))
        return next((name for prefix, name in places if call.path.startswith(prefix)), "")
    try:
        ask = restli.read(call)
        found = _resource(ask).operation
    except LinkedInError:
        return ""
    return "finalize" if ask.params.get("action") == "finalizeUpload" else found
