"""`vocero stop`, `stops`, `alerts` and `unknown show`: what people and programs are told, and how it ends."""

from datetime import UTC, datetime, timedelta

from core.lima import shown
from tests.vocero.cli_office import SCHEDULED, OfficeOnDisk

HEAD, WRITER = ("--as", "jefa"), ("--as", "redactora")


def at(when: datetime) -> str:
    return str(when.replace(tzinfo=None))


def make_due(office: OfficeOnDisk, state: str = "held", *, ago: timedelta = timedelta(minutes=20)) -> None:
    """Put the office's first delivery into a state, its hour past."""
    then = datetime.now(UTC) - ago
    office.write_sql(
        "UPDATE deliveries SET state = ?, publish_at = ?, late_after = ?, due_at = NULL WHERE id = 1",
        *(state, at(then), at(then + timedelta(hours=1))),
    )


def soon(office: OfficeOnDisk) -> None:
    office.write_sql("UPDATE deliveries SET publish_at = ?", at(datetime.now(UTC) + timedelta(hours=2)))


def test_a_dry_run_says_what_would_be_held_and_stops_nothing(office: OfficeOnDisk) -> None:
    assert "Retiene 0 envíos de las próximas 24 horas." in office.call("stop", "--dry-run").out  # they go next week
    soon(office)
    before = office.trace()
    everything = office.call("stop", "--dry-run")
    assert everything.code == 0
    assert "Retiene 2 envíos de las próximas 24 horas." in everything.out
    assert everything.out.count("Envío ") == 2
    network = office.call("stop", "--dry-run", "--platform", "facebook", "--json").json
    assert ([each["platform"] for each in network["holds"]], network["begun"]) == (["facebook"], [])
    assert office.call("stop", "--dry-run", "--account", "2").out.count("Página web") == 1
    assert office.trace() == before


def test_everything_is_stopped_listed_and_lifted(office: OfficeOnDisk) -> None:
    soon(office)
    assert office.call("stops", "list").out == "No hay ninguna detención abierta.\n"
    stopped = office.call(*HEAD, "stop", "--reason", "Crisis")
    assert (stopped.code, stopped.err) == (0, "")
    first, *rest = stopped.out.splitlines()
    assert first.startswith("Detención 1 · todo · desde el ")
    assert first.endswith(", por jefa: Crisis")
    assert rest[0] == "Retiene 2 envíos de las próximas 24 horas."
    assert rest[-1] == "Se levanta con: vocero stops lift 1 --reason …"
    again = office.call(*HEAD, "stop", "--reason", "Crisis", "--json").json
    assert (again["stop"]["id"], again["stop"]["platform"], again["stop"]["account"]) == (1, None, None)
    [listed] = office.call("stops", "list", "--json").json
    assert (listed["reason"], listed["opened_by"], listed["lifted_at"]) == ("Crisis", "jefa", None)
    doctor = office.call("doctor", "--json").json["findings"]
    [found] = [each for each in doctor if each["check"] == "stops"]
    assert (found["verdict"], "1 (todo)" in found["said"]) == ("warning", True)
    assert "Hay detenciones abiertas" in office.call(*HEAD, "posts", "schedule", "3").out
    assert office.call(*WRITER, "stops", "lift", "1", "--reason", "x").code == 3
    assert office.call(*HEAD, "stops", "lift", "1").code == 3
    lifted = office.call(*HEAD, "stops", "lift", "1", "--reason", "Pasó")
    assert lifted.code == 0
    assert "levantada el" in lifted.out
    assert lifted.out.endswith("Nada quedó en pausa por ella.\n")
    assert office.call(*HEAD, "stops", "lift", "1", "--reason", "Otra vez").out == lifted.out
    assert office.call("stops", "list").out == "No hay ninguna detención abierta.\n"
    assert office.call("stops", "list", "--all").out.count("Detención") == 1
    assert office.call("audit", "verify").code == 0


