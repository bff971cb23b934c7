"""Who lives in the imitated Instagram: the account linked to the official Page, another one, and their tokens."""

from dataclasses import dataclass, field

from sandbox import seeded


@dataclass(frozen=True, slots=True)
class InstagramWorld:
    """The official account, reached in two ways: through its Facebook Page, or by Instagram's own login."""

    account_id: str
    """The IG user id, of both variants' paths."""
    username: str
    name: str
    page_id: str
    """The Facebook Page that it is linked to."""
    page_token: str = field(repr=False)
    """That Page's, the same as in `FacebookWorld`."""
    user_token: str = field(repr=False)
    """Of the person who manages that Page; accepted in practice, too."""
    narrow_page_token: str = field(repr=False)
    """The Page's, granted `instagram_basic` and nothing else of Instagram."""
    expired_page_token: str = field(repr=False)
    other_account_id: str
    other_username: str
    other_page_token: str = field(repr=False)
    """A valid token of the Page of the wrong account."""
    login_app_id: str
    login_app_secret: str = field(repr=False)
    login_redirect_uri: str
    login_code: str = field(repr=False)
    """What Instagram's login hands over: good for an hour, once."""
    login_scoped_id: str
    """The app-scoped `id` of the account; addresses it on graph.instagram.com, too."""
    login_token: str = field(repr=False)
    """60 days, issued two days before the sandbox began: may be refreshed."""
    login_short_token: str = field(repr=False)
    """One hour; to be exchanged for 60 days."""
    login_young_token: str = field(repr=False)
    """60 days, issued when the sandbox began: too young to be refreshed."""
    login_narrow_token: str = field(repr=False)
    """Granted `instagram_business_basic` only."""
    login_expired_token: str = field(repr=False)
    login_other_token: str = field(repr=False)
    """A valid token of the wrong account."""


def make_world(
    seed: int, *, page_id: str, page_token: str, user_token: str, other_page_token: str, other_page_name: str
) -> InstagramWorld:
    """Return the accounts, linked to these Pages, with secrets of that seed."""

    def page(name: str) -> str:
        return "EAA" + seeded.letters(seed, "instagram", name, length=120)

    def login(name: str) -> str:
        return "IGAA" + seeded.letters(seed, "instagram", name, length=140)

    return InstagramWorld(
        account_id="17841455501110001",
        username="inpe.peru.ensayo",
        name="INPE Perú",
        page_id=page_id,
        page_token=page_token,
        user_token=user_token,
        narrow_page_token=page("narrow page"),
        expired_page_token=page("expired page"),
        other_account_id="17841455509990002",
        other_username=other_page_name.partition(" (")[0].lower().replace(" ", "."),
        other_page_token=other_page_token,
        login_app_id="800100200300400",
        login_app_secret=seeded.hexadecimal(seed, "instagram", "app secret", length=32),
        login_redirect_uri="https://vocero.example/instagram",
        login_code="AQ" + seeded.letters(seed, "instagram", "code", length=90),
        login_scoped_id="24501000111222333",
        login_token=login("login"),
        login_short_token=login("short"),
        login_young_token=login("young"),
        login_narrow_token=login("narrow"),
        login_expired_token=login("expired"),
        login_other_token=login("other"),
    )
