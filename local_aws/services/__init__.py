"""One module or package a service; each has ``install``, which puts its part over moto's."""
