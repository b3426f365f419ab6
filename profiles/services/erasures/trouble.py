"""Why an erasure was not done."""


class CannotErase(ValueError):
    """Nothing was changed. The message says why, and what to do first."""


class LeftBehind(RuntimeError):
    """Something about the person would have stayed; the transaction is taken back."""
