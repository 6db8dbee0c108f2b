#!/usr/bin/env bash
# apt-get install of the named packages, as root, without starting or enabling any service of theirs.
set -euo pipefail
[ "$(id -u)" -eq 0 ] || { echo 'install-packages: run this as root' >&2; exit 1; }

# One installation at a time, whichever clone it is for: two would take each other's guard for the machine's own.
exec 8> /run/streams-on-mesos-install.lock
flock -n 8 || { echo 'another clone is installing packages; waiting for it'; flock 8; }

# policy-rc.d: what a package's installation asks before it starts a service; 101 forbids it.
policy=/usr/sbin/policy-rc.d
aside=$policy.before-streams-on-mesos
sign='# by streams-on-mesos, for the time of an installation'
# A run that was killed leaves its guard behind; it is not the machine's own.
if grep -qsF "$sign" "$policy"; then rm -f "$policy"; fi
restore_policy() {
  rm -f "$policy"
  if [ -e "$aside" ] || [ -L "$aside" ]; then mv "$aside" "$policy"; fi
}
# One that stands aside already is the machine's own, left by a run that was killed.
if [ ! -e "$aside" ] && [ ! -L "$aside" ] && { [ -e "$policy" ] || [ -L "$policy" ]; }; then mv "$policy" "$aside"; fi

units=(rabbitmq-server.service epmd.service epmd.socket)
enabled() { find /etc/systemd/system -name "$1" -path '*.wants/*' 2> /dev/null | grep -q .; }
enabled_before=()
for unit in "${units[@]}"; do if enabled "$unit"; then enabled_before+=("$unit"); fi; done
had_rabbitmq=no
[ -e /etc/init.d/rabbitmq-server ] && had_rabbitmq=yes

# The packages enable their units for the next boot: taken back, unless they were enabled before. Also when the installation fails.
restore_units() {
  for unit in "${units[@]}"; do
    case " ${enabled_before[*]-} " in
      *" $unit "*) ;;
      # deb-systemd-helper works only for a package's script, which dpkg tells by this variable.
      *) if enabled "$unit"; then DPKG_MAINTSCRIPT_PACKAGE=rabbitmq-server deb-systemd-helper disable "$unit" > /dev/null; fi ;;
    esac
  done
  if [ "$had_rabbitmq" = no ] && [ -e /etc/init.d/rabbitmq-server ]; then update-rc.d rabbitmq-server disable > /dev/null; fi
}
trap 'restore_units || true; restore_policy' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
printf '#!/bin/sh\n%s\nexit 101\n' "$sign" > "$policy"
chmod 755 "$policy"

export DEBIAN_FRONTEND=noninteractive
# What an installation that was killed left half done.
dpkg --configure -a
apt-get update -q
apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
