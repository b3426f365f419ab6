"""Files from outside: what they really are, and what of them is kept.

Pure functions on bytes; nothing here knows a request, a learner or a folder. `take_in` is the door:

names.py     what a file is called: endings, hidden letters, ways out of a folder
kinds.py     the types that are taken, their sizes, and which claims go with which
pictures.py  decoded and drawn anew, so that only pixels remain
pdfs.py      as they are, or not at all: nothing in them may run, open or hold another file
pdf_objects  which parts of a PDF hold further objects, read token by token
sounds.py    WAV and MP3 by their frames
boxes.py     MP4 and M4A by their boxes, without the place where they were made
films.py     Ogg and WebM by their pages and elements
traces.py    signs of a second format in the same file
refusals.py  why a file is not taken, in words that a ten-year-old can read
"""

from lrm.intake.door import TakenIn, take_in
from lrm.intake.kinds import AUDIO, IMAGE, LIMITS_MB, PDF, VIDEO
from lrm.intake.refusals import Refused

__all__ = ["AUDIO", "IMAGE", "LIMITS_MB", "PDF", "VIDEO", "Refused", "TakenIn", "take_in"]
