"""The weekly programme comes in: each entry a draft post, of a request of its own or of one that is named."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from connectors.registry import CONNECTORS
from core.accounts import Account, AccountState
from core.errors import InvalidInput, StorageError
from core.lima import to_lima, to_utc
from core.media import Attachment, AttachmentRole, Medium
from core.people import Person
from core.permalink import copy_for
from core.platforms import Platform
from core.posts import Content, Post, PostState, Target, Window
from core.requests import Channel, Details, EventClass, Origin, RequestState
from core.texts import _
from policy.permissions import Act
from policy.procedure import WITH_POSTS, transition
from policy.reasons import Reason
from scheduler.programme.entries import Problem, ProgrammeEntry
from scheduler.programme.images import resolve_image
from scheduler.programme.workbook import read_programme
from storage.media import Taken, previewed
from storage.transaction import Transaction
from vocero.actions.base import Action
from vocero.actions.content import follow_posts
from vocero.actions.copies import check_copies
from vocero.actions.images import enter
from vocero.office import Office

OFFICE = "Oficina de Prensa e Imagen Institucional"
_TITLE_LENGTH = 90


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: the drafts made, and what is wrong with it."""

    posts: tuple[Post, ...]
    entries: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Ready:
    entry: ProgrammeEntry
    content: Content
    accounts: tuple[Account, ...]


