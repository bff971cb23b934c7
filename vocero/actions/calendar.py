"""Acts about the calendar: days without work, embargoes, electoral periods, and how posts are classified in them."""

from datetime import date, datetime

from core.calendar import Classification, ElectoralClass, ElectoralPeriod, Embargo
from core.people import Person
from core.posts import PostState
from core.texts import _
from policy.permissions import Act
from policy.reasons import Reason
from storage.transaction import Transaction
from vocero.actions.base import Action
from vocero.office import Office

_LONGEST_NAME = 200


class DeclareDay(Action[None]):
    """Declare a day on which nobody works, by decree or by the office; again, it gets the new name and source."""

    may = Act.KEEP_CALENDAR

    def __init__(self, office: Office, actor: Person, *, day: date, name: str, source: str) -> None:
        super().__init__(office, actor)
        self._day, self._name, self._source = day, name.strip(), source.strip()

    def check(self, transaction: Transaction) -> list[Reason]:
        """It has a name, and the norm that says so."""
        del transaction
        return [*_check_name(self._name), *_check_basis(self._source)]

    def act(self, transaction: Transaction) -> None:
        """Declare it."""
        transaction.calendar.declare_day(
            self._day, name=self._name, source=self._source, by=self.actor.login, now=transaction.now
        )
        self.tell(
            transaction,
            f"day:{self._day}",
            action="day_declared",
            after="declared",
            reason=self._source,
            data={"name": self._name},
        )


class WithdrawDay(Action[None]):
    """Withdraw a declared day. The holidays of every year stay: they are in the file of rules."""

    may = Act.KEEP_CALENDAR

    def __init__(self, office: Office, actor: Person, *, day: date, reason: str) -> None:
        super().__init__(office, actor)
        self._day, self._reason = day, reason.strip()

    def check(self, transaction: Transaction) -> list[Reason]:
        """It is declared, and there is a reason."""
        if not any(each.day == self._day for each in transaction.calendar.declared_days()):
            sentence = _("El {day:%d/%m/%Y} no está declarado. Vea los que hay: vocero calendar list")
            return [Reason("day_not_declared", sentence.format(day=self._day))]
        return _check_reason(self._reason)

    def act(self, transaction: Transaction) -> None:
        """Withdraw it."""
        transaction.calendar.withdraw_day(self._day)
        self.tell(transaction, f"day:{self._day}", action="day_withdrawn", before="declared", reason=self._reason)


class EnterEmbargo(Action[Embargo]):
    """Bar a time for a unit, an account or (neither) all: from the commit on nothing that it covers is begun in it."""

    may = Act.KEEP_CALENDAR

    def __init__(
        self,
        office: Office,
        actor: Person,
        *,
        starts_at: datetime,
        ends_at: datetime | None,
        reason: str,
        unit: str = "",
        account_id: int | None = None,
    ) -> None:
        super().__init__(office, actor)
        self._starts_at, self._ends_at, self._reason = starts_at, ends_at, reason.strip()
        self._unit, self._account_id = " ".join(unit.split()), account_id

    def check(self, transaction: Transaction) -> list[Reason]:
        """It ends after it starts and has not ended yet; there is a reason; the account is one of ours."""
        reasons = _check_reason(self._reason)
        if self._account_id is not None:
            transaction.accounts.get(self._account_id)
            if self._unit:
                reasons.append(Reason("two_scopes", _("Diga una unidad o una cuenta, no ambas.")))
        if len(self._unit) > _LONGEST_NAME:
            reasons.append(_too_long())
        if self._ends_at is not None and self._ends_at <= max(self._starts_at, transaction.now):
            reasons.append(Reason("ends_early", _("El embargo debe terminar después de comenzar, y no en el pasado.")))
        return reasons

    def act(self, transaction: Transaction) -> Embargo:
        """Enter it."""
        embargo = transaction.calendar.add_embargo(
            starts_at=self._starts_at,
            ends_at=self._ends_at,
            unit=self._unit,
            account_id=self._account_id,
            reason=self._reason,
            by=self.actor.login,
            now=transaction.now,
        )
        data = {"from": self._starts_at.isoformat()}
        if self._ends_at is not None:
            data["until"] = self._ends_at.isoformat()
        if self._unit:
            data["unit"] = self._unit
        if self._account_id is not None:
            data["account"] = str(self._account_id)
        self.tell(
            transaction,
            f"embargo:{embargo.id}",
            action="embargo_entered",
            after="open",
            reason=self._reason,
            data=data,
        )
        return embargo


