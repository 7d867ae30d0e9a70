"""From recorded markets to models that are judged, carded and kept."""
