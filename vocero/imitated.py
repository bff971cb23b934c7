"""The official accounts of a rehearsal: those that live in the sandbox, with what opens them."""

from dataclasses import dataclass, field

from core.accounts import Credentials
from core.platforms import Platform
from sandbox.world import World


@dataclass(frozen=True, slots=True)
class ImitatedAccount:
    """An account of the sandbox, as an administrator would connect it."""

    platform: Platform
    remote_id: str
    address: str
    credentials: Credentials = field(repr=False)


def imitated_accounts(world: World) -> tuple[ImitatedAccount, ...]:
    """Return one account a platform; the website first, since others may lend it their files."""
    editor = world.website.user("editor")
    facebook, instagram, x = world.facebook, world.instagram, world.x
    youtube, linkedin, flickr = world.youtube, world.linkedin, world.flickr
    return (
        ImitatedAccount(
            Platform.WEBSITE,
            world.website.url.split("://", 1)[1],
            world.website.url,
            Credentials({"user": editor.login, "application_password": editor.application_password}),
        ),
        ImitatedAccount(
            Platform.FACEBOOK,
            facebook.page_id,
            f"https://www.facebook.com/{facebook.page_id}",
            Credentials({"page_token": facebook.page_token}),
        ),
        ImitatedAccount(
            Platform.X,
            x.user_id,
            f"https://x.com/{x.username}",
            Credentials(
                {
                    "consumer_key": x.consumer_key,
                    "consumer_secret": x.consumer_secret,
                    "access_token": x.access_token,
                    "access_token_secret": x.access_token_secret,
                }
            ),
        ),
        ImitatedAccount(
            Platform.INSTAGRAM,
            instagram.account_id,
            f"https://www.instagram.com/{instagram.username}/",
            Credentials({"page_token": instagram.page_token}),
        ),
        ImitatedAccount(
            Platform.YOUTUBE,
            youtube.channel_id,
            f"https://www.youtube.com/{youtube.channel_handle}",
            Credentials(
                {
                    "client_id": youtube.client_id,
                    "client_secret": youtube.client_secret,
                    "refresh_token": youtube.refresh_token,
                }
            ),
        ),
        ImitatedAccount(
            Platform.LINKEDIN,
            linkedin.organization_id,
            f"https://www.linkedin.com/company/{linkedin.vanity_name}/",
            Credentials(
                {
                    "access_token": linkedin.token,
                    "refresh_token": linkedin.refresh_token,
                    "client_id": linkedin.client_id,
                    "client_secret": linkedin.client_secret,
                }
            ),
        ),
        ImitatedAccount(
            Platform.FLICKR,
            flickr.nsid,
            f"https://www.flickr.com/photos/{flickr.path_alias}/",
            Credentials(
                {
                    "api_key": flickr.api_key,
                    "api_secret": flickr.api_secret,
                    "oauth_token": flickr.token,
                    "oauth_token_secret": flickr.token_secret,
                }
            ),
        ),
    )
