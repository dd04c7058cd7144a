"""Discount codes of one person each: made when they are wanted, within a budget, and never twice."""
