"""What is known of images is kept, on both databases."""

from dataclasses import replace

from core.images import Box, Change, Look, Note, NoteKind, Original, StripMatch
from core.media import MediaKind, Medium
from core.people import Role
from core.platforms import Platform
from storage.database import Database
from tests.databases import Clock
from tests.storage.rows import a_person, a_post, an_account

LOOK = Look(
    1080,
    1350,
    200.25,
    0.8125,
    (Box(1, 2, 3, 4),),
    ("cd",),
    StripMatch("f.png", 0.75, Box(5, 6, 70, 8), 0.92, 0.5),
    (0.5,),
)
IMAGE = Medium("ab" * 32, MediaKind.IMAGE, "image/png", 9, 1080, 1350, file_name="foto.png")


def test_what_was_seen_is_kept_and_a_later_look_takes_its_place(database: Database, clock: Clock) -> None:
    for look in (LOOK, replace(LOOK, strip=None, templates=(), faces=())):
        with database.write() as transaction:
            transaction.media.add(IMAGE, now=clock.now)
            transaction.looks.add(IMAGE.sha256, look, now=clock.now)
        with database.read() as transaction:
            assert transaction.looks.of({IMAGE.sha256, "ef" * 32}) == {IMAGE.sha256: look}
            assert transaction.looks.of(()) == {}


def test_of_several_originals_the_newest_is_told_and_none_twice(database: Database, clock: Clock) -> None:
    first = Original("01" * 32, 10, (Change.METADATA, Change.LOCATION))
    second = Original("02" * 32, 11, (Change.METADATA,))
    for original in (first, second, first):
        clock.advance(seconds=1)
        with database.write() as transaction:
            transaction.media.add(IMAGE, now=clock.now)
            transaction.looks.add_original(IMAGE.sha256, original, now=clock.now)
    with database.read() as transaction:
        assert transaction.looks.originals([IMAGE.sha256])[IMAGE.sha256] == second


def test_what_was_signed_is_kept_in_its_order(database: Database, clock: Clock) -> None:
    with database.write() as transaction:
        author = a_person(transaction, Role.CONTENT_OWNER)
        post, _revision = a_post(
            transaction, author=author, accounts=(an_account(transaction, Platform.FACEBOOK),), publish_at=clock.now
        )
        transaction.media.add(IMAGE, now=clock.now)
        notes = tuple(
            Note(post.id, IMAGE.sha256, "rostros", NoteKind.CONSENT, reason, author.login) for reason in ("una", "otra")
        )
        for note in notes:
            transaction.looks.sign(note, now=clock.now)
    with database.read() as transaction:
        assert transaction.looks.notes(post.id) == notes
        assert transaction.looks.notes(post.id + 1) == ()
