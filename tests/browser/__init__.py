"""Tests in headless Chromium: `make test-browser`."""
