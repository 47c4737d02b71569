"""Text on screen: where it may be, what it says, and from when to when it stands there."""