class EndEmbargo(Action[Embargo]):
    """End an embargo now. It releases nothing: what it held is scheduled again by a person, item by item."""

    may = Act.END_EMBARGO

    def __init__(self, office: Office, actor: Person, *, embargo_id: int, reason: str) -> None:
        super().__init__(office, actor)
        self._embargo_id, self._reason = embargo_id, reason.strip()

    def check(self, transaction: Transaction) -> list[Reason]:
        """It is not over, and there is a reason."""
        embargo = transaction.calendar.embargo(self._embargo_id)
        if embargo.ends_at is not None and embargo.ends_at <= transaction.now:
            return [Reason("already_over", _("El embargo {id} ya terminó.").format(id=embargo.id))]
        return _check_reason(self._reason)

    def act(self, transaction: Transaction) -> Embargo:
        """End it."""
        embargo = transaction.calendar.embargo(self._embargo_id)
        ended = transaction.calendar.end_embargo(embargo, reason=self._reason, by=self.actor.login, now=transaction.now)
        subject = f"embargo:{embargo.id}"
        self.tell(transaction, subject, action="embargo_ended", before="open", after="ended", reason=self._reason)
        return ended


class EnterPeriod(Action[ElectoralPeriod]):
    """Enter an electoral period, from the call to the election; without an end it stays open. Several may overlap."""

    may = Act.KEEP_CALENDAR

    def __init__(
        self, office: Office, actor: Person, *, name: str, starts_on: date, ends_on: date | None, basis: str
    ) -> None:
        super().__init__(office, actor)
        self._name, self._starts_on, self._ends_on, self._basis = name.strip(), starts_on, ends_on, basis.strip()

    def check(self, transaction: Transaction) -> list[Reason]:
        """It has a name and a legal basis, and does not end before it starts."""
        del transaction
        reasons = [*_check_name(self._name), *_check_basis(self._basis)]
        if self._ends_on is not None and self._ends_on < self._starts_on:
            reasons.append(_ends_before_start())
        return reasons

    def act(self, transaction: Transaction) -> ElectoralPeriod:
        """Enter it."""
        period = transaction.calendar.add_period(
            name=self._name,
            starts_on=self._starts_on,
            ends_on=self._ends_on,
            basis=self._basis,
            by=self.actor.login,
            now=transaction.now,
        )
        data = {"name": self._name, "from": str(self._starts_on)}
        if self._ends_on is not None:
            data["until"] = str(self._ends_on)
        self.tell(
            transaction,
            f"electoral_period:{period.id}",
            action="electoral_period_entered",
            after="open",
            reason=self._basis,
            data=data,
        )
        return period


class EndPeriod(Action[ElectoralPeriod]):
    """Say on which day an electoral period ends, with what says so; the day itself still belongs to it."""

    may = Act.KEEP_CALENDAR

    def __init__(self, office: Office, actor: Person, *, period_id: int, ends_on: date, reason: str) -> None:
        super().__init__(office, actor)
        self._period_id, self._ends_on, self._reason = period_id, ends_on, reason.strip()

    def check(self, transaction: Transaction) -> list[Reason]:
        """There is such a period, it does not end before it starts, and there is a reason."""
        period = transaction.calendar.period(self._period_id)
        early = [_ends_before_start()] if self._ends_on < period.starts_on else []
        return [*early, *_check_reason(self._reason)]

    def act(self, transaction: Transaction) -> ElectoralPeriod:
        """End it."""
        period = transaction.calendar.period(self._period_id)
        ended = transaction.calendar.end_period(
            period, ends_on=self._ends_on, reason=self._reason, by=self.actor.login, now=transaction.now
        )
        self.tell(
            transaction,
            f"electoral_period:{period.id}",
            action="electoral_period_ended",
            before=str(period.ends_on or "open"),
            after=str(self._ends_on),
            reason=self._reason,
        )
        return ended


