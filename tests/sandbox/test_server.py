"""The sandbox's frame: addresses, ledger, clock, page, command."""

import base64
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from sandbox import FaultPlan, Sandbox, routes, serve
from sandbox.imitation import Card
from sandbox.platforms import PLATFORMS
from sandbox.window import lima_time, page
from tests.sandbox.clients import START, Graph, Rest, Stand, image, media_json


def test_routes_cover_every_host(stand: Stand) -> None:
    found = stand.own("GET", "/_routes").json()
    assert found == stand.server.routes == routes(stand.server.address)
    assert found["https://graph.facebook.com"] == f"{stand.server.address}/graph.facebook.com"
    hosts = {"graph-video.facebook.com", "rupload.facebook.com", "scontent.xx.fbcdn.net", "www.inpe.example"}
    assert {f"https://{host}" for host in hosts} < found.keys()


def test_world_is_the_same_for_the_same_seed() -> None:
    with Sandbox(seed=3) as one, Sandbox(seed=3) as two, Sandbox(seed=4) as other:
        assert one.world == two.world
        assert one.world.facebook.page_token != other.world.facebook.page_token
        assert one.world.website.users != other.world.website.users
        assert one.world.facebook.page_id == other.world.facebook.page_id


def test_world_tells_ids_tokens_users_and_operations(stand: Stand) -> None:
    world = stand.own("GET", "/_world").json()
    assert world["facebook"]["page_id"] == "111222333444555"
    assert world["facebook"]["page_name"] == "INPE Perú"
    assert [user["role"] for user in world["website"]["users"]] == ["editor", "author", "contributor", "subscriber"]
    assert "publish" in world["operations"]["facebook"]


def test_ledger_is_in_order_over_http(stand: Stand, graph: Graph, rest: Rest) -> None:
    graph.feed("uno")
    stand.advance(seconds=1.5)
    rest.create(title="Dos", status="publish")
    writes = stand.own("GET", "/_ledger").json()["writes"]
    assert [(write["seq"], write["platform"], write["at"]) for write in writes] == [
        (1, "facebook", "2026-11-24T15:00:00.000Z"),
        (2, "website", "2026-11-24T15:00:01.500Z"),
    ]
    assert set(writes[0]) == {
        *("seq", "at", "platform", "account", "remote_id", "kind", "title", "text", "media", "visible"),
    }


def test_requests_are_listed_without_secrets(stand: Stand, graph: Graph, rest: Rest) -> None:
    stand.plant({"kind": "throttle"}, match={"operation": "feed"})
    graph.post(f"/{graph.page}/feed", message="Hola")
    rest.get("/users/me")
    answer = stand.own("GET", "/_requests?last=5")
    first, second = answer.json()["requests"]
    assert (first["host"], first["method"], first["path"]) == (
        "graph.facebook.com",
        "POST",
        f"/v26.0/{graph.page}/feed",
    )
    assert (first["status"], first["faults"], first["operation"]) == (400, ["throttle"], "feed")
    assert (second["status"], second["faults"], second["operation"]) == (200, [], "me")
    user = stand.world.website.user("editor")
    basic = base64.b64encode(f"{user.login}:{user.application_password}".encode()).decode()
    assert all(secret not in answer.text for secret in (graph.token, user.application_password, basic))


