"""Which videos of a library are copies of one another, whole or in part."""
