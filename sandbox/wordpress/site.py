"""The imitated site as a whole: users, content, addresses, and what the public sees of each post and comment."""

import re
from collections.abc import Sequence
from datetime import datetime

from sandbox.imitation import Ground
from sandbox.ledger import Face
from sandbox.wordpress import dates, texts, users
from sandbox.wordpress.state import Article, Attachment, Remark, SiteState

PLATFORM = "website"
HOST = "www.inpe.example"
URL = f"https://{HOST}"
NAME = "INPE"
_IMAGE_CLASS = re.compile(r"wp-image-(\d+)")
_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_UPLOAD = re.compile(rf"(?:{re.escape(URL)})?/wp-content/uploads/([^\"'\s<>?#)]+)")


class Site:
    """All that the modules of this platform share."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.state = SiteState()
        self.users = users.make_users(ground.seed, ground.clock())

    def permalink(self, article: Article) -> str:
        """Return the address of a post: the plain one until it is public."""
        if article.status in {"publish", "private"} and article.slug:
            day = article.date.astimezone(dates.ZONE)
            return f"{URL}/{day:%Y/%m/%d}/{article.slug}/"
        return f"{URL}/?p={article.id}"

    def upload_url(self, file: str) -> str:
        """Return the address of an uploaded file."""
        return f"{URL}/wp-content/uploads/{file}"

    def file_at(self, file: str) -> Attachment | None:
        """Return the attachment that a file belongs to, derived sizes included."""
        folder, _, name = file.rpartition("/")
        for attachment in self.state.attachments.values():
            if attachment.file.rpartition("/")[0] != folder:
                continue
            names = {attachment.file.rpartition("/")[2], attachment.original}
            if name in names | {size[0] for size in attachment.sizes.values()}:
                return attachment
        return None

    def shown_media(self, article: Article) -> tuple[str, ...]:
        """Return the digests of the images shown: the featured one, then those in the content, in order, once."""
        out: list[str] = []
        found: list[Attachment | None] = [self.state.attachments.get(article.featured_media)]
        for tag in _IMAGE.findall(article.content):
            number = _IMAGE_CLASS.search(tag)
            by_id = self.state.attachments.get(int(number[1])) if number else None
            by_address = next((self.file_at(file) for file in _UPLOAD.findall(tag)), None)
            found.append(by_address or by_id)
        loose = _IMAGE.sub("", article.content)
        found += [self.file_at(file) for file in _UPLOAD.findall(loose)]
        found += [self.state.attachments.get(int(number)) for number in _IMAGE_CLASS.findall(loose)]
        for attachment in found:
            if attachment is not None and attachment.medium.sha256 not in out:
                out.append(attachment.medium.sha256)
        return tuple(out)

    def show(self, article: Article, *, gone: bool = False) -> None:
        """Tell the ledger what the public sees of the post now."""
        face = None
        if article.status == "publish" and not gone:
            closed = bool(article.password)
            face = Face(
                kind="post",
                title=article.title,
                text="" if closed else article.content,
                media=() if closed else self.shown_media(article),
            )
        self.ground.ledger.show(face, platform=PLATFORM, account=HOST, remote_id=str(article.id))

    def show_all(self) -> None:
        """Tell the ledger about all posts: a file that they show has changed."""
        for article in self.state.articles.values():
            self.show(article)

    def show_remark(self, remark: Remark, *, gone: bool = False) -> None:
        """Tell the ledger what the public sees of a comment now."""
        visible = remark.status == "approved" and not gone
        face = Face("comment", remark.content) if visible else None
        self.ground.ledger.show(face, platform=PLATFORM, account=HOST, remote_id=f"comment-{remark.id}")

    def assume_remark(self, remark: Remark) -> None:
        """Note a visitor's comment as visible: nobody of the office wrote it, so it is no entry."""
        if remark.status == "approved":
            face = Face("comment", remark.content)
            self.ground.ledger.assume(face, platform=PLATFORM, account=HOST, remote_id=f"comment-{remark.id}")

    def run_cron(self, now: datetime) -> None:
        """Publish what was scheduled, as WordPress' cron does when somebody visits a page."""
        for article in self.state.articles.values():
            if article.status == "future" and article.date <= now:
                article.status = "publish"
                article.slug = self.state.unique_slug(
                    article.slug or texts.slug(article.title) or str(article.id), own_id=article.id
                )
                self.show(article)

    def approved_remarks(self, article_id: int) -> Sequence[Remark]:
        """Return the visible comments of a post, oldest first."""
        return [
            remark
            for remark in self.state.remarks.values()
            if remark.post == article_id and remark.status == "approved"
        ]
