"""The command line of the online half. A command's module is imported when the command is dispatched."""
