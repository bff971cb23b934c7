"""Judging a chain of events: whole, or which events were changed, removed, inserted or moved.

A link is what one row of the record holds, whether good or not: its number, the hash before it, its own hash, and the
two halves of its canonical form (core/events.py), before and after the number. An event whose hash is that of its own
words is known to be genuine under the number that is hashed, wherever it stands now; so a row that moved, or a range
that was renumbered after one was taken out or put in, is told from one that was changed.

Nothing inside can tell whether somebody wrote the whole record anew, with all its hashes and its end: that is what a
head kept elsewhere is for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from json.encoder import encode_basestring as _quoted
from typing import NamedTuple

from core.events import FIRST

_KEPT = 10_000  # rows that are looked for elsewhere, and findings that are told one by one
_TOLD_EVERY = 2_000


class DamageKind(StrEnum):
    """What was done to the record."""

    CHANGED = "changed"
    REWRITTEN = "rewritten"
    HASH_CHANGED = "hash_changed"
    LINK_CHANGED = "link_changed"
    UNREADABLE = "unreadable"
    REMOVED = "removed"
    INSERTED = "inserted"
    MOVED = "moved"
    CUT = "cut"
    END_CHANGED = "end_changed"
    HEAD_DIFFERS = "head_differs"


@dataclass(frozen=True, slots=True)
class Damage:
    """What was done to the events `first` to `last`, by the numbers that they have now (removed ones: had).

    `was`: of events that moved, the number that the first of them had. `detail`: what of an event cannot be read.
    """

    kind: DamageKind
    first: int
    last: int
    was: int | None = None
    detail: str = ""


class Link(NamedTuple):
    """One row of the record.

    `is_sound`: its hash was worked out anew and is that of its words as event `number` after `previous`; the words are
    then of no more interest. `head` is None where the row cannot be read, and `tail` then says which part of it.
    """

    number: int
    previous: str
    hash: str
    head: str | None = ""
    tail: str = ""
    is_sound: bool = False

    def hashed(self, number: int, previous: str | None = None) -> str | None:
        """Return the hash that its words have as event `number` after `previous`; None where that is not known."""
        if self.is_sound:
            return self.hash if number == self.number and previous in (None, self.previous) else None
        if self.head is None:
            return None
        before = self.previous if previous is None else previous
        try:
            return sha256(f"{before}\n{self.head}{number}{self.tail}".encode()).hexdigest()
        except UnicodeEncodeError:
            return None


class Head(NamedTuple):
    """Where the chain ends, or ended when somebody noted it."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found; `events` counts the rows there are, `more` the findings beyond those listed."""

    events: int
    end: Head | None
    damages: tuple[Damage, ...]
    more: int = 0

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing was found."""
        return not self.damages


def halves(
    *,
    at: str,
    actor: str,
    role: str,
    action: str,
    subject: str,
    before: str,
    after: str,
    digest: str,
    reason: str,
    data: str,
) -> tuple[str, str]:
    """Return an event's canonical form up to its number and after it; `at` and `data` are canonical already."""
    head = (
        f'{{"action":{_quoted(action)},"actor":{_quoted(actor)},"after":{_quoted(after)},"at":"{at}",'
        f'"before":{_quoted(before)},"data":{data},"digest":{_quoted(digest)},"number":'
    )
    return head, f',"reason":{_quoted(reason)},"role":{_quoted(role)},"subject":{_quoted(subject)}}}'


def verify(
    links: Iterable[Link],
    end: Head | None,
    *,
    find: Callable[[set[str]], dict[str, int]],
    heads: Sequence[Head] = (),
    progress: Callable[[int], None] = lambda _count: None,
) -> Verdict:
    """Judge the chain whose rows come by number.

    `end`: what the database says of the chain's end (None: it says nothing). `find` tells the numbers of the rows that
    have these hashes; it is asked only where something has to be looked for. `heads`: ends that were noted elsewhere.
    `progress` is told now and then how many events were read.
    """
    judge = _Judge({head.number for head in heads})
    for link in links:
        judge.take(link)
        if judge.count % _TOLD_EVERY == 0:
            progress(judge.count)
    judge.finish(end)
    if judge.lost:
        judge.look_for_lost(find({link.previous for link in judge.lost}) | {FIRST: 0})
    for head in heads:
        if judge.noted.get(head.number) != head.hash:
            judge.tell(DamageKind.HEAD_DIFFERS, head.number)
    progress(judge.count)
    found = judge.findings()
    return Verdict(judge.count, end, tuple(found[:_KEPT]), max(0, len(found) - _KEPT))


