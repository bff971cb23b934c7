"""Posts as X gives them back, with what they refer to (sheet sections 3 and 4)."""

from collections.abc import Sequence
from typing import Any

from sandbox.x import figures
from sandbox.x.errors import address
from sandbox.x.media_json import medium
from sandbox.x.params import Wanted
from sandbox.x.state import Poll, Post, instant
from sandbox.x.user_json import user
from sandbox.x.visit import Visit

EDITS, EDIT_MINUTES = 5, 30
"""How often and how long an own post can be edited (sheet 2.1: 30 to 60 minutes; the narrower)."""


def listed(visit: Visit, posts: Sequence[Post], wanted: Wanted) -> dict[str, Any]:
    """Return `data`, `includes` and `errors` of several posts; `data` only when there are any."""
    return _Answer(visit, wanted).of(posts)


def single(visit: Visit, post: Post | None, post_id: str, wanted: Wanted) -> dict[str, Any]:
    """Return the answer about one post, found or not: 200 both."""
    answer = found(visit, [post_id], [post], wanted, parameter="id")
    if "data" in answer:
        answer["data"] = answer["data"][0]
    return answer


def found(
    visit: Visit, ids: Sequence[str], posts: Sequence[Post | None], wanted: Wanted, *, parameter: str
) -> dict[str, Any]:
    """Return the answer about posts that were named: missing ones and protected ones are errors in a 200."""
    making = _Answer(visit, wanted)
    seen: list[Post] = []
    for post_id, post in zip(ids, posts, strict=True):
        if post is None:
            making.errors.append(missing(visit, post_id, parameter))
        elif visit.network.people[post.author_id].protected and not visit.is_own(post):
            making.errors.append(_protected(visit, post_id, parameter))
        else:
            seen.append(post)
    return making.of(seen)


def missing(visit: Visit, post_id: str, parameter: str) -> dict[str, Any]:
    """Return the partial error about a post that is not there."""
    return {
        "value": post_id,
        "resource_id": post_id,
        "resource_type": visit.spelling.tweet,
        "parameter": parameter,
        "title": "Not Found Error",
        "detail": f"Could not find {visit.spelling.tweet} with {parameter}: [{post_id}].",
        "type": address("resource-not-found", visit.spelling.host),
    }


def _protected(visit: Visit, post_id: str, parameter: str) -> dict[str, Any]:
    return {
        "value": post_id,
        "resource_id": post_id,
        "resource_type": visit.spelling.tweet,
        "parameter": parameter,
        "section": "data",
        "title": "Authorization Error",
        "detail": f"Sorry, you are not authorized to see the Tweet with {parameter}: [{post_id}].",
        "type": address("not-authorized-for-resource", visit.spelling.host),
    }


