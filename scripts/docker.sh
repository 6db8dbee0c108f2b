#!/usr/bin/env bash
# The images are not part of this delivery yet: says what is missing, and what does the same job meanwhile.
set -euo pipefail
missing=()
command -v docker > /dev/null || missing+=('the docker client')
docker info > /dev/null 2>&1 || missing+=('a running Docker engine')
missing+=('docker/ with the Dockerfiles of the services' 'marathon/docker/ with app definitions that use the images')
printf 'make %sDocker cannot work yet. Missing:\n' "$1" >&2
printf '  - %s\n' "${missing[@]}" >&2
printf 'Without images, `make startMesos startScheduler` deploys the services to Marathon as tarballs.\n' >&2
exit 1
