"""Media: raw and multipart uploads, metadata, deletion (sheet section 2.1)."""

import contextlib
import hashlib
import re
from typing import Any

from werkzeug.http import parse_options_header

from sandbox.media import Incoming, Medium, picture
from sandbox.wordpress import dates, params, texts, uploads
from sandbox.wordpress.errors import RestError
from sandbox.wordpress.listing import Reply, links, window
from sandbox.wordpress.params import Visit
from sandbox.wordpress.site import URL, Site
from sandbox.wordpress.state import Attachment

API = f"{URL}/wp-json/wp/v2/media"
MULTIPART_LIMIT = 16 * 1024 * 1024
"""`upload_max_filesize`: holds for multipart only; a raw upload passes it by."""
BODY_LIMIT = 20 * 1024 * 1024
"""`post_max_size`: PHP drops a larger multipart body, and WordPress then misses the header of a raw one."""


def create(site: Site, visit: Visit) -> Reply:
    """Answer `POST /wp/v2/media`."""
    words = _words(visit)
    if not visit.can("upload_files"):
        raise visit.refusal("rest_cannot_create")
    name, incoming = _received(visit)
    medium = _kept(site, visit, incoming)
    kind = uploads.kind_of(name, medium)
    stem = texts.file_name(name.rpartition(".")[0])
    if kind is None or not stem:
        raise RestError("rest_upload_sideload_error", 500)
    now = visit.call.now.replace(microsecond=0)
    folder = f"{now.astimezone(dates.ZONE):%Y/%m}"
    file = uploads.free_name(site.state, folder, stem, kind.ending)
    original, width, height = "", kind.width, kind.height
    if kind.mime == "image/jpeg" and max(kind.width, kind.height) > uploads.BIG:
        original, file = file, file.replace(f".{kind.ending}", f"-scaled.{kind.ending}")
        width, height = uploads.fitted(kind.width, kind.height, uploads.BIG, uploads.BIG)
    number = site.state.new_id()
    stem_of_name = (original or file).rpartition(".")[0]
    attachment = Attachment(
        id=number,
        author=visit.user_id,
        date=now,
        modified=now,
        medium=medium,
        file=f"{folder}/{file}",
        mime=kind.mime,
        slug=site.state.unique_slug(texts.slug(words.get("title") or stem_of_name), own_id=number),
        title=stem_of_name,
        width=width,
        height=height,
        sizes=uploads.derived_sizes(original or file, kind) if width and picture(medium.path) else {},
        original=original,
    )
    _set(visit, attachment, words)
    site.state.attachments[number] = attachment
    return Reply(shown(site, attachment, context="edit"), 201, {"Location": f"{API}/{number}"})


def _words(visit: Visit) -> dict[str, Any]:
    names = ("title", "alt_text", "caption", "description")
    wish: dict[str, Any] = {name: params.text(visit.params, name) for name in names if name in visit.params}
    if "post" in visit.params:
        wish["post"] = params.number(visit.params, "post")
    return wish


def _set(visit: Visit, attachment: Attachment, words: dict[str, Any]) -> None:
    free = visit.can("unfiltered_html")
    for name in ("title", "caption", "description"):
        if name in words:
            setattr(attachment, name, words[name] if free else texts.filtered(words[name]))
    if "alt_text" in words:
        attachment.alt_text = texts.without_tags(words["alt_text"])
    if "post" in words:
        attachment.post = words["post"]


def _received(visit: Visit) -> tuple[str, Incoming]:
    call = visit.call
    if call.content_type == "multipart/form-data":
        if int(call.headers.get("Content-Length") or 0) > BODY_LIMIT:
            raise RestError("rest_upload_no_content_disposition", 400)
        upload = next((file for file in call.files if file.field == "file"), None)
        if upload is None:
            raise RestError("rest_upload_unknown_error", 500)
        if upload.incoming.size > MULTIPART_LIMIT:
            raise RestError("rest_upload_unknown_error", 500)
        return upload.filename, upload.incoming
    if call.json is not None and not call.headers.get("Content-Disposition"):
        raise RestError("rest_upload_no_content_disposition", 400)
    if call.body is None or call.body.size == 0:
        raise RestError("rest_upload_no_data", 400)
    if not call.headers.get("Content-Type"):
        raise RestError("rest_upload_no_content_type", 400)
    disposition = call.headers.get("Content-Disposition")
    if not disposition:
        raise RestError("rest_upload_no_content_disposition", 400)
    name = _named(disposition)
    if not name:
        raise RestError("rest_upload_invalid_disposition", 400)
    return name, call.body


def _named(disposition: str) -> str:
    with contextlib.suppress(UnicodeError):  # WSGI hands headers over as Latin-1
        disposition = disposition.encode("latin-1").decode()
    _kind, options = parse_options_header(disposition)
    return options.get("filename", "").strip()


def _kept(site: Site, visit: Visit, incoming: Incoming) -> Medium:
    wanted = visit.call.headers.get("Content-MD5", "").strip()
    if wanted:
        incoming.seek(0)
        digest = hashlib.md5(usedforsecurity=False)
        while block := incoming.read(1 << 20):
            digest.update(block)
        if digest.hexdigest() != wanted.lower():
            raise RestError("rest_upload_hash_mismatch", 412)
    return site.ground.store.keep(incoming)


def _find(site: Site, number: int) -> Attachment:
    attachment = site.state.attachments.get(number)
    if attachment is None:
        raise RestError("rest_post_invalid_id", 404)
    return attachment


def _may_edit(visit: Visit, attachment: Attachment) -> bool:
    return visit.can("edit_others_posts") or (visit.can("upload_files") and attachment.author == visit.user_id)


