"""What the README's figures are made with. Run `python -m benchmarks --data FOLDER`."""
