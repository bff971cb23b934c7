"""A stop by command while `vocero run` is amid its posts; what is lifted goes out only as it is released."""

import signal
from collections.abc import Collection
from datetime import time, timedelta
from pathlib import Path

from sqlalchemy import update

from core.deliveries import Delivery, DeliveryState
from core.lima import to_lima, to_utc
from storage.tables import deliveries, posts
from tests.e2e.commands import Said, start_vocero, vocero
from tests.e2e.newsroom import ARTICLE, TEXT, Newsroom, open_newsroom, until

State = DeliveryState
_PATIENT = {"busy_seconds": "30", "lease_seconds": "120"}


def states(newsroom: Newsroom, *wanted: DeliveryState) -> set[int]:
    return {each.id for each in newsroom.deliveries() if each.state in wanted}


def let_their_hour_come(newsroom: Newsroom, coming: Collection[Delivery]) -> None:
    """Put the hour of these to now, instead of waiting for it."""
    with newsroom.office.database.write() as transaction:
        now, run = transaction.now, transaction._connection.execute
        numbers = [each.id for each in coming]
        hours = {"publish_at": now, "due_at": now, "late_after": now + timedelta(hours=1)}
        run(update(deliveries).where(deliveries.c.id.in_(numbers)).values(**hours))
        run(update(posts).where(posts.c.id.in_([each.post_id for each in coming])).values(publish_at=now))


def test_a_stop_in_the_middle_of_a_weeks_posts(database_url: str, tmp_path: Path, pictures: tuple[Path, ...]) -> None:
    with open_newsroom(database_url, tmp_path, clock=None, pictures=pictures, settings=_PATIENT) as newsroom:

        def head(*words: str) -> Said:
            said = vocero(newsroom.environment, "--as", "jefa", *words, folder=tmp_path)
            assert said.code == 0, (words, said)
            return said

        # within the day, as the approved window is: their hour is then put to now
        at = min(newsroom.soon(60), to_utc(to_lima(newsroom.now()).date(), time(23, 59, 59)))
        week = [newsroom.one((TEXT, ARTICLE)[number % 2], publish_at=at) for number in range(11)]
        before, during, later = week[:6], week[6:10], week[10]
        worker = start_vocero(newsroom.environment, "run", "--real", folder=tmp_path)
        try:
            let_their_hour_come(newsroom, before)
            until(lambda: bool(states(newsroom, State.PUBLISHED)), seconds=60)
            stop = head("stop", "--reason", "Crisis", "--json").json()["stop"]
            begun = states(newsroom, State.PUBLISHED, State.PUBLISHING, State.UNKNOWN)
            let_their_hour_come(newsroom, during)
            come = {each.id for each in (*before, *during)}
            until(lambda: states(newsroom, State.PUBLISHED, State.HELD) == come, seconds=60)
            held = states(newsroom, State.HELD)
            assert held >= {each.id for each in during}
            assert states(newsroom, State.PUBLISHED) == begun, "something went out while all was stopped"
            newsroom.prove_published(*begun)

            lifted = head("stops", "lift", str(stop["id"]), "--reason", "Pasó", "--json").json()
            assert {each["id"] for each in lifted["held"]} == held
            released = {each.id: each for each in week if each.id in held and each.id % 2}
            head("posts", "schedule", *(str(each.post_id) for each in released.values()))
            until(lambda: states(newsroom, State.PUBLISHED) >= set(released), seconds=60)
        finally:
            worker.send_signal(signal.SIGTERM)
            said, complained = worker.communicate(timeout=60)
        assert (worker.returncode, "Detenido. Lo que falta sigue en su lugar." in said) == (0, True), complained
        newsroom.prove_published(*begun, *released)
        assert states(newsroom, State.HELD) == held - set(released)
        assert newsroom.delivery(later.id).state is State.SCHEDULED
        newsroom.prove_record()
        with newsroom.office.database.read() as transaction:
            (run,) = transaction.workers.all()
        assert run.stopped_at is not None
