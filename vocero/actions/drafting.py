"""Writing a post of a request by hand (step 10): the other way in besides the weekly programme."""

from collections.abc import Collection
from datetime import datetime, timedelta

from core.accounts import Account, AccountState
from core.people import Person
from core.platforms import Platform
from core.posts import Content, Post, PostState, Target
from core.texts import _
from policy.permissions import Act
from policy.procedure import WITH_POSTS
from policy.reasons import Reason
from storage.transaction import Transaction
from vocero.actions.base import Action
from vocero.actions.content import check_social_only, copies_of, follow_posts
from vocero.actions.copies import check_copies
from vocero.actions.programme import window_for
from vocero.office import Office


class DraftPost(Action[Post]):
    """Write a post for a request that was handed over: a draft, as an import makes them. Images come by editing it."""

    may = Act.DRAFT_POST

    def __init__(
        self,
        office: Office,
        actor: Person,
        *,
        request_id: int,
        publish_at: datetime,
        content: Content,
        platforms: Collection[Platform],
    ) -> None:
        super().__init__(office, actor)
        self._request_id, self._publish_at = request_id, publish_at
        self._content, self._platforms = content, tuple(dict.fromkeys(platforms))

    def check(self, transaction: Transaction) -> list[Reason]:
        """The request is in production, the hour is to come, and every platform has an account and could show it."""
        request = transaction.requests.hold(self._request_id)
        if request.state not in WITH_POSTS:
            sentence = _("La solicitud {id} está «{state}»: primero debe llegar a quien elabora el contenido.")
            return [Reason("wrong_state", sentence.format(id=request.id, state=request.state.label))]
        reasons = []
        if self._publish_at <= transaction.now:
            reasons.append(Reason("past", _("Esa hora ya pasó. Diga otra con --at.")))
        if not self._platforms:
            reasons.append(Reason("no_target", _("Diga al menos una red con --network.")))
        targets = []
        for platform in self._platforms:
            accounts = _in_use(transaction, platform)
            if len(accounts) == 1:
                targets.append(Target(accounts[0].id))
            else:
                sentence = _("No hay una sola cuenta de {network} en uso: vocero accounts list")
                reasons.append(Reason("no_account", sentence.format(network=platform.label)))
        reasons += check_social_only(transaction, request, targets)
        return [*reasons, *check_copies(copies_of(transaction, self._content, targets))]

    def act(self, transaction: Transaction) -> Post:
        """Write it."""
        now = transaction.now
        post = transaction.posts.add(
            request_id=self._request_id,
            publish_at=self._publish_at,
            created_by=self.actor.id,
            source="",
            now=now,
        )
        transaction.posts.revise(
            post.id,
            author_id=self.actor.id,
            content=self._content,
            for_accounts=[Target(_in_use(transaction, platform)[0].id) for platform in self._platforms],
            window=window_for(self._publish_at, lateness=timedelta(minutes=self.office.settings.lateness_minutes)),
            now=now,
        )
        self.tell(transaction, f"post:{post.id}", after=PostState.DRAFT, data={"request": str(self._request_id)})
        follow_posts(self, transaction, self._request_id, self.may)
        return post


def _in_use(transaction: Transaction, platform: Platform) -> list[Account]:
    return [
        each for each in transaction.accounts.all() if each.platform is platform and each.state is AccountState.ACTIVE
    ]
