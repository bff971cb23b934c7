"""A request on the command line, from its intake to its draft; and an acting head."""

from tests.vocero.cli_office import OfficeOnDisk, first_slot

HEAD, OWNER = ("--as", "jefa"), ("--as", "redactora")
ADD = (
    "requests",
    "add",
    "--channel",
    "email",
    "--unit",
    "E.P. Lima",
    "--subject",
    "Feria",
    "--event",
    "Feria del sábado",
)


def test_a_request_goes_from_intake_to_its_draft(office: OfficeOnDisk) -> None:
    for login, role in (("equipo", "team_lead"), ("unidad", "requester")):
        assert office.call("--as", "admin", "people", "add", login, "--role", role).code == 0
    added = office.call("--as", "unidad", *ADD, "--origin", "user_area", "--json").json
    number = str(added["id"])
    assert (added["state"], added["procedure"], added["created_by"]) == ("draft", "P-E3.01.04 v1.0", "unidad")
    tried = office.call("--as", "unidad", "requests", "submit", number, "--dry-run")
    assert (tried.code, "Solicitada" in tried.out) == (0, True)
    assert office.call(*HEAD, "requests", "evaluate", number).code == 3, "nothing was submitted"
    for step in (
        ("--as", "unidad", "requests", "submit", number),
        (*HEAD, "requests", "evaluate", number, "--class", "regional"),
        (*HEAD, "requests", "assign", number, "--to", "equipo"),
        ("--as", "equipo", "requests", "hand-over", number, "--to", "redactora"),
    ):
        ended = office.call(*step)
        assert (ended.code, ended.err) == (0, ""), ended
    at = first_slot().isoformat()
    words = ("--network", "website", "--at", at, "--text", "Feria.", "--title", "Feria")
    assert office.call(*OWNER, "posts", "add", "--request", number, *words).code == 0
    shown = office.call("--as", "auditora", "requests", "show", number).out
    assert "En elaboración" in shown
    assert "[reconstruido]" in shown
    assert [each["id"] for each in office.call("--as", "unidad", "requests", "list", "--json").json] == [added["id"]]
    assert office.call("--as", "unidad", "requests", "show", "1").code == 2, "another's"
    assert office.call("--as", "admin", "requests", "list").code == 3
    assert office.call(*HEAD, "requests", "cancel", number, "--reason", "Se suspendió").code == 0


def test_an_acting_head_is_entered_listed_and_ended(office: OfficeOnDisk) -> None:
    assert office.call("--as", "admin", "people", "add", "equipo", "--role", "team_lead").code == 0
    words = ("equipo", "--for", "jefa", "--from", "2026-01-01", "--until", "2999-12-30", "--basis", "R.D. 12")
    assert office.call(*HEAD, "delegations", "add", *words, "--dry-run").out == "Se podría. No se cambió nada.\n"
    assert "vigente" in office.call(*HEAD, "delegations", "add", *words).out
    assert office.call("--as", "equipo", "posts", "approve", "2", "--yes").code == 0
    assert "por el encargo 1" in office.call("posts", "show", "2").out
    assert office.call(*HEAD, "delegations", "end", "1", "--reason", "Volvió").code == 0
    (listed,) = office.call("--as", "auditora", "delegations", "list", "--json").json
    assert (listed["in_force"], listed["ended_reason"]) == (False, "Volvió")
    assert office.call("--as", "equipo", "posts", "return", "5", "--reason", "x").code == 3
