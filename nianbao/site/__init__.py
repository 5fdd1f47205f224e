"""Static pages from the dataset, for people who compare counties: no server, no request to any other host."""
