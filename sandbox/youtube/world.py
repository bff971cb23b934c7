"""Who lives in the imitated YouTube: two channels, an account without one, and the office's API project."""

from dataclasses import dataclass, field

from sandbox import seeded

UPLOAD = "https://www.googleapis.com/auth/youtube.upload"
MANAGE = "https://www.googleapis.com/auth/youtube"
FORCE_SSL = "https://www.googleapis.com/auth/youtube.force-ssl"
READ_ONLY = "https://www.googleapis.com/auth/youtube.readonly"
ANALYTICS = "https://www.googleapis.com/auth/yt-analytics.readonly"
MONETARY = "https://www.googleapis.com/auth/yt-analytics-monetary.readonly"
SCOPES = (FORCE_SSL, ANALYTICS, UPLOAD)
"""What an account that uploads, answers and measures has granted (sheet section 1.2)."""


@dataclass(frozen=True, slots=True)
class YouTubeWorld:
    """The official channel, another one, and the OAuth client. Access tokens live an hour from the sandbox's start."""

    client_id: str
    client_secret: str = field(repr=False)
    project_number: str
    api_key: str = field(repr=False)
    """For public reads only."""
    channel_id: str
    channel_title: str
    channel_handle: str
    uploads_playlist_id: str
    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    """The official channel's, with every scope that the desk needs."""
    expired_access_token: str = field(repr=False)
    dead_refresh_token: str = field(repr=False)
    """Revoked by its owner: `invalid_grant`."""
    testing_refresh_token: str = field(repr=False)
    """The official channel's, of a consent screen in "Testing": dies after 7 days."""
    upload_only_access_token: str = field(repr=False)
    """The official channel's, lacking the scopes for comments and metrics."""
    upload_only_refresh_token: str = field(repr=False)
    no_channel_access_token: str = field(repr=False)
    """A living token of an account that never made a channel."""
    no_channel_refresh_token: str = field(repr=False)
    other_channel_id: str
    other_channel_title: str
    other_access_token: str = field(repr=False)
    """A valid token of the wrong channel, a brand-new one whose phone was never verified."""
    other_refresh_token: str = field(repr=False)


def make_world(seed: int) -> YouTubeWorld:
    """Return the accounts, with secrets of that seed."""

    def access(name: str) -> str:
        return "ya29.a0" + seeded.letters(seed, "youtube", "access", name, length=180)

    def refresh(name: str) -> str:
        return "1//0h" + seeded.letters(seed, "youtube", "refresh", name, length=98)

    return YouTubeWorld(
        client_id="400500600700-ensayo.apps.googleusercontent.com",
        client_secret="GOCSPX-" + seeded.letters(seed, "youtube", "client", length=28),
        project_number="400500600700",
        api_key="AIza" + seeded.letters(seed, "youtube", "key", length=35),
        channel_id="UCinpeOficialEnsayo00001",
        channel_title="INPE Perú",
        channel_handle="@inpeperu",
        uploads_playlist_id="UUinpeOficialEnsayo00001",
        access_token=access("official"),
        refresh_token=refresh("official"),
        expired_access_token=access("expired"),
        dead_refresh_token=refresh("dead"),
        testing_refresh_token=refresh("testing"),
        upload_only_access_token=access("upload only"),
        upload_only_refresh_token=refresh("upload only"),
        no_channel_access_token=access("no channel"),
        no_channel_refresh_token=refresh("no channel"),
        other_channel_id="UCnoticiasInpeEnsayo0002",
        other_channel_title="Noticias INPE (no oficial)",
        other_access_token=access("other"),
        other_refresh_token=refresh("other"),
    )
