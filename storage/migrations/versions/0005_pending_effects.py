"""Indices of the effects that have not left yet, however many have; and when what is done was done, to prune it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

PENDING = sa.text("finished_at IS NULL")
DONE = "UPDATE effect SET finished_at = created_at WHERE finished_at IS NULL AND state NOT IN ('waiting', 'sending')"


def upgrade() -> None:
    op.execute(DONE)
    op.drop_index("ix_effect_due", "effect")
    op.drop_index("ix_effect_lane", "effect")
    op.create_index("ix_effect_urgent", "effect", ["priority", "id"], sqlite_where=PENDING, postgresql_where=PENDING)
    op.create_index(
        "ix_effect_lane", "effect", ["lane", "priority", "id"], sqlite_where=PENDING, postgresql_where=PENDING
    )
    op.create_index("ix_effect_finished", "effect", ["finished_at"])


def downgrade() -> None:
    op.drop_index("ix_effect_finished", "effect")
    op.drop_index("ix_effect_lane", "effect")
    op.drop_index("ix_effect_urgent", "effect")
    op.create_index("ix_effect_lane", "effect", ["lane", "state"])
    op.create_index("ix_effect_due", "effect", ["state", "due_at"])
