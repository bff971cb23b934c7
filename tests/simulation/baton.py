"""One at a time: the tasks of all simulated processes pass a baton, and a seeded dice says who has it next.

A task is a greenlet: a stack of its own in one and the same thread, which changes hands in a microsecond.

Every `pause` may hand the baton on; time (microseconds, a number) passes only here, so a seed gives the same run each
time. A process may die (its tasks are unwound by `Death`, which nothing in the engine catches) or freeze for a while.
"""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from greenlet import greenlet

from scheduler.clock import Clock

START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
NEVER = 1 << 62
_STEPS = 30_000  # of one schedule: past that it is going round in circles


class Death(BaseException):
    """The process is killed here: nothing may catch it, and nothing that it does afterwards counts."""


@dataclass
class Process:
    """A process on a machine of its own: its monotonic clock begins anywhere and runs a little fast or slow."""

    name: str
    epoch: float = 0.0
    rate: float = 1.0
    is_alive: bool = True
    frozen_until: int = 0
    is_person: bool = False


@dataclass
class Task:
    """What one thread of a process would do."""

    process: Process
    name: str
    body: Callable[[], None]
    wake_at: int = 0
    is_over: bool = False
    joiner: "Task | None" = None
    stack: greenlet = field(init=False)

    def ready_at(self) -> int:
        if not self.process.is_alive:
            return 0  # it is unwound at once
        return max(self.wake_at, self.process.frozen_until)


class Baton:
    """Who runs, and what time it is. `quick`: how probable it is that a pause passes the baton on to nobody else."""

    def __init__(self, dice: Random, *, quick: float = 0.5) -> None:
        self.dice = dice
        self.now = 0
        self.trace: list[tuple[int, str, str]] = []
        self.failures: list[str] = []
        self.is_stuck = False
        self._quick = quick
        self._tasks: list[Task] = []
        self._timers: list[tuple[int, int, Callable[[], None]]] = []
        self._counted = 0
        self._current: Task | None = None
        self._main = greenlet.getcurrent()

    # ── time ──

    def instant(self) -> datetime:
        """What time it is, for the database."""
        return START + timedelta(microseconds=self.now)

    def at(self, when: int, do: Callable[[], None]) -> None:
        """Let something happen at that time, whoever lives then. It may not pause."""
        self._counted += 1
        heapq.heappush(self._timers, (when, self._counted, do))

    def note(self, what: str) -> None:
        """Keep a line of the schedule."""
        self.trace.append((self.now, self.process.name if self._current else "-", what))

    # ── tasks ──

    @property
    def current(self) -> Task:
        assert self._current is not None
        return self._current

    @property
    def process(self) -> Process:
        return self.current.process

    def spawn(self, process: Process, name: str, body: Callable[[], None], *, at: int | None = None) -> Task:
        """Begin a task; it first runs when the baton comes to it."""
        task = Task(process, name, body, wake_at=self.now if at is None else at)
        task.stack = greenlet(lambda: self._run(task), self._main)
        self._tasks.append(task)
        return task

    def run(self) -> None:
        """Let all tasks run to their ends."""
        while self._tasks:  # one that ends comes back to here
            self._current = self._next()
            self._current.stack.switch()
        self._current = None

    def pause(self) -> None:
        """Let others run, perhaps. Raises Death where the process was killed meanwhile."""
        self.now += self.dice.randrange(20, 3000)
        self._fire()
        task = self.current
        if self.dice.random() < self._quick and task.ready_at() <= self.now and not self.is_stuck:
            self._alive(task)
            self._count()
            return
        task.wake_at = self.now
        self._switch(task)

    def sleep_until(self, when: int) -> None:
        """Return at that time, or when woken."""
        task = self.current
        task.wake_at = max(when, self.now)
        self._switch(task)

    def sleep(self, microseconds: int) -> None:
        self.sleep_until(self.now + microseconds)

    def wake(self, task: Task) -> None:
        """End a task's sleep."""
        task.wake_at = min(task.wake_at, self.now)

    def wait_for(self, task: Task) -> None:
        """Return when the other task is over."""
        task.joiner = self.current
        while not task.is_over:
            self.sleep_until(NEVER)

    def kill(self, process: Process) -> None:
        """End a process: none of its tasks does anything more."""
        process.is_alive = False
        if self._current is not None and self.process is process:
            raise Death

    # ── the baton itself ──

    def _run(self, task: Task) -> None:
        try:
            self._alive(task)
            task.body()
        except Death:
            pass
        except BaseException as error:  # noqa: BLE001  (whatever it is, the schedule has found it)
            self.failures.append(f"{task.process.name}/{task.name} raised {type(error).__name__}: {error}")
            self.is_stuck = True  # nobody may be left who would bring it to its end
        task.is_over = True
        self._tasks.remove(task)
        if task.joiner is not None:
            self.wake(task.joiner)

    def _alive(self, task: Task) -> None:
        if self.is_stuck or not task.process.is_alive:
            raise Death

    def _count(self) -> None:
        self._counted += 1
        if self._counted > _STEPS and not self.is_stuck:
            self.is_stuck = True
            self.failures.append("the schedule never ends")
            raise Death

    def _switch(self, task: Task) -> None:
        following = self._next()
        if following is not task:
            self._current = following
            following.stack.switch()
        self._alive(task)
        self._count()

    def _next(self) -> Task:
        while True:
            self._fire()
            ready = [task for task in self._tasks if self.is_stuck or task.ready_at() <= self.now]
            if ready:
                return ready[0] if len(ready) == 1 else ready[self.dice.randrange(len(ready))]
            soonest = min(task.ready_at() for task in self._tasks)
            self.now = min(soonest, self._timers[0][0]) if self._timers else soonest

    def _fire(self) -> None:
        while self._timers and self._timers[0][0] <= self.now:
            do = heapq.heappop(self._timers)[2]
            try:
                do()
            except Exception as error:  # noqa: BLE001  (whoever has the baton just now would take it for his own)
                self.failures.append(f"what was to happen raised {type(error).__name__}: {error}")


@dataclass(frozen=True)
class ProcessClock(Clock):
    """The engine's clock port, for a simulated process."""

    baton: Baton
    process: Process

    def monotonic(self) -> float:
        return self.process.epoch + self.baton.now / 1e6 * self.process.rate

    def sleep(self, duration: timedelta) -> None:
        self.baton.sleep(int(duration.total_seconds() * 1e6 / self.process.rate))

    @contextmanager
    def meanwhile(self, every: timedelta, do: Callable[[], bool], *, name: str) -> Iterator[None]:
        """A task that begins only when the first period is over: most calls are shorter."""
        baton, period = self.baton, int(every.total_seconds() * 1e6 / self.process.rate)
        started: list[Task] = []
        is_done = False

        def repeat() -> None:
            while not is_done and do():
                baton.sleep(period)

        def begin() -> None:
            if not is_done and self.process.is_alive:
                started.append(baton.spawn(self.process, name, repeat))

        baton.at(baton.now + period, begin)
        try:
            yield
        finally:
            is_done = True
            if self.process.is_alive:
                for task in started:
                    baton.wake(task)
                    baton.wait_for(task)
