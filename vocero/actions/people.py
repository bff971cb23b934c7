"""Acts about people."""

import re

from core.errors import InvalidInput
from core.events import SYSTEM, Event
from core.people import Person, Role
from core.texts import _
from policy.permissions import Act
from policy.reasons import Reason
from storage.transaction import Transaction
from vocero.actions.base import Action
from vocero.office import Office

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


class AddPerson(Action[Person]):
    """Enter somebody with a role."""

    may = Act.ADD_PERSON

    def __init__(self, office: Office, actor: Person, *, login: str, name: str, role: Role) -> None:
        super().__init__(office, actor)
        self._login, self._name, self._role = valid_login(login), name.strip() or login, role

    def check(self, transaction: Transaction) -> list[Reason]:
        """The login is free."""
        if any(person.login == self._login for person in transaction.people.all()):
            return [Reason("login_taken", _("Ya hay alguien con el usuario «{login}».").format(login=self._login))]
        return []

    def act(self, transaction: Transaction) -> Person:
        """Enter them."""
        person = transaction.people.add(login=self._login, name=self._name, role=self._role, now=transaction.now)
        self.tell(transaction, f"person:{person.id}", after=person.role, data={"login": person.login})
        return person


def add_first_person(office: Office, *, login: str, name: str) -> Person | None:
    """Enter the first technical administrator; None where there are people already. By the program itself."""
    login = valid_login(login)
    with office.database.write() as transaction:
        if transaction.people.all():
            return None
        person = transaction.people.add(
            login=login, name=name.strip() or login, role=Role.SYSTEM_ADMIN, now=transaction.now
        )
        transaction.tell(
            Event(
                at=transaction.now,
                actor=SYSTEM,
                role="installation",
                action=Act.ADD_PERSON,
                subject=f"person:{person.id}",
                after=person.role,
                data={"login": person.login},
            )
        )
        return person


def valid_login(login: str) -> str:
    """Return the login as it is. Raises InvalidInput where it is none."""
    if not _LOGIN.fullmatch(login):
        raise InvalidInput(
            _("«{login}» no sirve como usuario: use minúsculas sin tildes, cifras, punto o guion (2 a 64).").format(
                login=login[:80]
            )
        )
    return login
