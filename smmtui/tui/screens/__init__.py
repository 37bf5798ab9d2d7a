"""The screens, opened by the App and by nobody else."""
