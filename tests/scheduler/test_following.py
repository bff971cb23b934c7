"""The site first: a copy that carries the site's address waits for its delivery, and says exactly what was approved."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from connectors.errors import OutcomeUnknown, RateLimited, Rejected, Unavailable
from core.accounts import Account
from core.deliveries import Delivery, Published
from core.deliveries import DeliveryState as State
from core.digest import digest
from core.permalink import PLACEHOLDER
from core.platforms import Platform
from core.posts import Content, PostState
from core.stops import Scope
from scheduler.facts import approved_content
from storage.tables import accounts, deliveries, revisions
from tests.scheduler.memory_platform import MemoryConnector
from tests.scheduler.newsroom import Newsroom
from tests.storage.rows import LATENESS, a_delivery, a_post, an_approval

P = Platform
TEMPLATE = Content("Abre el taller.\n\nLea más: {enlace-web}", title="Taller")
WRITTEN = "Abre el taller."


@dataclass
class Pair:
    """A post on the site and on a social network, the second carrying the first's address."""

    newsroom: Newsroom
    page: Account
    site: Delivery
    copy: Delivery

    @classmethod
    def of(cls, newsroom: Newsroom, *, in_minutes: float = 0, content: Content = TEMPLATE) -> "Pair":
        desk = newsroom.desk
        page = desk.account(P.FACEBOOK)
        publish_at = newsroom.clock.now + timedelta(minutes=in_minutes)
        with newsroom.database.write() as transaction:
            both = (newsroom.account, page)
            post, revision = a_post(
                transaction, author=desk.owner, accounts=both, publish_at=publish_at, content=content
            )
            to_site, to_page = (an_approval(transaction, revision, account, desk.head) for account in both)
            transaction.posts.set_state(post.id, PostState.APPROVED)
            site = a_delivery(transaction, post, to_site)
            past = publish_at + LATENESS + timedelta(milliseconds=1)
            copy = a_delivery(transaction, post, to_page, due_at=past, follows=site.id)
        return cls(newsroom, page, site, copy)

    def pause(self, account: Account) -> None:
        with self.newsroom.database.write() as transaction:
            transaction.stops.open(
                Scope(account_id=account.id), reason="Hay una crisis.", by="jefa", now=transaction.now
            )

    def go(self) -> None:
        """Carry what is due now, round after round, until nothing is."""
        for _round in range(20):
            claimed = self.newsroom.claim()
            if not claimed:
                return
            for delivery in claimed:
                self.newsroom.deliver(delivery)
        raise AssertionError("it turns in a circle")

    def states(self) -> tuple[State, State]:
        return self.newsroom.desk.now(self.site).state, self.newsroom.desk.now(self.copy).state

    def reason(self) -> str:
        return self.newsroom.desk.now(self.copy).reason

    def said(self) -> list[str]:
        """Return what the public of the page reads."""
        return [write.text for write in self.newsroom.platform.visible(self.copy.key)]

    def set(self, table: Any, number: int, **values: object) -> None:
        with self.newsroom.database.write() as transaction:
            transaction._connection.execute(update(table).where(table.c.id == number).values(**values))


@pytest.fixture
def pair(newsroom: Newsroom) -> Pair:
    return Pair.of(newsroom)


def test_the_site_goes_first_and_its_address_stands_in_the_copy(pair: Pair) -> None:
    pair.go()
    site = pair.newsroom.desk.now(pair.site)
    assert pair.states() == (State.PUBLISHED, State.PUBLISHED)
    assert [write.key for write in pair.newsroom.platform.ledger] == [pair.site.key, pair.copy.key]
    assert [write.text for write in pair.newsroom.platform.visible(pair.site.key)] == [WRITTEN]
    assert pair.said() == [f"Abre el taller.\n\nLea más: {site.url}"]
    assert site.url.startswith(pair.newsroom.account.address)


def test_the_record_keeps_what_was_sent(pair: Pair) -> None:
    pair.go()
    url = pair.newsroom.desk.now(pair.site).url
    with pair.newsroom.database.read() as transaction:
        events = [each.event for each in transaction.events.of(f"delivery:{pair.copy.id}")]
        revision = transaction.posts.revision(pair.copy.revision_id)
    (intent,) = [event for event in events if event.after == State.PUBLISHING]
    sent = replace(TEMPLATE, text=TEMPLATE.text.replace(PLACEHOLDER, url))
    bound = {"official_id": pair.page.official_id, "window": revision.window}
    assert intent.data["permalink"] == url
    assert intent.data["sent_digest"] == digest(sent, **bound)  # type: ignore[arg-type]
    assert intent.digest == digest(approved_content(revision, pair.page), **bound)  # type: ignore[arg-type]
    assert "permalink" not in next(e.data for e in events if e.after == State.STAGING)
    with pair.newsroom.database.read() as transaction:
        site = [each.event for each in transaction.events.of(f"delivery:{pair.site.id}")]
    assert all("permalink" not in event.data for event in site)


