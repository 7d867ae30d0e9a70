"""Vision-language models that are shown a colour chart and answer by a schema."""
