"""Whether the tables are those of this program's version: looked at, not changed."""

from dataclasses import dataclass
from pathlib import Path

from core.errors import StorageError
from core.texts import _
from storage.database import Database
from storage.steps import all_steps, current_step


@dataclass(frozen=True, slots=True)
class Schema:
    """The step at which the tables are (None: they are not Vocero's), and how many of this program's are missing.

    `missing` is None where the tables are of a program newer than this one.
    """

    step: str | None
    missing: int | None


class SchemaReader(Database):
    """A database that is only looked at."""

    def schema(self) -> Schema:
        """Return how the tables are. Raises StorageError; a missing file is not made."""
        if self.is_sqlite and not Path(self.where).exists():
            raise StorageError(
                _("No existe la base de datos «{where}». Revise los ajustes, o créela con: vocero init").format(
                    where=self.where
                )
            )
        steps = all_steps()[::-1]  # the newest first
        with self._errors(), self._engine.connect() as connection, connection.begin():
            step = current_step(connection)
        if step is None:
            return Schema(None, len(steps))
        return Schema(step, steps.index(step) if step in steps else None)
