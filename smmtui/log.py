"""The program's own log: silent, at no cost, unless the user wants one in a file.

What is said here is for a file that people send to others. No link, no comment and no other value of a form belongs
into it; the key is masked when it is written.
"""

from __future__ import annotations

import logging

# Not among the libraries' loggers, which are all silenced, for they would log what a panel answers.
log = logging.Manager(logging.RootLogger(logging.CRITICAL)).getLogger("smmtui")
"""Where everything is noted, by `info`, `warning` and `error`."""

SILENT = logging.CRITICAL + 1
"""The level at which nothing is noted."""

log.setLevel(SILENT)
