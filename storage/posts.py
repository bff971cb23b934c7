"""Posts, their revisions and approvals, as rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Row,
    Select,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from core.errors import NotFound
from core.media import Attachment
from core.people import Role
from core.posts import Approval, Content, Post, PostState, Revision, Target, Window
from core.texts import _
from storage.keys import new_key
from storage.media import medium_of
from storage.tables import approvals, deliveries, media, posts, revision_media, revisions, targets


class PostRows:
    """What the office wants to publish: posts, revisions (immutable) and approvals."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, *, request_id: int, publish_at: datetime, created_by: int, source: str, now: datetime) -> Post:
        """Enter a post as a draft."""
        post_id = self._insert(
            _ADD_POSTS,
            {
                "request_id": request_id,
                "state": PostState.DRAFT,
                "publish_at": publish_at,
                "created_by": created_by,
                "created_at": now,
                "source": source,
            },
        )
        return self.get(post_id)

    def get(self, post_id: int) -> Post:
        """Return the post. Raises NotFound."""
        row = self._connection.execute(_POST, {"id": post_id}).first()
        if row is None:
            raise NotFound(_("No existe la publicación {id}. Véalas con: vocero posts list").format(id=post_id))
        return _post(row)

    def hold(self, post_id: int) -> Post:
        """Return the post, and let nobody else change it until this transaction ends. Raises NotFound.

        On SQLite a transaction that writes is alone anyway; on PostgreSQL two acts about one post take turns.
        """
        self._connection.execute(_HOLD, {"id": post_id})
        return self.get(post_id)

    def between(self, starts_at: datetime, ends_at: datetime) -> list[Post]:
        """Return the posts whose slot is in the time, by slot."""
        found = self._connection.execute(
            select(posts)
            .where(posts.c.publish_at >= starts_at, posts.c.publish_at < ends_at)
            .order_by(posts.c.publish_at, posts.c.id)
        )
        return [_post(row) for row in found]

    def all(self, state: PostState | None = None) -> list[Post]:
        """Return the posts (of one state), by slot."""
        query = select(posts).order_by(posts.c.publish_at, posts.c.id)
        if state is not None:
            query = query.where(posts.c.state == state)
        return [_post(row) for row in self._connection.execute(query)]

    def of_request(self, request_id: int) -> list[Post]:
        """Return the posts of the request, by slot."""
        found = self._connection.execute(_OF_REQUEST, {"request": request_id})
        return [_post(row) for row in found]

    def in_review_before(self, instant: datetime) -> list[Post]:
        """Return the posts that nobody approved before their slot."""
        late = (posts.c.state == PostState.IN_REVIEW) & (posts.c.publish_at <= instant)
        return [_post(row) for row in self._connection.execute(select(posts).where(late).order_by(posts.c.id))]

    def approved_until(self, now: datetime, until: datetime) -> list[Post]:
        """Return the approved posts whose slot comes before `until` and whose approved time is not over."""
        return self._approved(posts.c.publish_at < until, _newest_ends > now)

    def unscheduled_before(self, now: datetime) -> list[Post]:
        """Return the approved posts that were never scheduled and whose approved time is over."""
        scheduled = exists().where(deliveries.c.post_id == posts.c.id)
        return self._approved(_newest_ends <= now, ~scheduled)

    def _approved(self, *conditions: ColumnElement[bool]) -> list[Post]:
        query = select(posts).where(posts.c.state == PostState.APPROVED, *conditions).order_by(posts.c.id)
        return [_post(row) for row in self._connection.execute(query)]

    def set_state(self, post_id: int, state: PostState) -> None:
        """Put the post into a state; the caller has judged that it may."""
        self._connection.execute(update(posts).where(posts.c.id == post_id).values(state=state))

    def set_slot(self, post_id: int, publish_at: datetime) -> None:
        """Give the post another hour."""
        self._connection.execute(update(posts).where(posts.c.id == post_id).values(publish_at=publish_at))

    def revise(
        self,
        post_id: int,
        *,
        author_id: int,
        content: Content,
        for_accounts: Sequence[Target],
        window: Window,
        now: datetime,
    ) -> Revision:
        """Add the post's next revision. Raises Conflict where somebody added one at the same time."""
        last = self._connection.execute(
            select(revisions.c.number)
            .where(revisions.c.post_id == post_id)
            .order_by(revisions.c.number.desc())
            .limit(1)
        ).scalar()
        revision_id = self._insert(
            _ADD_REVISIONS,
            {
                "post_id": post_id,
                "number": (last or 0) + 1,
                "author_id": author_id,
                "created_at": now,
                "title": content.title,
                "text": content.text,
                "link": content.link,
                "language": content.language,
                "excerpt": content.excerpt,
                "categories": list(content.categories),
                "tags": list(content.tags),
                "thread": list(content.thread),
                "options": dict(content.options),
                "window_starts_at": window.starts_at,
                "window_ends_at": window.ends_at,
            },
        )
        for position, attachment in enumerate(content.attachments):
            self._connection.execute(
                _ADD_REVISION_MEDIA,
                {
                    "revision_id": revision_id,
                    "position": position,
                    "sha256": attachment.medium.sha256,
                    "alt_text": attachment.alt_text,
                    "role": attachment.role,
                    "language": attachment.language,
                },
            )
        for target in for_accounts:
            self._connection.execute(
                _ADD_TARGETS,
                {
                    "revision_id": revision_id,
                    "account_id": target.account_id,
                    "text": target.text,
                },
            )
        return self.revision(revision_id)

    def revision(self, revision_id: int) -> Revision:
        """Return the revision. Raises NotFound."""
        found = self._revisions(_REVISION, {"id": revision_id})
        if not found:
            raise NotFound(_("No existe la versión {id}.").format(id=revision_id))
        return found[0]

    def revisions(self, post_id: int) -> list[Revision]:
        """Return all revisions of the post, newest first."""
        return self._revisions(_REVISIONS, {"post": post_id})

    def latest_revision(self, post_id: int) -> Revision:
        """Return the newest revision. Raises NotFound."""
        found = self._revisions(_LATEST_REVISION, {"post": post_id})
        if not found:
            raise NotFound(_("La publicación {id} no tiene contenido.").format(id=post_id))
        return found[0]

    def approve(
        self,
        *,
        revision_id: int,
        account_id: int,
        digest: str,
        approver_id: int,
        role: Role,
        delegation_id: int | None = None,
        now: datetime,
    ) -> Approval:
        """Enter an approval, with what entitles the approver. Raises Conflict where one is in force already."""
        approval_id = self._insert(
            _ADD_APPROVALS,
            {
                "revision_id": revision_id,
                "account_id": account_id,
                "digest": digest,
                "approver_id": approver_id,
                "decided_at": now,
                "revoked_at": None,
                "revoked_reason": "",
                "role": role,
                "delegation_id": delegation_id,
            },
        )
        return self.approval(approval_id)

    def approval(self, approval_id: int) -> Approval:
        """Return the approval, in force or not. Raises NotFound."""
        row = self._connection.execute(_APPROVAL, {"id": approval_id}).first()
        if row is None:
            raise NotFound(_("No existe la aprobación {id}.").format(id=approval_id))
        return approval_of(row)

    def approvals(self, revision_id: int) -> list[Approval]:
        """Return the approvals of the revision that are in force, by account."""
        found = self._connection.execute(_APPROVALS, {"revision": revision_id})
        return [approval_of(row) for row in found]

    def every_approval(self, post_id: int) -> list[Approval]:
        """Return all approvals that the post ever had, in force or not, oldest first."""
        mine = select(revisions.c.id).where(revisions.c.post_id == post_id)
        found = select(approvals).where(approvals.c.revision_id.in_(mine)).order_by(approvals.c.id)
        return [approval_of(row) for row in self._connection.execute(found)]

    def revoke_approvals(self, post_id: int, *, reason: str, now: datetime) -> list[Approval]:
        """Take back every approval in force of the post; return them as they were."""
        mine = select(revisions.c.id).where(revisions.c.post_id == post_id)
        in_force = (approvals.c.revision_id.in_(mine)) & (approvals.c.revoked_at.is_(None))
        taken = [approval_of(row) for row in self._connection.execute(select(approvals).where(in_force))]
        self._connection.execute(update(approvals).where(in_force).values(revoked_at=now, revoked_reason=reason))
        return taken

    def remove_target(self, revision_id: int, account_id: int, *, reason: str, now: datetime) -> list[Approval]:
        """Leave an account out of the revision; take back and return its approvals in force. Others keep theirs."""
        self._connection.execute(
            delete(targets).where(targets.c.revision_id == revision_id, targets.c.account_id == account_id)
        )
        taken = [approval for approval in self.approvals(revision_id) if approval.account_id == account_id]
        for approval in taken:
            self._connection.execute(
                update(approvals).where(approvals.c.id == approval.id).values(revoked_at=now, revoked_reason=reason)
            )
        return taken

    def _insert(self, statement: Insert, values: dict[str, Any]) -> int:
        return new_key(self._connection.execute(statement, values))

    def _revisions(self, query: Select[Any], values: dict[str, int]) -> list[Revision]:
        """Return the revisions that the query finds: one statement where they have no media."""
        rows = self._connection.execute(query, values).all()
        meant_for: dict[int, list[Target]] = {}
        for row in rows:
            mine = meant_for.setdefault(row.id, [])
            if row.target_id is not None:
                mine.append(Target(row.target_id, row.target_text))
        first_rows = {row.id: row for row in reversed(rows)}
        return [
            _revision(first_rows[number], self._attachments(first_rows[number]), tuple(mine))
            for number, mine in meant_for.items()
        ]

    def _attachments(self, row: Row[Any]) -> tuple[Attachment, ...]:
        if not row.has_media:
            return ()
        attached = self._connection.execute(_ATTACHED, {"id": row.id})
        return tuple(Attachment(medium_of(each), each.alt_text, each.role, each.language) for each in attached)


