"""The dashboard and the lists behind its numbers, a module for each noun."""
