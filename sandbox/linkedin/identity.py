"""Whose token it is, and which pages it reaches (sheet sections 1.3 and 1.5)."""

import re
from typing import Any

from sandbox.exchange import Answer
from sandbox.linkedin.errors import bad_value, not_found
from sandbox.linkedin.network import Network, Visit
from sandbox.linkedin.restli import bad_parameter
from sandbox.linkedin.tokens import ADMINISTER


def person(network: Network, visit: Visit) -> Answer:
    """Answer `GET /v2/userinfo`: needs no version."""
    visit.ask.only()
    scopes = set(visit.token.scopes)
    if not {"openid", "profile"} <= scopes:
        raise visit.denied()
    name = network.tokens.members.names[visit.token.member]
    given, _, family = name.partition(" ")
    seen: dict[str, Any] = {
        "sub": visit.token.person_urn.rpartition(":")[2],
        "name": name,
        "given_name": given,
        "family_name": family,
        "locale": {"country": "PE", "language": "es"},
    }
    if "email" in scopes:
        seen |= {"email": f"{visit.token.member}@inpe.example", "email_verified": True}
    return Answer.json(seen)


def roles(network: Network, visit: Visit) -> Answer:
    """Answer the finder `organizationAcls?q=roleAssignee`: the caller's own roles."""
    visit.ask.only("q", "role", "state", "start", "count")
    visit.require_scope(ADMINISTER)
    if visit.ask.text("q") != "roleAssignee":
        raise bad_parameter("q")
    role, state = visit.ask.text("role", ""), visit.ask.text("state", "APPROVED")
    if state not in {"APPROVED", "REQUESTED", "REJECTED", "REVOKED"}:
        raise bad_parameter("state")
    start = visit.ask.number("start", default=0, least=0, most=999_999)
    count = visit.ask.number("count", default=10, least=1, most=100)
    held = network.tokens.members.roles.get(visit.token.member, {})
    rows = [
        {"roleAssignee": visit.token.person_urn, "role": mine, "state": "APPROVED", "organization": organization}
        for organization, mine in held.items()
        if role in {"", mine} and state == "APPROVED"
    ]
    paging = {"start": start, "count": count, "links": []}
    return Answer.json({"elements": rows[start : start + count], "paging": paging})


def organization(network: Network, visit: Visit) -> Answer:
    """Answer `GET /rest/organizations/{id}`: the id is the bare number here."""
    visit.ask.only()
    number = visit.ask.path[1]
    if not re.fullmatch(r"\d{1,19}", number):
        raise bad_value("INVALID_URN_ID", "/id must be a number")
    urn = f"urn:li:organization:{number}"
    visit.require_scope(ADMINISTER)
    if urn not in network.pages:
        raise not_found(urn)
    network.require(visit, urn, ADMINISTER)
    name, vanity = network.pages[urn]
    return Answer.json(
        {"id": int(number), "localizedName": name, "vanityName": vanity, "primaryOrganizationType": "NONE"}
    )
