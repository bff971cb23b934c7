"""Facts with which everything is in order, to be spoilt one at a time."""

from datetime import UTC, date, datetime, timedelta

from core.accounts import Account
from core.calendar import Circumstances
from core.capabilities import Capabilities, FileLimits, Limit, Repeating
from core.media import Attachment, MediaKind, Medium
from core.people import Role
from core.platforms import Platform
from core.posts import Approval, Content, PostState, Window
from policy.gate import Facts

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)
DAY = date(2026, 11, 23)


def most(value: int) -> Limit:
    return Limit(value, "tests", DAY)


CAPABILITIES = Capabilities(
    platform=Platform.FACEBOOK,
    repeating=Repeating.HARMLESS,
    operations=frozenset(),
    text_length=most(280),
    title_required=True,
    title_length=most(20),
    images=FileLimits(
        types=frozenset({"image/png"}),
        count=most(2),
        size=most(1000),
        pixels=most(10_000),
        alt_text_length=most(30),
    ),
    videos=FileLimits(types=frozenset({"video/mp4"}), count=most(1), size=most(5000)),
)
IMAGE = Medium("ab" * 32, MediaKind.IMAGE, "image/png", 1000, 100, 100, file_name="foto.png")
FILM = Medium("cd" * 32, MediaKind.VIDEO, "video/mp4", 5000, file_name="film.mp4")
CONTENT = Content("Jornada de salud", title="Jornada", link="https://www.gob.pe/inpe")
PICTURED = Content("Jornada", title="Jornada", attachments=(Attachment(IMAGE, "Un taller"),))
WINDOW = Window(NOW - timedelta(hours=1), NOW + timedelta(hours=1))
GOOD = Facts(
    now=NOW,
    post_state=PostState.APPROVED,
    is_latest_revision=True,
    account=Account(1, Platform.FACEBOOK, "inpe", "INPE", "1234", "https://facebook.com/inpe"),
    stops=(),
    is_target=True,
    content=CONTENT,
    approved=CONTENT,
    window=WINDOW,
    digest="ab" * 32,
    approval=Approval(1, 1, 1, "ab" * 32, 2, NOW - timedelta(hours=2), Role.OFFICE_HEAD),
    approver_is_author=False,
    approver_was_entitled=True,
    publish_at=NOW,
    capabilities=CAPABILITIES,
    images=(),
    circumstances=Circumstances(),
    words=(),
    identity="1234",
)
