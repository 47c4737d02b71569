"""Published networks as choices beside the shipped one. Imports nothing heavy."""
