"""The pages of the partner programme, by noun."""
