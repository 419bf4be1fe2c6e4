"""The person at the device: terminal and, later, display and buttons."""
