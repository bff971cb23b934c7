"""A real WordPress for the tests: private MariaDB on a socket, `php -S` on loopback, Debian's WordPress in a copy.

    with WordPress() as site:
        requests.get(f"{site.url}/wp-json/")

It is up in about two seconds, so every test process starts its own. Only the standard library is used; Debian's
packages come from install.sh.
"""

import contextlib
import getpass
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

HERE = Path(__file__).parent
SOURCE = Path("/usr/share/wordpress")
PROGRAMS = ("php", "mariadbd", "mariadb", "mariadb-install-db")
PATIENCE = 60.0  # seconds for a server to answer on a busy machine; normally well under one

_CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HOME', '{url}'); define('WP_SITEURL', '{url}');
define('WP_ENVIRONMENT_TYPE', 'local'); // else no application passwords over plain http
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
{salts}
$table_prefix = 'wp_';
require_once ABSPATH . 'wp-settings.php';
"""
# Its input is a pipe that only the test process holds: it ends in whatever way that process ends, kill -9 included.
_WATCH = """
read -r _
for pid in "$1"/*.pid; do kill -TERM "-$(cat "$pid")"; done 2>/dev/null
sleep 1
rm -rf "$1"
"""
_SALTS = ("AUTH_KEY", "SECURE_AUTH_KEY", "LOGGED_IN_KEY", "NONCE_KEY")


@dataclass(frozen=True, slots=True)
class User:
    """A login of the peer; `password` is its application password, as WordPress shows it (with spaces)."""

    id: int
    name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Site:
    """A running WordPress. `users` by role: administrator, editor, author, contributor, subscriber."""

    url: str
    version: str
    users: dict[str, User]


def what_is_missing() -> str:
    """Return what keeps a WordPress from being started here, empty when nothing does."""
    absent = [program for program in PROGRAMS if shutil.which(program, path=_path()) is None]
    if not (SOURCE / "wp-settings.php").is_file():
        absent.append("wordpress")
    return ", ".join(absent)


class WordPress:
    """A fresh WordPress for as long as the `with` lasts."""

    def __enter__(self) -> Site:
        self._directory = Path(tempfile.mkdtemp(prefix="vocero-wp-"))
        self._servers: list[subprocess.Popen[bytes]] = []
        self._watcher = subprocess.Popen(
            ("sh", "-c", _WATCH, "sh", str(self._directory)), stdin=subprocess.PIPE, start_new_session=True
        )
        try:
            return self._started()
        except BaseException:
            self._stop()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _started(self) -> Site:
        database = self._directory / "db.sock"
        port = _free_port()
        url = f"http://127.0.0.1:{port}"
        www = self._directory / "www"
        copying = self._start("cp", "-rL", str(SOURCE), str(www))
        self._start_database(database)
        if copying.wait() != 0:
            raise RuntimeError(f"{SOURCE} cannot be copied")
        self._configure(www, url, database)
        installed = self._run("php", "-d", "memory_limit=256M", str(HERE / "setup.php"), str(www), url)
        self._start_php(www, port)
        answer = json.loads(installed)
        users = {role: User(**user) for role, user in answer["users"].items()}
        return Site(url=url, version=answer["version"], users=users)

    def _start_database(self, database: Path) -> None:
        data = self._directory / "db"
        common = ("--no-defaults", f"--user={getpass.getuser()}", f"--datadir={data}")
        self._run(
            "mariadb-install-db", *common, "--skip-test-db", "--auth-root-authentication-method=normal",
            "--skip-name-resolve",
        )  # fmt: skip
        server = self._start(
            "mariadbd", *common, f"--socket={database}", "--skip-networking", "--innodb-buffer-pool-size=32M",
            "--innodb-flush-log-at-trx-commit=0", "--skip-innodb-doublewrite", "--performance-schema=off",
        )  # fmt: skip
        self._wait(server, lambda: _answers(socket.AF_UNIX, str(database)))
        self._run(
            "mariadb", "--no-defaults", "-uroot", f"--socket={database}",
            "-e", "CREATE DATABASE wordpress CHARACTER SET utf8mb4",
        )  # fmt: skip

    def _configure(self, www: Path, url: str, database: Path) -> None:
        (www / ".htaccess").unlink(missing_ok=True)
        (www / "wp-config.php").unlink(missing_ok=True)
        salts = "\n".join(f"define('{name}', '{secrets.token_hex(24)}');" for name in _SALTS)
        config = _CONFIG.format(socket=database, url=url, salts=salts)
        (www / "wp-config.php").write_text(config, encoding="utf-8")
        plugins = www / "wp-content" / "mu-plugins"
        plugins.mkdir(parents=True)
        shutil.copy(HERE / "conditions.php", plugins)

    def _start_php(self, www: Path, port: int) -> None:
        server = self._start(
            "php", "-d", "sendmail_path=/bin/true", "-d", "memory_limit=256M", "-d", "display_errors=0",
            "-d", "upload_max_filesize=16M", "-d", "post_max_size=20M",
            "-S", f"127.0.0.1:{port}", "-t", str(www), str(HERE / "router.php"),
            environment={"PHP_CLI_SERVER_WORKERS": "4"},
        )  # fmt: skip
        self._wait(server, lambda: _answers(socket.AF_INET, ("127.0.0.1", port)))

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, env=_environment(), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]} failed: {(done.stderr or done.stdout)[-2000:]}")
        return done.stdout

    def _start(self, *command: str, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        with (self._directory / f"{command[0]}.log").open("wb") as log:
            server = subprocess.Popen(
                command,
                env=_environment() | (environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # php forks workers: all are ended by their group
            )
        self._servers.append(server)
        (self._directory / f"{command[0]}.pid").write_text(str(server.pid), encoding="ascii")
        return server

    def _wait(self, server: subprocess.Popen[bytes], ready: Callable[[], bool]) -> None:
        ends_at = time.monotonic() + PATIENCE
        while not ready():
            if server.poll() is not None or time.monotonic() > ends_at:
                logs = "\n".join(log.read_text(errors="replace")[-2000:] for log in self._directory.glob("*.log"))
                raise RuntimeError(f"a server of the peer did not come up:\n{logs}")
            time.sleep(0.02)

    def _stop(self) -> None:
        for server in reversed(self._servers):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
        for server in self._servers:
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(server.pid, signal.SIGKILL)
                server.wait()
        self._watcher.kill()
        self._watcher.communicate()
        shutil.rmtree(self._directory, ignore_errors=True)


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin"


def _environment() -> dict[str, str]:
    return os.environ | {"PATH": _path(), "LC_ALL": "C.UTF-8"}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _answers(family: int, address: str | tuple[str, int]) -> bool:
    with socket.socket(family) as client:
        return client.connect_ex(address) == 0
