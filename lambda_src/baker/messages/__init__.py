"""Every text that the pipeline or a caller of the function can get, with its cause and remedy.

One module for each part of the function. docs/messages.md lists them all.
"""
