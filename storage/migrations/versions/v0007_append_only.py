"""The database itself refuses to change, remove or replace an event."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SQLITE = """
CREATE TRIGGER events_never_change BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
--
CREATE TRIGGER events_never_go BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
-- INSERT OR REPLACE removes a row without asking the trigger above
CREATE TRIGGER events_are_never_replaced BEFORE INSERT ON events
WHEN EXISTS (SELECT 1 FROM events WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END;
"""
_POSTGRESQL = """
CREATE FUNCTION vocero_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the record is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
--
CREATE TRIGGER events_never_change BEFORE UPDATE OR DELETE OR TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION vocero_refuse();
"""


def upgrade() -> None:
    """Put the guards up; the rows stay as they are."""
    guards = _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL
    for guard in guards.split("\n--"):
        op.execute(guard.partition("\n")[2])
