"""What is kept of a library: catalog, shards, generations; `library` opens them together."""
