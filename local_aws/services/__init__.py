"""A module or package for each service, whose ``install`` overrides parts of moto."""
