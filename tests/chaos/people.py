"""What people do meanwhile: connect a paused account again, release what was held, settle what nobody could know."""

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from core.accounts import AccountState
from core.deliveries import Delivery, DeliveryState, Step
from core.errors import VoceroError
from core.platforms import Platform
from core.posts import Content
from tests.chaos.programme import faces, seen
from tests.e2e.commands import vocero
from tests.e2e.newsroom import Newsroom
from vocero.actions import ConnectAccount, ResumeAccount, SchedulePost
from vocero.imitated import imitated_accounts
from vocero.office import Office

_RELEASES = 6  # after so many a delivery may stay held


@dataclass(slots=True)
class People:
    """Who keeps the office going. `office`: on the database's own clock."""

    newsroom: Newsroom
    office: Office
    reconnected: int = 0
    released: int = 0
    settled: dict[int, DeliveryState] = field(default_factory=dict)
    _releases: Counter[int] = field(default_factory=Counter)

    def look_after(self) -> None:
        """Mend what can be mended now; what a platform refuses is tried again the next time."""
        with self.office.database.read() as transaction:
            accounts = transaction.accounts.all()
            held = transaction.deliveries.in_state(DeliveryState.HELD)
        for account in accounts:
            if account.state is AccountState.PAUSED and self._reconnect(account.platform, account.id):
                self.reconnected += 1
        for delivery in held:
            if self._releases[delivery.id] < _RELEASES and self._release(delivery):
                self._releases[delivery.id] += 1
                self.released += 1

    def settle(self, approved: dict[int, Content], folder: Path) -> list[str]:
        """Answer for each delivery that waits for a person's word, by the command, from what the public sees.

        Returns what was wrong: an unknown one without evidence of how that came.
        """
        wrong = []
        public = Counter(seen(write) for write in self.newsroom.sandbox.ledger.writes() if write.visible)
        with self.office.database.read() as transaction:
            platforms = {account.id: account.platform for account in transaction.accounts.all()}
            unknown = transaction.deliveries.in_state(DeliveryState.UNKNOWN)
            attempts = {each.id: transaction.deliveries.attempts(each.id) for each in unknown}
        for delivery in unknown:
            if not any(each.step is Step.FIND for each in attempts[delivery.id]):
                wrong.append(f"unknown without a look: {delivery} {attempts[delivery.id]}")
            is_out = faces(platforms[delivery.account_id], approved[delivery.post_id])[0] in public
            answer = ("--published", delivery.url or "https://www.example.org/aviso") if is_out else ("--absent",)
            said = vocero(
                self.newsroom.environment,
                *("--as", "jefa", "unknown", "settle", str(delivery.id), *answer),
                folder=folder,
            )
            if said.code:
                wrong.append(f"not settled: {delivery.id} {said.out} {said.err}")
            self.settled[delivery.id] = DeliveryState.PUBLISHED if is_out else DeliveryState.FAILED
        return wrong

    def _reconnect(self, platform: Platform, account_id: int) -> bool:
        account = next(a for a in imitated_accounts(self.newsroom.sandbox.world) if a.platform is platform)
        try:
            with self.office.database.read() as transaction:
                admin = transaction.people.get("admin")
            ConnectAccount(
                self.office,
                admin,
                platform=platform,
                remote_id=account.remote_id,
                address=account.address,
                credentials=account.credentials,
            ).run()
            ResumeAccount(self.office, self.newsroom.head, account_id=account_id).run()
        except VoceroError as error:
            sys.stderr.write(f"\n{platform}: {error.sentence} ({error.diagnostic})\n")
            return False
        return True

    def _release(self, delivery: Delivery) -> bool:
        try:
            SchedulePost(self.office, self.newsroom.writer, post_id=delivery.post_id).run()
        except VoceroError:
            return False
        return True
