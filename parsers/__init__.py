"""From the bytes of a published page to its report: pure, no network, no clock, no sites."""
