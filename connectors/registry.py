"""Which connector serves which platform."""

from connectors.base import NO_SERVICES, Connector, Services
from connectors.errors import Misconfigured
from connectors.http import Door
from connectors.plugins import Connectors
from core.accounts import Account, Credentials
from core.platforms import Platform

# by their modules: an office that has no account on a platform never loads its library
OURS = {
    Platform.FACEBOOK: "connectors.facebook:FacebookConnector",
    Platform.FLICKR: "connectors.flickr:FlickrConnector",
    Platform.INSTAGRAM: "connectors.instagram:InstagramConnector",
    Platform.LINKEDIN: "connectors.linkedin:LinkedInConnector",
    Platform.WEBSITE: "connectors.website:WebsiteConnector",
    Platform.X: "connectors.x:XConnector",
    Platform.YOUTUBE: "connectors.youtube:YouTubeConnector",
}
CONNECTORS = Connectors(OURS)


def connector_for(platform: Platform) -> type[Connector]:
    """Return the platform's connector class. Raises Misconfigured for a platform that has none."""
    try:
        return CONNECTORS[platform]
    except KeyError:
        raise Misconfigured(f"there is no connector for {platform}") from None


def open_connector(
    account: Account, credentials: Credentials, door: Door, services: Services = NO_SERVICES
) -> Connector:
    """Return the connector of this account; calls nobody."""
    return connector_for(account.platform)(account, credentials, door, services)
