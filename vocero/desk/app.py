"""The web application: what it answers, and to whom."""

from fastapi import FastAPI, Response
from fastapi.responses import FileResponse, PlainTextResponse

from storage.database import Database
from storage.media import MediaStore
from vocero.desk.links import LinkSigner, lent

_PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "X-Content-Type-Options": "nosniff"}


def desk(database: Database, media: MediaStore, signer: LinkSigner) -> FastAPI:
    """Return the application. Default deny: what is not named here is not found."""
    app = FastAPI(title="Vocero", docs_url=None, redoc_url=None, openapi_url=None)

    @app.api_route("/m/{key}/{sha256}/{until}/{name}", methods=["GET", "HEAD"])
    def lend(key: str, sha256: str, until: str, name: str) -> Response:
        """Lend a file of a delivery under way to whoever holds its address."""
        mac = name.partition(".")[0]
        medium = None
        if until.isascii() and until.isdigit() and len(until) <= 12:
            medium = lent(database, signer, key=key, sha256=sha256, until=int(until), mac=mac)
        path = media.path(medium.sha256) if medium else None
        if medium is None or path is None or not path.is_file():
            return PlainTextResponse("No existe.", status_code=404, headers=_PRIVATE)
        return FileResponse(path, media_type=medium.mime_type, headers=_PRIVATE)

    return app
