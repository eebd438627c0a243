"""Slack's Block Kit and view limits, enforced as strictly as Slack enforces them.

    shapes    the small language the limits are written in
    syntax    strings with a syntax of their own: addresses, numbers, days
    objects   text, option, confirm and the other composition objects
    elements  buttons, menus and inputs, and where each may stand
    rich_text sections, lists, quotes and code
    blocks    section, actions, input and the other blocks, per surface
    surfaces  whole messages and views: `check_message`, `check_view`
    state     what a person filled in: `check_view_state`, `missing_inputs`

Nothing here reads or writes: values in, a `Problem` or None out. What is not written down is refused,
so a block Slack has and the desk does not use (video, table, card) is refused as an unsupported type.
Lengths are counted in Unicode code points.
"""

from sandbox.blockkit.state import check_view_state, missing_inputs
from sandbox.blockkit.surfaces import Problem, check_message, check_view

__all__ = ["Problem", "check_message", "check_view", "check_view_state", "missing_inputs"]
