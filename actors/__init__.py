"""Who acts: feeds, deciders and gateways, as plain classes that know no runtime."""