# made once: SQLAlchemy then knows them again without looking at every part
_ADD_POSTS = insert(posts)
_ADD_REVISIONS = insert(revisions)
_ADD_REVISION_MEDIA = insert(revision_media)
_ADD_TARGETS = insert(targets)
_ADD_APPROVALS = insert(approvals)
_POST = select(posts).where(posts.c.id == bindparam("id"))
_OF_REQUEST = select(posts).where(posts.c.request_id == bindparam("request")).order_by(posts.c.publish_at, posts.c.id)
_APPROVAL = select(approvals).where(approvals.c.id == bindparam("id"))
_APPROVALS = (
    select(approvals)
    .where(approvals.c.revision_id == bindparam("revision"), approvals.c.revoked_at.is_(None))
    .order_by(approvals.c.account_id)
)
_HOLD = select(posts.c.id).where(posts.c.id == bindparam("id")).with_for_update(key_share=True)
_ATTACHED = (
    select(media, revision_media.c.alt_text, revision_media.c.role, revision_media.c.language)
    .join(revision_media, revision_media.c.sha256 == media.c.sha256)
    .where(revision_media.c.revision_id == bindparam("id"))
    .order_by(revision_media.c.position)
)
_WHOLE = (
    select(
        revisions,
        targets.c.account_id.label("target_id"),
        targets.c.text.label("target_text"),
        exists().where(revision_media.c.revision_id == revisions.c.id).label("has_media"),
    )
    .select_from(revisions.outerjoin(targets, targets.c.revision_id == revisions.c.id))
    .order_by(revisions.c.number.desc(), targets.c.account_id)
)
_REVISION = _WHOLE.where(revisions.c.id == bindparam("id"))
_REVISIONS = _WHOLE.where(revisions.c.post_id == bindparam("post"))
_newest_ends = (
    select(revisions.c.window_ends_at)
    .where(revisions.c.post_id == posts.c.id)
    .order_by(revisions.c.number.desc())
    .limit(1)
    .correlate(posts)
    .scalar_subquery()
)
_newer = revisions.alias("newer")
_LATEST_REVISION = _REVISIONS.where(
    revisions.c.number
    == select(func.max(_newer.c.number)).where(_newer.c.post_id == bindparam("post")).scalar_subquery()
)


