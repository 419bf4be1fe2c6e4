"""The command line of the offline half. A command's module is imported when it is dispatched."""
