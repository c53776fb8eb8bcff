"""What a compressed model costs, and compressed models as files."""
