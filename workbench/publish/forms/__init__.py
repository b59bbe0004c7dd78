"""Forms: what other programs read: CSV, Parquet, TensorBoard, MLflow, an archive."""