def read(site: Site, visit: Visit, number: int) -> Reply:
    """Answer `GET /wp/v2/media/{id}`."""
    context = visit.context()
    attachment = _find(site, number)
    if context == "edit" and not _may_edit(visit, attachment):
        raise visit.refusal("rest_forbidden_context")
    return Reply(shown(site, attachment, context=context))


def update(site: Site, visit: Visit, number: int) -> Reply:
    """Answer `POST /wp/v2/media/{id}`."""
    words = _words(visit)
    attachment = _find(site, number)
    if not _may_edit(visit, attachment):
        raise visit.refusal("rest_cannot_edit")
    _set(visit, attachment, words)
    attachment.modified = visit.call.now.replace(microsecond=0)
    return Reply(shown(site, attachment, context="edit"))


def delete(site: Site, visit: Visit, number: int) -> Reply:
    """Answer `DELETE /wp/v2/media/{id}`: only with `force`; posts lose their featured image and keep dead links."""
    force = params.flag(visit.params, "force")
    attachment = _find(site, number)
    if not _may_edit(visit, attachment):
        raise visit.refusal("rest_cannot_delete")
    if not force:
        raise RestError("rest_trash_not_supported", 501)
    previous = shown(site, attachment, context="edit")
    del site.state.attachments[number]
    for article in site.state.articles.values():
        if article.featured_media == number:
            article.featured_media = 0
    site.show_all()
    return Reply({"deleted": True, "previous": previous})


def listing(site: Site, visit: Visit) -> Reply:
    """Answer `GET /wp/v2/media`."""
    given, context = visit.params, visit.context()
    if context == "edit" and not visit.can("edit_posts"):
        raise visit.refusal("rest_forbidden_context")
    found = [attachment for attachment in site.state.attachments.values() if _matches(attachment, given)]
    by = params.choice(given, "orderby", ("date", "id", "modified", "slug", "title", "include"), default="date")
    order = params.choice(given, "order", ("asc", "desc"), default="desc")
    found.sort(key=lambda file: (str(getattr(file, by, "")), file.id) if by in {"slug", "title"} else (file.id,))
    if order == "desc":
        found.reverse()
    part, headers = window(found, given, beyond=True)
    headers |= links(API, given, headers)
    readable = [file for file in part if context != "edit" or _may_edit(visit, file)]
    return Reply([shown(site, file, context=context) for file in readable], headers=headers)


def _matches(attachment: Attachment, given: dict[str, Any]) -> bool:
    words = f"{attachment.title} {attachment.caption} {attachment.description} {attachment.file}".lower()
    return (
        ("slug" not in given or attachment.slug in {texts.slug(word) for word in params.words(given, "slug")})
        and ("parent" not in given or attachment.post in params.numbers(given, "parent"))
        and ("include" not in given or attachment.id in params.numbers(given, "include"))
        and ("author" not in given or attachment.author in params.numbers(given, "author"))
        and all(word in words for word in str(given.get("search", "")).lower().split())
    )


def shown(site: Site, attachment: Attachment, *, context: str) -> dict[str, Any]:
    """Return the media object."""
    edit = context == "edit"

    def text(raw: str, visible: str) -> dict[str, Any]:
        return {"raw": raw, "rendered": visible} if edit else {"rendered": visible}

    address = site.upload_url(attachment.file)
    return {
        "id": attachment.id,
        "date": dates.site(attachment.date),
        "date_gmt": dates.gmt(attachment.date),
        "guid": text(address, address),
        "modified": dates.site(attachment.modified),
        "modified_gmt": dates.gmt(attachment.modified),
        "slug": attachment.slug,
        "status": "inherit",
        "type": "attachment",
        "link": f"{URL}/{attachment.slug}/",
        "title": text(attachment.title, texts.texturised(attachment.title)),
        "author": attachment.author,
        "comment_status": "open",
        "ping_status": "closed",
        "template": "",
        "meta": [],
        "description": text(attachment.description, texts.rendered(attachment.description)),
        "caption": text(attachment.caption, texts.rendered(attachment.caption)),
        "alt_text": attachment.alt_text,
        "media_type": "image" if attachment.mime.startswith("image/") and attachment.width else "file",
        "mime_type": attachment.mime,
        "media_details": _details(site, attachment),
        "post": attachment.post or None,
        "source_url": address,
        **(
            {
                "missing_image_sizes": [],
                "permalink_template": f"{URL}/?attachment_id={attachment.id}",
                "generated_slug": texts.slug(attachment.title),
            }
            if edit
            else {}
        ),
        "_links": {"self": [{"href": f"{API}/{attachment.id}"}], "collection": [{"href": API}]},
    }


def _details(site: Site, attachment: Attachment) -> dict[str, Any]:
    if not attachment.width:
        return {"filesize": attachment.medium.size, "sizes": {}}
    folder = attachment.file.rpartition("/")[0]

    def size(name: str, width: int, height: int) -> dict[str, Any]:
        return {
            "file": name,
            "width": width,
            "height": height,
            "mime_type": attachment.mime,
            "source_url": site.upload_url(f"{folder}/{name}"),
        }

    sizes = {name: size(*values) for name, values in attachment.sizes.items()}
    if sizes:
        sizes["full"] = size(attachment.file.rpartition("/")[2], attachment.width, attachment.height)
    details: dict[str, Any] = {
        "width": attachment.width,
        "height": attachment.height,
        "file": attachment.file,
        "filesize": attachment.medium.size,
        "sizes": sizes,
        "image_meta": {},
    }
    if attachment.original:
        details["original_image"] = attachment.original
    return details


_FILE = re.compile(r"/wp-content/uploads/(\d{4}/\d\d/[^/]+)")


def file_path(path: str) -> str | None:
    """Return the place below the uploads of a public path, or None."""
    match = _FILE.fullmatch(path)
    return match[1] if match else None
