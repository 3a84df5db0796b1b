"""Why a demo ends early."""


class DemoError(Exception):
    """Something is not as the demo promises; the text says what, in one line."""