def test_until_the_site_is_out_nobody_takes_the_copy_up(newsroom: Newsroom) -> None:
    pair = Pair.of(newsroom, in_minutes=5)
    newsroom.platform.plan("publish", before=Unavailable(platform=P.WEBSITE))
    for _minute in range(4):
        assert [each.id for each in newsroom.claim() if each.id == pair.copy.id] == []
        newsroom.clock.advance(minutes=1)
    newsroom.clock.advance(minutes=2)
    pair.go()
    assert pair.states()[1] is State.SCHEDULED  # the first try at the site failed
    assert newsroom.desk.now(pair.copy).due_at == pair.copy.due_at
    newsroom.clock.advance(minutes=1)
    pair.go()
    assert pair.states() == (State.PUBLISHED, State.PUBLISHED)


def test_a_copy_taken_up_too_early_waits_without_a_loop(pair: Pair) -> None:
    pair.set(deliveries, pair.copy.id, due_at=pair.newsroom.clock.now)
    pair.set(deliveries, pair.site.id, due_at=pair.newsroom.clock.now + timedelta(minutes=5))
    pair.go()
    assert pair.states() == (State.SCHEDULED, State.SCHEDULED)
    assert "Espera a que salga en la página web" in pair.reason()
    assert pair.newsroom.platform.calls == []
    pair.newsroom.clock.advance(minutes=5)
    pair.go()
    assert pair.states() == (State.PUBLISHED, State.PUBLISHED)


def test_an_address_that_comes_while_the_copy_is_in_hand_is_not_missed(pair: Pair) -> None:
    """The copy is read without the address; meanwhile the site comes out. It is read again, and nothing is held."""
    newsroom = pair.newsroom
    pair.set(deliveries, pair.copy.id, due_at=newsroom.clock.now)
    claimed = {each.id: each for each in newsroom.claim()}

    def connect(account: Account) -> MemoryConnector:
        if account.id == pair.page.id and newsroom.desk.now(pair.site).state is not State.PUBLISHED:
            newsroom.deliver(claimed[pair.site.id])
        return MemoryConnector(account, newsroom.platform)

    assert newsroom.deliver(claimed[pair.copy.id], connect=connect).state is State.SCHEDULED
    pair.go()
    assert pair.states() == (State.PUBLISHED, State.PUBLISHED)
    assert len(pair.said()) == 1


SPOILT: list[tuple[str, Callable[[Pair], object], State]] = [
    ("refused", lambda pair: pair.newsroom.platform.plan("publish", before=Rejected(platform=P.WEBSITE)), State.FAILED),
    ("paused", lambda pair: pair.pause(pair.newsroom.account), State.HELD),
]


@pytest.mark.parametrize(("how", "spoil", "state"), SPOILT, ids=[row[0] for row in SPOILT])
def test_where_the_site_does_not_come_the_copy_is_held_and_says_why(
    how: str, spoil: Callable[[Pair], object], state: State, pair: Pair
) -> None:
    spoil(pair)
    pair.go()
    assert pair.states() == (state, State.HELD)
    assert f"la página web está «{state.label}»" in pair.reason()
    assert pair.said() == []


def test_a_site_that_a_person_cancels_holds_the_copy(pair: Pair) -> None:
    with pair.newsroom.database.write() as transaction:
        site = transaction.deliveries.get(pair.site.id)
        transaction.deliveries.take_back(site, State.CANCELLED, reason="se quitó esa red")
    pair.go()
    assert pair.states() == (State.CANCELLED, State.HELD)
    assert "«Anulada»" in pair.reason()


def test_a_site_that_is_late_makes_the_copy_missed_with_the_reason(pair: Pair) -> None:
    for _try in range(30):
        pair.newsroom.platform.plan("publish", before=Unavailable(platform=P.WEBSITE))
    for _minute in range(62):
        pair.go()
        pair.newsroom.clock.advance(minutes=1)
    assert pair.states() == (State.MISSED, State.MISSED)
    assert "página web" in pair.reason()
    assert pair.said() == []


def test_a_site_that_nobody_can_find_ends_in_a_missed_copy_and_a_persons_word_in_a_copy(pair: Pair) -> None:
    for _try in range(9):
        pair.newsroom.platform.plan("find", before=Unavailable(platform=P.WEBSITE))
    pair.newsroom.platform.plan("publish", before=OutcomeUnknown(platform=P.WEBSITE))
    pair.go()
    assert pair.states() == (State.UNKNOWN, State.SCHEDULED)
    with pair.newsroom.database.write() as transaction:
        site = transaction.deliveries.get(pair.site.id)
        found = Published("77", f"{pair.newsroom.account.address}/taller/")
        transaction.deliveries.take_back(site, State.PUBLISHED, reason="la vio", published=found)
    pair.go()
    assert pair.said() == [f"Abre el taller.\n\nLea más: {found.url}"]


