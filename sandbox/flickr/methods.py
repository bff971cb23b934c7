"""Which methods there are, what each needs, and what each takes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sandbox.flickr import albums, comments, groups, listings, people, photos, stats, uploads
from sandbox.flickr.documents import Element
from sandbox.flickr.stream import Photostreams, Visit

Act = Callable[[Photostreams, Visit], Element | None]


@dataclass(frozen=True, slots=True)
class Method:
    """A method: `perms` "" needs no login; `takes` its own arguments; `operation` for fault rules."""

    act: Act
    operation: str
    perms: str
    takes: frozenset[str]


def _method(act: Act, operation: str, perms: str, takes: str) -> Method:
    return Method(act, operation, perms, frozenset(takes.split()))


_SPAN = "min_upload_date max_upload_date"
_PAGES = "page per_page"
_PERMS = "is_public is_friend is_family perm_comment perm_addmeta"
_SEARCH = "text tags machine_tags tag_mode machine_tag_mode sort"


def table(tickets: uploads.Uploads) -> dict[str, Method]:
    """Return the methods by name, without `flickr.`."""

    def check_tickets(_streams: Photostreams, visit: Visit) -> Element:
        return tickets.check_tickets(visit)

    album_edit = partial(comments.edit, of_album=True)
    album_delete = partial(comments.delete, of_album=True)
    span = "min_comment_date max_comment_date include_faves"
    return {
        "test.login": _method(people.login, "identify", "read", ""),
        "auth.oauth.checkToken": _method(people.check_token, "identify", "read", "oauth_token"),
        "people.getInfo": _method(people.info, "account", "", "user_id"),
        "people.getLimits": _method(people.limits, "account", "read", ""),
        "people.getUploadStatus": _method(people.upload_status, "account", "read", ""),
        "people.getPhotos": _method(listings.own, "list", "", f"user_id extras {_SPAN} {_PAGES}"),
        "contacts.getPublicList": _method(people.contacts, "account_metrics", "", f"user_id {_PAGES}"),
        "activity.userPhotos": _method(people.activity, "comments", "read", f"timeframe {_PAGES}"),
        "photos.search": _method(listings.search, "search", "", f"user_id extras {_SEARCH} {_SPAN} {_PAGES}"),
        "photos.recentlyUpdated": _method(listings.recently_updated, "list", "read", f"min_date extras {_PAGES}"),
        "photos.getCounts": _method(listings.counts, "account_metrics", "read", "dates"),
        "photos.getInfo": _method(photos.info, "read", "", "photo_id secret"),
        "photos.getFavorites": _method(photos.favorites, "metrics", "", f"photo_id {_PAGES}"),
        "photos.setMeta": _method(photos.set_meta, "edit", "write", "photo_id title description"),
        "photos.setTags": _method(photos.set_tags, "edit", "write", "photo_id tags"),
        "photos.addTags": _method(photos.add_tags, "edit", "write", "photo_id tags"),
        "photos.removeTag": _method(photos.remove_tag, "edit", "write", "tag_id"),
        "photos.setPerms": _method(photos.set_perms, "perms", "write", f"photo_id {_PERMS}"),
        "photos.setSafetyLevel": _method(photos.set_safety, "edit", "write", "photo_id safety_level hidden"),
        "photos.setContentType": _method(photos.set_content, "edit", "write", "photo_id content_type"),
        "photos.setDates": _method(
            photos.set_dates, "edit", "write", "photo_id date_posted date_taken date_taken_granularity"
        ),
        "photos.delete": _method(photos.delete, "delete", "delete", "photo_id"),
        "photos.licenses.getInfo": _method(photos.licenses, "licenses", "", ""),
        "photos.licenses.setLicense": _method(photos.set_license, "license", "write", "photo_id license_id"),
        "photos.upload.checkTickets": _method(check_tickets, "tickets", "", "tickets"),
        "photos.comments.getList": _method(comments.listing_of_photo, "comments", "", f"photo_id {span} {_PAGES}"),
        "photos.comments.addComment": _method(comments.add_to_photo, "reply", "write", "photo_id comment_text"),
        "photos.comments.editComment": _method(comments.edit, "comment_edit", "write", "comment_id comment_text"),
        "photos.comments.deleteComment": _method(comments.delete, "comment_delete", "write", "comment_id"),
        "photosets.create": _method(albums.create, "album", "write", "title description primary_photo_id"),
        "photosets.addPhoto": _method(albums.add_photo, "album", "write", "photoset_id photo_id"),
        "photosets.removePhoto": _method(albums.remove_photo, "album", "write", "photoset_id photo_id"),
        "photosets.setPrimaryPhoto": _method(albums.set_primary, "album", "write", "photoset_id photo_id"),
        "photosets.reorderPhotos": _method(albums.reorder, "album", "write", "photoset_id photo_ids"),
        "photosets.editMeta": _method(albums.edit, "album", "write", "photoset_id title description"),
        "photosets.delete": _method(albums.delete, "album", "write", "photoset_id"),
        "photosets.getList": _method(albums.listing, "albums", "", f"user_id {_PAGES}"),
        "photosets.getPhotos": _method(albums.photos, "albums", "", f"photoset_id user_id extras {_PAGES}"),
        "photosets.comments.getList": _method(comments.listing_of_album, "comments", "", "photoset_id"),
        "photosets.comments.addComment": _method(comments.add_to_album, "reply", "write", "photoset_id comment_text"),
        "photosets.comments.editComment": _method(album_edit, "comment_edit", "write", "comment_id comment_text"),
        "photosets.comments.deleteComment": _method(album_delete, "comment_delete", "write", "comment_id"),
        "groups.getInfo": _method(groups.info, "groups", "", "group_id"),
        "groups.pools.getGroups": _method(groups.mine, "groups", "read", _PAGES),
        "groups.pools.add": _method(groups.add, "pool", "write", "photo_id group_id"),
        "groups.pools.remove": _method(groups.remove, "pool", "write", "photo_id group_id"),
        "stats.getPhotoStats": _method(stats.of_photo, "metrics", "read", "date photo_id"),
        "stats.getPopularPhotos": _method(stats.popular, "metrics", "read", f"date sort {_PAGES}"),
        "stats.getPhotosetStats": _method(stats.of_album, "metrics", "read", "date photoset_id"),
        "stats.getPhotoDomains": _method(stats.domains, "metrics", "read", f"date photo_id {_PAGES}"),
        "stats.getPhotoReferrers": _method(stats.referrers, "metrics", "read", f"date photo_id domain {_PAGES}"),
        "stats.getTotalViews": _method(stats.total_views, "account_metrics", "read", "date"),
        "stats.getPhotostreamStats": _method(stats.of_stream, "account_metrics", "read", "date"),
    }
