"""Prints the chart library as one script: `python -m nianbao.site.bundling`.

In a process of its own: the engine that bundles it keeps some 200 MB for as long as its process lives.
"""

import sys

_EXPORTED = "window.vegaEmbed = vegaEmbed;"


def main() -> None:
    """Print the script."""
    import vl_convert

    sys.stdout.buffer.write(vl_convert.javascript_bundle(_EXPORTED).encode())


if __name__ == "__main__":
    main()