def test_a_person_who_comes_too_late_finds_it_missed(pair: Pair) -> None:
    pair.set(deliveries, pair.site.id, state=State.UNKNOWN, due_at=None)
    pair.newsroom.clock.advance(minutes=61)
    pair.go()
    assert pair.states() == (State.UNKNOWN, State.MISSED)
    assert "página web" in pair.reason()
    assert pair.newsroom.platform.calls == []


@pytest.mark.parametrize(
    "url", ["", "https://otro.example/1", "https://site.example/{enlace-web}", "no es una dirección", "http://"]
)
def test_an_address_that_is_not_the_sites_own_holds(url: str, pair: Pair) -> None:
    pair.set(deliveries, pair.site.id, state=State.PUBLISHED, due_at=None, url=url, remote_id="7")
    pair.set(deliveries, pair.copy.id, due_at=pair.newsroom.clock.now)
    pair.go()
    assert pair.states()[1] is State.HELD
    assert pair.said() == []
    assert "stage" not in pair.newsroom.platform.calls


@pytest.mark.parametrize("tampering", ["follows", "text", "revision", "site", "url", "withdrawn"])
def test_what_was_tampered_with_between_preparing_and_writing_is_held(tampering: str, newsroom: Newsroom) -> None:
    """Prepared with the address, its hour still to come; then something is changed in the database."""
    pair = Pair.of(newsroom, in_minutes=30)
    own = f"{newsroom.account.address}/taller/"
    pair.set(deliveries, pair.site.id, state=State.PUBLISHED, due_at=None, url=own, remote_id="7")
    pair.set(deliveries, pair.copy.id, due_at=newsroom.clock.now)
    pair.go()
    assert pair.states()[1] is State.STAGING
    assert newsroom.platform.drafts == {f"draft-{pair.copy.key}": f"Abre el taller.\n\nLea más: {own}"}
    other = Pair.of(newsroom)
    match tampering:
        case "follows":
            pair.set(deliveries, pair.copy.id, follows_id=None)
        case "text":
            pair.set(revisions, pair.copy.revision_id, text="Otro: {enlace-web}")
        case "revision":  # another post's page on the same site
            pair.set(deliveries, other.site.id, state=State.PUBLISHED, url=f"{own}2", due_at=None)
            pair.set(deliveries, pair.copy.id, follows_id=other.site.id)
        case "site":
            pair.set(accounts, newsroom.account.id, address="https://otro.example")
        case "url":
            pair.set(deliveries, pair.site.id, url="https://otro.example/taller/")
        case "withdrawn":
            pair.set(deliveries, pair.site.id, state=State.TAKEN_DOWN)
    newsroom.clock.advance(minutes=31)
    pair.set(deliveries, other.site.id, due_at=None)
    pair.go()
    assert pair.states()[1] is State.HELD, pair.reason()
    assert pair.said() == []


def test_an_answer_lost_is_looked_for_with_the_same_text_and_sent_again_with_the_same_address(pair: Pair) -> None:
    newsroom = pair.newsroom
    newsroom.deliver(next(each for each in newsroom.claim() if each.id == pair.site.id))
    newsroom.platform.plan("publish", before=OutcomeUnknown(platform=P.FACEBOOK))
    pair.go()
    assert pair.states()[1] is State.UNKNOWN
    for _look in range(2):
        newsroom.clock.advance(minutes=1)
        pair.go()
    url = newsroom.desk.now(pair.site).url
    assert pair.states()[1] is State.PUBLISHED
    assert pair.said() == [f"Abre el taller.\n\nLea más: {url}"]


def test_a_rate_limit_of_the_copys_account_changes_nothing_of_the_address(pair: Pair) -> None:
    newsroom = pair.newsroom
    newsroom.deliver(next(each for each in newsroom.claim() if each.id == pair.site.id))
    newsroom.platform.plan("publish", before=RateLimited(platform=P.FACEBOOK, retry_after=timedelta(minutes=20)))
    pair.go()
    assert pair.states()[1] is State.SCHEDULED
    newsroom.clock.advance(minutes=21)
    pair.go()
    assert pair.said() == [f"Abre el taller.\n\nLea más: {newsroom.desk.now(pair.site).url}"]


def test_a_copy_that_follows_nothing_never_goes_out_bare(newsroom: Newsroom) -> None:
    delivery = newsroom.schedule(content=replace(TEMPLATE, text="a", title="{enlace-web}"))
    assert newsroom.turn().state is State.HELD
    assert newsroom.platform.visible(delivery.key) == []
