"""A service that captures in Standby, with the defaults, and an object in S3 as its source."""

from __future__ import annotations

from permissions.fitting import Fitting


class TestStandby(Fitting):
    capture = "standby"
    hardened = False
