"""Events as JSON data and back."""
