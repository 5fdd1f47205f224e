"""Documents that nobody would publish: whatever comes in, a report or one clear error comes out, soon and small."""
