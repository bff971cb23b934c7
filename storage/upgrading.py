"""Bringing the tables up to this program's version, step by step, with Alembic."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from core.errors import StorageError
from core.texts import _
from storage.steps import MIGRATIONS, current_step


def upgrade(connection: Connection, *, where: str, create: bool) -> list[str]:
    """Make the steps that are missing, in one transaction; return their names. Raises StorageError.

    Without `create` a database that is not Vocero's yet is an error.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    with connection.begin():
        before = current_step(connection)
        if before is None and not create:
            raise StorageError(
                _("La base de datos «{where}» no tiene las tablas de Vocero. Ejecute: vocero init").format(where=where)
            )
        if before == script.get_current_head():
            return []
        if before is not None and before not in {step.revision for step in script.walk_revisions()}:
            raise StorageError(
                _(
                    "La base de datos es de una versión más nueva de Vocero. "
                    "Instale esa versión o restaure una copia anterior."
                )
            )
        if connection.dialect.name != "sqlite":
            connection.execute(text("SELECT pg_advisory_xact_lock(8623)"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    steps = script.iterate_revisions("head", before or "base")
    return [step.revision for step in reversed(list(steps))]
