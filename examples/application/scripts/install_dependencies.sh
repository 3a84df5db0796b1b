#!/usr/bin/env bash
# BeforeInstall: Apache and PHP from the distribution's own repositories.
#
# If they are installed (by an earlier deployment, or in a baked image), this only queries the local
# package database: no repository, no network, no change.
set -euo pipefail

missing=()
for package in httpd php-fpm; do
  # Amazon Linux 2023's packages are named after the PHP release (php8.4-fpm) and provide the plain
  # name, so query what provides it.
  if ! rpm --query --quiet --whatprovides "$package"; then
    missing+=("$package")
  fi
done

if ((${#missing[@]} == 0)); then
  echo "httpd and php-fpm are installed: nothing to do"
else
  echo "installing ${missing[*]}"
  dnf install --assumeyes --quiet "${missing[@]}"
fi
