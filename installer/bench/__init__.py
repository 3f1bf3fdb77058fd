"""What this machine does with this program, each figure beside a floor that was measured in the same run."""
