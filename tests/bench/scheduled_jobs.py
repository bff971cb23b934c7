"""The baseline: APScheduler 3 with its SQLAlchemy store as it comes, moving jobs without any ledger."""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import make_url

_lock = threading.Lock()
_begun: dict[int, float] = {}


def tick(number: int, takes: float = 0.0) -> None:
    """The job: note that it began, and take so many seconds."""
    with _lock:
        _begun[number] = time.time()
    if takes:
        time.sleep(takes)


def scheduler_on(url: str, *, in_hand: int) -> BackgroundScheduler:
    """Return a scheduler with its store in that database, not yet running."""
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return BackgroundScheduler(
        jobstores={"default": SQLAlchemyJobStore(url=address)},
        executors={"default": ThreadPoolExecutor(in_hand)},
        job_defaults={"misfire_grace_time": None},  # by default what is late by a second is dropped
        timezone=UTC,
    )


def move(url: str, hours: Sequence[datetime], *, in_hand: int, takes: float = 0.0) -> tuple[float, dict[int, float]]:
    """Run a job at each hour. Return the seconds from the first look to the last end, and when each job began."""
    _begun.clear()
    scheduler = scheduler_on(url, in_hand=in_hand)
    scheduler.start(paused=True)
    for number, hour in enumerate(hours):
        scheduler.add_job(tick, "date", run_date=hour, args=(number, takes), id=str(number))
    began = time.perf_counter()
    scheduler.resume()
    while len(_begun) < len(hours) or scheduler.get_jobs():
        time.sleep(0.02)
    scheduler.shutdown(wait=True)
    took = time.perf_counter() - began
    return took, dict(_begun)
