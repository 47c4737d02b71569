"""Video files in, a searchable library out. Imports nothing heavy; see `indexer.pipeline`."""
