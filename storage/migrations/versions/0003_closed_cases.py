"""When a case was over, so that the open ones and the lately closed ones are found by an index."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("case_", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_at", UTCDateTime(), nullable=True))
        batch_op.create_index("ix_case_kind_closed", ["kind", "closed_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("case_", schema=None) as batch_op:
        batch_op.drop_index("ix_case_kind_closed")
        batch_op.drop_column("closed_at")
