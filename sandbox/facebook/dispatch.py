"""Which node or edge a call is about, and what is done with it."""

from collections.abc import Callable
from typing import Any

from sandbox.facebook import comments, fields, insights, nodes, operations, params, photos, posts, tokens, videos
from sandbox.facebook.errors import GraphError, bad_parameter, bad_path, not_found, not_imitated
from sandbox.facebook.pages import Pages, Visit

_LISTS = ("published_posts", "posts", "feed", "scheduled_posts")


def carry_out(pages: Pages, visit: Visit, path: str) -> Any:
    """Carry a call out. Raises GraphError."""
    return _Dispatch(pages).carry_out(visit, path)


class _Dispatch:
    def __init__(self, pages: Pages) -> None:
        self.pages = pages

    def carry_out(self, visit: Visit, path: str) -> Any:
        endpoint, node, edge = operations.place(path)
        if endpoint in {"me", "node"} and node in {"", "me"}:
            node = visit.token.owner_id
        simple: dict[str, Callable[[], Any]] = {
            "ids": lambda: self._many(visit),
            "accounts": lambda: self._accounts(visit),
            "debug": lambda: self._debug(visit),
        }
        if endpoint in simple:
            if visit.call.method != "GET":
                raise bad_path(path)
            return simple[endpoint]()
        if endpoint == "edge":
            return self._edge(visit, visit.token.owner_id if node == "me" else node, edge)
        if endpoint in {"me", "node"}:
            return self._node(visit, node)
        raise bad_path(path)

    def _debug(self, visit: Visit) -> dict[str, Any]:
        if visit.token.kind != "APP":
            raise bad_parameter("Hace falta un token de la aplicación")
        return self.pages.tokens.debug(params.text(visit.params, "input_token"), visit.now)

    def _accounts(self, visit: Visit) -> dict[str, Any]:
        if visit.token.kind != "USER":
            raise bad_parameter("Tried accessing nonexisting field (accounts) on node type (Page)")
        wanted = fields.parse(str(visit.params.get("fields") or "access_token,category,name,id,tasks"))
        page = nodes.page(
            self.pages,
            visit,
            self.pages.world.page_id,
            tuple(one for one in wanted if one.name not in {"tasks", "perms"}),
        )
        if any(one.name == "tasks" for one in wanted):
            page["tasks"] = list(tokens.TASKS)
        return {"data": [page], "paging": {"cursors": {"before": "QVFIUZD", "after": "QVFIUZD"}}}

    def _many(self, visit: Visit) -> dict[str, Any]:
        ids = [part for part in params.text(visit.params, "ids").split(",") if part]
        if not ids:
            raise bad_path("/")
        if len(ids) > 50:
            raise bad_parameter("ids admite hasta 50 elementos")
        out = {}
        for node in ids:
            try:
                out[node] = self._node(visit, node)
            except GraphError as error:
                if error.subcode != 33:
                    raise
                raise GraphError(803, f"(#803) Some of the aliases you requested do not exist: {node}") from error
        return out

    def _node(self, visit: Visit, node: str) -> dict[str, Any]:
        method = visit.call.method
        actions = self._actions(visit, node)
        action = actions.get(method)
        if action is None:
            raise not_found(node, method)
        return action()

    def _actions(self, visit: Visit, node: str) -> dict[str, Callable[[], dict[str, Any]]]:
        pages, state = self.pages, self.pages.state
        if node in pages.names:
            return {
                "GET": lambda: nodes.page(pages, visit, node, nodes.wanted(visit, "name,id")),
                "POST": lambda: self._other(visit, node),
            }
        if node == pages.world.user_id and visit.token.kind == "USER":
            return {"GET": lambda: self._person(visit)}
        page_id = self._home(node)
        if page_id is None or not pages.may_see(visit.token, page_id):
            return {}
        if post := state.posts.get(node):
            return {
                "GET": lambda: nodes.post(pages, visit, post, nodes.wanted(visit, nodes.POST_DEFAULT)),
                "POST": lambda: posts.update(pages, visit, post),
                "DELETE": lambda: posts.delete(pages, visit, post),
            }
        if photo := state.photos.get(node):
            return {
                "GET": lambda: nodes.photo(pages, photo, nodes.wanted(visit, nodes.PHOTO_DEFAULT)),
                "POST": lambda: self._other(visit, node),
                "DELETE": lambda: photos.delete(pages, visit, photo),
            }
        if video := state.videos.get(node):
            return {
                "GET": lambda: videos.read(pages, visit, video),
                "POST": lambda: videos.update(pages, visit, video),
                "DELETE": lambda: videos.delete(pages, visit, video),
            }
        comment = state.comments[node]
        return {
            "GET": lambda: nodes.comment(pages, visit, comment, nodes.wanted(visit, nodes.COMMENT_DEFAULT)),
            "POST": lambda: comments.update(pages, visit, comment),
            "DELETE": lambda: comments.delete(pages, visit, comment),
        }

    def _other(self, visit: Visit, node: str) -> dict[str, Any]:
        raise not_imitated(f"{visit.call.method} sobre {node}")

    def _person(self, visit: Visit) -> dict[str, Any]:
        world = self.pages.world
        values = {"id": world.user_id, "name": world.user_name}
        wanted = nodes.wanted(visit, "name,id")
        return fields.render(wanted, nodes.plain(values), kind="User")

    def _home(self, node: str) -> str | None:
        state = self.pages.state
        if comment := state.comments.get(node):
            return state.posts[comment.post_id].page_id
        for known in (state.posts, state.photos, state.videos):
            if found := known.get(node):
                return str(found.page_id)
        return None

    def _edge(self, visit: Visit, node: str, edge: str) -> Any:
        action = (
            self._page_edges(visit, node, edge) if node in self.pages.names else self._thing_edges(visit, node, edge)
        )
        if action is None:
            if self._home(node) is None and node not in self.pages.names:
                raise not_found(node, visit.call.method)
            raise bad_parameter(f"Tried accessing nonexisting field ({edge}) on node type")
        return action()

    def _page_edges(self, visit: Visit, page_id: str, edge: str) -> Callable[[], Any] | None:
        pages = self.pages
        if visit.call.method == "GET" and edge in _LISTS:
            return lambda: posts.listing(pages, visit, page_id, edge)
        actions: dict[tuple[str, str], Callable[[], Any]] = {
            ("POST", "feed"): lambda: posts.create(pages, visit, page_id),
            ("POST", "photos"): lambda: photos.create(pages, visit, page_id),
            ("POST", "videos"): lambda: videos.create(pages, visit, page_id),
            ("GET", "photos"): lambda: photos.listing(pages, visit, page_id),
            ("GET", "videos"): lambda: videos.listing(pages, visit, page_id),
            ("GET", "insights"): lambda: insights.of_page(pages, visit, page_id),
            ("POST", "video_reels"): lambda: self._other(visit, "video_reels"),
            ("POST", "subscribed_apps"): lambda: self._other(visit, "subscribed_apps"),
        }
        return actions.get((visit.call.method, edge))

    def _thing_edges(self, visit: Visit, node: str, edge: str) -> Callable[[], Any] | None:
        pages, method = self.pages, visit.call.method
        comment = pages.state.comments.get(node)
        post = pages.state.posts.get(comment.post_id if comment else node)
        if post is None or not pages.may_see(visit.token, post.page_id):
            if edge in {"comments", "insights", "likes"}:
                raise not_found(node, method)
            return None
        if edge == "comments" and method in {"GET", "POST"}:
            act = comments.listing if method == "GET" else comments.create
            return lambda: act(pages, visit, post, under=comment)
        if edge == "insights" and method == "GET" and comment is None:
            return lambda: insights.of_post(pages, visit, post, visit.params)
        if edge == "likes" and method in {"POST", "DELETE"} and comment is not None:
            return lambda: comments.like(pages, visit, comment, liked=method == "POST")
        return None
