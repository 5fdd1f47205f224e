"""Reports to Parquet: schema, divisions, generations, panel."""
