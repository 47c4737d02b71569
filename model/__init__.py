"""Frames and words in, unit vectors of one joint space out. Imports nothing heavy."""
