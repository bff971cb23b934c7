"""Which connector serves which platform."""

from connectors.base import NO_SERVICES, Connector, Services
from connectors.errors import Misconfigured
from connectors.facebook import FacebookConnector
from connectors.flickr import FlickrConnector
from connectors.http import Door
from connectors.instagram import InstagramConnector
from connectors.linkedin import LinkedInConnector
from connectors.plugins import Connectors
from connectors.website import WebsiteConnector
from connectors.x import XConnector
from connectors.youtube import YouTubeConnector
from core.accounts import Account, Credentials
from core.platforms import Platform

CONNECTORS = Connectors(
    {
        connector.platform: connector
        for connector in (
            FacebookConnector,
            FlickrConnector,
            InstagramConnector,
            LinkedInConnector,
            WebsiteConnector,
            XConnector,
            YouTubeConnector,
        )
    }
)


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
