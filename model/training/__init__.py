"""How VideoBERT is fitted to a user's own videos. Imports nothing heavy."""
