#!/usr/bin/env bash
# ApplicationStop: stop what the previous revision started.
#
# CodeDeploy runs this script from the revision that was last installed on the instance. On an instance
# from a baked image it is the first script that runs, possibly before the services are up. If it failed,
# so would every later deployment, because the failing script is always the old one. So it reports what
# it could not stop, and never fails.
set -euo pipefail

for service in httpd php-fpm; do
  if ! systemctl cat "$service" >/dev/null 2>&1; then
    echo "$service is not installed: nothing to stop"
  elif ! systemctl stop "$service"; then
    echo "$service could not be stopped: start_server.sh restarts it" >&2
  fi
done
