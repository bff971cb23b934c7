"""Which connector serves which platform."""

from connectors.base import Connector
from connectors.errors import Misconfigured
from connectors.facebook import FacebookConnector
from connectors.http import Door
from connectors.website import WebsiteConnector
from core.accounts import Account, Credentials
from core.platforms import Platform

CONNECTORS: dict[Platform, type[Connector]] = {
    connector.platform: connector for connector in (FacebookConnector, WebsiteConnector)
}


def connector_for(platform: Platform) -> type[Connector]:
    """Return the platform's connector class. Raises Misconfigured for a platform that has none yet."""
    try:
        return CONNECTORS[platform]
    except KeyError:
        raise Misconfigured(f"there is no connector for {platform} yet") from None


def open_connector(account: Account, credentials: Credentials, door: Door) -> Connector:
    """Return the connector of this account; calls nobody."""
    return connector_for(account.platform)(account, credentials, door)
