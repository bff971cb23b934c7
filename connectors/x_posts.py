"""Our own posts on X, and looking for one among them (sheet of 2026-11-23, 3.2): never a guess.

What is said to be absent is written again, so absence must be certain: the list whole, its clock ours, its lag over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors import x_sentences as say
from connectors.errors import ConnectorError, Exists, Gone, OutcomeUnknown, Rejected, Unavailable
from connectors.x_api import Api
from connectors.x_errors import Answer, told_now
from connectors.x_reading import FIELDS, PARENTS, Seen, instant_of, items_of, next_token, told
from connectors.x_text import same_text
from core.platforms import Platform

# Between the platform's clock and ours; where they are further apart than the second, no absence is certain
SKEW = timedelta(minutes=5)
_SKEW_SEEN = timedelta(minutes=4)
# No document says how long a list may lag ("seconds", sheet 3 [memory]); ours. Before that, absence tells nothing.
LISTS_LAG = timedelta(seconds=60)
# For how long X refuses the same text: "hours; not documented" (sheet 3.2 [code]); ours
DUPLICATES_LAST = timedelta(hours=24)
# For how long a thread may go on after its first message; ours
_THREAD_LASTS = timedelta(days=3)
_A_PAGE = "100"
_PAGES = 5


@dataclass(frozen=True, slots=True)
class Listing:
    """Our own posts of a time, newest first. `is_whole`: neither cut nor with gaps.

    `clocks_agree`: the platform's clock and ours show about the same, as far as it tells.
    """

    posts: tuple[Seen, ...]
    is_whole: bool
    clocks_agree: bool = True

    def find(self, text: str, *, parent_id: str | None, media: int) -> Seen | None:
        """Return the oldest post that says this."""
        matching = (one for one in reversed(self.posts) if one.says(text, parent_id=parent_id, media=media))
        return next(matching, None)


class OwnPosts:
    """The posts of our own account."""

    def __init__(self, api: Api, user_id: str) -> None:
        self._api = api
        self._user = user_id

    def since(self, instant: datetime, *, replies: bool) -> Listing:
        """List what we posted since then, with or without replies (the parts of a thread are replies)."""
        start = told(instant)
        if replies:
            return self._listed(exclude="retweets", expansions=PARENTS, start_time=start)
        return self._listed(exclude="replies,retweets", start_time=start)

    def after(self, post_id: str) -> Listing:
        """List what we posted in the days after that post, replies included."""
        until = instant_of(post_id) + _THREAD_LASTS
        query = {"exclude": "retweets", "expansions": PARENTS, "since_id": post_id}
        if until < datetime.now(UTC) - SKEW:
            query["end_time"] = told(until)
        return self._listed(**query)

    def thread_below(self, root: Seen) -> list[str]:
        """Return the ids of our own messages that continue a post, the first one first.

        Raises Unavailable where X does not show all: what is left out would stay public.
        """
        listing = self.after(root.id)
        if not listing.is_whole:
            raise unavailable("the list of posts is not whole", sentence=say.THREAD_UNSEEN)
        chain = [root.id]
        for one in sorted(listing.posts, key=lambda each: int(each.id)):
            if one.parent_id in chain and one.id not in chain:
                chain.append(one.id)
        return chain[1:]

    def look(self, text: str, *, parent_id: str | None, media: int, since: datetime) -> Seen | None:
        """Return our post that says this; None: it certainly is not public.

        Certain only where the list was whole, and where the write began long enough ago for a list to show it. The
        caller looks twice before writing again. Raises OutcomeUnknown where absence is not certain.
        """
        listing = self.since(since - SKEW, replies=parent_id is not None)
        found = listing.find(text, parent_id=parent_id, media=media)
        if found is not None:
            return found
        if any(one.may_say(text, parent_id=parent_id) for one in listing.posts):
            raise _unknown("a post reads like it, but the platform does not tell all of it")
        if not listing.is_whole:
            raise _unknown("the list of posts is not whole")
        if not listing.clocks_agree:
            raise _unknown("the platform's clock and ours do not agree", say.CLOCK_LOOKING)
        if datetime.now(UTC) - since < LISTS_LAG:
            raise _unknown("it is too early to trust a list that does not show it")
        return None

    def echo(
        self, text: str, *, parent_id: str | None, media: int, since: datetime, addressee: str | None = None
    ) -> Seen | None:
        """Return our own earlier write that made X call this one a duplicate; None: it is an older post's double.

        `addressee`: the id of whom it answers, empty where that is not known; X puts that one's name before it. Raises
        Exists where neither is to be seen: then the earlier write may have landed unseen. OutcomeUnknown where the
        posts cannot be listed.
        """
        try:
            listing = self.since(min(since - SKEW, datetime.now(UTC) - DUPLICATES_LAST), replies=True)
        except ConnectorError as error:
            raise _unknown("a duplicate, and the posts cannot be listed") from error
        ours = [one for one in listing.posts if one.created_at and one.created_at >= since - SKEW]
        mine = next((one for one in reversed(ours) if one.says(text, parent_id=parent_id, media=media)), None)
        if mine is not None:
            return mine
        alike = [one for one in listing.posts if one.reads(text)]
        if addressee is None:
            # to X a name before it makes another text of it
            others = [one for one in alike if same_text(one.text, text)]
            is_told = bool(others) and not any(one in ours for one in alike)
        else:
            # while X shows one answer with these words to somebody, it took no other
            is_told = addressee != "" and any(one.answers == addressee for one in alike)
        if is_told and listing.is_whole and listing.clocks_agree:
            return None
        raise Exists(
            "the platform calls it a duplicate, but shows no earlier one", platform=Platform.X, sentence=say.HAS_IT
        )

    def _listed(self, **query: str) -> Listing:
        posts: list[Seen] = []
        is_whole = clocks_agree = True
        for _page in range(_PAGES):
            answer = self._page(query)
            posts += items_of(answer)
            now = told_now(self._api.headers)
            clocks_agree = clocks_agree and (now is None or abs(now - datetime.now(UTC)) < _SKEW_SEEN)
            is_whole = is_whole and "meta" in answer and not _gaps(answer)
            token = next_token(answer)
            if token is None:
                return Listing(tuple(posts), is_whole=is_whole, clocks_agree=clocks_agree)
            if token == query.get("pagination_token"):
                break
            query["pagination_token"] = token
        return Listing(tuple(posts), is_whole=False, clocks_agree=clocks_agree)

    def _page(self, query: Mapping[str, str]) -> Answer:
        route = f"/2/users/{self._user}/tweets"
        try:
            return self._api.read(route, max_results=_A_PAGE, tweet__fields=FIELDS, **query)
        except (Rejected, Gone) as error:
            # what was asked is refused, or our account: nobody may take it for the content's, or its files'
            raise Unavailable(
                "the list of posts is refused",
                platform=Platform.X,
                status=error.status,
                code=error.code,
                detail=error.detail,
                sentence=say.QUERY,
            ) from error


def _gaps(answer: Answer) -> bool:
    """Tell whether posts are missing from the list, and not only what they answer (parents that are gone)."""
    errors = answer.get("errors") or ()
    if not isinstance(errors, list | tuple):
        return True
    return not all(isinstance(one, Mapping) and str(one.get("parameter")).startswith("referenced_") for one in errors)


def _unknown(what: str, sentence: str = "") -> OutcomeUnknown:
    return OutcomeUnknown(what, platform=Platform.X, sentence=sentence)


def unavailable(what: str, detail: str = "", *, sentence: str = "") -> Unavailable:
    """Return the error of what may simply be tried again."""
    return Unavailable(what, platform=Platform.X, detail=detail, sentence=sentence)
