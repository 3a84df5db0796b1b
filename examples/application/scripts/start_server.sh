#!/usr/bin/env bash
# ApplicationStart: start the services, now and at every boot.
set -euo pipefail

for service in php-fpm httpd; do
  systemctl enable --quiet "$service"
  # restart, not start: a running service must not keep serving the previous revision.
  if ! systemctl restart "$service"; then
    systemctl status --no-pager --lines=20 "$service" >&2 || true
    echo "$service did not start" >&2
    exit 1
  fi
done
