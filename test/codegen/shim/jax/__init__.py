"""The names of JAX that generated code uses, on NumPy: a name that is not here fails a test.

JAX has every one of these names; what is tested is that the code computes the right values with them."""
