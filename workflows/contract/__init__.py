"""What rules, engine and clients say to each other: effects, events, facts, values, and the ports of the outside.

A port is a protocol that a module of `bot/clients/` fulfils. Every call through one may raise the errors of
`workflows.contract.errors.EffectError`. `again` is True when an earlier attempt may have gone out without its answer
coming back: then the call looks for what it did before it does it again. Times are aware and UTC.
"""
