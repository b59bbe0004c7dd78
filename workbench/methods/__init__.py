"""The methods, one a file, in a folder a role. Found by a scan of these folders."""
