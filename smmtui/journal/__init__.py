"""What must never be lost: intents, outcomes, receipts, and the last catalogue."""
