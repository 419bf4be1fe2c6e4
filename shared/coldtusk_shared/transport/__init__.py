"""Messages across the gap: bytes to frames and back, and the frames as light or as files."""