class ClassifyPost(Action[Classification]):
    """Say what the latest revision of a post is under the electoral ban, and why; a signature under another is void."""

    may = Act.CLASSIFY_POST

    def __init__(
        self, office: Office, actor: Person, *, post_id: int, electoral_class: ElectoralClass, justification: str
    ) -> None:
        super().__init__(office, actor)
        self._post_id, self._class, self._justification = post_id, electoral_class, justification.strip()

    def check(self, transaction: Transaction) -> list[Reason]:
        """It is not over, and there is a justification."""
        reasons = _check_open(transaction, self._post_id)
        if not self._justification:
            reasons.append(Reason("reason_missing", _("Diga la justificación con --reason.")))
        return reasons

    def act(self, transaction: Transaction) -> Classification:
        """Keep it, bound to that revision."""
        revision = transaction.posts.latest_revision(self._post_id)
        classification = transaction.calendar.classify(
            revision.id,
            electoral_class=self._class,
            justification=self._justification,
            by=self.actor.login,
            now=transaction.now,
        )
        self.tell(
            transaction,
            f"post:{self._post_id}",
            after=self._class,
            reason=self._justification,
            data={"revision": str(revision.number)},
        )
        return classification


class SignClassification(Action[Classification]):
    """The head's signature under what somebody else classified the latest revision as."""

    may = Act.SIGN_CLASSIFICATION

    def __init__(self, office: Office, actor: Person, *, post_id: int, shown: int | None = None) -> None:
        """`shown`: the classification that was read; another one meanwhile is refused."""
        super().__init__(office, actor)
        self._post_id, self._shown = post_id, shown

    def check(self, transaction: Transaction) -> list[Reason]:
        """The latest revision is classified, by somebody else, and not signed."""
        reasons = _check_open(transaction, self._post_id)
        found = transaction.calendar.classification(transaction.posts.latest_revision(self._post_id).id)
        if found is None:
            sentence = _("La última versión no está clasificada: vocero posts classify {id} --class … --reason …")
            return [*reasons, Reason("not_classified", sentence.format(id=self._post_id))]
        if self._shown not in (None, found.id):
            reasons.append(
                Reason("not_what_was_shown", _("La clasificación cambió mientras usted la leía. Léala otra vez."))
            )
        if found.classified_by == self.actor.login:
            reasons.append(Reason("signs_own", _("Usted la clasificó: debe firmar otra persona.")))
        if found.signed_at is not None:
            reasons.append(Reason("already_signed", _("Ya la firmó {who}.").format(who=found.signed_by)))
        return reasons

    def act(self, transaction: Transaction) -> Classification:
        """Sign it."""
        revision = transaction.posts.latest_revision(self._post_id)
        found = transaction.calendar.classification(revision.id)
        if found is None:
            raise LookupError(f"revision {revision.id} has no classification")
        signed = transaction.calendar.sign(found, by=self.actor.login, now=transaction.now)
        self.tell(
            transaction,
            f"post:{self._post_id}",
            after=signed.electoral_class,
            reason=signed.justification,
            data={"revision": str(revision.number), "classified_by": signed.classified_by},
        )
        return signed


def _check_open(transaction: Transaction, post_id: int) -> list[Reason]:
    post = transaction.posts.hold(post_id)
    if post.state not in (PostState.CANCELLED, PostState.EXPIRED):
        return []
    sentence = _("La publicación {id} está «{state}»: ya no se clasifica.")
    return [Reason("wrong_state", sentence.format(id=post.id, state=post.state.label))]


def _check_name(name: str) -> list[Reason]:
    if not name:
        return [Reason("name_missing", _("Póngale un nombre con --name."))]
    return [_too_long()] if len(name) > _LONGEST_NAME else []


def _check_basis(basis: str) -> list[Reason]:
    return [] if basis else [Reason("basis_missing", _("Diga qué norma o documento lo dispone con --basis."))]


def _check_reason(reason: str) -> list[Reason]:
    return [] if reason else [Reason("reason_missing", _("Diga el motivo con --reason."))]


def _too_long() -> Reason:
    return Reason("name_too_long", _("El nombre pasa de {n} caracteres. Acórtelo.").format(n=_LONGEST_NAME))


def _ends_before_start() -> Reason:
    return Reason("ends_early", _("No puede terminar antes de comenzar."))
