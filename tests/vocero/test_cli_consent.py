"""What a working connection lacks, and when its consent ends, is told where accounts are connected and checked."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from sandbox.server import SandboxServer
from tests.vocero.cli_office import Ended, OfficeOnDisk

ADMIN = ("--as", "admin")


def connect(office: OfficeOnDisk, platforms: SandboxServer, **credentials: str) -> tuple[Ended, dict[str, str]]:
    """Connect the channel; return how that ended, and the environment that leads to its imitation."""
    world = platforms.sandbox.world.youtube
    names = ("client_id", "client_secret", "refresh_token")
    given = {name: getattr(world, name) for name in names} | credentials
    words = (*ADMIN, "accounts", "connect", "youtube", "--id", world.channel_id, "--credentials", "-")
    env = {"VOCERO_ROUTES": json.dumps(dict(platforms.routes))}
    return office.call(*words, stdin=json.dumps(given), env=env), env


def test_the_end_of_a_consent_in_testing_is_told(office: OfficeOnDisk, platforms: SandboxServer) -> None:
    done, env = connect(office, platforms, refresh_token=platforms.sandbox.world.youtube.testing_refresh_token)
    assert (done.code, done.err) == (0, "")
    end = re.search(r"Aviso: su autorización termina el (.+): conéctela otra vez antes\.\n", done.out)
    assert end is not None
    told = {each["platform"]: each for each in office.call("accounts", "check", "--json", env=env).json}
    assert told["youtube"]["ok"]
    assert f"tiene sus permisos; su autorización termina el {end[1]}: conéctela" in told["youtube"]["detail"]
    # what is renewed every hour is another end
    ends_at = datetime.fromisoformat(told["youtube"]["credentials_expire_at"])
    assert ends_at - datetime.now(UTC) < timedelta(hours=2)


def test_a_consent_without_an_end_has_no_remark(office: OfficeOnDisk, platforms: SandboxServer) -> None:
    done, env = connect(office, platforms)
    assert done.out.splitlines() == ["Cuenta 3 conectada: INPE Perú en YouTube."]
    told = {each["platform"]: each for each in office.call("accounts", "check", "--json", env=env).json}
    assert told["youtube"]["detail"] == "es la oficial y tiene sus permisos"


def test_a_consent_that_lacks_the_main_scope_is_not_connected(office: OfficeOnDisk, platforms: SandboxServer) -> None:
    done, _env = connect(office, platforms, refresh_token=platforms.sandbox.world.youtube.upload_only_refresh_token)
    assert done.code == 3
    assert "les faltan permisos: youtube.force-ssl" in done.err


@pytest.mark.parametrize(
    ("token", "said"),
    [("no_channel_refresh_token", "no tiene un canal de YouTube"), ("dead_refresh_token", "venció o la retiraron")],
)
def test_a_connection_that_is_refused_says_why(
    office: OfficeOnDisk, platforms: SandboxServer, token: str, said: str
) -> None:
    done, _env = connect(office, platforms, refresh_token=getattr(platforms.sandbox.world.youtube, token))
    assert (done.code, said in done.err) == (3, True)


def test_a_wrong_client_secret_is_said_to_be_that(office: OfficeOnDisk, platforms: SandboxServer) -> None:
    done, _env = connect(office, platforms, client_secret="GOCSPX-" + "x" * 28)
    assert (done.code, "su clave secreta no son los correctos" in done.err) == (3, True)
