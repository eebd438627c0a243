"""Where a case stands in the queue of its owner, so that a page of the queue is read, and no more."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0004"
down_revision = "0003"

CASES = sa.table(
    "case_",
    sa.column("id", sa.String),
    sa.column("kind", sa.String),
    sa.column("state", sa.String),
    sa.column("data", sa.JSON),
    sa.column("queue_rank", sa.Integer),
    sa.column("queue_since", UTCDateTime()),
)
RANKS = {"bad": 0, "neutral": 1, "good": 2}


def upgrade() -> None:
    with op.batch_alter_table("case_", schema=None) as batch_op:
        batch_op.add_column(sa.Column("queue_rank", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("queue_since", UTCDateTime(), nullable=True))
        batch_op.create_index("ix_case_queue", ["kind", "owner", "queue_rank", "queue_since"], unique=False)
    _queue_what_waits()


def _queue_what_waits() -> None:
    """The reviews that wait already: a rule places every other one when something next happens to it."""
    connection = op.get_bind()
    waiting = sa.select(CASES.c.id, CASES.c.data).where(
        CASES.c.kind == "review", CASES.c.state.in_(("open", "discussing"))
    )
    for case_id, data in connection.execute(waiting).all():
        if data["asked_who"]:
            since = datetime.fromisoformat(data["rated_at"] or data["opened_at"]).astimezone(UTC)
            placed = {"queue_rank": RANKS[data["tone"]], "queue_since": since}
            connection.execute(sa.update(CASES).where(CASES.c.id == case_id).values(placed))


def downgrade() -> None:
    with op.batch_alter_table("case_", schema=None) as batch_op:
        batch_op.drop_index("ix_case_queue")
        batch_op.drop_column("queue_since")
        batch_op.drop_column("queue_rank")
