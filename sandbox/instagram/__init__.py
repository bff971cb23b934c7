"""Instagram professional accounts, both variants of the API, as the fact sheet of 2026-11-23 describes them.

Shares graph.facebook.com and rupload.facebook.com with `sandbox.facebook`, and that Graph's manners: tokens, `fields`,
paging, error envelope. Nothing is imported here: `sandbox.world` needs `sandbox.instagram.world` before all else.
"""
