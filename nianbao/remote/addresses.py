"""What an address of object storage looks like."""


def is_remote(store: str) -> bool:
    """Say whether a store is named by an address, such as `s3://bucket/prefix`, and not by a folder."""
    return "://" in store
