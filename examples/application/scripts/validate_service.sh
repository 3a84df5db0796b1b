#!/usr/bin/env bash
# ValidateService: the deployment succeeds only if the page shows this revision's version.
set -euo pipefail

version=$(<"$(dirname "${BASH_SOURCE[0]}")/../src/VERSION")

fetch() {
  curl --fail --silent --show-error --max-time 5 \
    --retry 20 --retry-delay 2 --retry-max-time 45 --retry-all-errors "http://localhost$1"
}

fetch /health.html >/dev/null
page=$(fetch /)

if [[ $page != *"data-version=\"$version\""* ]]; then
  echo "http://localhost/ does not show version $version; it starts with: ${page:0:200}" >&2
  exit 1
fi
echo "version $version answers on http://localhost/"
