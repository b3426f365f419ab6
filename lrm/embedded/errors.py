class EmbeddedError(RuntimeError):
    """The private services cannot run; the text is written for the person at the keyboard."""
