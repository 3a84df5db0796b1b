#!/usr/bin/env bash
# Until the first push there is no application to pass the load balancer's health checks, and the Auto
# Scaling group would keep replacing its instances. So this installs a web server with the one page that
# the health checks request. It is idempotent: it changes nothing if both are there.
set -euo pipefail

page=/var/www/html/health.html

if ! rpm --query --quiet --whatprovides httpd || ! rpm --query --quiet --whatprovides php-fpm; then
  dnf install --assumeyes --quiet httpd php-fpm
fi
if [[ ! -e $page ]]; then
  echo "no application yet" >"$page"
fi
systemctl enable --quiet --now php-fpm httpd
