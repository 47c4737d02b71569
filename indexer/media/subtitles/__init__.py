"""The formats that subtitle files are written in, one parser a module."""