class ImportProgramme(Action[Imported]):
    """Read a workbook and make drafts of its entries: never scheduled posts.

    With any problem nothing is imported, unless `partial`. With `dry_run` nothing is written at all.
    `request_id`: all entries belong to that request, which is in production; else each gets one of its own.
    `progress` is told how many entries of how many were read.
    """

    may = Act.IMPORT_PROGRAMME

    def __init__(
        self,
        office: Office,
        actor: Person,
        *,
        file: Path,
        media_dir: Path | None,
        partial: bool,
        dry_run: bool,
        request_id: int | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        super().__init__(office, actor)
        self._file, self._media_dir = file, media_dir
        self._partial, self._dry_run = partial, dry_run
        self._request_id = request_id
        self._progress = progress or (lambda _done, _all: None)
        self._ready: list[_Ready] = []
        self._taken: tuple[Taken, ...] = ()
        self._problems: list[Problem] = []
        self._entries = 0

    def prepare(self) -> None:
        """Read the workbook, judge every entry, and take in its files. Raises InvalidInput for an unreadable file."""
        with self.office.database.read() as transaction:
            now = transaction.now
            accounts = transaction.accounts.all()
            known = self._known_posts(transaction, now)
        programme = read_programme(self._file, now=now)
        self._problems = list(programme.problems)
        self._entries = len(programme.entries) + len({(p.sheet, p.cell) for p in programme.problems})
        for number, entry in enumerate(programme.entries, start=1):
            self._progress(number, len(programme.entries))
            try:
                self._ready.append(self._judged(entry, accounts, known))
            except _BadEntryError as error:
                self._problems.extend(Problem(entry.place.sheet, entry.place.cell, why) for why in error.reasons)
        if self._dry_run or (self._problems and not self._partial):
            return
        files = {
            resolve_image(self._folder(), attachment.medium.file_name): attachment.medium.sha256
            for ready in self._ready
            for attachment in ready.content.attachments
        }
        # only now, and all or none: a refused file leaves nothing on the disk
        self._taken = self.office.media.take_all(list(files))
        for path, taken in zip(files, self._taken, strict=True):
            if taken.medium.sha256 != files[path]:
                raise StorageError(
                    _("El archivo «{name}» cambió mientras se importaba. Repita la importación.").format(name=path.name)
                )

    def check(self, transaction: Transaction) -> list[Reason]:
        """Nobody imported the same meanwhile; all else that is wrong with a file is in the result, place by place."""
        if self._request_id is not None:
            request = transaction.requests.hold(self._request_id)
            if request.state not in WITH_POSTS:
                sentence = _("La solicitud {id} está «{state}»: primero debe llegar a quien elabora el contenido.")
                return [Reason("wrong_state", sentence.format(id=request.id, state=request.state.label))]
        known = self._known_posts(transaction, transaction.now)
        for ready in self._ready:
            if any((ready.entry.publish_at, ready.entry.text, account.id) in known for account in ready.accounts):
                return [Reason("imported_meanwhile", _("Alguien importó lo mismo hace un momento. Mire el programa."))]
        return []

    def act(self, transaction: Transaction) -> Imported:
        """Make the drafts."""
        problems = tuple(self._problems)
        if self._dry_run or (problems and not self._partial):
            return Imported((), self._entries, problems)
        enter(transaction, self._taken)
        posts = tuple(self._draft(transaction, ready) for ready in self._ready)
        return Imported(posts, self._entries, problems)

    def _draft(self, transaction: Transaction, ready: _Ready) -> Post:
        entry, now = ready.entry, transaction.now
        source = f"{self._file.name}, {entry.place.sheet}!{entry.place.cell}"
        request = self._request_id or self._enter(transaction, ready, source)
        post = transaction.posts.add(
            request_id=request,
            publish_at=entry.publish_at,
            created_by=self.actor.id,
            source=source,
            now=now,
        )
        transaction.posts.revise(
            post.id,
            author_id=self.actor.id,
            content=ready.content,
            for_accounts=[Target(account.id) for account in ready.accounts],
            window=window_for(entry.publish_at, lateness=timedelta(minutes=self.office.settings.lateness_minutes)),
            now=now,
        )
        self.tell(
            transaction,
            f"post:{post.id}",
            after=PostState.DRAFT,
            data={"request": str(request), "source": post.source},
        )
        if self._request_id:
            follow_posts(self, transaction, request, Act.DRAFT_POST)
        return post

    def _enter(self, transaction: Transaction, ready: _Ready, source: str) -> int:
        """Enter the request that the entry stands for [default]: an initiative that the week's programme carries."""
        request = transaction.requests.add(
            Details(
                origin=Origin.OPII_INITIATIVE,
                channel=Channel.EMAIL,
                event_class=EventClass.CENTRAL,
                unit=OFFICE,
                subject=ready.content.opening,
                evidence=source,
            ),
            state=RequestState.IN_PRODUCTION,
            created_by=self.actor.id,
            now=transaction.now,
        )
        row = transition(None, request.state, self.may)
        self.tell(
            transaction,
            f"request:{request.id}",
            after=request.state,
            data={"basis": str(row.basis) if row else "", "procedure": request.procedure},
        )
        return request.id

    def _judged(self, entry: ProgrammeEntry, accounts: list[Account], known: set[tuple[datetime, str, int]]) -> _Ready:
        reasons: list[str] = []
        chosen: list[Account] = []
        for platform in entry.platforms:
            mine = [each for each in accounts if each.platform is platform and each.state is AccountState.ACTIVE]
            if len(mine) == 1:
                chosen.append(mine[0])
            else:
                reasons.append(_no_single_account(platform, len(mine)))
        attachments: list[Attachment] = []
        for file_name, alt_text, role, language in _files(entry):
            try:
                attachments.append(Attachment(self._inspected(file_name), alt_text, role, language))
            except InvalidInput as error:
                reasons.append(error.sentence)
        wants_title = any(CONNECTORS[account.platform].capabilities.title_required for account in chosen)
        own_text = copy_for(Content(entry.text), Platform.WEBSITE).text  # no title begins with the mark of the link
        content = Content(
            text=entry.text,
            title=entry.title or (title_of(own_text) if wants_title else ""),
            link=entry.link or "",
            attachments=tuple(attachments),
            tags=entry.tags,
            thread=entry.thread,
            options=entry.options,
        )
        reasons.extend(r.sentence for r in check_copies((account.platform, content) for account in chosen))
        reasons.extend(
            _("Esta entrada ya está en el programa para {account}. Bórrela de la hoja o anule la otra.").format(
                account=account.name
            )
            for account in chosen
            if (entry.publish_at, entry.text, account.id) in known
        )
        if reasons:
            raise _BadEntryError(list(dict.fromkeys(reasons)))
        return _Ready(entry, content, tuple(chosen))

    def _inspected(self, file_name: str) -> Medium:
        return previewed(resolve_image(self._folder(), file_name)).taken.medium

    def _folder(self) -> Path:
        if self._media_dir is None:
            raise InvalidInput(_("La entrada lleva imágenes: diga dónde están con --media CARPETA."))
        if not self._media_dir.is_dir():
            raise InvalidInput(
                _("No existe la carpeta de imágenes «{folder}». Revise --media.").format(folder=self._media_dir)
            )
        return self._media_dir

    @staticmethod
    def _known_posts(transaction: Transaction, now: datetime) -> set[tuple[datetime, str, int]]:
        known: set[tuple[datetime, str, int]] = set()
        for post in transaction.posts.between(now, datetime.max.replace(tzinfo=now.tzinfo)):
            if post.state not in (PostState.CANCELLED, PostState.EXPIRED):
                revision = transaction.posts.latest_revision(post.id)
                known.update((post.publish_at, revision.content.text, target.account_id) for target in revision.targets)
        return known


def _files(entry: ProgrammeEntry) -> Iterator[tuple[str, str, AttachmentRole, str]]:
    """Yield each file of the entry: its name, what is said of it, what it does, its language."""
    for image in entry.images:
        yield image.file_name, image.alt_text, AttachmentRole.SHOWN, ""
    if entry.thumbnail:
        yield entry.thumbnail, "", AttachmentRole.THUMBNAIL, ""
    for captions in entry.captions:
        yield captions.file_name, "", AttachmentRole.CAPTIONS, captions.language


class _BadEntryError(Exception):
    def __init__(self, reasons: list[str]) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


def window_for(publish_at: datetime, *, lateness: timedelta) -> Window:
    """Return the time that an approval allows [default]: the slot's whole day in Lima, and its lateness at least."""
    day = to_lima(publish_at).date()
    midnight = datetime.min.time()
    return Window(
        starts_at=to_utc(day, midnight),
        ends_at=max(to_utc(day + timedelta(days=1), midnight), publish_at + lateness + timedelta(minutes=1)),
    )


def title_of(text: str) -> str:
    """Return the title that a text without one gets on the website [default]: its first line, cut at a word."""
    first = text.strip().splitlines()[0].strip() if text.strip() else ""
    if len(first) <= _TITLE_LENGTH:
        return first
    return first[:_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def _no_single_account(platform: Platform, count: int) -> str:
    if platform not in CONNECTORS:
        return _("Todavía no se puede publicar en {network}. Quítela de la entrada.").format(network=platform.label)
    if count == 0:
        return _(
            "No hay una cuenta oficial de {network} conectada y en uso. Conéctela: vocero accounts connect"
        ).format(network=platform.label)
    return _("Hay {count} cuentas de {network} en uso y no se sabe a cuál va. Deje solo una en uso.").format(
        network=platform.label, count=count
    )
