"""`python -m keian` is the command `keian`."""

from keian.cli import main

main()
