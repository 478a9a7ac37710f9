"""Numbers over time and by name, drawn as SVG."""
