"""PDF files with a text layer: glyphs and rules of each page brought back to lines and tables."""
