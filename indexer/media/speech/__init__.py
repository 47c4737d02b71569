"""What is said in a film: its sound, where in it there is a voice, and the words."""
