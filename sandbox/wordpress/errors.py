"""REST errors: `{"code","message","data":{"status"}}` (sheet section 6). Messages are German on purpose."""

from typing import Any

_MESSAGES = {
    "rest_no_route": "Es wurde keine Route gefunden, die mit der URL und der Request-Methode übereinstimmt.",
    "rest_not_logged_in": "Du bist derzeit nicht angemeldet.",
    "rest_cannot_create": "Du bist leider nicht berechtigt, dies als dieser Benutzer zu erstellen.",
    "rest_cannot_publish": "Du bist leider nicht berechtigt, Beiträge dieses Typs zu veröffentlichen.",
    "rest_cannot_edit": "Du bist leider nicht berechtigt, dies zu bearbeiten.",
    "rest_cannot_delete": "Du bist leider nicht berechtigt, dies zu löschen.",
    "rest_cannot_read": "Du bist leider nicht berechtigt, diesen Kommentar zu lesen.",
    "rest_forbidden": "Du bist leider nicht berechtigt, das zu tun.",
    "rest_forbidden_context": "Du bist leider nicht berechtigt, Beiträge dieses Typs zu bearbeiten.",
    "rest_forbidden_param": "Die Abfrage-Parameter sind nicht erlaubt.",
    "rest_invalid_param": "Ungültige(r) Parameter: {names}",
    "rest_missing_callback_param": "Fehlende(r) Parameter: {names}",
    "rest_invalid_json": "Übergabe eines ungültigen JSON-Body.",
    "empty_content": "Inhalt, Titel und Textauszug sind leer.",
    "rest_invalid_author": "Ungültige Autor-ID.",
    "rest_cannot_edit_others": "Du bist leider nicht berechtigt, Beiträge als dieser Benutzer zu erstellen.",
    "rest_invalid_field": "Ein oben gehaltener Beitrag kann kein Passwort haben.",
    "rest_no_search_term_defined": "Du musst einen Suchbegriff angeben, um nach Relevanz zu sortieren.",
    "rest_orderby_include_missing_include": "Du musst „include“ angeben, um danach zu sortieren.",
    "empty_term_name": "Für diesen Begriff ist ein Name erforderlich.",
    "rest_comment_trash_post": "Du bist leider nicht berechtigt, zu diesem Beitrag zu kommentieren.",
    "rest_post_exists": "Ein bestehender Beitrag kann nicht erstellt werden.",
    "rest_post_invalid_id": "Ungültige Beitrags-ID.",
    "rest_post_invalid_page_number": "Die angeforderte Seitennummer ist größer als die Anzahl der Seiten.",
    "rest_already_trashed": "Der Beitrag wurde bereits gelöscht.",
    "rest_trash_not_supported": "Papierkorb wird nicht unterstützt. Setze „force=true“, um zu löschen.",
    "rest_upload_no_content_disposition": "Es wurde kein Content-Disposition angegeben.",
    "rest_upload_invalid_disposition": "Ungültiges Content-Disposition angegeben.",
    "rest_upload_no_content_type": "Es wurde kein Content-Type angegeben.",
    "rest_upload_no_data": "Es wurden keine Daten angegeben.",
    "rest_upload_hash_mismatch": "Der Inhalts-Hash stimmt nicht mit dem erwarteten überein.",
    "rest_upload_sideload_error": "Du bist leider nicht berechtigt, diesen Dateityp hochzuladen.",
    "rest_upload_unknown_error": "Die hochgeladene Datei überschreitet die upload_max_filesize-Anweisung.",
    "term_exists": "Ein Begriff mit diesem Namen existiert bereits.",
    "rest_term_invalid": "Der Begriff existiert nicht.",
    "rest_user_invalid_id": "Ungültige Benutzer-ID.",
    "rest_comment_invalid_id": "Ungültige Kommentar-ID.",
    "rest_comment_invalid_post_id": "Du bist leider nicht berechtigt, diesen Kommentar ohne Beitrag zu erstellen.",
    "rest_comment_draft_post": "Du bist leider nicht berechtigt, zu diesem Beitrag zu kommentieren.",
    "rest_comment_closed": "Kommentare sind für dieses Element geschlossen.",
    "rest_comment_content_invalid": "Ungültiger Kommentarinhalt.",
    "comment_content_column_length": "Dein Kommentar ist zu lang.",
    "comment_duplicate": "Doppelter Kommentar entdeckt. Es scheint, dass du das bereits geschrieben hast.",
    "comment_flood": "Du schreibst zu schnell Kommentare. Mach mal langsam.",
    "rest_comment_login_required": "Du musst angemeldet sein, um zu kommentieren.",
    "application_password_duplicate_name": "Jeder Anwendungsname sollte eindeutig sein.",
    "rest_application_password_not_found": "Anwendungspasswort nicht gefunden.",
    "internal_server_error": "<p>Es gab einen kritischen Fehler auf deiner Website.</p>",
    "wp_die": "Kurzzeitig nicht verfügbar wegen geplanter Wartung. Schau in einer Minute noch einmal vorbei.",
}


class RestError(Exception):
    """An error answer. `inner` maps a bad parameter to the code and status of what is wrong with it."""

    def __init__(
        self,
        code: str,
        status: int,
        *,
        inner: dict[str, tuple[str, int]] | None = None,
        data: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.inner = inner or {}
        self.data = data or {}

    def to_json(self) -> dict[str, Any]:
        """Return the body."""
        names = ", ".join(self.inner)
        message = _MESSAGES.get(self.code, "Unbekannter Fehler.").replace("{names}", names)
        data: dict[str, Any] = {"status": self.status, **self.data}
        if self.code == "rest_missing_callback_param":
            data["params"] = list(self.inner)
        elif self.inner:
            data["params"] = {name: f"Ungültiger Parameter: {name}" for name in self.inner}
            data["details"] = {
                name: {"code": code, "message": f"{name} ist ungültig.", "data": {"status": status} if status else None}
                for name, (code, status) in self.inner.items()
            }
        return {"code": self.code, "message": message, "data": data}


def invalid(name: str, code: str = "rest_invalid_type", *, status: int = 0) -> RestError:
    """Return 400 `rest_invalid_param` for that parameter."""
    return RestError("rest_invalid_param", 400, inner={name: (code, status)})


def missing(*names: str) -> RestError:
    """Return 400 `rest_missing_callback_param`."""
    return RestError("rest_missing_callback_param", 400, inner=dict.fromkeys(names, ("", 0)))
