"""What a caller of the engine can get wrong, in words that say what, where and how to mend it."""


class PanelError(ValueError):
    """The arrays of a panel do not describe demand: a wrong shape, a NaN, a negative number."""


class ConfigError(ValueError):
    """A setting that the engine cannot work with."""


class FileError(ValueError):
    """A file that cannot be forecast; the message names the row and the column."""
