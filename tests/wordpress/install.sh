#!/bin/sh
# Installs the Debian packages that tests/wordpress/peer.py starts a private WordPress from. Root only.
# Starts no service, changes nothing when everything is already there.
set -eu

packages="wordpress mariadb-server php-cli php-mysql php-gd php-xml php-curl php-mbstring"
policy=/usr/sbin/policy-rc.d
made_policy=0
log=$(mktemp)

clean_up() {
    if [ "$made_policy" = 1 ]; then rm -f "$policy"; fi
    rm -f "$log"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

quietly() {
    if ! "$@" >"$log" 2>&1; then
        cat "$log" >&2
        echo "install.sh: '$*' failed" >&2
        exit 1
    fi
}

missing=
for package in $packages; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    if [ "$state" != installed ]; then missing="$missing $package"; fi
done
if [ -z "$missing" ]; then exit 0; fi

if [ "$(id -u)" != 0 ]; then
    echo "install.sh: needs root to install:$missing" >&2
    exit 1
fi

# 101: packages may not start what they install (the test starts its own MariaDB, on a socket only)
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    made_policy=1
fi
export DEBIAN_FRONTEND=noninteractive
quietly apt-get update -qq
# shellcheck disable=SC2086  # a list of words on purpose
quietly apt-get install -y -qq --no-install-recommends $missing
echo "install.sh: installed$missing"
