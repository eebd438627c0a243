"""Every error the desk raises itself, as one tree.

    DeskError
    ├── EffectError              an effect could not be executed
    │   ├── RetryLater          it may work later: time-outs, 429, 5xx, a lost connection
    │   ├── Refused             it will never work like this: a person has to act
    │   │   ├── NotFound        what it names does not exist (or may not be seen)
    │   │   ├── Unreachable     a person or channel cannot be written to
    │   │   └── NotConnected    this vendor is not set up: the process goes on by hand
    │   └── Misconfigured       the settings are wrong: the admin has to act
    └── PolicyError             the policy file does not hold what it should

The first argument is always a sentence fit for a person to read; it never holds a secret.
"""

from datetime import timedelta


class DeskError(Exception):
    """Base of all errors of this project."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class EffectError(DeskError):
    """An effect could not be executed."""


class RetryLater(EffectError):  # noqa: N818 - the name says what to do, as do its siblings
    """The vendor may do it later; `wait` is what it asked for, or None when it did not say.

    With `unsure` the vendor may have done it, or do it yet: its answer did not come, or could not be read.
    """

    def __init__(self, sentence: str, wait: timedelta | None = None, *, unsure: bool = False) -> None:
        super().__init__(sentence)
        self.wait = wait
        self.unsure = unsure


class Refused(EffectError):  # noqa: N818
    """The vendor will never do it like this: give up and tell a person."""


class NotFound(Refused):
    """What the call names does not exist, or this account may not see it."""


class Unreachable(Refused):
    """The person or channel cannot be written to: deactivated, archived, or the bot is not a member.

    `code` is the vendor's own word for it, such as `not_in_channel` or `is_archived`.
    """

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.code = code


class NotConnected(Refused):
    """The vendor is not set up here: the process goes on without it, with manual steps instead."""


class Misconfigured(EffectError):  # noqa: N818
    """The settings are wrong (token, scope, address): tell the admin; retrying alone cannot help."""


class PolicyError(DeskError):
    """The policy file does not hold what it should; the sentence names line, key and the nearest right one."""
