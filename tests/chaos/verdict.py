"""Whether the ledger equals the approvals."""

from collections import Counter
from collections.abc import Iterable

from core.deliveries import Delivery, DeliveryState
from core.platforms import Platform
from core.posts import Content
from sandbox.ledger import Write
from tests.chaos.programme import Face, faces, seen

_OUT = DeliveryState.PUBLISHED
_NOT_OUT = (DeliveryState.FAILED, DeliveryState.MISSED, DeliveryState.HELD)


def judge(
    deliveries: Iterable[Delivery],
    approved: dict[int, Content],
    platforms: dict[int, Platform],
    writes: Iterable[Write],
) -> list[str]:
    """Return everything that is wrong. `approved`: of each post; `platforms`: of each account.

    What is published stands in the ledger once, with exactly the approved words and files, under the id that we keep.
    What is failed, missed or held stands not there, and says why; of a thread that is held, what we say that is seen.
    Nothing else stands there, and nothing was changed or withdrawn.
    """
    wrong: list[str] = []
    expected: Counter[Face] = Counter()
    entries = tuple(writes)
    ids = {(write.platform, write.remote_id): seen(write) for write in entries}
    for delivery in deliveries:
        platform = platforms[delivery.account_id]
        parts = faces(platform, approved[delivery.post_id])
        if delivery.state is _OUT:
            expected.update(parts)
            if not _is_under(delivery, platform, parts, ids):
                wrong.append(f"published under an id that shows something else: {delivery}")
            continue
        if delivery.state not in _NOT_OUT:
            wrong.append(f"no end: {delivery}")
        elif not delivery.reason:
            wrong.append(f"no reason: {delivery}")
        if delivery.is_begun:
            shown = sum(part in ids.values() for part in parts)
            expected.update(parts[:shown])
            if not 0 < shown < len(parts):
                wrong.append(f"said to be partly out, and {shown} of {len(parts)} are: {delivery}")
    found = Counter(seen(write) for write in entries)
    wrong += [f"withdrawn: {write}" for write in entries if not write.visible]
    wrong += [f"seen {count} times too often: {face}" for face, count in (found - expected).items()]
    wrong += [f"approved and said to be out, not seen ({count}): {face}" for face, count in (expected - found).items()]
    return wrong


def _is_under(
    delivery: Delivery, platform: Platform, parts: tuple[Face, ...], ids: dict[tuple[str, str], Face]
) -> bool:
    """Tell whether the id that we keep is the one under which the public sees it."""
    if not delivery.remote_id:  # a person who settles it gives an address, no id
        return True
    if platform is Platform.FACEBOOK and parts[0].kind == "video":  # we keep the post, the ledger names its film
        return True
    return ids.get((platform.value, delivery.remote_id)) in parts
