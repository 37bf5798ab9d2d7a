"""The words on the screen: that all of them can be translated, and that the screens hold what a translation brings."""