class _Judge:
    """Takes the links one by one. Numbers are those that are hashed, unless said otherwise."""

    def __init__(self, wanted: set[int]) -> None:
        self.count = 0
        self.lost: list[Link] = []
        self.noted: dict[int, str] = {}
        self._wanted = wanted
        self._told: list[Damage] = []
        self._missing: list[Damage] = []
        self._expected = 1
        self._last: tuple[str, ...] = (FIRST,)  # what the hash of the event before may be; (): not known
        self._before: tuple[str, ...] = ()  # the same, of the event before that
        self._shift = 0  # by how much the numbers now differ from those that were hashed
        self._newest: Link | None = None
        self._newest_number, self._newest_hash = 0, FIRST
        self._doubted: tuple[Link, Link] | None = None  # the second does not follow the first: which one is false?
        self._strangers: list[Damage] = []  # rows that nothing vouches for, by the numbers that they have
        self._newest_stranger: Link | None = None

    def take(self, link: Link) -> None:
        """Judge the next one."""
        self.count += 1
        if (
            link.is_sound
            and link.number == self._expected
            and (link.previous,) == self._last
            and self._doubted is None
            and not self._shift
        ):
            self._accept(link)
            return
        self._vouch_for_stranger(link.previous)
        self._decide(link.previous)
        known = self._recognised(link)
        if known is None:
            self._estrange(link)
        else:
            self._place(*known)

    def finish(self, end: Head | None) -> None:
        """Judge the end."""
        final = "" if end is None else end.hash
        self._vouch_for_stranger(final)
        self._decide(final)
        room = self._strangers[-1].last - self._shift if self._strangers else 0
        self._settle(until=max(self._expected - 1, room if end is None else end.number))
        reached = self._expected - 1
        if end is None:
            self.tell(DamageKind.END_CHANGED, reached)
        elif self._shift and end.number == reached + self._shift and end.hash in self._last:
            return  # whoever renumbered the events did so with the end too
        elif end.number > reached:
            self._missing.append(Damage(DamageKind.CUT, reached + 1, end.number))
        elif end.number < reached:
            self.tell(DamageKind.INSERTED, end.number + 1, reached)
        elif self._newest_number == reached and end.hash != self._newest_hash:
            self.tell(DamageKind.END_CHANGED, reached)

    def look_for_lost(self, places: Mapping[str, int]) -> None:
        """Find out of rows that nothing explains whether they are genuine under some other number."""
        for link in self.lost:
            place = places.get(link.previous)
            was = None if place is None else next((n for n in (place + 1, place) if _is(link, n)), None)
            if was is None or was == link.number:
                continue
            guessed = (DamageKind.CHANGED, DamageKind.INSERTED)
            self._told = [
                part
                for each in self._told
                for part in (_without(each, link.number) if each.kind in guessed else [each])
            ]
            self.tell(DamageKind.MOVED, link.number, was=was)
            self._found_again(was)

    def findings(self) -> list[Damage]:
        """Return what was found, by number, what lies side by side as one."""
        told = sorted([*self._told, *self._missing], key=lambda damage: (damage.first, damage.kind))
        merged: list[Damage] = []
        for damage in told:
            _add(merged, damage)
        return merged

    def tell(
        self, kind: DamageKind, first: int, last: int | None = None, *, was: int | None = None, detail: str = ""
    ) -> None:
        """Note a finding."""
        _add(self._told, Damage(kind, first, first if last is None else last, was, detail))

    def _recognised(self, link: Link) -> tuple[Link, int] | None:
        """Return the row, its link mended, and the number under which it is genuine; None: it is under none near."""
        number = link.number - self._shift
        for candidate in dict.fromkeys((number, link.number, number - 1, number + 1)):
            if _is(link, candidate):
                return link, candidate
        for last in self._last:
            if link.hashed(number, last) == link.hash:
                self.tell(DamageKind.LINK_CHANGED, link.number)
                return link._replace(previous=last), number
        return None

    def _vouch_for_stranger(self, following: str) -> None:
        """Accept the newest stranger where what follows carries the hash of its words: then its own was changed."""
        stranger, self._newest_stranger = self._newest_stranger, None
        if stranger is None:
            return
        number = stranger.number - self._shift
        if stranger.hashed(number) == following != stranger.hash:
            run = self._strangers.pop()
            if run.first < run.last:
                self._strangers.append(replace(run, last=run.last - 1))
            if self.lost and self.lost[-1] is stranger:
                self.lost.pop()
            self.tell(DamageKind.HASH_CHANGED, stranger.number)
            self._last = self._before
            self._place(stranger._replace(hash=following), number)

    def _estrange(self, link: Link) -> None:
        kind, detail = (DamageKind.UNREADABLE, link.tail) if link.head is None else (DamageKind.CHANGED, "")
        _add(self._strangers, Damage(kind, link.number, link.number, detail=detail))
        self._newest_stranger = link
        if link.head is not None and len(self.lost) < _KEPT:
            self.lost.append(link)
        number = link.number - self._shift
        if number in self._wanted:
            self.noted[number] = link.hash
        self._before, self._last = self._last, tuple(each for each in (link.hash, link.hashed(number)) if each)

    def _place(self, link: Link, number: int) -> None:
        """Put a genuine row into the chain."""
        follows = not self._strangers
        self._settle(until=number - 1)
        if number < self._expected:
            self._return(link, number)
            return
        if number > self._expected:
            self._missing.append(Damage(DamageKind.REMOVED, self._expected, number - 1))
        elif follows and self._last and link.previous not in self._last:
            if self._newest is None:
                self.tell(DamageKind.REWRITTEN, link.number)
            else:
                self._doubted = (self._newest, link)
        if link.number != number:
            self.tell(DamageKind.MOVED, link.number, was=number)
        self._shift = link.number - number
        self._expected = number
        self._accept(link)

    def _accept(self, link: Link) -> None:
        if self._expected in self._wanted:
            self.noted[self._expected] = link.hash
        self._before, self._last = self._last, (link.hash,)
        self._newest, self._newest_number, self._newest_hash = link, self._expected, link.hash
        self._expected += 1

    def _return(self, link: Link, number: int) -> None:
        """Take a genuine row whose number was passed already: it moved here, or another took its place."""
        if self._found_again(number):
            self.tell(DamageKind.MOVED, link.number, was=number)
            return
        newest = self._newest
        if newest is not None and number == self._expected - 1 and link.previous in self._before:
            self._told = [each for each in self._told if each != Damage(DamageKind.REWRITTEN, *(newest.number,) * 2)]
            self.tell(DamageKind.INSERTED, newest.number)
            self.tell(DamageKind.MOVED, link.number, was=number)
            self._last, self._expected, self._shift = self._before, number, link.number - number
            self._accept(link)
        else:
            self.tell(DamageKind.INSERTED, link.number)

    def _decide(self, following: str) -> None:
        """Say which of two rows that do not go together is false: the one that the next does not follow."""
        if self._doubted is None:
            return
        first, second = self._doubted
        self._doubted = None
        self.tell(DamageKind.REWRITTEN, (first if following == second.hash else second).number)

    def _settle(self, *, until: int) -> None:
        """Say what the strangers are, now that it is known up to which number there is room for them."""
        for run in self._strangers:
            start = run.first - self._shift
            if self._expected < start and self._expected <= until:
                self._missing.append(Damage(DamageKind.REMOVED, self._expected, min(start - 1, until)))
                self._expected = min(start, until + 1)
            count = run.last - run.first + 1
            fitting = max(0, min(count, until - self._expected + 1)) if start == self._expected else 0
            if fitting:
                self.tell(run.kind, run.first, run.first + fitting - 1, detail=run.detail)
                self._expected += fitting
            if fitting < count:
                self.tell(DamageKind.INSERTED, run.first + fitting, run.last)
        self._strangers.clear()

    def _found_again(self, number: int) -> bool:
        before = self._missing
        self._missing = [part for each in before for part in _without(each, number)]
        return self._missing != before


def _is(link: Link, number: int) -> bool:
    return link.hashed(number) == link.hash


def _add(told: list[Damage], damage: Damage) -> None:
    """Add a finding, as one with the newest where it goes on from there."""
    before = told[-1] if told else None
    if before is not None and _goes_on(before, damage):
        told[-1] = replace(before, last=damage.last)
    elif damage != before:
        told.append(damage)


def _goes_on(before: Damage, damage: Damage) -> bool:
    if (before.kind, before.detail, before.last + 1) != (damage.kind, damage.detail, damage.first):
        return False
    if before.was is None or damage.was is None:
        return before.was is damage.was
    return damage.was - before.was == damage.first - before.first


def _without(damage: Damage, number: int) -> list[Damage]:
    """Return the parts of a finding that are not about that number."""
    if not damage.first <= number <= damage.last:
        return [damage]
    parts = (replace(damage, last=number - 1), replace(damage, first=number + 1))
    return [part for part in parts if part.first <= part.last]