def test_what_a_stop_held_is_shown_when_it_is_lifted_with_the_way_on(office: OfficeOnDisk) -> None:
    now = datetime.now(UTC)
    office.write_sql("UPDATE deliveries SET publish_at = ?, due_at = ?", at(now), at(now))
    office.write_sql("UPDATE deliveries SET late_after = ?", at(now + timedelta(hours=1)))
    office.call(*HEAD, "stop", "--reason", "Crisis")
    done = office.call("deliver", "--patience", "0")
    assert (done.code, done.out.count("‖ Envío")) == (1, 2), done
    lifted = office.call(*HEAD, "stops", "lift", "1", "--reason", "Pasó")
    assert "Quedó en pausa; cada una se programa otra vez, o se anula:" in lifted.out
    assert lifted.out.count("Hay una detención abierta (todo): Crisis.") == 2
    assert f"    vocero posts schedule {SCHEDULED}\n" in lifted.out
    assert office.call("deliver", "--dry-run").out == "No toca enviar nada ahora.\n"
    told = office.call(*HEAD, "stops", "lift", "1", "--reason", "Pasó", "--json").json
    assert [each["state"] for each in told["held"]] == ["held", "held"]


def test_a_stop_covers_one_thing_that_there_is(office: OfficeOnDisk) -> None:
    assert office.call(*HEAD, "stop", "--platform", "facebook", "--account", "1", "--reason", "x").code == 2
    assert office.call(*HEAD, "stop", "--platform", "tiktok", "--reason", "x").code == 2
    for more in ((), ("--dry-run",)):
        assert office.call(*HEAD, "stop", "--account", "99", "--reason", "x", *more).code == 4
    assert office.call(*HEAD, "stop").code == 3
    assert office.call("stops", "list", "--all").out == "No hubo ninguna detención.\n"


def test_without_alerts_all_is_well(office: OfficeOnDisk) -> None:
    ended = office.call("alerts")
    assert (ended.code, ended.out, ended.err) == (0, "No hay avisos.\n", "")
    assert office.call("alerts", "--json").json == []


def test_alerts_are_told_and_end_with_one(office: OfficeOnDisk) -> None:
    make_due(office)
    office.write_sql("UPDATE accounts SET credentials_expire_at = ? WHERE id = 2", at(datetime.now(UTC)))
    before = office.trace()
    ended = office.call("alerts")
    assert ended.code == 1
    assert [line[:16] for line in ended.out.splitlines()] == ["⚠ El envío 1 (pu", "⚠ La conexión de"]
    told = office.call("alerts", "--json")
    assert (told.code, [each["kind"] for each in told.json]) == (1, ["overdue", "credentials_end"])
    assert set(told.json[0]) == {"kind", "subject", "since", "said", "way_out"}
    assert office.trace() == before
    later = office.call("alerts", "--json", env={"VOCERO_OVERDUE_MINUTES": "30", "VOCERO_EXPIRY_DAYS": "0"})
    assert [each["kind"] for each in later.json] == ["credentials_end"]


def test_an_uncertain_one_is_shown_with_every_look(office: OfficeOnDisk) -> None:
    make_due(office, "unknown")
    started = datetime.now(UTC).replace(microsecond=0)
    for step, outcome, detail in (
        ("publish", "OutcomeUnknown", "502 Bad Gateway"),
        ("find", "Unavailable", "503 Service Unavailable"),
        ("find", "", ""),
    ):
        office.write_sql(
            "INSERT INTO attempts (delivery_id, step, worker, fence, started_at, outcome, detail) "
            "VALUES (1, ?, 'a', 1, ?, ?, ?)",
            *(step, at(started), outcome, detail),
        )
    ended = office.call("unknown", "show", "1")
    assert ended.code == 0
    lines = ended.out.splitlines()
    assert [line for line in lines if line.startswith("      ")] == [
        "      502 Bad Gateway",
        "      503 Service Unavailable",
    ]
    assert f"  {shown(started)}  mirar si salió: sin respuesta" in lines
    assert lines[-1] == "  vocero unknown settle 1 --absent"
    told = office.call("unknown", "show", "1", "--json").json
    assert [each["detail"] for each in told["attempts"]] == ["502 Bad Gateway", "503 Service Unavailable", ""]
    office.write_sql("UPDATE deliveries SET due_at = ? WHERE id = 1", at(started))
    assert f"Se mirará otra vez: {shown(started)}" in office.call("unknown", "show", "1").out
    assert office.call("unknown", "show", "99").code == 4
