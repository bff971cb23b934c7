"""The upload host: new photos, replaced files, tickets (sheet sections 2.1, 2.2 and 6.3). Answers are always XML."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.exchange import Call, Upload
from sandbox.flickr import drafts, files, params
from sandbox.flickr.documents import Element, text_of
from sandbox.flickr.drafts import Draft
from sandbox.flickr.errors import Failure, refused
from sandbox.flickr.state import Account, Photo, Processing, begin_processing
from sandbox.flickr.stream import Photostreams, Visit
from sandbox.flickr.tags import Tag, normal
from sandbox.hiding import Hiding
from sandbox.media import Medium


@dataclass(slots=True)
class Ticket:
    """An upload that goes on in the background. `replaces`: the photo whose file it is."""

    id: str
    account: Account
    medium: Medium
    draft: Draft | None
    processing: Processing
    replaces: str = ""
    photo_id: str = ""
    failed: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is still to be carried out."""
        return not self.photo_id and not self.failed


class Uploads:
    """The upload host, with its tickets."""

    def __init__(self, streams: Photostreams) -> None:
        self.streams = streams
        self.tickets: dict[str, Ticket] = {}
        self.duplicate_as_attribute = False
        """Knob: code 9 names the first copy in an attribute; clients of both kinds are known (sheet 2.2)."""

    def upload(self, visit: Visit) -> Element:
        """Answer `POST /services/upload/`."""
        params.check_names(visit.args, drafts.FIELDS)
        account, call = self.streams.accounts[visit.nsid], visit.call
        upload = _photo_of(call)
        draft = drafts.read(
            visit.args, account, upload, polls=call.effects.processing_polls, hiding=Hiding.wanted(call)
        )
        medium = self._received(upload)
        kind = self._checked(account, medium, in_background=draft.in_background)
        self._check_room(account, draft)
        if draft.dedup:
            self._check_duplicate(account, medium, visit.now)
        if draft.in_background:
            return self._begin(account, medium, draft, visit.now)
        if kind is None:
            raise _unknown_type()
        return text_of("photoid", self._add(account, medium, kind, draft, visit.now, polls=draft.polls).id)

    def replace(self, visit: Visit) -> Element:
        """Answer `POST /services/replace/`: id, comments and counts stay, the file and its secrets change."""
        params.check_names(visit.args, frozenset({"photo_id", "async"}))
        account = self.streams.accounts[visit.nsid]
        if not account.pro:
            raise Failure(1, "Not a pro account")
        photo = self.streams.own_photo(visit, visit.args.get("photo_id", ""))
        in_background = params.flag(visit.args, "async", default=False)
        medium = self._received(_photo_of(visit.call))
        kind = self._checked(account, medium, in_background=in_background)
        if in_background:
            return self._begin(account, medium, None, visit.now, visit.call.effects.processing_polls, photo.id)
        if kind is None:
            raise _unknown_type()
        self._exchange(photo, medium, kind, visit.now)
        return text_of("photoid", photo.id, secret=photo.secret, originalsecret=photo.original_secret)

    def _received(self, upload: Upload) -> Medium:
        if upload.incoming.size == 0:
            raise Failure(4, "Filesize was zero")
        if upload.incoming.size > files.LARGEST_VIDEO:
            raise _too_large()
        return self.streams.ground.store.keep(upload.incoming)

    def _checked(self, account: Account, medium: Medium, *, in_background: bool) -> files.Kind | None:
        """Return what the file is. In the background an unknown type only shows in the ticket."""
        kind = files.kind_of(medium)
        if kind is None and not in_background:
            raise _unknown_type()
        if (kind is None or kind.media == "photo") and medium.size > files.LARGEST_PHOTO:
            raise _too_large()
        if kind is not None and kind.media == "video" and account.video_limit is not None:
            videos = sum(photo.is_video for photo in self.streams.state.photos_of(account.nsid))
            if videos >= account.video_limit:
                raise Failure(7, "User exceeded video upload limit")
        return kind

    def _check_room(self, account: Account, draft: Draft) -> None:
        """Refuse what a free account has no room for; the sheet gives 6 for the whole, the private ones get it too."""
        waiting = [t.draft for t in self.tickets.values() if t.is_open and t.draft and t.account is account]
        photos = self.streams.state.photos_of(account.nsid)
        full = account.item_limit is not None and len(photos) + len(waiting) >= account.item_limit
        private = sum(not photo.privacy.public for photo in photos) + sum(not d.privacy.public for d in waiting)
        if full or (
            not draft.privacy.public and account.private_limit is not None and private >= account.private_limit
        ):
            raise Failure(6, "User exceeded upload limit")

    def _check_duplicate(self, account: Account, medium: Medium, now: datetime) -> None:
        """Refuse a file that the account has already: 1 and 2 both mean the whole account here (unclear in the sheet).

        Equal SHA-256 is equal SHA-1.
        """
        for photo in reversed(self.streams.state.photos_of(account.nsid)):
            if photo.medium.sha256 != medium.sha256:
                continue
            status = "ready" if photo.is_ready(now) else "processing"
            if self.duplicate_as_attribute:
                raise Failure(9, "Duplicate photo detected", attributes={"duplicate_photo_id": photo.id})
            named = (text_of("duplicate_photo_id", photo.id), text_of("duplicate_photo_status", status))
            raise Failure(9, "Duplicate photo detected", extras=named)

    def _begin(
        self,
        account: Account,
        medium: Medium,
        draft: Draft | None,
        now: datetime,
        polls: int | None = None,
        replaces: str = "",
    ) -> Element:
        asked = draft.polls if draft else polls
        ticket = Ticket(
            self.streams.state.new_ticket_id(), account, medium, draft, begin_processing(now, asked), replaces
        )
        self.tickets[ticket.id] = ticket
        self._advance(ticket, now)
        return text_of("ticketid", ticket.id)

    def _advance(self, ticket: Ticket, now: datetime) -> None:
        """Carry a ticket out when its time has come."""
        if not ticket.is_open or not ticket.processing.is_over(now):
            return
        kind = files.kind_of(ticket.medium)
        replaced = self.streams.state.photos.get(ticket.replaces)
        if kind is None or (ticket.draft is None and replaced is None):
            ticket.failed = True
        elif ticket.draft is None and replaced is not None:
            try:
                self._exchange(replaced, ticket.medium, kind, now)
            except Failure:
                ticket.failed = True
            else:
                ticket.photo_id = replaced.id
        elif ticket.draft is not None:
            try:
                if ticket.draft.dedup:
                    self._check_duplicate(ticket.account, ticket.medium, now)
            except Failure:
                ticket.failed = True
            else:
                ticket.photo_id = self._add(ticket.account, ticket.medium, kind, ticket.draft, now, polls=None).id

    def tick(self, now: datetime) -> None:
        """Carry out the tickets whose time has come."""
        for ticket in self.tickets.values():
            self._advance(ticket, now)

    def check_tickets(self, visit: Visit) -> Element:
        """Answer `photos.upload.checkTickets`: 0 pending, 1 done, 2 failed. Each look moves a ticket on by one."""
        numbers = [number.strip() for number in visit.args.get("tickets", "").split(",") if number.strip()]
        if not numbers:
            raise Failure(1, "Required arguments missing: tickets")
        out = []
        for number in numbers:
            ticket = self.tickets.get(number)
            if ticket is None:
                out.append(Element("ticket", {"id": number, "invalid": 1}))
                continue
            shown: dict[str, str | int] = {"id": number, "complete": 2 if ticket.failed else int(bool(ticket.photo_id))}
            if ticket.photo_id:
                shown["photoid"] = ticket.photo_id
            out.append(Element("ticket", shown))
            ticket.processing.look()
            self._advance(ticket, visit.now)
        return Element("uploader", children=out, lists=("ticket",))

    def _add(
        self, account: Account, medium: Medium, kind: files.Kind, draft: Draft, now: datetime, *, polls: int | None
    ) -> Photo:
        state = self.streams.state
        number = state.new_photo_id()
        secret, original = state.secrets(number, 1)
        photo = Photo(
            id=number,
            owner=account.nsid,
            medium=medium,
            kind=kind,
            secret=secret,
            original_secret=original,
            title=draft.title,
            description=draft.description,
            privacy=draft.privacy,
            safety_level=draft.safety_level,
            content_type=draft.content_type,
            hidden=draft.hidden,
            license=account.settings_license,
            uploaded_at=now,
            posted_at=now,
            updated_at=now,
            taken=now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
            hiding=draft.hiding,
        )
        photo.tags = [new_tag(self.streams, photo, account.nsid, raw) for raw in draft.tags]
        state.photos[photo.id] = photo
        if photo.is_video:
            photo.processing = begin_processing(now, polls)
            state.processing.add(photo.id)
            if photo.processing.is_over(now):
                self.streams.settle_video(photo)
        self.streams.show(photo)
        return photo

    def _exchange(self, photo: Photo, medium: Medium, kind: files.Kind, now: datetime) -> None:
        if photo.is_video or kind.media != "photo":
            raise refused("replace con videos")
        photo.medium, photo.kind = medium, kind
        photo.secret_number += 1
        photo.secret, photo.original_secret = self.streams.state.secrets(photo.id, photo.secret_number)
        photo.updated_at = now
        self.streams.show(photo)


def new_tag(streams: Photostreams, photo: Photo, author: str, raw: str) -> Tag:
    """Return a new tag of a photo."""
    return Tag(streams.state.new_part_id(author, photo.id), author, raw, normal(raw))


def _photo_of(call: Call) -> Upload:
    found = [upload for upload in call.files if upload.field == "photo"]
    others = [upload.field for upload in call.files if upload.field != "photo"]
    if others:
        raise refused(f"archivo en un campo desconocido: {others[0]}")
    if not found:
        raise Failure(2, "No photo specified")
    if len(found) > 1:
        raise refused("más de un archivo")
    return found[0]


def _unknown_type() -> Failure:
    return Failure(5, "Filetype was not recognised")


def _too_large() -> Failure:
    return Failure(8, "Filesize was too large")
