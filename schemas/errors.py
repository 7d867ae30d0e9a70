"""Errors of the user's making, told in one line and without a traceback."""


class UserError(Exception):
    """Something outside the program must change: a file, a parameter, a path.

    The message names what is wrong, where (file, row, field) and what would be right.
    """
