"""The one async service object that every screen shares."""
