"""Which text people may give."""

import re

CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""A character of C0 or C1, or DEL, none of which can be printed; they are taken nowhere."""