class _Answer:
    """Collects what the posts of one answer refer to."""

    def __init__(self, visit: Visit, wanted: Wanted) -> None:
        self.visit = visit
        self.wanted = wanted
        self.errors: list[dict[str, Any]] = []
        self._users: dict[str, dict[str, Any]] = {}
        self._posts: dict[str, dict[str, Any]] = {}
        self._media: dict[str, dict[str, Any]] = {}
        self._polls: dict[str, dict[str, Any]] = {}

    def of(self, posts: Sequence[Post]) -> dict[str, Any]:
        answer: dict[str, Any] = {}
        data = [self._post(post) for post in posts]
        for post in posts:
            self._expand(post)
            self.visit.read_posts.add(post.id)
        if data:
            answer["data"] = data
        includes = {
            "users": list(self._users.values()),
            "posts": list(self._posts.values()),
            "media": list(self._media.values()),
            "polls": list(self._polls.values()),
        }
        if any(includes.values()):
            answer["includes"] = {name: items for name, items in includes.items() if items}
        if self.errors:
            answer["errors"] = self.errors
        return answer

    def _post(self, post: Post, *, section: str = "data") -> dict[str, Any]:
        wanted = self.wanted.post
        whole = self._all(post)
        shown = {name: whole[name] for name in ("id", "text", "edit_history_post_ids")}
        shown |= {name: value for name, value in whole.items() if name in wanted and value not in (None, {}, [])}
        if "public_metrics" in wanted:
            shown["public_metrics"] = figures.of_post(self.visit.network, post, self.visit.now)
        for field in figures.PRIVATE:
            if field in wanted:
                self._private(post, field, shown, section)
        return shown

    def _all(self, post: Post) -> dict[str, Any]:
        parents = ((post.quotes, "quoted"), (post.reply_to, "replied_to"))
        attached: dict[str, Any] = {}
        if post.attachments:
            attached["media_keys"] = [attachment.media_key for attachment in post.attachments]
        if post.poll:
            attached["poll_ids"] = [post.poll.id]
        wording = post.wording
        note = {"text": wording.long, "entities": wording.long_entities} if wording.long else {}
        return {
            "id": post.id,
            "text": wording.text,
            "edit_history_post_ids": list(post.history),
            "author_id": post.author_id,
            "conversation_id": post.conversation_id,
            "created_at": instant(post.created_at),
            "referenced_posts": [{"type": kind, "id": parent} for parent, kind in parents if parent],
            "in_reply_to_user_id": post.reply_to_user,
            "entities": self._entities(wording.entities),
            "attachments": attached,
            "note_post": note,
            "lang": "es",
            "reply_settings": post.reply_settings,
            "possibly_sensitive": False,
            "paid_partnership": post.paid_partnership,
            "display_text_range": [0, len(wording.text)],
            "edit_controls": self._edit_controls(post),
        }

    def _entities(self, entities: dict[str, Any]) -> dict[str, Any]:
        whole = dict(entities)
        if "mentions" in whole:
            named = [(item, self.visit.network.by_username(item["username"])) for item in whole["mentions"]]
            known = [{**item, "username": person.username, "id": person.id} for item, person in named if person]
            whole["mentions"] = known
        return {kind: items for kind, items in whole.items() if items}

    def _edit_controls(self, post: Post) -> dict[str, Any]:
        author = self.visit.network.people[post.author_id]
        first = self.visit.network.posts.get(post.history[0], post)
        until = first.created_at.timestamp() + EDIT_MINUTES * 60
        return {
            "edits_remaining": EDITS - (len(post.history) - 1),
            "is_edit_eligible": author.premium and post.reply_to is None,
            "editable_until": instant(first.created_at.fromtimestamp(until, first.created_at.tzinfo)),
        }

    def _private(self, post: Post, field: str, shown: dict[str, Any], section: str) -> None:
        if figures.may_see_private(post, field, own=self.visit.is_own(post), now=self.visit.now):
            shown[field] = figures.private(self.visit.network, post, field, self.visit.now)
            return
        for key in figures.private_keys(field, post):
            name = f"{field}.{self.visit.spelling.spell({key: 0}).popitem()[0]}"
            self.errors.append(
                {
                    "resource_type": self.visit.spelling.tweet,
                    "field": name,
                    "section": section,
                    "title": "Field Authorization Error",
                    "parameter": "id",
                    "resource_id": post.id,
                    "detail": f"Sorry, you are not authorized to access '{name}' on the Tweet with id : [{post.id}].",
                    "type": address("not-authorized-for-field", self.visit.spelling.host),
                }
            )

    def _expand(self, post: Post) -> None:
        self._expand_attached(post)
        users = self._people_of(post) + self._expand_others(post)
        for user_id in users:
            person = self.visit.network.people[user_id]
            self._users[user_id] = user(self.visit, person, self.wanted)
            self.visit.read_users.add(user_id)

    def _people_of(self, post: Post) -> list[str]:
        asked = self.wanted.expansions
        users: list[str] = []
        if "author_id" in asked:
            users.append(post.author_id)
        if "in_reply_to_user_id" in asked and post.reply_to_user:
            users.append(post.reply_to_user)
        if "entities.mentions.username" in asked:
            users += [item["id"] for item in self._entities(post.wording.entities).get("mentions", [])]
        return users

    def _expand_others(self, post: Post) -> list[str]:
        """Include the posts referred to, and return their authors where authors are wanted."""
        asked, network = self.wanted.expansions, self.visit.network
        users: list[str] = []
        others: list[str] = []
        if "referenced_posts" in asked:
            others += [parent for parent in (post.quotes, post.reply_to) if parent]
        if "edit_history_post_ids" in asked:
            others += [version for version in post.history if version != post.id]
        for post_id in others:
            other = network.posts.get(post_id)
            if other is None or network.people[other.author_id].protected:
                self.errors.append(missing(self.visit, post_id, "referenced_tweets.id"))
                continue
            self._posts[post_id] = self._post(other, section="includes")
            self.visit.read_posts.add(post_id)
            if "author_id" in asked:
                users.append(other.author_id)
        return users

    def _expand_attached(self, post: Post) -> None:
        asked = self.wanted.expansions
        if "attachments.media_keys" in asked:
            for attachment in post.attachments:
                shown = medium(self.visit, attachment, self.wanted, own=self.visit.is_own(post))
                self._media[attachment.media_key] = shown
        if "attachments.poll_ids" in asked and post.poll is not None:
            self._polls[post.poll.id] = _poll(post.poll, self.visit)


def _poll(poll: Poll, visit: Visit) -> dict[str, Any]:
    return {
        "id": poll.id,
        "options": [{"position": place, "label": label, "votes": 0} for place, label in enumerate(poll.options, 1)],
        "duration_minutes": poll.minutes,
        "end_datetime": instant(poll.end_at),
        "voting_status": "open" if visit.now < poll.end_at else "closed",
    }
