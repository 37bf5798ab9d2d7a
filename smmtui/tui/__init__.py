"""The terminal interface: the only place where Textual lives."""
