"""Run the command line with python -m journeyseo."""

from journeyseo.cli.main import main

if __name__ == "__main__":
    main()
