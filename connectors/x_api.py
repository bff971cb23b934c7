"""X's API, version 2, as one account: one session, one way to call, one way to fail, every object read counted.

The calls run through tweepy 4.17.0, whose session is the door's. It has no v2 media (its v1.1 methods are dead), so
files go out by the same session beside it. What it gets wrong ends here: it raises AttributeError or TypeError for
error bodies of an odd shape, and writes bearer tokens into its debug log (sheet of 2026-11-23, sections 2.3 and 7).
"""

import logging
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import requests
import tweepy

from connectors.errors import ConnectorError
from connectors.http import Door, open_session
from connectors.read_budget import ReadBudget
from connectors.x_errors import Answer, body_of, refusal, unreadable
from connectors.x_login import Login
from core.capabilities import ApiVersion
from core.platforms import Platform

# sheet 0 [doc]: the library's host; api.x.com serves the same paths
HOST = "https://api.twitter.com"
API_VERSION = ApiVersion(
    "2",
    released_on=date(2021, 11, 15),  # [memory]: general availability; the sheet names no date
    ends_on=None,
    source="sheet 2026-11-23 section 0 [doc]: document 2.167 of 2026-08-07; no end announced",
)

# they write Authorization headers into their debug logs
for _chatty in ("tweepy.client", "requests_oauthlib.oauth1_auth", "oauthlib.oauth1.rfc5849"):
    logging.getLogger(_chatty).setLevel(logging.WARNING)

# what X gives back under both spellings (sheet 7.1)
_LISTED = ("users", "tweets", "posts")


class Api:
    """The API with one account's credentials. Raises only the errors of the house."""

    def __init__(self, door: Door, login: Login, budget: ReadBudget) -> None:
        self._login = login
        self._budget = budget
        self._session = open_session(door, Platform.X, secrets=login.secrets, headers={"Accept": "application/json"})
        self._session.hooks["response"].append(self._keep)
        self._client = login.client(self._session)
        self._response: requests.Response | None = None

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the last answer."""
        return {} if self._response is None else self._response.headers

    def read(self, route: str, **params: str) -> Answer:
        """Read what is paid for; all that came back is noted in the budget. `__` in a name stands for a dot."""
        answer = self.look(route, **params)
        self._budget.spend(_objects(answer))
        return answer

    def look(self, route: str, **params: str) -> Answer:
        """Read what costs nothing."""
        query = {name.replace("__", "."): value for name, value in params.items()}
        return self._called(lambda: self._request("GET", route, params=query))

    def post(self, route: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Write, with JSON or without a body."""
        return self._called(lambda: self._request("POST", route, json=None if body is None else dict(body)))

    def put(self, route: str, body: Mapping[str, Any]) -> Answer:
        """Change something."""
        return self._called(lambda: self._request("PUT", route, json=dict(body)))

    def delete(self, route: str) -> Answer:
        """Delete something."""
        return self._called(lambda: self._request("DELETE", route))

    def upload(self, route: str, fields: Mapping[str, str], media: tuple[str, bytes, str]) -> Answer:
        """Send bytes as the part `media`: file name, bytes, type."""
        signed = self._login.is_signed
        token = self._login.credentials.get("access_token")
        return self._called(
            lambda: self._session.post(
                f"{HOST}{route}",
                data=dict(fields),
                files={"media": media},
                headers=None if signed else {"Authorization": f"Bearer {token}"},
                auth=self._signature() if signed else None,
            )
        )

    def _signature(self) -> requests.auth.AuthBase:
        get = self._login.credentials.get
        handler = tweepy.OAuth1UserHandler(
            get("consumer_key"), get("consumer_secret"), get("access_token"), get("access_token_secret")
        )
        signature: requests.auth.AuthBase = handler.apply_auth()
        return signature

    def _request(
        self, method: str, route: str, *, params: Mapping[str, str] | None = None, json: Mapping[str, Any] | None = None
    ) -> None:
        self._client.request(method, route, params=params, json=json, user_auth=self._login.is_signed)

    def _keep(self, response: requests.Response, *_args: object, **_settings: object) -> None:
        self._response = response
        # a chunk of a film would live as long as its answer
        response.request.body = None

    def _called(self, call: Callable[[], object]) -> Answer:
        self._response = None
        try:
            call()
        except ConnectorError:
            raise
        except (tweepy.TweepyException, AttributeError, TypeError, ValueError, RecursionError):
            # how the library tells of an error answer, or stumbles over its body; with no such answer it is our bug
            response = self._last()
            if response is None or _is_yes(response):
                raise
        response = self._last()
        if response is None:
            raise unreadable("there is no answer")
        if not _is_yes(response):
            raise refusal(response, self._login.secrets)
        body = body_of(response)
        if body is None:
            raise unreadable("the answer is not JSON", response.status_code)
        return body

    def _last(self) -> requests.Response | None:
        return self._response


def _is_yes(response: requests.Response) -> bool:
    return 200 <= response.status_code < 300


def _objects(answer: Answer) -> int:
    """Return how many posts and users came: each is paid for (sheet 1.3)."""
    data, includes = answer.get("data"), answer.get("includes")
    read = len(data) if isinstance(data, list) else int(isinstance(data, dict))
    if isinstance(includes, dict):
        read += sum(len(includes[name]) for name in _LISTED if isinstance(includes.get(name), list))
    return read
