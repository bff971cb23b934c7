"""Acts about deliveries: scheduling, and settling what nobody could find out."""

import uuid
from datetime import datetime, timedelta

from connectors.registry import CONNECTORS
from core.accounts import Account, AccountState
from core.deliveries import OCCUPYING, Delivery, DeliveryState, Published
from core.lima import shown
from core.people import Person
from core.permalink import SitePost, has_placeholder
from core.platforms import Platform
from core.posts import Approval, PostState, Revision
from core.texts import _
from policy.content import is_web_address
from policy.gate import stopped
from policy.permalink import Turn, turn_of, why_not
from policy.permissions import Act
from policy.reasons import Reason
from scheduler.facts import approved_content
from scheduler.following import past_limit
from storage.transaction import Transaction
from vocero.actions.base import Action
from vocero.actions.content import follow_posts
from vocero.actions.quotas import check_quotas
from vocero.actions.slots import check_slot
from vocero.office import Office


class SchedulePost(Action[list[Delivery]]):
    """Put an approved post on its way to every approved account, at its slot or another hour of the approved window.

    What was held is released by the same act, item by item, save where a stop is still open: that stays held. What
    was never scheduled may be while its platform, or everything, is stopped: it goes if the stop is lifted in time.
    `lateness`: how late it may still go out; without it what was held keeps its own, and the rest get the office's.
    `warnings`: what is to be feared of it all the same.
    """

    may = Act.SCHEDULE_POST

    def __init__(
        self,
        office: Office,
        actor: Person,
        *,
        post_id: int,
        at: datetime | None = None,
        lateness: timedelta | None = None,
    ) -> None:
        super().__init__(office, actor)
        self._post_id, self._at, self._lateness = post_id, at, lateness
        self.warnings: list[Reason] = []

    def check(self, transaction: Transaction) -> list[Reason]:
        """It is approved, its hour is to come and in the window, and something is left to schedule."""
        post = transaction.posts.hold(self._post_id)
        if post.state is not PostState.APPROVED:
            return [
                Reason(
                    "not_approved",
                    _("La publicación {id} está «{state}»: solo se programa lo aprobado.").format(
                        id=post.id, state=post.state.label
                    ),
                )
            ]
        publish_at = self._at or post.publish_at
        revision = transaction.posts.latest_revision(post.id)
        reasons = []
        if publish_at not in revision.window:
            reasons.append(
                Reason(
                    "outside_window",
                    _(
                        "Esa hora está fuera del tiempo aprobado (del {start} al {end}). Cámbiela con: "
                        "vocero posts edit {id} --at, y pida una nueva aprobación."
                    ).format(id=post.id, start=shown(revision.window.starts_at), end=shown(revision.window.ends_at)),
                )
            )
        elif publish_at + self._lateness_of(None) <= transaction.now or (
            self._at is not None and self._at <= transaction.now
        ):
            reasons.append(
                Reason("past", _("Esa hora ({hour}) ya pasó. Diga otra con --at.").format(hour=shown(publish_at)))
            )
        elif self._lateness is not None and publish_at + self._lateness >= revision.window.ends_at:
            sentence = _("Con esa tardanza pasaría del tiempo aprobado, que termina el {end}. Diga una menor.")
            reasons.append(Reason("too_late", sentence.format(end=shown(revision.window.ends_at))))
        left = self._open_accounts(transaction)
        against: list[Reason] = []
        for approval, held in left:
            account = transaction.accounts.get(approval.account_id)
            if account.state is AccountState.PAUSED:
                sentence = _("La cuenta {name} está en pausa. Primero: vocero accounts resume {id} (la jefatura).")
                reasons.append(Reason("account_paused", sentence.format(name=account.name, id=account.id)))
            elif held is not None:
                against.extend(self._against_release(transaction, account))
        if not left:
            reasons.append(Reason("nothing_left", _("Ya está programada o publicada en todas sus redes.")))
        reasons.extend(self._check_site(transaction, revision))
        going = [transaction.accounts.get(approval.account_id) for approval, _held in left]
        refusals, self.warnings = check_slot(self.office, transaction, revision, going, at=publish_at)
        reasons.extend(refusals)
        for approval, held in left:
            account = transaction.accounts.get(approval.account_id)
            content = approved_content(revision, account)
            but = () if held is None else (held.id,)
            refusals, warnings = check_quotas(transaction, account, content, at=publish_at, but=but)
            reasons.extend(refusals)
            self.warnings.extend(warnings)
        if left and not reasons and not self._schedulable(transaction):
            reasons.extend(dict.fromkeys(against))
        return reasons

    def act(self, transaction: Transaction) -> list[Delivery]:
        """Schedule; return the deliveries."""
        post = transaction.posts.get(self._post_id)
        publish_at = self._at or post.publish_at
        if self._at is not None:
            transaction.posts.set_slot(post.id, publish_at)
        revision = transaction.posts.latest_revision(post.id)
        scheduled: list[Delivery] = []
        for approval, held in self._schedulable(transaction):
            account = transaction.accounts.get(approval.account_id)
            due_at = max(publish_at - CONNECTORS[account.platform].capabilities.staging_lead, transaction.now)
            late_after = publish_at + self._lateness_of(held)
            site = None
            if has_placeholder(approved_content(revision, account)):
                site = self._site(transaction, revision)
                if site is None or site.state is not DeliveryState.PUBLISHED:
                    due_at = past_limit(late_after)  # the website's delivery wakes it
            follows = None if site is None else site.id
            if held is not None:
                delivery = transaction.deliveries.release(
                    held, publish_at=publish_at, late_after=late_after, due_at=due_at, follows=follows
                )
            else:
                delivery = transaction.deliveries.add(
                    key=f"vocero-{uuid.uuid4().hex[:12]}",
                    post_id=post.id,
                    revision_id=approval.revision_id,
                    account_id=account.id,
                    approval_id=approval.id,
                    publish_at=publish_at,
                    late_after=late_after,
                    due_at=due_at,
                    now=transaction.now,
                    follows=follows,
                )
            self.tell(
                transaction,
                f"delivery:{delivery.id}",
                action="delivery.scheduled",
                before=held.state if held else "",
                after=DeliveryState.SCHEDULED,
                digest=approval.digest,
                data={
                    "post": str(post.id),
                    "account": str(account.id),
                    "publish_at": publish_at.isoformat(),
                    "late_after": late_after.isoformat(),
                    "key": delivery.key,
                },
            )
            scheduled.append(delivery)
        follow_posts(self, transaction, post.request_id, self.may)
        return scheduled

    def _schedulable(self, transaction: Transaction) -> list[tuple[Approval, Delivery | None]]:
        """Return the open accounts without those whose held delivery would only be held again."""
        return [
            (approval, held)
            for approval, held in self._open_accounts(transaction)
            if held is None or not self._against_release(transaction, transaction.accounts.get(approval.account_id))
        ]

    @staticmethod
    def _against_release(transaction: Transaction, account: Account) -> list[Reason]:
        return [stopped(stop, account) for stop in transaction.stops.opened() if account in stop.scope]

    def _open_accounts(self, transaction: Transaction) -> list[tuple[Approval, Delivery | None]]:
        """Return what is left to schedule, the website first: others may have to follow it."""
        revision = transaction.posts.latest_revision(self._post_id)
        taken = {
            delivery.account_id: delivery
            for delivery in transaction.deliveries.of_post(self._post_id)
            if delivery.state in OCCUPYING
        }
        found = []
        for approval in transaction.posts.approvals(revision.id):
            delivery = taken.get(approval.account_id)
            if delivery is None or delivery.state is DeliveryState.HELD:
                found.append((approval, delivery))
        sites = {account.id for account in transaction.accounts.all() if account.platform is Platform.WEBSITE}
        return sorted(found, key=lambda each: (each[0].account_id not in sites, each[0].account_id))

    def _check_site(self, transaction: Transaction, revision: Revision) -> list[Reason]:
        """Refuse a copy that needs the site's address where the website's own will not be there."""
        opening = [
            transaction.accounts.get(approval.account_id) for approval, _held in self._open_accounts(transaction)
        ]
        needs = any(has_placeholder(approved_content(revision, account)) for account in opening)
        if not needs or any(account.platform is Platform.WEBSITE for account in opening):
            return []
        site = self._site(transaction, revision)
        place = None if site is None else SitePost(site="", state=site.state, url=site.url)
        return [] if turn_of(place) is not Turn.HOLD else [Reason("site_missing", why_not(place))]

    @staticmethod
    def _site(transaction: Transaction, revision: Revision) -> Delivery | None:
        """Return the website's latest delivery of the revision; it does not move until this transaction ends."""
        for delivery in reversed(transaction.deliveries.of_post(revision.post_id)):
            account = transaction.accounts.get(delivery.account_id)
            if account.platform is Platform.WEBSITE and delivery.revision_id == revision.id:
                return transaction.deliveries.hold(delivery.id)
        return None

    def _lateness_of(self, held: Delivery | None) -> timedelta:
        if self._lateness is not None:
            return self._lateness
        if held is not None:
            return held.late_after - held.publish_at
        return timedelta(minutes=self.office.settings.lateness_minutes)


