"""What views draw besides curves: examples, and maps of a plane."""
