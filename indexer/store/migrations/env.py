"""Runs migrations on the connection that `indexer.store.database.upgrade` hands over."""

from alembic import context

import indexer.store.notes_schema
import indexer.store.schema  # noqa: F401
from indexer.store.base import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