class SettleUnknown(Action[Delivery]):
    """A person has looked: it is public at this address, or it did not go out."""

    may = Act.SETTLE_UNKNOWN

    def __init__(self, office: Office, actor: Person, *, delivery_id: int, url: str | None) -> None:
        super().__init__(office, actor)
        self._delivery_id, self._url = delivery_id, url

    def check(self, transaction: Transaction) -> list[Reason]:
        """It is unknown, or a part of it is out and the rest waits for a person; and the address is one."""
        transaction.deliveries.hold_post(transaction.deliveries.get(self._delivery_id).post_id)
        delivery = transaction.deliveries.get(self._delivery_id)
        waits_for_a_person = delivery.state is DeliveryState.HELD and delivery.is_begun
        if delivery.is_begun and self._url is None:
            sentence = _("Del envío {id} ya se ve una parte en {url}. Acéptelo así con: --published {url}")
            return [Reason("already_out", sentence.format(id=delivery.id, url=delivery.url))]
        if delivery.state is not DeliveryState.UNKNOWN and not waits_for_a_person:
            return [
                Reason(
                    "wrong_state",
                    _("El envío {id} está «{state}», no es incierto.").format(
                        id=delivery.id, state=delivery.state.label
                    ),
                )
            ]
        if self._url is not None and not is_web_address(self._url):
            return [Reason("link_malformed", _("Escriba la dirección completa de la publicación, desde https://"))]
        return []

    def act(self, transaction: Transaction) -> Delivery:
        """Settle it: published, or failed. What failed may be scheduled again, by a person."""
        delivery = transaction.deliveries.get(self._delivery_id)
        state = DeliveryState.FAILED if self._url is None else DeliveryState.PUBLISHED
        reason = _("{name} miró la cuenta y lo confirmó.").format(name=self.actor.name)
        published = Published(remote_id=delivery.remote_id, url=self._url) if self._url else None
        settled = transaction.deliveries.take_back(delivery, state, reason=reason, published=published)
        self.tell(
            transaction,
            f"delivery:{delivery.id}",
            before=delivery.state,
            after=state,
            reason=reason,
            data={"post": str(delivery.post_id), "url": self._url or ""},
        )
        return settled
