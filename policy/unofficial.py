"""Whether an account may enter the register of unofficial ones: never an official one, never one twice."""

from collections.abc import Iterable

from core.accounts import Account
from core.platforms import Platform
from core.texts import _
from core.unofficial import Place, Unofficial, UnofficialState, place_of
from policy.reasons import Reason


def check_unofficial(
    *, network: str, handle: str, url: str, official: Iterable[Account], known: Iterable[Unofficial]
) -> list[Reason]:
    """Return why this account may not be entered; empty when it may."""
    place = place_of(url) if url else None
    if url and place is None:
        return [
            Reason(
                "no_address",
                _("«{url}» no es una dirección de internet. Escríbala así: https://www.facebook.com/nombre").format(
                    url=url[:200]
                ),
            )
        ]
    if place is None and not handle:
        return [Reason("no_address", _("Diga la dirección de la cuenta, o su nombre con --handle."))]
    for account in official:
        if _is_official(account, network=network, handle=handle, place=place):
            return [
                Reason(
                    "is_official",
                    _("Esa es una cuenta oficial: {network} · {name}. No se anotó.").format(
                        network=account.platform.label, name=account.name
                    ),
                )
            ]
    for each in known:
        if each.state is not UnofficialState.CLOSED and _is_same(each, network=network, handle=handle, place=place):
            return [
                Reason(
                    "known_already",
                    _("Ya está anotada con el número {id} y sigue abierta: vocero unofficial show {id}").format(
                        id=each.id
                    ),
                )
            ]
    return []


def _is_official(account: Account, *, network: str, handle: str, place: Place | None) -> bool:
    if (
        network == account.platform
        and handle
        and _folded(handle) in (_folded(account.handle), _folded(account.remote_id))
    ):
        return account.platform is not Platform.WEBSITE
    ours = place_of(account.address) if account.address else None
    if place is None or ours is None or place.host != ours.host:
        return False
    if account.platform is Platform.WEBSITE or place.names(account.remote_id):
        return True
    return bool(ours.path or ours.number) and place in ours


def _is_same(each: Unofficial, *, network: str, handle: str, place: Place | None) -> bool:
    if place is not None and each.url:
        return place_of(each.url) == place
    return bool(handle) and each.network == network and _folded(each.handle) == _folded(handle)


def _folded(handle: str) -> str:
    return handle.strip().removeprefix("@").casefold()
