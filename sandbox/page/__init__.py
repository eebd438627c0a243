"""The workspace in a browser. Needs the extra `page`; nothing else of the sandbox does.

Server-rendered HTML that morphs in place over one WebSocket (PyView brings the browser's side in its wheel), so that
the markup is ours to the letter: real buttons, labels and dialogs, and focus stays where it is when something changes.
"""
