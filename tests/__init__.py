"""The tests of Starting Point."""
