"""One transaction: the rows it reads and writes, the time it happens at, and the events that it leaves."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property

from sqlalchemy import Connection, DateTime, func, select

from core.events import Event
from storage.accounts import AccountRows
from storage.calendar import CalendarRows
from storage.chain import ChainRows
from storage.checklists import ChecklistRows
from storage.delegations import DelegationRows
from storage.deliveries import DeliveryRows
from storage.events import EventRows
from storage.looks import LookRows
from storage.media import MediumRows
from storage.neglected import NeglectedRows
from storage.people import PersonRows
from storage.posts import PostRows
from storage.quotas import UseRows
from storage.requests import RequestRows
from storage.standing import StandingRows
from storage.stops import StopRows
from storage.unofficial import UnofficialRows
from storage.workers import WorkerRows

_MOMENT = select(func.clock_timestamp(type_=DateTime(timezone=True)))


class Transaction:
    """What one transaction may do. Events told to `tell` are chained when it commits, and only then."""

    def __init__(self, connection: Connection, clock: Callable[[], datetime] | None) -> None:
        self._connection = connection
        self._clock = clock
        self._told: list[Event] = []
        self.people = PersonRows(connection)
        self.accounts = AccountRows(connection)
        self.media = MediumRows(connection)
        self.requests = RequestRows(connection)
        self.delegations = DelegationRows(connection)
        self.checklists = ChecklistRows(connection)
        self.looks = LookRows(connection)
        self.posts = PostRows(connection)
        self.deliveries = DeliveryRows(connection)
        self.standing = StandingRows(connection)
        self.uses = UseRows(connection)
        self.neglected = NeglectedRows(connection)
        self.stops = StopRows(connection)
        self.calendar = CalendarRows(connection)
        self.workers = WorkerRows(connection)
        self.unofficial = UnofficialRows(connection)
        self.events = EventRows(connection)
        self.chain = ChainRows(connection)

    @cached_property
    def now(self) -> datetime:
        """The time at which this transaction happens, by the database's clock: aware UTC."""
        if self._clock is not None:
            return self._clock()
        if self._connection.dialect.name == "sqlite":
            return datetime.now(UTC)  # SQLite is part of this process and would look at the same clock
        return self._connection.execute(_MOMENT).scalar_one().astimezone(UTC)

    def tell(self, event: Event) -> None:
        """Leave an event; it is recorded if this transaction commits."""
        self._told.append(event)

    def record(self) -> None:
        """Chain what was told. Called once, at the end, so that the chain's end is held as briefly as can be."""
        if self._told:
            self.events.append(self._told)
            self._told.clear()
