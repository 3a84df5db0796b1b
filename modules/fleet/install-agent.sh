#!/usr/bin/env bash
# Installs the CodeDeploy agent, unless the instance comes from a baked image that has it.
#
# AGENT_DOWNLOADS: URL of the region's CodeDeploy resource kit bucket
# https://docs.aws.amazon.com/codedeploy/latest/userguide/codedeploy-agent-operations-install-linux.html
set -euo pipefail

# download KEY FILE: returns 22 if the bucket has no such key. Other failures may be temporary, so it
# retries after them.
download() {
  local attempt status
  for attempt in 1 2 3 4 5 6; do
    status=0
    curl --fail --silent --show-error --proto '=https' --connect-timeout 10 --max-time 120 \
      --retry 3 --output "$2" "$AGENT_DOWNLOADS/$1" || status=$?
    if ((status == 0 || status == 22)); then
      return "$status"
    fi
    sleep $((attempt * 5))
  done
  return "$status"
}

# By default the agent keeps five old revisions, which every image would then have. systemd edits the
# configuration before each start of the agent, because the installer starts it immediately, and a
# restart could interrupt its first deployment.
keep_few_revisions() {
  local overrides=/etc/systemd/system/codedeploy-agent.service.d
  mkdir -p "$overrides"
  cat >"$overrides/max-revisions.conf" <<'UNIT'
[Service]
ExecStartPre=-+/usr/bin/sed -i -e '$$a :max_revisions: 2' -e '/^:max_revisions:/d' /etc/codedeploy-agent/conf/codedeployagent.yml
UNIT
}

install_agent() {
  local installer
  installer=$(mktemp)
  if download latestv2/install "$installer"; then
    bash "$installer" auto
  else
    # Version 2 is not in every region yet; version 1 needs Ruby.
    download latest/install "$installer"
    dnf install --assumeyes --quiet ruby
    ruby "$installer" auto
  fi
  rm "$installer"
}

if systemctl cat codedeploy-agent.service >/dev/null 2>&1; then
  echo "the CodeDeploy agent is already installed"
else
  keep_few_revisions
  install_agent
fi
systemctl enable --quiet --now codedeploy-agent.service
