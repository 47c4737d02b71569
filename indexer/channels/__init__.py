"""What of a video is searched besides its picture: what it says, shows in writing, is called."""
