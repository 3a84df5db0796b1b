"""A service that captures live, hardened: with a load balancer, alarms, a key, a path, a boundary
and the scoped policy for CodeDeploy."""

from __future__ import annotations

from permissions.fitting import Fitting


class TestLive(Fitting):
    capture = "live"
    hardened = True
