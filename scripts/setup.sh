#!/usr/bin/env bash
# Brings a bare Debian machine with Node to where every make target works: Debian's RabbitMQ and ZooKeeper, the npm packages,
# the build. Does only what is missing. Installing neither starts nor enables anything system-wide.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { if [ -t 1 ]; then printf '\033[1m==> %s\033[0m\n' "$*"; else printf '==> %s\n' "$*"; fi; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# One set-up at a time in a clone: two makes side by side would unpack over each other.
exec 9> .setup.lock
flock -n 9 || { say 'another make is setting this clone up; waiting for it'; flock 9; }

command -v node > /dev/null || fail 'Node.js 20 or later is needed, and `node` is not on the PATH: install it (https://nodejs.org), then run this again'
node_major=$(node -p 'process.versions.node.split(".")[0]')
[ "$node_major" -ge 20 ] || fail "Node.js 20 or later is needed, and \`node\` is $(node --version): install a newer one, then run this again"

packages=()
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || packages+=(rabbitmq-server)
[ -e /usr/share/java/zookeeper.jar ] || packages+=(zookeeper)
command -v java > /dev/null || packages+=(default-jre-headless)

install_packages() {
  local as_root=()
  command -v apt-get > /dev/null || fail "missing: ${packages[*]}. This machine has no apt-get: install RabbitMQ and ZooKeeper where Debian puts them, or use a Debian 12 machine"
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo > /dev/null && sudo -n true 2> /dev/null; then
      as_root=(sudo)
    elif command -v sudo > /dev/null && [ -t 0 ]; then
      say "Debian packages are missing; sudo asks for your password to install: ${packages[*]}"
      as_root=(sudo)
    else
      fail "Debian packages are missing, and this is not root. Run this as root, then make again:
  bash $(printf '%q' "$PWD/scripts/install-packages.sh") ${packages[*]}"
    fi
  fi
  say "installing Debian packages: ${packages[*]}"
  "${as_root[@]}" bash scripts/install-packages.sh "${packages[@]}"
}
# A guard that a killed installation left behind would keep the machine from starting services: installing takes it away.
if [ ${#packages[@]} -gt 0 ]; then install_packages
elif [ "$(id -u)" -eq 0 ] && grep -qsF 'by streams-on-mesos' /usr/sbin/policy-rc.d; then bash scripts/install-packages.sh; fi

stamp=node_modules/.package-lock.sha256
lock_hash=$(sha256sum package-lock.json package.json */package.json packages/*/package.json | sha256sum)
if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$lock_hash" ]; then
  say 'installing npm packages'
  npm ci --no-audit --no-fund --loglevel=error
  printf '%s\n' "$lock_hash" > "$stamp"
fi

sources_hash=$(find package-lock.json scripts packages *-service streams-bridge bench \( -name node_modules -o -name dist -o -name generated \) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
if [ ! -f dist/.sources.sha256 ] || [ "$(cat dist/.sources.sha256)" != "$sources_hash" ]; then
  say 'building'
  npm run --silent build
  printf '%s\n' "$sources_hash" > dist/.sources.sha256
fi
