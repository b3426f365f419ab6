"""Memory that the processes of a web server count in together: mapped by the one that all of them come from."""

import mmap

ROOM = 16 << 20  # of addresses: memory that nobody has looked at is no memory
memory = mmap.mmap(-1, ROOM)
