"""Drives a deployed service as its team does: push, follow the pipeline, scale, undo.

It knows only AWS's APIs and git, and so works on any account: a local AWS or a real one.
"""

from service.application import Application
from service.driver import Service, Stage
from service.polling import eventually

__all__ = ["Application", "Service", "Stage", "eventually"]
