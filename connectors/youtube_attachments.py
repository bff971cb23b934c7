"""What joins a video that is on the platform already: thumbnail, captions, a place in a playlist.

Source: sheet of 2026-11-23, sections 2.3 and 5.1; the parameters of captions from the library's discovery document.
"""

from typing import IO, Any

from googleapiclient.http import MediaIoBaseUpload, MediaUpload

from connectors.errors import Gone, Rejected
from connectors.youtube_api import Api, inside, text_at
from core.media import OutgoingMedium
from core.platforms import Platform
from core.posts import OutgoingPost
from core.texts import _

_PAGES = 20  # of a playlist are looked through


def set_thumbnail(api: Api, video_id: str, image: OutgoingMedium) -> None:
    """Give the video its still picture; a second time replaces it with the same one."""
    with image.path.open("rb") as file:
        media = _Streamed(file, image.medium.mime_type)
        try:
            api.call(api.data.thumbnails().set(videoId=video_id, media_body=media))
        except Rejected as error:
            if error.status != 403:
                raise
            # the video is ours, so it is the channel's right that lacks (sheet 2.3 [doc])
            raise Rejected(
                "the channel may have no thumbnails of its own",
                platform=Platform.YOUTUBE,
                status=error.status,
                code=error.code,
                detail=error.detail,
                sentence=_(
                    "YouTube no dejó poner la miniatura: suele faltar verificar el teléfono del canal. Verifíquelo en"
                    " YouTube Studio, o quite la miniatura, y envíe la publicación otra vez."
                ),
            ) from error


def has_captions(api: Api, video_id: str, language: str) -> bool:
    """Tell whether the video has captions of that language which a person gave it (50 units)."""
    tracks = api.items(api.data.captions().list(part="snippet", videoId=video_id))
    return any(
        text_at(track, "snippet", "language").casefold() == language.casefold()
        and text_at(track, "snippet", "trackKind").casefold() != "asr"
        for track in tracks
    )


def add_captions(api: Api, video_id: str, captions: OutgoingMedium, language: str) -> None:
    """Give the video captions (400 units). Not repeatable: look first."""
    with captions.path.open("rb") as file:
        media = MediaIoBaseUpload(file, mimetype=captions.medium.mime_type, resumable=False)
        snippet = {"videoId": video_id, "language": language, "name": "", "isDraft": False}
        api.call(api.data.captions().insert(part="snippet", body={"snippet": snippet}, media_body=media))


def caption_languages(post: OutgoingPost) -> tuple[str, ...]:
    """Return the language of each caption file. Raises Rejected where two files have the same."""
    languages = tuple(captions.language or post.language for captions in post.captions)
    if len({language.casefold() for language in languages}) < len(languages):
        raise Rejected(
            "two caption files of the same language",
            platform=Platform.YOUTUBE,
            code="not_sent",
            sentence=_(
                "Hay dos archivos de subtítulos en el mismo idioma. Deje uno por idioma y envíe la publicación otra vez"
                " a aprobación."
            ),
        )
    return languages


def is_in_playlist(api: Api, playlist_id: str, video_id: str) -> bool:
    """Tell whether the playlist has the video. Raises Rejected where there is no such playlist."""
    page_token = None
    for _page in range(_PAGES):
        request = api.data.playlistItems().list(
            part="contentDetails", playlistId=playlist_id, videoId=video_id, maxResults=50, pageToken=page_token
        )
        try:
            answer = api.call(request)
        except Gone as error:
            raise _no_playlist(error) from error
        found = inside(answer, "items")
        for item in found if isinstance(found, list) else ():
            if text_at(item, "contentDetails", "videoId") == video_id:
                return True
        page_token = text_at(answer, "nextPageToken")
        if not page_token:
            return False
    return False


def add_to_playlist(api: Api, playlist_id: str, video_id: str) -> None:
    """Put the video at the playlist's end. Not repeatable: look first. While it is private nobody sees it there."""
    place = {"playlistId": playlist_id, "resourceId": {"kind": "youtube#video", "videoId": video_id}}
    try:
        api.call(api.data.playlistItems().insert(part="snippet", body={"snippet": place}))
    except Gone as error:
        raise _no_playlist(error) from error


def _no_playlist(error: Gone) -> Rejected:
    return Rejected(
        "there is no such playlist",
        platform=Platform.YOUTUBE,
        status=error.status,
        code=error.code,
        sentence=_(
            "La lista de reproducción que se eligió no existe en YouTube. Revise su identificador, o quítela, y envíe"
            " la publicación otra vez a aprobación."
        ),
    )


class _Streamed(MediaUpload):
    """A file that the library sends in one piece without holding it in memory: it asks for bytes, and gets a stream."""

    def __init__(self, file: IO[bytes], mime_type: str) -> None:
        super().__init__()
        self._mime_type = mime_type
        self._stream = _Stream(file)

    def mimetype(self) -> str:
        return self._mime_type

    def size(self) -> int:
        return len(self._stream)

    def chunksize(self) -> int:
        return -1

    def getbytes(self, begin: int, end: int) -> Any:  # noqa: ARG002  (the library's signature; it asks for all)
        return self._stream


class _Stream:
    """What http.client sends piece by piece, with the length that the library and requests ask for."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._size = file.seek(0, 2)
        file.seek(0)

    def __len__(self) -> int:
        return self._size

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        return self._file.read(size)
