"""How accounts, media and comments look when read (sheet sections 3.1, 3.2, 3.4)."""

from collections.abc import Mapping
from typing import Any

from sandbox.facebook import fields
from sandbox.facebook.errors import bad_parameter
from sandbox.facebook.fields import ABSENT, Getter, Wanted
from sandbox.facebook.nodes import plain
from sandbox.facebook.pages import written
from sandbox.instagram.accounts import Accounts, Visit
from sandbox.instagram.state import Comment, Media

MEDIA_DEFAULT = "id"
COMMENT_DEFAULT = "id,text,timestamp"
MOST_COMMENTS = 50


def wanted(visit: Visit, default: str) -> tuple[Wanted, ...]:
    """Return the fields that a call asks for."""
    return fields.parse(str(visit.params.get("fields") or default))


def account(accounts: Accounts, visit: Visit, account_id: str, asked: tuple[Wanted, ...]) -> dict[str, Any]:
    """Return an account as its own token reads it."""
    values = account_values(accounts, account_id, by_login=visit.caller.by_login)
    return fields.render(asked, plain(values), kind="IGUser")


def account_values(accounts: Accounts, account_id: str, *, by_login: bool) -> dict[str, Any]:
    """Return an account's fields."""
    now = accounts.ground.clock()
    official = account_id == accounts.world.account_id
    values: dict[str, Any] = {
        "id": account_id,
        "username": accounts.usernames[account_id],
        "name": accounts.world.name if official else "Noticias INPE",
        "biography": "Cuenta de ensayo de la oficina de prensa",
        "website": ABSENT,
        "followers_count": accounts.followers(account_id, now),
        "follows_count": 87,
        "media_count": sum(one.product != "STORY" for one in accounts.state.of_account(account_id)),
        "profile_picture_url": ABSENT,
    }
    if by_login:
        scoped = accounts.world.login_scoped_id
        values |= {
            "user_id": account_id,
            "account_type": "BUSINESS",
            "id": scoped if official else str(int(scoped) + 1),
        }
    return values


def media(accounts: Accounts, visit: Visit, item: Media, asked: tuple[Wanted, ...]) -> dict[str, Any]:
    """Return a medium. Children of carousels have no permalink; some fields are of one variant only."""
    now = visit.now
    count = accounts.state.share
    likes = count(item, "likes", 0.052, now)
    said = sum(not comment.hidden for comment in accounts.state.comments_of(item.id))
    top = item.parent_id is None
    is_video = item.kind == "VIDEO"
    values: dict[str, Any] = {
        "id": item.id,
        "caption": item.caption or ABSENT,
        "alt_text": item.alt_text or ABSENT,
        "media_type": item.kind,
        "media_product_type": item.product,
        "media_url": accounts.file_address(item),
        "thumbnail_url": accounts.file_address(item) if is_video else ABSENT,
        "permalink": accounts.permalink(item) if top else ABSENT,
        "shortcode": item.shortcode if top else ABSENT,
        "timestamp": written(item.created_at),
        "username": accounts.usernames[item.account_id],
        "owner": {"id": account_values(accounts, item.account_id, by_login=visit.caller.by_login)["id"]},
        "like_count": likes if top else ABSENT,
        "comments_count": said if top else ABSENT,
        "is_comment_enabled": item.takes_comments if top else ABSENT,
        "is_shared_to_feed": item.share_to_feed if item.product == "REELS" else ABSENT,
        "is_ai_generated": False,
        "legacy_instagram_media_id": ABSENT,
    }
    if not visit.caller.by_login:
        values |= {
            "saved_count": count(item, "saved", 0.009, now),
            "shares_count": count(item, "shares", 0.007, now),
            "reposts_count": count(item, "reposts", 0.002, now),
            "total_like_count": likes,
            "total_comments_count": said,
            "total_views_count": int(accounts.state.reach(item, now) * 1.4),
            "boost_eligibility_info": ABSENT,
            "copyright_check_information": {"status": {"status": "completed", "matches_found": False}},
            "media_audio_type": ABSENT,
        }
    getters = plain(values)
    getters["children"] = lambda w: _children(accounts, visit, item, w)
    return fields.render(asked, getters, kind="IGMedia")


def _children(accounts: Accounts, visit: Visit, item: Media, one: Wanted) -> Any:
    inside = one.inside or fields.parse(MEDIA_DEFAULT)
    return {"data": [media(accounts, visit, child, inside) for child in item.children]} if item.children else ABSENT


def comment(accounts: Accounts, visit: Visit, item: Comment, asked: tuple[Wanted, ...]) -> dict[str, Any]:
    """Return a comment; `user` only where the account itself wrote it, `parent_id` only on replies."""
    home = accounts.state.media[item.media_id]
    author: dict[str, Any] = {"id": item.author_id, "username": item.username}
    if item.by_account:
        author["self_ig_scoped_id"] = accounts.world.login_scoped_id
    values: Mapping[str, Any] = {
        "id": item.id,
        "text": item.text,
        "timestamp": written(item.created_at),
        "username": item.username,
        "from": author,
        "like_count": 0,
        "hidden": item.hidden,
        "parent_id": item.parent_id or ABSENT,
        "user": {"id": item.author_id} if item.by_account else ABSENT,
        "legacy_instagram_comment_id": ABSENT,
    }
    getters: dict[str, Getter] = plain(values)
    getters["media"] = lambda w: (
        {"id": home.id}
        if not w.inside
        else fields.render(w.inside, plain({"id": home.id, "media_product_type": home.product}), kind="IGMedia")
    )
    if item.parent_id is None:
        getters["replies"] = lambda w: _replies(accounts, visit, item, w)
    else:
        getters["replies"] = lambda _w: ABSENT
    return fields.render(asked, getters, kind="IGComment")


def _replies(accounts: Accounts, visit: Visit, item: Comment, one: Wanted) -> Any:
    found = accounts.state.replies_to(item.id)
    most = one.modifiers.get("limit", str(MOST_COMMENTS))
    if not most.isdigit() or int(most) > MOST_COMMENTS:
        raise bad_parameter(f"limit admite hasta {MOST_COMMENTS}")
    inside = one.inside or fields.parse(COMMENT_DEFAULT)
    shown = [comment(accounts, visit, reply, inside) for reply in found[: int(most)]]
    return {"data": shown} if shown else ABSENT
