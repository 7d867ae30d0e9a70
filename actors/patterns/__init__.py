"""Pattern recognition: charts from bars, recognisers behind one port, and who asks them."""
