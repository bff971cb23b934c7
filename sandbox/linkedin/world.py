"""Who lives in the imitated LinkedIn: organizations, people with page roles, applications and their tokens."""

from dataclasses import dataclass

from sandbox import seeded

ADMINISTRATOR = "ADMINISTRATOR"
CONTENT_ADMINISTRATOR = "CONTENT_ADMINISTRATOR"


@dataclass(frozen=True, slots=True)
class LinkedInWorld:
    """The official page, another page that is not the office's, and tokens of people. Secrets are made up.

    Tokens that say nothing else hold all scopes of the Community Management product in the standard tier.
    """

    client_id: str
    client_secret: str
    redirect_uri: str
    """The registered address that consent comes back to."""
    organization_id: str
    organization_urn: str
    organization_name: str
    vanity_name: str
    person_urn: str
    """Whose token the main one is: an administrator of the official page."""
    token: str
    refresh_token: str
    expired_token: str
    expired_refresh_token: str
    revoked_token: str
    reader_token: str
    """Of an administrator who consented to reading only: no w_ scope."""
    content_token: str
    """Of a content administrator: may publish and answer, may not see statistics."""
    former_token: str
    """Of somebody whose role on the page was taken away."""
    other_organization_id: str
    other_organization_urn: str
    other_organization_name: str
    other_token: str
    """A valid token of an administrator of the wrong page."""
    development_token: str
    """Of an administrator, through an application in the development tier: few calls a day, no BATCH_GET."""
    member_client_id: str
    member_client_secret: str
    member_urn: str
    member_token: str
    """Of a self-serve application: w_member_social, openid, profile; posts as the person only."""


def make_world(seed: int) -> LinkedInWorld:
    """Return the accounts of the imitated LinkedIn, with secrets of that seed.

    Access tokens are some 500 characters long, as the platform's are (sheet 1.2).
    """

    def token(name: str) -> str:
        return "AQX" + seeded.letters(seed, "linkedin", name, length=497)

    def refresh(name: str) -> str:
        return "AQW" + seeded.letters(seed, "linkedin", name, length=397)

    return LinkedInWorld(
        client_id="77vocero0ensayo1",
        client_secret="WPL_AP1." + seeded.letters(seed, "linkedin", "secret", length=16) + ".MTIzNA==",
        redirect_uri="https://vocero.example/linkedin/vuelta",
        organization_id="101202303",
        organization_urn="urn:li:organization:101202303",
        organization_name="INPE Perú",
        vanity_name="inpe-peru",
        person_urn=f"urn:li:person:{person_id('77vocero0ensayo1', 'press')}",
        token=token("token"),
        refresh_token=refresh("refresh token"),
        expired_token=token("expired token"),
        expired_refresh_token=refresh("expired refresh token"),
        revoked_token=token("revoked token"),
        reader_token=token("reader token"),
        content_token=token("content token"),
        former_token=token("former token"),
        other_organization_id="909808707",
        other_organization_urn="urn:li:organization:909808707",
        other_organization_name="Noticias INPE (no oficial)",
        other_token=token("other token"),
        development_token=token("development token"),
        member_client_id="86personal0ensayo",
        member_client_secret="WPL_AP1." + seeded.letters(seed, "linkedin", "member secret", length=16) + ".NTY3OA==",
        member_urn=f"urn:li:person:{person_id('86personal0ensayo', 'press')}",
        member_token=token("member token"),
    )


def person_id(client_id: str, member: str) -> str:
    """Return how an application sees a person: another application sees another id (sheet 0 [memory])."""
    return seeded.letters(0, "linkedin person", client_id, member, length=10)
