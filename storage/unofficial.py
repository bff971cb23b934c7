"""Unofficial accounts, what was done about each and its evidence, as rows."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from core.errors import NotFound
from core.media import Medium
from core.texts import _
from core.unofficial import Unofficial, UnofficialNote, UnofficialState
from storage.keys import new_key
from storage.media import medium_of
from storage.tables import media, unofficial, unofficial_files, unofficial_notes


class UnofficialRows:
    """The register of accounts that use the institution's name. Entries are closed, never removed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        *,
        network: str,
        handle: str,
        url: str,
        found_by: str,
        found_at: datetime,
        entered_by: int,
        note: str,
        files: Sequence[Medium],
        now: datetime,
    ) -> Unofficial:
        """Enter an account as found, with what is known of it."""
        result = self._connection.execute(
            insert(unofficial),
            {
                "network": network,
                "handle": handle,
                "url": url,
                "state": UnofficialState.FOUND,
                "found_by": found_by,
                "found_at": found_at,
                "entered_by": entered_by,
                "entered_at": now,
            },
        )
        number = new_key(result)
        self._note(number, UnofficialState.FOUND, text=note, by=entered_by, files=files, now=now)
        return self.get(number)

    def move(
        self, number: int, state: UnofficialState, *, text: str, by: int, files: Sequence[Medium], now: datetime
    ) -> Unofficial:
        """Put the account into a state and keep what was done; the caller has judged that it may."""
        self._connection.execute(update(unofficial).where(unofficial.c.id == number).values(state=state))
        self._note(number, state, text=text, by=by, files=files, now=now)
        return self.get(number)

    def get(self, number: int) -> Unofficial:
        """Return the account. Raises NotFound."""
        row = self._connection.execute(select(unofficial).where(unofficial.c.id == number)).first()
        if row is None:
            sentence = _("No existe la cuenta no oficial {id}. Véalas con: vocero unofficial list --all")
            raise NotFound(sentence.format(id=number))
        return self._whole(row)

    def hold(self, number: int) -> Unofficial:
        """Return the account, and let nobody else change it until this transaction ends. Raises NotFound."""
        self._connection.execute(select(unofficial.c.id).where(unofficial.c.id == number).with_for_update())
        return self.get(number)

    def all(self, states: Collection[UnofficialState] = frozenset(UnofficialState)) -> list[Unofficial]:
        """Return the accounts in these states, oldest first."""
        query = select(unofficial).where(unofficial.c.state.in_(sorted(states))).order_by(unofficial.c.id)
        return [self._whole(row) for row in self._connection.execute(query).all()]

    def _note(
        self, number: int, state: UnofficialState, *, text: str, by: int, files: Sequence[Medium], now: datetime
    ) -> None:
        result = self._connection.execute(
            insert(unofficial_notes),
            {"unofficial_id": number, "state": state, "text": text, "written_by": by, "written_at": now},
        )
        note = new_key(result)
        for position, medium in enumerate(files):
            self._connection.execute(
                insert(unofficial_files), {"note_id": note, "position": position, "sha256": medium.sha256}
            )

    def _whole(self, row: Any) -> Unofficial:
        notes = select(unofficial_notes).where(unofficial_notes.c.unofficial_id == row.id)
        return Unofficial(
            id=row.id,
            network=row.network,
            handle=row.handle,
            url=row.url,
            state=row.state,
            found_by=row.found_by,
            found_at=row.found_at,
            entered_by=row.entered_by,
            entered_at=row.entered_at,
            notes=tuple(
                UnofficialNote(each.id, each.state, each.text, each.written_by, each.written_at, self._files(each.id))
                for each in self._connection.execute(notes.order_by(unofficial_notes.c.id)).all()
            ),
        )

    def _files(self, note: int) -> tuple[Medium, ...]:
        query = (
            select(media)
            .join(unofficial_files, unofficial_files.c.sha256 == media.c.sha256)
            .where(unofficial_files.c.note_id == note)
            .order_by(unofficial_files.c.position)
        )
        return tuple(medium_of(row) for row in self._connection.execute(query))
