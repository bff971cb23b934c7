"""What accounts sent and are to send about a day, as daily quotas count it."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from core.capabilities import Load, Use
from core.deliveries import WORKABLE, DeliveryState
from core.media import AttachmentRole
from storage.tables import deliveries, revision_media, revisions

_SPENT = (DeliveryState.PUBLISHING, DeliveryState.UNKNOWN, DeliveryState.PUBLISHED, DeliveryState.TAKEN_DOWN)
_LONGEST_LATENESS = timedelta(days=1)  # no setting allows more: so far may a publication be from its hour

_at = func.coalesce(deliveries.c.published_at, deliveries.c.publish_at, type_=deliveries.c.publish_at.type)
_is_prepared = deliveries.c.stage_token.is_not(None)
# made once: SQLAlchemy then knows them again without looking at every part
_USES = (
    select(
        deliveries.c.id,
        _at.label("at"),
        deliveries.c.state,
        _is_prepared.label("is_prepared"),
        revisions.c.thread,
        revisions.c.id,
    )
    .join(revisions, revisions.c.id == deliveries.c.revision_id)
    .where(
        deliveries.c.account_id.in_(bindparam("accounts", expanding=True)),
        deliveries.c.publish_at.between(bindparam("earliest"), bindparam("until")),
        _at.between(bindparam("since"), bindparam("until")),
        or_(
            deliveries.c.state.in_((*_SPENT, *sorted(WORKABLE))),
            and_(deliveries.c.state == DeliveryState.HELD, _is_prepared),
        ),
    )
    .order_by(deliveries.c.id)
)
_FILES = (
    select(revision_media.c.revision_id, revision_media.c.role, func.count())
    .where(revision_media.c.revision_id.in_(bindparam("revisions", expanding=True)))
    .group_by(revision_media.c.revision_id, revision_media.c.role)
)


class UseRows:
    """Counts from the ledger; it writes nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, account_ids: Collection[int], *, since: datetime, until: datetime) -> list[Use]:
        """Return what these accounts sent between, or are to send, as quotas count it; what is over unsent is left out.

        A delivery counts at the time at which it was published, else at its hour; it is spent from the moment at which
        something was prepared or written.
        """
        between = {"accounts": account_ids, "earliest": since - _LONGEST_LATENESS, "since": since, "until": until}
        rows = self._connection.execute(_USES, between).all()
        if not rows:
            return []
        counted = self._connection.execute(_FILES, {"revisions": {row[5] for row in rows}})
        files = {(revision_id, role): count for revision_id, role, count in counted}
        return [
            Use(
                at=moment,
                load=Load(
                    messages=1 + len(thread),
                    files=files.get((revision_id, AttachmentRole.SHOWN), 0),
                    captions=files.get((revision_id, AttachmentRole.CAPTIONS), 0),
                    thumbnails=files.get((revision_id, AttachmentRole.THUMBNAIL), 0),
                ),
                is_spent=prepared or state in _SPENT,
                delivery_id=delivery_id,
            )
            for delivery_id, moment, state, prepared, thread, revision_id in rows
        ]
