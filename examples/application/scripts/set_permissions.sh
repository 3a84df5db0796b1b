#!/usr/bin/env bash
# AfterInstall: the web server reads the application, root alone may change it.
set -euo pipefail

document_root=/var/www/html

chown --recursive root:apache "$document_root"
# X: the execute bit for folders, and not for files.
chmod --recursive u=rwX,g=rX,o= "$document_root"
