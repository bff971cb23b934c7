"""The gate: whether a delivery may go out, now. Passed before anything is prepared and again right before the write.

Default deny: a delivery passes only when every rule was asked and none had a reason against. There is no bypass
(procedure 8.11).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.accounts import Account
from core.calendar import Circumstances
from core.capabilities import Capabilities
from core.findings import TextFinding
from core.images import Finding
from core.lima import shown
from core.permalink import SitePost, has_leftover, has_placeholder
from core.posts import Approval, Content, PostState, Window
from core.stops import Stop
from core.texts import _
from policy.calendar import check_electoral, check_embargoes
from policy.content import check_content
from policy.images import blocking
from policy.permalink import Turn, check_address, expected, turn_of, why_not
from policy.reasons import Reason
from policy.words import blocking_words


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the gate judges by; instants are aware UTC.

    `content` is what would be sent, `approved` what the revision says for this account, of which `digest` is computed
    now. The two differ only where the site's address stands for its placeholder (core/permalink.py); `site` is the
    website's own post, None where the delivery does not wait for one.
    `stops` are the open ones, whatever they cover. `identity` is the platform's own id of the account behind the token,
    None while it has not been asked. `images` and `words`: what today's rules find in the files, and in the words that
    would be sent. `circumstances`: what the calendar says.
    """

    now: datetime
    post_state: PostState
    is_latest_revision: bool
    account: Account
    stops: tuple[Stop, ...]
    is_target: bool
    content: Content
    approved: Content
    window: Window
    digest: str
    approval: Approval
    approver_is_author: bool
    approver_was_entitled: bool
    publish_at: datetime
    capabilities: Capabilities
    images: tuple[Finding, ...]
    circumstances: Circumstances
    words: tuple[TextFinding, ...]
    damaged_media: tuple[str, ...] = ()
    identity: str | None = None
    site: SitePost | None = None


def check_gate(facts: Facts) -> list[Reason]:
    """Return every reason for which the delivery may not go out; empty only when each rule was asked and agreed."""
    return [reason for rule in RULES for reason in rule(facts)]


def check_stops(facts: Facts) -> list[Reason]:
    """Nothing that somebody has stopped: everything, a platform or this account."""
    return [stopped(stop, facts.account) for stop in facts.stops if facts.account in stop.scope]


def stopped(stop: Stop, account: Account) -> Reason:
    """Return the reason that an open stop is against what would go out to this account."""
    why = stop.reason.rstrip(".") or _("sin motivo anotado")
    if stop.scope.account_id is not None:
        sentence = _("La cuenta {account} está en pausa: {why}. Reanúdela y vuelva a programar.")
        return Reason("account_paused", sentence.format(account=account.name, why=why))
    sentence = _("Hay una detención abierta ({scope}): {why}. Cuando se levante, vuelva a programar.")
    return Reason("stopped", sentence.format(scope=stop.scope.named(account), why=why))


def check_official_account(facts: Facts) -> list[Reason]:
    """Only the official account, really the one behind the token (8.1, 8.2)."""
    account = facts.account
    if facts.identity is not None and facts.identity != account.remote_id:
        return [
            Reason(
                "account_not_official",
                _(
                    "La conexión de {account} abre otra cuenta ({found}) y no la oficial ({official}). "
                    "Pida a la administración técnica que la conecte otra vez."
                ).format(account=account.name, found=facts.identity, official=account.remote_id),
            )
        ]
    return []


def check_approval(facts: Facts) -> list[Reason]:
    """Approved by the head or a delegate then in force, who wrote no part of it, and not taken back (8.11)."""
    if facts.post_state is not PostState.APPROVED:
        return [
            Reason(
                "not_approved",
                _("La publicación no está aprobada: está «{state}».").format(state=facts.post_state.label),
            )
        ]
    if facts.approval.revoked_at is not None:
        return [
            Reason(
                "approval_revoked",
                _("La aprobación quedó sin efecto: {why}.").format(why=facts.approval.revoked_reason),
            )
        ]
    if not facts.approver_was_entitled:
        return [
            Reason(
                "approver_not_entitled",
                _("Quien aprobó no era la jefatura ni tenía su encargo en ese momento. Debe aprobar la jefatura."),
            )
        ]
    if facts.approver_is_author:
        return [
            Reason(
                "approver_is_author",
                _("Quien aprobó también escribió parte del contenido. Debe aprobar otra persona."),
            )
        ]
    return []


def check_digest(facts: Facts) -> list[Reason]:
    """Nothing but what was approved, to the byte (8.10, 8.11)."""
    reasons = []
    is_approved = facts.is_latest_revision and facts.is_target and facts.digest == facts.approval.digest
    if not is_approved or facts.content != expected(facts.approved, facts.site):
        reasons.append(
            Reason(
                "changed_after_approval",
                _("El contenido cambió después de la aprobación. Envíelo otra vez a aprobación."),
            )
        )
    reasons.extend(
        Reason(
            "media_damaged",
            _(
                "El archivo «{name}» no es, byte por byte, el aprobado. Súbalo otra vez y pida una nueva aprobación."
            ).format(name=name),
        )
        for name in facts.damaged_media
    )
    return reasons


def check_permalink(facts: Facts) -> list[Reason]:
    """No placeholder ever goes out; in its place stands the address of the official site's own post, once public."""
    reasons = []
    if has_leftover(facts.content):
        reasons.append(
            Reason("placeholder_left", _("Falta poner el enlace de la página web en su lugar; así no se envía."))
        )
    if has_placeholder(facts.approved):
        if facts.site is None or turn_of(facts.site) is not Turn.GO:
            reasons.append(Reason("site_not_out", why_not(facts.site)))
        else:
            reasons.extend(check_address(facts.site))
    return reasons


def check_window(facts: Facts) -> list[Reason]:
    """Hour and instant lie in the approved time (8.16)."""
    if facts.publish_at not in facts.window or facts.now >= facts.window.ends_at:
        return [
            Reason(
                "outside_window",
                _("Está fuera del tiempo aprobado (del {start} al {end}).").format(
                    start=shown(facts.window.starts_at), end=shown(facts.window.ends_at)
                ),
            )
        ]
    return []


def check_platform_limits(facts: Facts) -> list[Reason]:
    """Only what the platform can show as it is (8.14)."""
    return check_content(facts.content, facts.capabilities)


def check_images(facts: Facts) -> list[Reason]:
    """No image that a rule in force today bars, also one that was made after the approval (8.10, 8.14)."""
    return blocking(facts.images)


def check_calendar(facts: Facts) -> list[Reason]:
    """Nothing in an embargo, and in an electoral period only what is classified and signed, at the hour it goes out."""
    at = max(facts.now, facts.publish_at)
    said = facts.circumstances
    return [*check_embargoes(said, facts.account, at=at), *check_electoral(said, at=at)]


def check_words(facts: Facts) -> list[Reason]:
    """Nothing that a rule about words in force today bars, also one that was made after the approval."""
    return blocking_words(facts.words)


RULES: tuple[Callable[[Facts], list[Reason]], ...] = (
    check_stops,
    check_official_account,
    check_approval,
    check_digest,
    check_permalink,
    check_window,
    check_platform_limits,
    check_images,
    check_calendar,
    check_words,
)
