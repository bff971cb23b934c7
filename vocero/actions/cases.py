"""Acts that give a post's case file to somebody."""

from pathlib import Path

from core.people import Person
from policy.permissions import Act
from policy.reasons import Reason
from storage.transaction import Transaction
from vocero.actions.base import Action
from vocero.casefile import Packed, check_place, pack, planned, read_case
from vocero.office import Office


class ExportCase(Action[Packed]):
    """Write the case file of a post, with the personal data of third parties kept back.

    The record is told first, and only then the file gets its name: there is no export without its event.
    """

    may = Act.EXPORT_CASE
    is_whole = False

    def __init__(self, office: Office, actor: Person, *, post_id: int, out: Path, zipped: bool) -> None:
        super().__init__(office, actor)
        self._post_id, self._out, self._zipped = post_id, out, zipped
        self._packed: Packed | None = None

    def run(self) -> Packed:
        """Do it. Raises NotAllowed, InvalidInput, NotFound, StorageError; none of them leaves anything behind."""
        try:
            packed = super().run()
        except BaseException:
            if self._packed is not None:
                self._packed.drop()
            raise
        packed.keep()
        return packed

    def files(self) -> list[tuple[str, int]]:
        """Return what would be written, with the sizes in bytes; nothing is. Raises as `run`."""
        self.try_out()
        check_place(self._out, zipped=self._zipped)
        with self.office.database.read() as transaction:
            case = read_case(transaction, self._post_id, whole=self.is_whole)
        return planned(case, self.office.media)

    def prepare(self) -> None:
        """Write it beside its place."""
        place = check_place(self._out, zipped=self._zipped)
        with self.office.database.read() as transaction:
            case = read_case(transaction, self._post_id, whole=self.is_whole)
        self._packed = pack(case, self.office.media, place, zipped=self._zipped)

    def check(self, transaction: Transaction) -> list[Reason]:
        """There is such a post."""
        transaction.posts.get(self._post_id)
        return []

    def act(self, transaction: Transaction) -> Packed:
        """Tell the record, with the digest of what is given away."""
        packed = self._packed
        if packed is None:
            raise RuntimeError("act before prepare")
        for act in (Act.EXPORT_CASE, Act.EXPORT_PERSONAL_DATA) if self.is_whole else (Act.EXPORT_CASE,):
            self.tell(transaction, f"post:{self._post_id}", action=act, digest=packed.digest)
        return packed


class ExportWholeCase(ExportCase):
    """Write the case file with the personal data of third parties: only for who may, and an event says so."""

    may = Act.EXPORT_PERSONAL_DATA
    is_whole = True
