"""What we claim about speed, as programs. Each prints ratios of one interleaved run; absolute numbers are this machine's."""
