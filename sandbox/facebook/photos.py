"""Photos: one call each, shown at once or kept back for a post (sheet sections 2.1, 2.3, 5)."""

from typing import Any

from sandbox.exchange import Upload
from sandbox.facebook import nodes, paging, params
from sandbox.facebook.errors import bad_parameter, no_permission, not_found, not_imitated
from sandbox.facebook.pages import Pages, Visit
from sandbox.facebook.posts import check_text
from sandbox.facebook.state import Photo
from sandbox.hiding import Hiding
from sandbox.media import Medium, picture

LARGEST = 10 * 1024 * 1024
"""10 MB (sheet section 5 [doc])."""
TYPES = frozenset({"image/jpeg", "image/bmp", "image/png", "image/gif", "image/tiff"})


def create(pages: Pages, visit: Visit, page_id: str) -> dict[str, Any]:
    """Answer `POST /{page-id}/photos`."""
    pages.require_page(visit, page_id)
    given = visit.params
    published = params.flag(given, "published", default=True)
    temporary = params.flag(given, "temporary", default=False)
    without_story = params.flag(given, "no_story", default=False)
    if "scheduled_publish_time" in given:
        raise not_imitated("una sola foto programada; use feed con attached_media")
    caption = params.text(given, "caption", "message", "name")
    check_text(caption)
    wanted = nodes.wanted(visit, "id") if "fields" in given else None
    medium = _received(pages, visit)
    seen = picture(medium.path)
    if seen is None or seen.mime not in TYPES or seen.animated or medium.size > LARGEST:
        raise bad_parameter(
            "La foto no es válida",
            subcode=1366046,
            user_message="Las fotos deben pesar menos de 10 MB y guardarse como JPG, PNG, GIF, TIFF o BMP.",
        )
    photo = Photo(
        id=pages.state.new_id(),
        page_id=page_id,
        medium=medium,
        mime=seen.mime,
        width=seen.width,
        height=seen.height,
        created_at=visit.now,
        caption=caption,
        alt_text=params.text(given, "alt_text_custom"),
        published=published,
        temporary=temporary,
    )
    pages.state.photos[photo.id] = photo
    pages.state.loose[photo.id] = None
    answer: dict[str, Any] = {"id": photo.id}
    if published and without_story:
        pages.show_photo(photo)
    elif published:
        post = pages.new_post(page_id, now=visit.now, message=caption, status_type="added_photos", published=True)
        post.photos = [photo]
        post.hiding = Hiding.wanted(visit.call)
        photo.post_id = post.id
        answer["post_id"] = post.id
        pages.show(post)
    if wanted is not None:
        answer |= nodes.photo(pages, photo, wanted)
    return answer


def _received(pages: Pages, visit: Visit) -> Medium:
    files: tuple[Upload, ...] = visit.call.files
    url = params.text(visit.params, "url")
    if files and url:
        raise bad_parameter("Indique url o un archivo, no ambos")
    if files:
        return pages.ground.store.keep(files[0].incoming)
    if not url:
        raise bad_parameter("Hace falta una foto: url o un archivo")
    medium = pages.ground.fetch(url)
    if medium is None:
        raise bad_parameter("No se pudo descargar la imagen de la dirección indicada", subcode=2061006)
    return medium


def delete(pages: Pages, visit: Visit, photo: Photo) -> dict[str, Any]:
    """Answer `DELETE /{photo-id}`: refused once a post shows it."""
    pages.require_page(visit, photo.page_id)
    if photo.post_id is not None:
        raise not_found(photo.id, "DELETE")
    pages.show_photo(photo, gone=True)
    del pages.state.photos[photo.id]
    return {"success": True}


def listing(pages: Pages, visit: Visit, page_id: str) -> dict[str, Any]:
    """Answer `GET /{page-id}/photos`; without `type=uploaded` only profile pictures, of which there are none."""
    if not pages.may_see(visit.token, page_id):
        raise no_permission()
    uploaded = params.text(visit.params, "type") == "uploaded"
    wanted = nodes.wanted(visit, nodes.PHOTO_DEFAULT)
    found = [photo for photo in reversed(pages.state.photos.values()) if photo.page_id == page_id]
    return paging.page(
        [photo for photo in found if uploaded and photo.published],
        key=lambda photo: photo.id,
        show=lambda photo: nodes.photo(pages, photo, wanted),
        call=visit.call,
        params=visit.params,
        token=visit.token.text,
    )
