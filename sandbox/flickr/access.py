"""Who may call: keys and their hourly counter, signatures, rights, the steps of a login (sheet sections 1 and 5)."""

from datetime import datetime

from sandbox.clock import MovableClock
from sandbox.exchange import Answer, Call, error_page
from sandbox.flickr import login, operations
from sandbox.flickr.errors import GENERAL, Failure, OAuthProblem, no_rights
from sandbox.flickr.oauth import Claim, Notary, claim_of
from sandbox.flickr.stream import Photostreams
from sandbox.flickr.tokens import Key, Login, Token

CALLS_PER_HOUR = 3600
"""Per key, all users together [doc]. Over it nothing is said: over-use kills the key, not the call (trap 11)."""
ABUSE = CALLS_PER_HOUR + CALLS_PER_HOUR // 10
"""Calls in one hour that kill the key; the sheet says "sustained", not how much."""


class Gate:
    """Stands before all methods."""

    def __init__(self, streams: Photostreams) -> None:
        self.streams = streams
        self.abuse = ABUSE
        """Knob: how many calls in an hour kill a key."""
        self._notary = Notary()

    def viewer(self, call: Call, args: dict[str, str]) -> Token | None:
        """Return whose token signed the request; None for nobody's. Raises Failure or OAuthProblem."""
        claim = claim_of(call)
        if claim is None:
            if {"auth_token", "api_sig"} & args.keys():
                raise Failure(96, "Invalid signature")  # the old authentication is gone
            self._count(args.get("api_key", ""), call)
            return None
        self._notary.require(claim)
        key = self._count(claim.key, call)
        token = self._token(call, claim)
        self._check(call, claim, key, token.secret if token else "", plaintext=False)
        return token

    def require(self, viewer: Token | None, perms: str) -> None:
        """Require a login of that level. Raises Failure 99."""
        if viewer is None:
            raise no_rights(perms, "none")
        if not viewer.may(perms):
            raise no_rights(perms, viewer.perms)

    def login(self, call: Call) -> Answer:
        """Answer the steps of a login."""
        if call.path == operations.AUTHORIZE:
            return login.authorize(self.streams, call)
        step = call.path.removeprefix(operations.LOGIN)
        if step not in {"request_token", "access_token"} or call.method not in {"GET", "POST"}:
            return error_page(404, "Not Found")
        try:
            claim = claim_of(call) or Claim({}, ())
            return self._begin(call, claim) if step == "request_token" else self._finish(call, claim)
        except OAuthProblem as problem:
            return problem.to_answer()

    def _begin(self, call: Call, claim: Claim) -> Answer:
        self._notary.require(claim, "oauth_callback")
        key = self._known(claim)
        self._check(call, claim, key, "", plaintext=True)
        return login.request_token(self.streams, call, claim, key)

    def _finish(self, call: Call, claim: Claim) -> Answer:
        self._notary.require(claim, "oauth_token", "oauth_verifier")
        key = self._known(claim)
        pending: Login | None = self.streams.tokens.pending(claim.token, call.now)
        if pending is None or pending.key != key.text:
            raise OAuthProblem("token_rejected")
        self._check(call, claim, key, pending.secret, plaintext=True)
        return login.access_token(self.streams, claim, pending)

    def _known(self, claim: Claim) -> Key:
        key = self.streams.tokens.keys.get(claim.key)
        if key is None:  # both names are the public Problem Reporting extension's; the sheet has no such case
            raise OAuthProblem("consumer_key_unknown")
        if key.dead:
            raise OAuthProblem("consumer_key_rejected")
        return key

    def _token(self, call: Call, claim: Claim) -> Token | None:
        """Return the token; the fault plan's `subcode` may name the code (98, 99, 100) that a dead one gives."""
        if not claim.token:
            return None
        planned = call.effects.token_subcode
        if planned in GENERAL:
            raise Failure(planned, GENERAL[planned])
        token = self.streams.tokens.tokens.get(claim.token)
        if token is None or token.revoked or token.key != claim.key or planned is not None:
            raise OAuthProblem("token_rejected")
        return token

    def _count(self, text: str, call: Call) -> Key:
        """Return the key, counting the call. Raises Failure 100."""
        key = self.streams.tokens.keys.get(text)
        if key is None:
            raise Failure(100, "Invalid API Key (Key has invalid format)")
        hour = int(call.now.timestamp()) // 3600
        key.calls = key.calls + 1 if key.hour == hour else 1
        key.hour = hour
        key.dead = key.dead or key.calls > self.abuse
        if key.dead:
            raise Failure(100, "Invalid API Key (Key has expired)")
        return key

    def _check(self, call: Call, claim: Claim, key: Key, token_secret: str, *, plaintext: bool) -> None:
        self._notary.check(
            call,
            claim,
            key_secret=key.secret,
            token_secret=token_secret,
            plaintext=plaintext,
            moments=self._moments(call),
        )

    def _moments(self, call: Call) -> tuple[datetime, ...]:
        """Return what a caller may take for now: whoever moved the sandbox's clock still lives in the other time."""
        clock = self.streams.ground.clock
        return (call.now, call.now - clock.ahead) if isinstance(clock, MovableClock) else (call.now,)
