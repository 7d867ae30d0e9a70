"""What a checker says when a promise was broken."""


class Violation(Exception):
    """A promise was broken.

    Attributes:
        check: the promise, such as ``no order twice``.
        detail: how it was broken.
    """

    def __init__(self, check: str, detail: str) -> None:
        super().__init__(f"{check}: {detail}")
        self.check = check
        self.detail = detail
