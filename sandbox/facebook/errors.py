"""Graph API errors: envelope and table (sheet sections 6.1 and 6.2)."""

from typing import Any

OAUTH = "OAuthException"
GRAPH_METHOD = "GraphMethodException"


class GraphError(Exception):
    """An error answer. `status` is what arrives, which on this platform says little."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int | None = None,
        status: int = 400,
        kind: str = OAUTH,
        title: str | None = None,
        user_message: str | None = None,
        data: dict[str, Any] | None = None,
        transient: bool | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.subcode = subcode
        self.status = status
        self.kind = kind
        self.title = title
        self.user_message = user_message
        self.data = data
        self.transient = transient

    def to_json(self, trace: str) -> dict[str, Any]:
        """Return the body. `trace` is the request's fbtrace_id."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind, "code": self.code}
        optional = {
            "error_subcode": self.subcode,
            "is_transient": self.transient,
            "error_user_title": self.title,
            "error_user_msg": self.user_message,
            "error_data": self.data,
        }
        error.update({key: value for key, value in optional.items() if value is not None})
        error["fbtrace_id"] = trace
        return {"error": error}


def bad_parameter(message: str, *, subcode: int | None = None, user_message: str | None = None) -> GraphError:
    """Return 100, the error for nearly everything."""
    return GraphError(100, f"(#100) {message}", subcode=subcode, user_message=user_message)


def not_found(object_id: str, method: str) -> GraphError:
    """Return 100/33: missing, or not visible to this token."""
    return GraphError(
        100,
        f"Unsupported {method.lower()} request. Object with ID '{object_id}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation",
        subcode=33,
        kind=GRAPH_METHOD,
    )


def needs_page_token() -> GraphError:
    """Return 190/2069032."""
    return GraphError(
        190,
        "(#190) Este método debe llamarse con un token de acceso de la página",
        subcode=2069032,
        user_message="Se requiere un token de acceso de la página.",
    )


def no_permission(message: str = "") -> GraphError:
    """Return 200, HTTP 403."""
    text = message or (
        "Si publica en una página, hacen falta los permisos pages_read_engagement y pages_manage_posts, y un "
        "administrador de la página con permisos suficientes"
    )
    return GraphError(200, f"(#200) {text}", status=403)


def bad_path(path: str) -> GraphError:
    """Return 2500."""
    return GraphError(2500, f"Unknown path components: {path}")


def dead_token(subcode: int | None) -> GraphError:
    """Return 190 with the reason's subcode, or without: a token that cannot be read."""
    reasons = {
        458: "La persona no autorizó la aplicación.",
        459: "La sesión se invalidó porque la persona debe verificar su cuenta.",
        460: "La sesión se invalidó porque la persona cambió su contraseña.",
        463: "La sesión caducó.",
        464: "La persona no confirmó su cuenta.",
        467: "El token dejó de ser válido: la sesión se cerró.",
        492: "La persona ya no tiene un rol en la página.",
    }
    text = reasons.get(subcode or 0, "No se puede interpretar el token de acceso")
    return GraphError(190, f"Error al validar el token de acceso: {text}", subcode=subcode or None)


def not_imitated(what: str) -> GraphError:
    """Return a refusal that no client may mistake for the platform's."""
    return GraphError(100, f"(#100) [ensayo] no se imita: {what}", status=501)
