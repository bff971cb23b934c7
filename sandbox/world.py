"""Who lives in the sandbox: accounts, their secrets (made from the seed) and their hosts."""

from dataclasses import asdict, dataclass
from typing import Any

from sandbox.flickr.world import FlickrWorld
from sandbox.instagram.world import InstagramWorld
from sandbox.linkedin.world import LinkedInWorld
from sandbox.x.world import XWorld
from sandbox.youtube.world import YouTubeWorld


@dataclass(frozen=True, slots=True)
class FacebookWorld:
    """The official Page, another Page that is not the office's, and the app. Secrets are made up."""

    app_id: str
    app_secret: str
    page_id: str
    page_name: str
    page_token: str
    user_id: str
    user_name: str
    user_token: str
    """Long-lived; its owner manages the official Page."""
    short_user_token: str
    """To be exchanged for a long-lived one."""
    other_page_id: str
    other_page_name: str
    other_page_token: str
    """A valid token of the wrong Page."""


@dataclass(frozen=True, slots=True)
class WebsiteUser:
    """A WordPress user. `application_password`: 24 characters in six groups, as WordPress shows it once."""

    id: int
    login: str
    email: str
    role: str
    application_password: str


@dataclass(frozen=True, slots=True)
class WebsiteWorld:
    """A WordPress site. `url` without a slash at the end."""

    url: str
    name: str
    timezone: str
    users: tuple[WebsiteUser, ...]

    def user(self, role: str) -> WebsiteUser:
        """Return the user of that role."""
        return next(user for user in self.users if user.role == role)


@dataclass(frozen=True, slots=True)
class World:
    """Everything a test needs to know to speak to the imitations."""

    facebook: FacebookWorld
    instagram: InstagramWorld
    website: WebsiteWorld
    flickr: FlickrWorld
    linkedin: LinkedInWorld
    youtube: YouTubeWorld
    x: XWorld

    def to_json(self) -> dict[str, Any]:
        """Return the world as `GET /_world` shows it."""
        return asdict(self)
