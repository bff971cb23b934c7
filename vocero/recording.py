"""Fixtures from real answers: the reading calls of an account, recorded, scrubbed, in the form that the tests replay.

Only what reads is asked (identify, comments, metrics, account_metrics): nothing is staged, published or answered, since
nothing goes out unapproved. The form is that of tests/connectors/replay.py; scrubbing.py says what stays.
"""

import base64
import contextlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from connectors.base import Connector
from connectors.errors import ConnectorError, Misconfigured
from connectors.http import Exchange
from core.accounts import Account, Credentials
from core.capabilities import Operation
from core.errors import InvalidInput, NotAllowed, StorageError
from core.texts import _
from vocero.office import Office
from vocero.scrubbing import Scrubber
from vocero.vocabulary import words_of

IDENTIFY = "identify"
_READS = frozenset({"GET", "HEAD", "POST"})  # some ask by POST, so that a token is in no address
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
# what a connector may go by; all other headers of an answer (cookies, traces, servers) are left out
_KEPT_HEADERS = re.compile(r"(?i)x-wp-total(pages)?|retry-after|x-rate-limit-(limit|remaining|reset)")


@dataclass(frozen=True, slots=True)
class Ask:
    """A reading call; `post` is the platform's own id, "" for what is of the whole account."""

    operation: str
    post: str = ""
    situation: str = ""

    @property
    def name(self) -> str:
        """The fixture's file name, without its ending."""
        return f"{self.operation}__{self.situation}" if self.situation else self.operation


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of a recording: fixtures by name, ready to be written, and the calls that failed, with why."""

    fixtures: dict[str, str] = field(default_factory=dict, repr=False)
    failures: tuple[tuple[Ask, str], ...] = ()


@dataclass(slots=True)
class _Taken:
    ask: Ask
    cursor: str | None
    exchanges: list[Exchange]


def asks(connector: type[Connector], posts: Sequence[str]) -> list[Ask]:
    """Return the calls that would be made, in their order."""
    can = connector.capabilities.operations
    planned = [Ask(IDENTIFY)]
    if Operation.ACCOUNT_METRICS in can:
        planned.append(Ask(Operation.ACCOUNT_METRICS))
    for number, post in enumerate(posts, 1):
        situation = f"post_{number}" if number > 1 else ""
        planned += [Ask(each, post, situation) for each in (Operation.METRICS, Operation.COMMENTS) if each in can]
    return planned


def record(office: Office, account: Account, posts: Sequence[str], *, masked: Sequence[str] = ()) -> Recorded:
    """Make the reading calls and return their fixtures; nothing is written yet.

    `masked`: names of fields that look secret and were found not to be. Raises NotAllowed where something came that
    looks secret and nobody knows, InvalidInput where the account cannot be opened.
    """
    taken: list[_Taken] = []
    failures: list[tuple[Ask, str]] = []
    heard: list[Exchange] = []
    try:
        office.renewer().renew(account)  # before anybody listens: new credentials are in no recording
        witnessed = replace(office, door=replace(office.door, witness=heard.append))
        connector = witnessed.connect(account)
    except Misconfigured as error:
        raise InvalidInput(
            _("No se puede abrir la cuenta: le faltan datos de conexión. Conéctela otra vez: vocero accounts connect"),
            diagnostic=str(error),
        ) from error
    except ConnectorError as error:
        raise NotAllowed(error.sentence, diagnostic=str(error)) from error
    for ask in asks(type(connector), posts):
        try:
            taken += _made(connector, ask, heard)
        except ConnectorError as error:
            failures.append((ask, error.sentence))
        except Misconfigured as error:
            raise InvalidInput(
                _("Los ajustes no dejan salir hacia esa red. Revise routes y only_routed."), diagnostic=str(error)
            ) from error
    credentials = _credentials(office, account)
    scrubber = _scrubber(type(connector), account, credentials, masked, _granted(taken))
    for exchange in (exchange for each in taken for exchange in each.exchanges):
        scrubber.learn(exchange.url, exchange.sent.decode() if _kind(exchange) == _FORM else "")
    version = ", ".join(each.name for each in connector.api_versions)
    source = f"{account.platform.label} {version}".strip() + ", vocero fixtures record"
    documents = {each.ask.name: _document(each, account, scrubber, source) for each in taken}
    if scrubber.refused:
        raise NotAllowed(
            _(
                "No se escribió nada: en las respuestas hay algo que parece secreto y no se reconoce, en {places}. "
                "Mírelo; si no es secreto, repita con --mask y el nombre del campo."
            ).format(places=", ".join(dict.fromkeys(scrubber.refused)))
        )
    fixtures = {name: as_yaml(document) for name, document in documents.items()}
    left = {kind for text in fixtures.values() for kind in scrubber.left(text)}
    if left:
        raise NotAllowed(
            _(
                "No se escribió nada: después de limpiar quedaba algo que no debe quedar ({kinds}). "
                "Avise a quien mantiene Vocero."
            ).format(kinds=", ".join(sorted(left)))
        )
    return Recorded(fixtures, tuple(failures))


def paths(folder: Path, account: Account, planned: Sequence[Ask]) -> list[Path]:
    """Return where the fixtures of these calls are written."""
    return [folder / str(account.platform) / f"{ask.name}.yaml" for ask in planned]


def refuse_existing(targets: Iterable[Path]) -> None:
    """Raise InvalidInput where one of them is there already."""
    for path in targets:
        if path.exists():
            raise InvalidInput(
                _("Ya existe {path}. Elija otra carpeta con --out, o reemplace con --replace.").format(path=path)
            )


def save(recorded: Recorded, folder: Path, account: Account, *, replacing: bool = False) -> list[Path]:
    """Write the fixtures; return where. Raises InvalidInput, before any, for one that exists; StorageError."""
    texts = {folder / str(account.platform) / f"{name}.yaml": text for name, text in recorded.fixtures.items()}
    if not replacing:
        refuse_existing(texts)
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StorageError(
            _("No se puede escribir en «{folder}». Revise los permisos y el espacio.").format(folder=folder),
            diagnostic=type(error).__name__,
        ) from error
    return list(texts)


def as_yaml(document: Mapping[str, Any]) -> str:
    """Return the document as YAML: blocks, and texts in quotes as JSON writes them."""
    return "\n".join(_lines(document, 0)) + "\n"


def _made(connector: Connector, ask: Ask, heard: list[Exchange]) -> list[_Taken]:
    """Make the call, and for comments that go on the one for the next page."""

    def listened(ask: Ask, cursor: str | None, call: Callable[[], Any]) -> Any:
        heard.clear()
        answer = call()
        if any(exchange.method not in _READS or _kind(exchange) not in ("", _FORM, _JSON) for exchange in heard):
            raise NotAllowed(
                _("No se escribió nada: la operación {name} no solo lee en esta red.").format(name=ask.operation)
            )
        taken.append(_Taken(ask, cursor, list(heard)))
        return answer

    taken: list[_Taken] = []
    if ask.operation != Operation.COMMENTS:
        method = getattr(connector, ask.operation)
        listened(ask, None, lambda: method(ask.post) if ask.post else method())
        return taken
    page = listened(ask, None, lambda: connector.comments(ask.post))
    if page.next_cursor is not None:
        further = replace(ask, situation=f"{ask.situation}_next_page".lstrip("_"))
        listened(further, page.next_cursor, lambda: connector.comments(ask.post, page.next_cursor))
    return taken


def _credentials(office: Office, account: Account) -> Credentials:
    with office.database.read() as transaction:
        sealed = transaction.accounts.sealed_credentials(account.id)
    return office.seal.open(sealed)


def _granted(taken: Sequence[_Taken]) -> dict[str, str]:
    """Return the tokens that came or went during the recording itself, each with a name: they are ours."""
    exchanges = [exchange for each in taken for exchange in each.exchanges]
    found: dict[str, str] = {}
    for exchange in exchanges:
        login = _header(exchange.sent_headers, "authorization")
        if login.lower().startswith("bearer "):
            found.setdefault(login[7:], "BEARER")
        if _kind(exchange) == _FORM and b"grant_type=" in exchange.sent:
            with contextlib.suppress(ValueError, AttributeError):
                for name, value in json.loads(exchange.body).items():
                    if name.endswith("_token") and isinstance(value, str):
                        found[value] = f"GRANTED_{name.upper()}"
    return found


def _scrubber(
    connector: type[Connector],
    account: Account,
    credentials: Credentials,
    masked: Sequence[str],
    granted: Mapping[str, str],
) -> Scrubber:
    words, hosts = words_of(connector)
    is_public = {each.name for each in connector.credential_fields if not each.secret}
    secrets = {value: name.upper() for name, value in credentials.values.items() if name not in is_public and value}
    known = {value: name.upper() for name, value in credentials.values.items() if name in is_public and value}
    for (_one, first), (_other, second) in permutations(credentials.values.items(), 2):
        secrets[base64.b64encode(f"{first}:{second}".encode()).decode()] = "LOGIN"
    secrets |= {token: name for token, name in granted.items() if not any(secret in token for secret in secrets)}
    host = urlsplit(account.address).netloc
    return Scrubber(
        secrets=secrets,
        known=known,
        words=words,
        hosts=hosts,
        own_host="" if host in hosts else host,
        own=(account.handle, account.name, account.remote_id, *known),
        masked=masked,
    )


def _document(taken: _Taken, account: Account, scrubber: Scrubber, source: str) -> dict[str, Any]:
    exchanges = [
        _exchange(each, scrubber, place=f"{taken.ask.name}[{number}]") for number, each in enumerate(taken.exchanges, 1)
    ]
    given = {"remote_id": account.remote_id, "address": account.address, "post": taken.ask.post}
    told = {name: scrubber.text(value, name=name) for name, value in given.items() if value}
    if taken.cursor:
        told["cursor"] = _cursor(taken.cursor, scrubber)
    return {
        "origin": "recorded",
        "source": source,
        "date": datetime.now(UTC).date(),
        "given": told,
        "exchanges": exchanges,
    }


def _cursor(cursor: str, scrubber: Scrubber) -> str:
    """Return one of our cursors with the platform's own in it replaced; counts and instants in it are nobody's."""
    if "=" not in cursor:
        return scrubber.text(cursor, name="cursor")
    told = parse_qsl(cursor, keep_blank_values=True)
    return urlencode([(name, text if text.isdecimal() else scrubber.text(text, name=name)) for name, text in told])


def _exchange(exchange: Exchange, scrubber: Scrubber, *, place: str) -> dict[str, Any]:
    request: dict[str, Any] = {"method": exchange.method, "url": scrubber.address(exchange.url)}
    if query := scrubber.query(exchange.url):
        request["query"] = query
    if header := scrubber.header(_header(exchange.sent_headers, "authorization")):
        request["headers"] = {"Authorization": header}
    if _kind(exchange) == _FORM:
        request["form"] = scrubber.form(exchange.sent.decode())
    elif _kind(exchange) == _JSON:
        request["json"] = scrubber.value(json.loads(exchange.sent), place=f"{place} (lo enviado)")
    response: dict[str, Any] = {"status": exchange.status}
    headers = {name: value for name, value in exchange.headers.items() if _KEPT_HEADERS.fullmatch(name)}
    try:
        answer = {"json": scrubber.value(json.loads(exchange.body), place=place)}
    except (ValueError, RecursionError):
        text = exchange.body.decode("utf-8", "replace")
        answer = {"text": scrubber.prose(text)} if text else {}
        kind = _header(exchange.headers, "content-type")
        headers |= {"Content-Type": kind} if text and kind else {}
    if headers:
        response["headers"] = headers
    return {"request": request, "response": response | answer}


def _kind(exchange: Exchange) -> str:
    """Return the type of what was sent, "" where nothing was."""
    return _header(exchange.sent_headers, "content-type").partition(";")[0].strip().lower() if exchange.sent else ""


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((value for key, value in headers.items() if key.lower() == name), "")


def _lines(value: Any, depth: int) -> list[str]:
    pad = "  " * depth
    if isinstance(value, Mapping) and value:
        lines = []
        for key, inner in value.items():
            name = key if re.fullmatch(r"[A-Za-z_][\w-]*", key) and key.lower() not in _YAML_WORDS else _quoted(key)
            if isinstance(inner, Mapping | list) and inner:
                lines += [f"{pad}{name}:", *_lines(inner, depth + 1)]
            else:
                lines.append(f"{pad}{name}: {_scalar(inner)}")
        return lines
    if isinstance(value, list) and value:
        lines = []
        for inner in value:
            first, *rest = _lines(inner, depth + 1)
            lines += [f"{pad}- {first.strip()}", *rest]
        return lines
    return [f"{pad}{_scalar(value)}"]


_YAML_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
# JSON leaves these as they are, and YAML would not take them, or take them for the end of a line
_UNQUOTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, date):
        return value.isoformat()
    text = json.dumps(value)
    return text.replace("e", ".0e", 1) if isinstance(value, float) and "e" in text and "." not in text else text


def _quoted(text: str) -> str:
    return _UNQUOTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(text, ensure_ascii=False))
