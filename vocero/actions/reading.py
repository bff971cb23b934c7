"""Who may read what: asked before anything is shown to somebody whom the program knows."""

from core.errors import NotAllowed
from core.people import Person
from policy.permissions import Act, Authority
from policy.reasons import joined
from vocero.office import Office


def may_read(office: Office, person: Person, act: Act) -> Person:
    """Return the person as they now are. Raises NotAllowed with the reasons why they may not read this."""
    with office.database.read() as transaction:
        person = transaction.people.by_id(person.id)
        delegations = transaction.delegations.of(person.id)
        reasons = Authority(person, delegations, transaction.now).check(act)
    if reasons:
        raise NotAllowed(joined(reasons), diagnostic=", ".join(reason.code for reason in reasons))
    return person
