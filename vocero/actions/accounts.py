"""Acts about official accounts."""

from connectors.errors import ConnectorError, Misconfigured, Rejected
from connectors.registry import open_connector
from core.accounts import Account, AccountState, Credentials, Identity
from core.capabilities import Operation
from core.deliveries import Delivery
from core.errors import InvalidInput, NotAllowed
from core.people import Person
from core.platforms import Platform
from core.stops import Scope
from core.texts import _
from policy.permissions import Act
from policy.reasons import Reason
from storage.transaction import Transaction
from vocero.actions.base import Action
from vocero.actions.stops import held_by
from vocero.office import Office


class ConnectAccount(Action[Account]):
    """Enter an official account, or give a known one new credentials. The token must speak for that very account."""

    may = Act.CONNECT_ACCOUNT

    def __init__(
        self,
        office: Office,
        actor: Person,
        *,
        platform: Platform,
        remote_id: str,
        address: str,
        credentials: Credentials,
        handle: str = "",
    ) -> None:
        super().__init__(office, actor)
        self._platform = platform
        self._remote_id = remote_id.strip()
        self._address = address.strip().rstrip("/")
        self._credentials = credentials
        self._handle = handle.strip()
        self.identity: Identity | None = None

    def prepare(self) -> None:
        """Ask the platform whose token this is."""
        candidate = Account(
            id=0,
            platform=self._platform,
            handle=self._handle,
            name="",
            remote_id=self._remote_id,
            address=self._address,
        )
        try:
            connector = open_connector(candidate, self._credentials, self.office.door)
            self.identity = connector.identify()
            # where nobody told when they end, new ones say it; and those that somebody typed are used up
            if self.identity.expires_at is None and Operation.REFRESH in connector.capabilities.operations:
                self._credentials = connector.refresh() or self._credentials
        except Misconfigured as error:
            raise InvalidInput(
                _("No se puede abrir la cuenta de {network}: faltan datos de conexión o están mal escritos.").format(
                    network=self._platform.label
                ),
                diagnostic=str(error),
            ) from error
        except ConnectorError as error:
            # "content refused" means here what was given to connect with: there is no other content
            is_ours = isinstance(error, Rejected)
            why = _("revise las credenciales que dio, una por una.") if is_ours else error.sentence
            raise NotAllowed(
                _("{network} no aceptó la conexión: {why}").format(network=self._platform.label, why=why),
                diagnostic=f"{error} {error.detail}".strip(),
            ) from error

    def check(self, transaction: Transaction) -> list[Reason]:
        """The identity is the official one and has every right that our work needs."""
        del transaction
        identity = self.identity
        if identity is None or identity.remote_id != self._remote_id:
            found = identity.remote_id if identity else "?"
            return [
                Reason(
                    "account_not_official",
                    _("Esas credenciales abren la cuenta {found} y la oficial es {official}. No se conectó.").format(
                        found=found, official=self._remote_id
                    ),
                )
            ]
        if identity.missing:
            return [
                Reason(
                    "rights_missing",
                    _("A esas credenciales les faltan permisos: {missing}. Otórguelos y repita.").format(
                        missing=", ".join(identity.missing)
                    ),
                )
            ]
        return []

    def act(self, transaction: Transaction) -> Account:
        """Seal the credentials and keep them."""
        identity = self.identity
        if identity is None:
            raise RuntimeError("act before prepare")
        sealed = self.office.seal.close(self._credentials)
        expires_at = identity.expires_at or self._credentials.expires_at
        known = transaction.accounts.find(self._platform, self._remote_id)
        if known is not None:
            transaction.accounts.reconnect(
                known.id,
                handle=self._handle or known.handle,
                address=self._address or known.address,
                sealed_credentials=sealed,
                credentials_expire_at=expires_at,
                connect_again_before=identity.connect_again_before,
            )
            self.tell(transaction, f"account:{known.id}", action="reconnect_account")
            return transaction.accounts.get(known.id)
        account = transaction.accounts.add(
            platform=self._platform,
            handle=self._handle or identity.name,
            name=identity.name,
            remote_id=identity.remote_id,
            address=self._address or identity.address,
            sealed_credentials=sealed,
            credentials_expire_at=expires_at,
            connect_again_before=identity.connect_again_before,
            now=transaction.now,
        )
        self.tell(
            transaction,
            f"account:{account.id}",
            after=AccountState.ACTIVE,
            data={"platform": account.platform, "remote_id": account.remote_id},
        )
        return account


class PauseAccount(Action[Account]):
    """Pause an account: a stop that covers it alone. Nothing more goes out to it."""

    may = Act.PAUSE_ACCOUNT

    def __init__(self, office: Office, actor: Person, *, account_id: int, reason: str) -> None:
        super().__init__(office, actor)
        self._account_id, self._reason = account_id, reason.strip()

    def check(self, transaction: Transaction) -> list[Reason]:
        """It is in use, and there is a reason."""
        account = transaction.accounts.get(self._account_id)
        if not self._reason:
            return [Reason("reason_missing", _("Diga el motivo de la pausa con --reason."))]
        if account.state is AccountState.PAUSED:
            return [Reason("already_paused", _("{name} ya está en pausa.").format(name=account.name))]
        return []

    def act(self, transaction: Transaction) -> Account:
        """Pause it."""
        scope = Scope(account_id=self._account_id)
        stop = transaction.stops.open(scope, reason=self._reason, by=self.actor.login, now=transaction.now)
        self.tell(
            transaction,
            f"account:{self._account_id}",
            before=AccountState.ACTIVE,
            after=AccountState.PAUSED,
            reason=self._reason,
            data={"stop": str(stop.id)},
        )
        return transaction.accounts.get(self._account_id)


class ResumeAccount(Action[Account]):
    """Use an account again: every stop that covers it alone is lifted. Those of its platform, or of all, stay.

    What was held stays held, and is in `held`: each item is scheduled again by a person.
    """

    may = Act.RESUME_ACCOUNT

    def __init__(self, office: Office, actor: Person, *, account_id: int) -> None:
        super().__init__(office, actor)
        self._account_id = account_id
        self.held: list[Delivery] = []

    def check(self, transaction: Transaction) -> list[Reason]:
        """It is paused."""
        account = transaction.accounts.get(self._account_id)
        if account.state is AccountState.ACTIVE:
            return [Reason("not_paused", _("{name} no está en pausa.").format(name=account.name))]
        return []

    def act(self, transaction: Transaction) -> Account:
        """Resume it."""
        mine = [stop for stop in transaction.stops.opened() if stop.scope.account_id == self._account_id]
        for stop in mine:
            transaction.stops.lift(stop, reason="", by=self.actor.login, now=transaction.now)
        self.held = held_by(transaction, {stop.id for stop in mine})
        self.tell(
            transaction,
            f"account:{self._account_id}",
            before=AccountState.PAUSED,
            after=AccountState.ACTIVE,
            data={"stops": ",".join(str(stop.id) for stop in mine)},
        )
        return transaction.accounts.get(self._account_id)
