"""One module for each subcommand; each holds `command`."""
