"""Acts about accounts that use the institution's name without being its own (procedure 8.12)."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from core.media import Medium
from core.people import Person
from core.platforms import Platform
from core.texts import _
from core.unofficial import Unofficial, UnofficialState
from policy.permissions import Act
from policy.reasons import Reason
from policy.unofficial import check_unofficial
from storage.transaction import Transaction
from vocero.actions.base import Action
from vocero.office import Office

_LONGEST = {"network": 40, "handle": 200, "found_by": 200, "url": 2000}


class _WithEvidence(Action[Unofficial]):
    """An act about an unofficial account: a note, and files that are kept exactly as they came."""

    def __init__(self, office: Office, actor: Person, *, note: str, evidence: Sequence[Path]) -> None:
        super().__init__(office, actor)
        self._note, self._evidence = note.strip(), tuple(evidence)
        self._files: tuple[Medium, ...] = ()

    def prepare(self) -> None:
        """Take the files in; evidence is never altered."""
        self._files = self.office.media.keep_all(self._evidence)

    def _enter_files(self, transaction: Transaction) -> dict[str, str]:
        for medium in self._files:
            transaction.media.add(medium, now=transaction.now)
        return {"files": ",".join(medium.sha256 for medium in self._files)} if self._files else {}


class AddUnofficial(_WithEvidence):
    """Enter an account that somebody found. An official one is refused, and one that is open already."""

    may = Act.ADD_UNOFFICIAL

    def __init__(
        self,
        office: Office,
        actor: Person,
        *,
        network: str,
        handle: str = "",
        url: str = "",
        found_by: str = "",
        found_at: datetime | None = None,
        note: str = "",
        evidence: Sequence[Path] = (),
    ) -> None:
        super().__init__(office, actor, note=note, evidence=evidence)
        platform = Platform.named(network)
        self._network = network.strip() if platform is None else platform.value
        self._handle, self._url = handle.strip(), url.strip()
        self._found_by, self._found_at = found_by.strip() or actor.name, found_at

    def check(self, transaction: Transaction) -> list[Reason]:
        """It is named, none of ours, not known already, and was not found in the future."""
        given = {"network": self._network, "handle": self._handle, "found_by": self._found_by, "url": self._url}
        if not self._network or any(len(value) > _LONGEST[name] for name, value in given.items()):
            return [Reason("bad_name", _("Falta la red, o un dato es demasiado largo. Abrévielo y repita."))]
        if self._found_at is not None and self._found_at > transaction.now:
            return [Reason("future", _("Esa hora todavía no llega. Diga cuándo se encontró la cuenta."))]
        return check_unofficial(
            network=self._network,
            handle=self._handle,
            url=self._url,
            official=transaction.accounts.all(),
            known=transaction.unofficial.all(),
        )

    def act(self, transaction: Transaction) -> Unofficial:
        """Enter it."""
        data = self._enter_files(transaction)
        added = transaction.unofficial.add(
            network=self._network,
            handle=self._handle,
            url=self._url,
            found_by=self._found_by,
            found_at=self._found_at or transaction.now,
            entered_by=self.actor.id,
            note=self._note,
            files=self._files,
            now=transaction.now,
        )
        data |= {"network": self._network, "handle": self._handle, "url": self._url}
        self.tell(transaction, f"unofficial:{added.id}", after=UnofficialState.FOUND, reason=self._note, data=data)
        return added


class _Move(_WithEvidence):
    def __init__(self, office: Office, actor: Person, *, number: int, note: str, evidence: Sequence[Path] = ()) -> None:
        super().__init__(office, actor, note=note, evidence=evidence)
        self._number = number

    @property
    @abstractmethod
    def _after(self) -> UnofficialState:
        """The state that it leads to."""

    def check(self, transaction: Transaction) -> list[Reason]:
        """It is open, and what was done is told."""
        known = transaction.unofficial.hold(self._number)
        if known.state is UnofficialState.CLOSED:
            return [Reason("closed", _("La cuenta no oficial {id} ya está cerrada.").format(id=known.id))]
        if not self._note:
            return [Reason("note_missing", _("Diga con --note qué se hizo, ante quién y con qué resultado."))]
        return []

    def act(self, transaction: Transaction) -> Unofficial:
        """Keep what was done."""
        before = transaction.unofficial.get(self._number).state
        data = self._enter_files(transaction)
        moved = transaction.unofficial.move(
            self._number, self._after, text=self._note, by=self.actor.id, files=self._files, now=transaction.now
        )
        subject = f"unofficial:{moved.id}"
        self.tell(transaction, subject, before=before, after=self._after, reason=self._note, data=data)
        return moved


class ReportUnofficial(_Move):
    """Say that it was reported to its network or to an authority; again for every further report."""

    may = Act.REPORT_UNOFFICIAL
    _after = UnofficialState.REPORTED


class CloseUnofficial(_Move):
    """Say how it ended: taken down, renamed, not ours to pursue."""

    may = Act.CLOSE_UNOFFICIAL
    _after = UnofficialState.CLOSED
