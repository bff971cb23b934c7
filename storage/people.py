"""People, as rows."""

from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, insert, select

from core.errors import NotFound
from core.people import Person, Role
from core.texts import _
from storage.keys import new_key
from storage.tables import people

# made once: SQLAlchemy then knows them again without looking at every part
_ADD = insert(people)
_OF_LOGIN = select(people).where(people.c.login == bindparam("login"))
_GET = select(people).where(people.c.id == bindparam("id"))


class PersonRows:
    """The people of the office."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, *, login: str, name: str, role: Role, now: datetime) -> Person:
        """Add somebody. Raises Conflict where the login is taken."""
        result = self._connection.execute(
            _ADD,
            {
                "login": login,
                "name": name,
                "role": role,
                "active": True,
                "created_at": now,
            },
        )
        return Person(id=new_key(result), login=login, name=name, role=role)

    def get(self, login: str) -> Person:
        """Return the person with that login. Raises NotFound."""
        row = self._connection.execute(_OF_LOGIN, {"login": login}).first()
        if row is None:
            raise NotFound(
                _("No hay nadie con el usuario «{login}». Vea quiénes son con: vocero people list").format(login=login)
            )
        return _person(row)

    def by_id(self, person_id: int) -> Person:
        """Return the person. Raises NotFound."""
        row = self._connection.execute(_GET, {"id": person_id}).first()
        if row is None:
            raise NotFound(_("No existe la persona {id}.").format(id=person_id))
        return _person(row)

    def all(self) -> list[Person]:
        """Return everybody, by login."""
        return [_person(row) for row in self._connection.execute(select(people).order_by(people.c.login))]


def _person(row: Row[tuple[object, ...]]) -> Person:
    return Person(id=row.id, login=row.login, name=row.name, role=row.role, active=row.active)
