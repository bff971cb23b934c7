"""What the public sees on X, and what visitors do there."""

from sandbox.exchange import Answer, Call
from sandbox.imitation import Card
from sandbox.ledger import Face
from sandbox.media import Medium
from sandbox.x.state import Network, Person, Post
from sandbox.x.visit import PLATFORM, Desk
from sandbox.x.weight import addresses
from sandbox.x.wording import compose, mentions


def show(desk: Desk, post: Post, *, remote_id: str = "", is_gone: bool = False) -> None:
    """Tell the ledger what the public sees of a post now; its account is whoever's conversation it is in.

    The text is the writer's own, addresses as written: readers see neither t.co nor the names in front of a reply.
    """
    office = {person.id for person in desk.network.people.values() if person.office}
    account = post.author_id if post.author_id in office else desk.network.root_author(post)
    if account not in office:
        return
    face = None
    if not is_gone and not post.superseded and not post.hidden:
        kind = "comment" if post.reply_to_user not in {None, post.author_id} else "post"
        face = Face(kind, post.text, tuple(attachment.medium.sha256 for attachment in post.attachments))
    desk.ground.ledger.show(face, platform=PLATFORM, account=account or "", remote_id=remote_id or post.id)


def cards(desk: Desk, title: str) -> list[Card]:
    """Return the visible posts of accounts with tokens, the newest first; their answers to others are no cards."""
    network = desk.network
    found = []
    for post in network.visible():
        author = network.people[post.author_id]
        if author.office and post.reply_to_user in {None, author.id}:
            answers = [p for p in network.posts.values() if p.reply_to == post.id]
            found.append(
                Card(
                    platform=title,
                    account=author.name,
                    at=post.created_at,
                    title=None,
                    text=post.text,
                    link=f"https://x.com/{author.username}/status/{post.id}",
                    media=tuple((one.medium.sha256, one.alt_text) for one in post.attachments),
                    comments=sum(not p.hidden and not p.superseded for p in answers),
                )
            )
    return found


def visitor(desk: Desk, name: str) -> Person:
    """Return the visitor of that name."""
    return desk.network.person(name, desk.ground.clock())


def visitor_post(
    desk: Desk, author: Person, text: str, *, reply_to: Post | None = None, quotes: Post | None = None, mention: bool
) -> Post:
    """Let a visitor write. `mention`: a reply begins with the name of whom it answers, unless its writer took it off.

    Nobody of the office wrote it, so it is no entry of the ledger.
    """
    network, now = desk.network, desk.ground.clock()
    prefix = [network.people[reply_to.author_id].username] if reply_to is not None and mention else []
    post_id = network.new_id(now)
    codes = [f"https://t.co/{post_id[-9:]}{number}" for number in range(len(addresses(text)))]
    post = Post(
        id=post_id,
        author_id=author.id,
        text=text,
        wording=compose(text, prefix=prefix, codes=codes, appendage=None, is_long=False),
        created_at=now,
        conversation_id=reply_to.conversation_id if reply_to else post_id,
        mentioned=frozenset(name.lower() for name in (*prefix, *mentions(text))),
        has_link=bool(codes),
        reply_to=reply_to.id if reply_to else None,
        reply_to_user=reply_to.author_id if reply_to else None,
        quotes=quotes.id if quotes else None,
        history=(post_id,),
    )
    network.posts[post.id] = post
    root = network.root_author(post)
    if reply_to is not None and root is not None and network.people[root].office:
        desk.ground.ledger.assume(Face("comment", text), platform=PLATFORM, account=root, remote_id=post.id)
    return post


def add_comment(desk: Desk, author: str, text: str, *, remote_id: str | None, pick: int) -> str | None:
    """Let a visitor reply to a post or reply; without `remote_id`, one in eight takes the office's name off."""
    network = desk.network
    if remote_id is not None:
        target = network.posts.get(remote_id)
        if target is None or target.superseded:
            return None
        return visitor_post(desk, visitor(desk, author), text, reply_to=target, mention=True).id
    own = [post for post in _office_posts(network) if post.reply_to_user in {None, post.author_id}]
    if not own:
        return None
    target = own[pick % len(own)]
    return visitor_post(desk, visitor(desk, author), text, reply_to=target, mention=(pick >> 8) % 8 != 0).id


def _office_posts(network: Network) -> list[Post]:
    return [post for post in network.visible() if network.people[post.author_id].office]


def picture_at(desk: Desk, path: str) -> tuple[Medium, str] | None:
    """Return the picture behind an address of the file host, with its type."""
    key = path.removeprefix("/media/")
    for post in desk.network.posts.values():
        for attachment in post.attachments:
            if attachment.media_key == key and attachment.kind == "photo":
                return attachment.medium, attachment.mime
    return None


def file(desk: Desk, call: Call) -> Answer:
    """Answer a request for a picture's file."""
    found = picture_at(desk, call.path) if call.method in {"GET", "HEAD"} else None
    if found is None:
        return Answer(404, b"", "text/plain")
    return Answer(200, found[0].path, found[1])
