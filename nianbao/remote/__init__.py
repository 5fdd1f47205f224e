"""Stores on object storage: whatever fsspec reaches, S3 before all."""
