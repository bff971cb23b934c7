"""The three steps of a login (sheet section 1.2). The person is whoever posts the consent page's form."""

from html import escape
from urllib.parse import unquote, urlencode

from sandbox.exchange import Answer, Call
from sandbox.flickr.errors import OAuthProblem
from sandbox.flickr.oauth import Claim
from sandbox.flickr.stream import Photostreams
from sandbox.flickr.tokens import LEVELS, Key, Login

_RIGHTS = {
    "read": "ver sus fotos, también las privadas",
    "write": "ver, subir y editar sus fotos, y comentar",
    "delete": "ver, subir, editar y borrar sus fotos, y comentar",
}


def request_token(streams: Photostreams, call: Call, claim: Claim, key: Key) -> Answer:
    """Answer the signed request of step 1."""
    login = streams.tokens.begin(key.text, claim.oauth["oauth_callback"], call.now)
    return _form(
        {
            "oauth_callback_confirmed": "true",
            "oauth_token": login.text,
            "oauth_token_secret": login.secret,
        }
    )


def authorize(streams: Photostreams, call: Call) -> Answer:
    """Answer the browser of step 2: the page, then what the person decided.

    A refusal ends on Flickr's own home page and never calls back (trap 10).
    """
    given = dict(call.query.items()) | dict(call.form.items())
    login = streams.tokens.pending(given.get("oauth_token", ""), call.now)
    perms = given.get("perms", "")
    if login is None or login.nsid or login.refused:
        return _page("Ese pedido de acceso ya no vale. Vuelva a empezar desde la aplicación.", status=400)
    if perms not in LEVELS:
        return _page("Falta decir qué puede hacer la aplicación: perms debe ser read, write o delete.", status=400)
    if call.method != "POST":
        return _question(streams, perms)
    if given.get("answer") != "yes":
        login.refused = True
        return home()
    nsid = given.get("nsid", streams.world.nsid)
    if nsid not in streams.accounts:
        return _page("Esa cuenta no existe.", status=400)
    login.perms, login.nsid, login.verifier = perms, nsid, streams.tokens.new_verifier(login)
    if login.callback == "oob":
        return _page(f"Escriba este código en la aplicación: <b id='verifier'>{login.verifier}</b>")
    return _call_back(login)


def _call_back(login: Login) -> Answer:
    """Send the browser back. Flickr decodes the callback's own query once: state must be encoded twice."""
    address = unquote(login.callback)
    joint = "&" if "?" in address else "?"
    moved = Answer.html("", status=302)
    query = urlencode({"oauth_token": login.text, "oauth_verifier": login.verifier})
    moved.headers["Location"] = f"{address}{joint}{query}"
    return moved


def access_token(streams: Photostreams, claim: Claim, login: Login) -> Answer:
    """Answer the signed request of step 4. Raises OAuthProblem.

    Not yet agreed, refused, and a wrong verifier are one problem here: the sheet names no other that would fit.
    """
    if not login.nsid or login.refused or claim.oauth["oauth_verifier"] != login.verifier:
        raise OAuthProblem("permission_denied")
    token = streams.tokens.finish(login)
    account = streams.accounts[token.nsid]
    return _form(
        {
            "fullname": account.full_name,
            "oauth_token": token.text,
            "oauth_token_secret": token.secret,
            "user_nsid": account.nsid,
            "username": account.username,
        }
    )


def home() -> Answer:
    """Return Flickr's home page."""
    return _page("Bienvenido a Flickr")


def _question(streams: Photostreams, perms: str) -> Answer:
    people = "".join(
        f"<p><label><input type='radio' name='nsid' value='{escape(account.nsid)}'"
        f"{' checked' if account.nsid == streams.world.nsid else ''}> {escape(account.username)}</label></p>"
        for account in streams.accounts.values()
    )
    return _page(
        f"La aplicación quiere {_RIGHTS[perms]}. ¿Con qué cuenta?"
        f"<form method='post'>{people}<button name='answer' value='yes'>Sí, autorizar</button> "
        "<button name='answer' value='no'>No, gracias</button></form>"
    )


def _page(body: str, *, status: int = 200) -> Answer:
    return Answer.html(
        "<!DOCTYPE html><html lang='es'><head><meta charset='utf-8'><title>Flickr (ensayo)</title></head>"
        f"<body><h1>Flickr (ensayo)</h1><div>{body}</div></body></html>",
        status=status,
    )


def _form(values: dict[str, str]) -> Answer:
    return Answer(200, urlencode(values).encode(), "text/plain; charset=utf-8")
