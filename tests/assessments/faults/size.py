"""Small where every change is tested, full size with LRM_FAULTS=1 (`make faults`)."""

import os

FULL = bool(os.environ.get("LRM_FAULTS"))
CLASSES = 10 if FULL else 2
