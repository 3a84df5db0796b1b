#!/usr/bin/env bash
# BeforeInstall: Apache and PHP from the distribution's own repositories.
#
# On an instance that has them (a second deployment, or a launch from a baked image) this asks the
# local package database and nothing else: no repository, no network, no change.
set -euo pipefail

missing=()
for package in httpd php-fpm; do
  # Amazon Linux 2023 names its packages after the PHP release (php8.4-fpm) and lets each of them
  # provide the plain name, so the question is who provides it.
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
