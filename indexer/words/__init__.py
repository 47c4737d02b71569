"""Text of any script to terms that can be looked up. Imports nothing heavy."""
