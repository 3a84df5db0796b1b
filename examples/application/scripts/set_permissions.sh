#!/usr/bin/env bash
# AfterInstall: the web server can read the application, only root can change it.
set -euo pipefail

document_root=/var/www/html

chown --recursive root:apache "$document_root"
# X: the execute bit for directories, not for files.
chmod --recursive u=rwX,g=rX,o= "$document_root"