def test_faults_and_clock_over_http(stand: Stand, graph: Graph) -> None:
    plan = {"rules": [{"match": {"operation": "identify"}, "fault": {"kind": "status_before", "status": 500}}]}
    assert stand.own("POST", "/_faults", json=plan).status_code == 200
    assert stand.own("GET", "/_faults").json()["rules"][0]["match"] == {"operation": "identify"}
    assert graph.get("/me").status_code == 500
    assert stand.own("POST", "/_clock", json={"advance_seconds": 90}).json()["now"] == "2026-11-24T15:01:30+00:00"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/_faults", {"rules": 5}),
        ("/_clock", {"advance_seconds": -1}),
        ("/_clock", {}),
        ("/_clock", []),
        ("/_grow", {"comments": "three"}),
        ("/_grow", {"likes": 3}),
    ],
)
def test_nonsense_is_refused_with_a_reason(stand: Stand, path: str, body: object) -> None:
    answer = stand.own("POST", path, json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_unknown_host_is_told_which_there_are(stand: Stand) -> None:
    answer = stand.own("GET", "/graph.facebook.org/v26.0/me")
    assert answer.status_code == 404
    assert "graph.facebook.com" in answer.json()["hosts"]


def test_reset_starts_anew_with_the_same_secrets(stand: Stand, graph: Graph) -> None:
    before = stand.world
    post = graph.feed()
    stand.plant({"kind": "drop_before"})
    stand.advance(hours=5)
    assert stand.own("POST", "/_reset").json() == {"reset": True}
    assert (stand.writes, stand.world, stand.sandbox.faults) == ([], before, FaultPlan())
    assert stand.sandbox.clock() == START
    assert graph.get(f"/{post}").status_code == 400
    assert graph.photo()["id"]


def test_grow_is_repeatable_and_touches_visible_posts_only(stand: Stand, graph: Graph, rest: Rest) -> None:
    def grown() -> list[str]:
        stand.sandbox.reset()
        graph.feed("borrador", published="false")
        assert stand.sandbox.grow(comments=2) == ()
        post = graph.feed("visible")
        rest.create(status="publish")
        assert len(stand.own("POST", "/_grow", json={"comments": 6}).json()["comments"]) == 6
        seen = graph.get(f"/{post}/comments", fields="message,from").json()["data"]
        held = rest.get("/comments", status="any").json()
        assert len(seen) + len(held) == 6
        return [item["message"] for item in seen] + [item["content"]["rendered"] for item in held]

    assert grown() == grown()


def test_connection_is_kept_for_the_next_request(stand: Stand, graph: Graph) -> None:
    graph.get("/me")
    adapter = stand.session.get_adapter(stand.server.address)
    for _ in range(5):
        graph.post(f"/{graph.page}/photos", {"source": ("a.png", image(), "image/png")}, published="false")
        graph.get("/nothing")
    (pool,) = adapter.poolmanager.pools._container.values()  # type: ignore[attr-defined]  # urllib3's own count
    assert pool.num_connections == 1


def test_only_loopback_is_served() -> None:
    with Sandbox() as sandbox:
        for host in ("0.0.0.0", "192.0.2.1", "example.org"):
            with pytest.raises(ValueError, match="solo escucha en esta máquina"):
                serve(sandbox, host=host)


def test_busy_port_is_an_error_and_not_an_exit(stand: Stand) -> None:
    port = int(stand.server.address.rpartition(":")[2])
    with Sandbox() as sandbox, pytest.raises(OSError, match="in use"):
        serve(sandbox, port=port)


def test_closing_ends_connections_and_removes_uploads(graph: Graph, stand: Stand) -> None:
    graph.photo()
    (kept,) = [stand.sandbox.store.find(write.media[0]) for write in stand.writes]
    assert kept is not None
    stand.server.close()
    assert not kept.parent.exists()
    with pytest.raises(requests.ConnectionError):
        graph.get("/me")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"message=Hola"),
        ("application/json", b'{"message": "Hola"}'),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="message"\r\n\r\nHola\r\n--b--',
        ),
    ],
)
def test_half_a_request_is_not_carried_out(stand: Stand, graph: Graph, kind: str, body: bytes) -> None:
    host, port = stand.server.address.removeprefix("http://").split(":")
    head = (
        f"POST /graph.facebook.com/v26.0/{graph.page}/feed?access_token={graph.token} HTTP/1.1\r\nHost: {host}\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {len(body) + 2}\r\n\r\n"
    )
    with socket.create_connection((host, int(port))) as line:
        line.sendall(head.encode() + body)
        line.shutdown(socket.SHUT_WR)
        assert line.recv(100) == b""
    assert stand.writes == []
    (entry,) = stand.own("GET", "/_requests").json()["requests"]
    assert (entry["operation"], entry["status"]) == ("feed", None)


def test_page_shows_what_the_public_sees(stand: Stand, graph: Graph, rest: Rest) -> None:
    empty = stand.own("GET", "/").text
    assert empty.count("Todavía no hay publicaciones") == len(PLATFORMS)
    assert "Modo ensayo: nada de esto salió a internet" in empty
    graph.feed("borrador", published="false")
    graph.feed("<b>Hola</b>", attached_media=media_json(graph.photo("red", published="false")["id"]))
    rest.create(title="Feria & <i>más</i>", content="<p>Uno</p>\n<p>Dos</p>", status="publish")
    answer = stand.own("GET", "/")
    assert answer.headers["Content-Type"].startswith("text/html")
    shown = answer.text
    assert "&lt;b&gt;Hola&lt;/b&gt;" in shown
    assert "Feria &amp; &lt;i&gt;más&lt;/i&gt;" in shown
    assert "borrador" not in shown
    assert "hoy, 10:00 a. m." in shown
    (source,) = re.findall(r'<img src="([^"]+)"', shown)
    assert stand.own("GET", source).content == image("red")


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(0, "hoy, 10:00 a. m."), (3, "hoy, 1:00 p. m."), (24, "miércoles 25 de noviembre, 10:00 a. m.")],
)
def test_times_are_lima_s(hours: int, expected: str) -> None:
    assert lima_time(START.replace(day=24 + hours // 24, hour=15 + hours % 24), now=START) == expected


def test_page_escapes_everything() -> None:
    bad = "<script>\"'&"
    card = Card(bad, bad, START, bad, bad, bad, ((bad, bad),), 1)
    shown = page([(bad, [card])], START, lambda _sha256: "image/png")
    assert "<script>" not in shown


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_command_serves_until_it_is_ended(tmp_path: Path, end: signal.Signals) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({"rules": [{"fault": {"kind": "status_before", "status": 503}}]}))
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--seed", "5", "--faults", str(plan)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().split()[-1]
            assert process.stdout.readline().strip().endswith(f"{address}/_ledger")
            (printed,) = shlex.split(process.stdout.readline())  # as a shell would read it
            assert json.loads(printed.removeprefix("VOCERO_ROUTES=")) == routes(address)
            assert requests.get(f"{address}/graph.facebook.com/v26.0/me", timeout=10).status_code == 503
            os.kill(process.pid, end)
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()


def test_command_refuses_a_bad_plan(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text('{"rules": 5}')
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--faults", str(plan)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == 2
    assert "plan de fallas" in done.stderr
    assert "Traceback" not in done.stderr