def _revision(row: Row[Any], attachments: tuple[Attachment, ...], meant_for: tuple[Target, ...]) -> Revision:
    return Revision(
        id=row.id,
        post_id=row.post_id,
        number=row.number,
        author_id=row.author_id,
        content=Content(
            text=row.text,
            title=row.title,
            link=row.link,
            language=row.language,
            attachments=attachments,
            excerpt=row.excerpt,
            categories=tuple(row.categories),
            tags=tuple(row.tags),
            thread=tuple(row.thread),
            options=tuple(row.options.items()),
        ),
        targets=meant_for,
        window=Window(row.window_starts_at, row.window_ends_at),
        created_at=row.created_at,
    )


def _post(row: Row[tuple[object, ...]]) -> Post:
    return Post(
        id=row.id,
        request_id=row.request_id,
        state=row.state,
        publish_at=row.publish_at,
        created_by=row.created_by,
        created_at=row.created_at,
        source=row.source,
    )


def approval_of(row: Any) -> Approval:
    """Return the approval of a row."""
    return Approval(
        id=row.id,
        revision_id=row.revision_id,
        account_id=row.account_id,
        digest=row.digest,
        approver_id=row.approver_id,
        decided_at=row.decided_at,
        revoked_at=row.revoked_at,
        revoked_reason=row.revoked_reason,
        role=row.role,
        delegation_id=row.delegation_id,
    )
