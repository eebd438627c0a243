"""Who hears what the vendors tell and may open a case over it; cases that exist hear of it anyway."""

from workflows.inbox import Hear

HEARERS: tuple[Hear, ...] = ()
