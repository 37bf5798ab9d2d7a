"""smmtui: a keyboard-driven terminal app for people who run a reseller account on an SMM panel."""

__version__ = "0.1.0"
