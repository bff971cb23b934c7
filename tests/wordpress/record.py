"""Writes the recorded fixtures of the website anew, from a fresh WordPress of Debian's.

    python -m tests.wordpress.record

Every fixture is one call of tests/connectors/website_scenes.py. The site's address becomes https://www.inpe.example,
the password a placeholder; links to other resources, avatars and derived image sizes are left out.
"""

import contextlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
import yaml

from connectors.errors import ConnectorError
from connectors.website import WebsiteConnector
from core.deliveries import Stage
from core.posts import OutgoingPost
from tests.connectors.replay import FIXTURES, described
from tests.connectors.website_office import Office, staged
from tests.connectors.website_scenes import ADDRESS, Given, play, the_post
from tests.wordpress.peer import WordPress

LEFT_OUT = frozenset(
    {
        "_links", "author_avatar_urls", "avatar_urls", "author_ip", "author_user_agent", "email", "extra_capabilities",
        "guid", "image_meta", "meta", "permalink_template", "generated_slug", "registered_date", "sizes",
    }
)  # fmt: skip
UPLOAD_HEADERS = ("Content-Type", "Content-Disposition", "Content-MD5")
KEPT_HEADERS = ("X-WP-Total", "X-WP-TotalPages", "Retry-After", "Location")


class Recorder:
    """Tells the story of one post, and writes down the calls that are worth a fixture."""

    def __init__(self, office: Office, post: OutgoingPost, version: str) -> None:
        self._office = office
        self._post = post
        self._version = version
        self._exchanges: list[dict[str, Any]] = []

    def call(
        self,
        name: str,
        given: Given,
        *,
        connector: WebsiteConnector | None = None,
        login: str = "<LOGIN>",
    ) -> object:
        """Make the call and write its fixture; an error of the house is part of it."""
        connector = connector or self._office.connector()
        self._exchanges = []
        answer: object = None
        with self._listening(connector, login), contextlib.suppress(ConnectorError):
            answer = play(name, connector, self._post, given)
        document = {
            "origin": "recorded",
            "source": f"WordPress {self._version} from Debian, local",
            "date": datetime.now(UTC).date(),
            "given": dict(given),
            "exchanges": self._exchanges,
        }
        text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=110)
        path = FIXTURES / "website" / f"{name}.yaml"
        text = text.replace(self._office.site.url, ADDRESS)
        # as PHP writes it in JSON, inside an answer that is kept as text
        text = text.replace(self._office.site.url.replace("/", "\\/"), ADDRESS.replace("/", "\\/"))
        path.write_text(text, encoding="utf-8")
        return answer

    @contextlib.contextmanager
    def _listening(self, connector: WebsiteConnector, login: str) -> Iterator[None]:
        session = connector._api._session
        original = session.send

        def send(request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
            asked = described(request)
            body: Any = request.body
            if hasattr(body, "seek"):
                body.seek(0)
            if not asked["query"]:
                del asked["query"]
            headers = {"Authorization": f"Basic {login}"}
            headers |= {name: str(request.headers[name]) for name in UPLOAD_HEADERS if "body" in asked}
            response = original(request, **kwargs)
            self._exchanges.append({"request": asked | {"headers": headers}, "response": _answer(response)})
            return response

        session.send = send  # type: ignore[method-assign]
        yield

    def stage(self, name: str, stage: Stage | None) -> Stage:
        """Record one step of preparing."""
        given = {"token": dict(stage.token), "ready": stage.ready} if stage else {}
        answer = self.call(name, given)
        assert isinstance(answer, Stage)
        return answer


def _answer(response: requests.Response) -> dict[str, Any]:
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    answer: dict[str, Any] = {"status": response.status_code}
    if headers:
        answer["headers"] = headers
    try:
        return answer | {"json": _pruned(json.loads(response.content))}
    except ValueError:
        return answer | {"headers": headers | {"Content-Type": response.headers["Content-Type"]}, "text": response.text}


def _pruned(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _pruned(inner) for name, inner in value.items() if name not in LEFT_OUT}
    return [_pruned(inner) for inner in value] if isinstance(value, list) else value


def tell(office: Office, post: OutgoingPost, recorder: Recorder) -> None:
    """From an empty site to a post that is public, answered, and withdrawn."""
    recorder.call("identify", {})
    recorder.call(
        "identify__wrong_password",
        {},
        connector=office.connector(password="aaaa bbbb cccc dddd eeee ffff"),
        login="<WRONG_LOGIN>",
    )
    recorder.call("identify__plain_permalinks", {}, connector=office.connector(conditions="plain=1"))
    recorder.call("identify__notices", {}, connector=office.connector(conditions="notices=1"))
    uploaded = recorder.stage("stage__upload", None)
    recorder.stage("stage__upload_already_there", None)
    named = recorder.stage("stage__category_made", uploaded)
    recorder.stage("stage__category_already_there", uploaded)
    written = recorder.stage("stage__draft", named)
    ready = recorder.stage("stage__compared", written)
    given = {"token": dict(ready.token), "ready": True}
    recorder.call("find__draft", given)
    recorder.call("publish__lacking_right", given, connector=office.connector("contributor"))
    post_id = ready.token["post_id"]
    office.ask("POST", f"/posts/{post_id}", content={"content": "Otra cosa."})
    recorder.stage("stage__edited_on_the_site", ready)
    ready = staged(office.connector(), post, ready)
    recorder.call("publish", given)
    recorder.call("publish__again", given)
    recorder.call("find", given)
    visitor = {"post": post_id, "author_name": "Rosa", "author_email": "rosa@example.test"}
    question = {"content": "¿Dónde es?", "status": "approved", "date_gmt": "2026-11-23T10:00:00"}
    comment = office.ask("POST", "/comments", content=visitor | question)["id"]
    office.ask(
        "POST",
        "/comments",
        content=visitor | {"content": "Compre <b>aquí</b>", "status": "hold", "date_gmt": "2026-11-23T11:00:00"},
    )
    recorder.call("reply", {"comment": comment})
    recorder.call("reply__duplicate", {"comment": comment})
    recorder.call("comments", {"post": post_id})
    recorder.call("metrics", {"post": post_id})
    recorder.call("account_metrics", {})
    recorder.call("hide", {"comment": comment, "hidden": True})
    recorder.call("hide__already", {"comment": comment, "hidden": True})
    recorder.call("hide__show", {"comment": comment, "hidden": False})
    # public since the morning, so that the trash shows that it had been public
    office.ask("POST", f"/posts/{post_id}", content={"date_gmt": "2026-11-23T09:00:00"})
    recorder.call("take_down", {"post": post_id})
    recorder.call("take_down__already", {"post": post_id})
    recorder.call("comments__withdrawn", {"post": post_id})
    recorder.call("find__withdrawn", given)
    recorder.call("stage__withdrawn", given)
    office.ask("DELETE", f"/posts/{post_id}", params={"force": "true"})
    recorder.call("take_down__gone", {"post": post_id})
    recorder.call("metrics__gone", {"post": post_id})
    recorder.call("comments__gone", {"post": post_id})
    recorder.call("reply__gone", {"comment": comment})
    recorder.call("find__gone", given)
    recorder.call("publish__draft_gone", given)


def main() -> None:
    """Record everything."""
    with WordPress() as site, tempfile.TemporaryDirectory() as directory:
        office = Office(site)
        post = the_post(Path(directory))
        tell(office, post, Recorder(office, post, site.version))


if __name__ == "__main__":
    main()
