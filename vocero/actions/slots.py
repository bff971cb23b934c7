"""Whether an hour will do for a post: embargoes, electoral periods, quiet hours, holidays and the day's load."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from core.accounts import Account
from core.lima import to_lima, to_utc
from core.posts import Revision
from policy.calendar import check_day, check_electoral, check_embargoes, check_load, check_quiet
from policy.reasons import Reason
from storage.transaction import Transaction
from vocero.office import Office


def check_slot(
    office: Office, transaction: Transaction, revision: Revision, accounts: Sequence[Account], *, at: datetime
) -> tuple[list[Reason], list[Reason]]:
    """Return why the revision may not go out to these accounts at that hour, and what to think of; each once."""
    said = transaction.calendar.circumstances(revision.post_id, revision.id, now=transaction.now)
    hour = max(at, transaction.now)
    refusals = [reason for account in accounts for reason in check_embargoes(said, account, at=hour)]
    refusals += check_electoral(said, at=hour)
    quiet = check_quiet(office.settings.quiet(), at=hour)
    day = to_lima(hour).date()
    load = transaction.calendar.load(
        to_utc(day, time()), to_utc(day + timedelta(days=1), time()), but=(revision.post_id,)
    )
    warnings = [
        *check_day(office.working_calendar(transaction), day),
        *check_load(load, [account.platform for account in accounts], most=office.settings.day_load, day=day),
    ]
    (refusals if office.settings.quiet_hours_refuse else warnings).extend(quiet)
    return list(dict.fromkeys(refusals)), list(dict.fromkeys(warnings))
