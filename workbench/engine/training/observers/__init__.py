"""What looks on beside the steps and tells events, one a file. Never imports the trainer."""
