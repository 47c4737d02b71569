"""What can be read out of a media file. Imports nothing heavy; see `reader` and `isolation`."""
