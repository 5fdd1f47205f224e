"""Tests of discovery: simulated sites, one per content system."""
