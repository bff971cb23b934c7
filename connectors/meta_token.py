"""What Meta says of a token, asked in the name of the app (sheet facebook.md of 2026-11-23, section 1.2)."""

from dataclasses import dataclass
from datetime import datetime

from connectors.errors import NotAuthorized
from connectors.http import Door
from connectors.meta import Graph
from connectors.meta_errors import GraphError, number
from connectors.meta_values import ident, instant_of, part_of, text_of
from connectors.redaction import redacted
from core.accounts import Credentials
from core.platforms import Platform


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What Meta says of a token. `kind`: USER, PAGE, SYSTEM_USER or APP; `expires_at` None: never."""

    kind: str
    scopes: frozenset[str]
    expires_at: datetime | None

    def missing(self, wanted: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the wanted rights that it lacks."""
        return tuple(scope for scope in wanted if scope not in self.scopes)


def examine_token(
    door: Door,
    platform: Platform,
    credentials: Credentials,
    *,
    page_id: str,
    linked: frozenset[str] = frozenset(),
) -> TokenFacts | None:
    """Ask Meta about the Page's token; None where the app's id and secret were not given.

    A right counts where it is granted for the Page, or for what is `linked` to it (an Instagram account). The examined
    token travels in the address: Meta offers no other place for it. Raises NotAuthorized for one that is not valid.
    """
    token, app_id, app_secret = (credentials.get(name) for name in ("page_token", "app_id", "app_secret"))
    if not app_id or not app_secret:
        return None
    app = Graph(door, platform, f"{app_id}|{app_secret}", app_secret=app_secret, secrets=(token,))
    data = app.get("debug_token", input_token=token).get("data")
    if not isinstance(data, dict):
        raise app.unreadable("debug_token told nothing")
    if data.get("is_valid") is not True:
        error = data.get("error")
        told = error if isinstance(error, dict) else {}
        # the code is 190 whatever is wrong with it, also where no error is given
        parsed = GraphError.parse({"code": 190, "error_subcode": told.get("subcode")} | told)
        raise NotAuthorized(
            "the token is not valid",
            platform=platform,
            code=parsed.name,
            detail=redacted(parsed.message, (token,)),
            sentence=parsed.sentence(NotAuthorized),
        )
    return TokenFacts(
        kind=text_of(data.get("type")).upper(),
        scopes=_listed(data.get("scopes")) - _elsewhere(data.get("granular_scopes"), {page_id, *linked}),
        expires_at=instant_of(number(data.get("expires_at"))),
    )


def _elsewhere(grants: object, ours: set[str]) -> frozenset[str]:
    """Return the rights that are granted, but for other things than ours. Without targets: for every one."""
    found = set()
    for grant in grants if isinstance(grants, list) else ():
        targets = part_of(grant, "target_ids")
        if isinstance(targets, list) and targets and not ours & {ident(target) for target in targets}:
            found.add(text_of(part_of(grant, "scope")))
    return frozenset(found)


def _listed(scopes: object) -> frozenset[str]:
    return frozenset(map(text_of, scopes)) if isinstance(scopes, list) else frozenset()
