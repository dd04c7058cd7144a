"""What we claim about speed, as programs: ratios of one interleaved run, since absolute numbers are the machine's."""
