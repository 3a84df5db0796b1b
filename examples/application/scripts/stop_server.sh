#!/usr/bin/env bash
# ApplicationStop: stop what the revision before this one started.
#
# CodeDeploy takes this script from the last revision that was installed on the instance. On an
# instance launched from a baked image that is the first thing it runs, when the services may not
# be up yet. A failure here would block every later deployment, whatever it contains, because the
# script that fails is the old one: so it reports what it could not stop, and never fails.
set -euo pipefail

for service in httpd php-fpm; do
  if ! systemctl cat "$service" >/dev/null 2>&1; then
    echo "$service is not installed: nothing to stop"
  elif ! systemctl stop "$service"; then
    echo "$service could not be stopped: start_server.sh restarts it" >&2
  fi
done
