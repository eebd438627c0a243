"""A process of three states, as small as one can be: somebody borrows something, is reminded, and brings it back.

"Adding a process" in CONTRIBUTING.md explains this folder; a process of the desk has the same parts in
`workflows/NAME/` and `handlers/NAME/`.
"""
