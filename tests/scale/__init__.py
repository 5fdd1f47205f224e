"""Proofs at scale: archives that are made up here, read by several workers, killed and begun again."""
