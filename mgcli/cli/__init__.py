"""The command line: arguments in, a function of a lower room, text or JSON out."""
