"""What is kept of a library: SQL catalog, shards, FAISS generations; `library` opens them together."""
