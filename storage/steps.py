"""At which step the tables are, and which is the newest: asked at every start, so without Alembic itself."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

MIGRATIONS = Path(__file__).parent / "migrations"
_TABLE = "alembic_version"  # Alembic's own


def all_steps() -> list[str]:
    """Return the names of the steps, the oldest first: a migration's file begins with `v` and its name (tested)."""
    return sorted(path.name[1:5] for path in (MIGRATIONS / "versions").glob("v[0-9]*.py"))


def current_step(connection: Connection) -> str | None:
    """Return the step at which the tables are, None where they are not Vocero's."""
    if not inspect(connection).has_table(_TABLE):
        return None
    step = connection.execute(text(f"SELECT version_num FROM {_TABLE}")).scalar()  # noqa: S608  (a constant)
    return None if step is None else str(step)
