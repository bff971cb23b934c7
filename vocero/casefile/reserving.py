"""What a case file keeps back of people who are no public servants in office (Ley 29733), and how it says so.

Kept back: who a requester of an area is, what was told of the event and its evidence, and in reasons whatever looks
like an e-mail, a telephone or an identity document. The post's own text is meant for the public, and is what approvals
bind: it stays.
"""

import re
from collections.abc import Iterable
from typing import Any

from core.events import RecordedEvent
from core.people import Person, Role

RESERVED = "[dato personal reservado]"

_PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # an e-mail
    r"|(?<!\d)(?:\+?51[\s-]?)?9\d{2}[\s-]?\d{3}[\s-]?\d{3}(?!\d)"  # a mobile telephone of Peru
    r"|(?<![\d/:.-])\d{8,9}(?![\d/:-])"  # a DNI (8 digits), a foreigner's card (9)
)


# facts of an event that people put in words; the others are numbers, states and addresses
_WORDS = frozenset({"decided_by", "source"})


class Names:
    """Who is named in a case file, by what word: a login, or a number where the person is kept back."""

    def __init__(self, people: Iterable[Person], *, whole: bool) -> None:
        self._people = {person.id: person for person in people}
        self._ids = {person.login: person.id for person in self._people.values()}
        self._whole = whole
        self._named: set[int] = set()

    def of(self, person_id: int) -> str:
        """Return what the person is called."""
        self._named.add(person_id)
        person = self._people[person_id]
        return f"solicitante-{person.id}" if self._is_reserved(person) else person.login

    def maybe(self, person_id: int | None) -> str | None:
        """Return what the person is called, None for nobody."""
        return None if person_id is None else self.of(person_id)

    def of_login(self, login: str) -> str:
        """Return what the person of that login is called; the program itself keeps its name."""
        number = self._ids.get(login)
        return login if number is None else self.of(number)

    def told(self, text: str) -> str:
        """Return a text that people wrote, without personal data."""
        return text if self._whole else _PERSONAL.sub(RESERVED, text)

    def own(self, text: str) -> str:
        """Return what a requester told, kept back as a whole."""
        return text if self._whole or not text else RESERVED

    def event(self, recorded: RecordedEvent) -> dict[str, Any]:
        """Return what the event's fields are here, and in `reserved` the names of those that are not as recorded."""
        event = recorded.event
        told = self.own if event.role == Role.REQUESTER else self.told
        data = {name: self.told(value) if name in _WORDS else value for name, value in event.data.items()}
        fields = {"actor": self.of_login(event.actor), "reason": told(event.reason), "data": data}
        was = {"actor": event.actor, "reason": event.reason, "data": event.data}
        return {**fields, "reserved": sorted(name for name in was if fields[name] != was[name])}

    def all(self) -> list[dict[str, object]]:
        """Return everybody who was named so far, by number."""
        return [
            {
                "called": self.of(number),
                "name": self.own(person.name) if self._is_reserved(person) else person.name,
                "role": str(person.role),
                "role_label": person.role.label,
            }
            for number, person in sorted(self._people.items())
            if number in self._named
        ]

    def _is_reserved(self, person: Person) -> bool:
        return person.role is Role.REQUESTER and not self._whole
