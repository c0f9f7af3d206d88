"""Scripts that make what is shipped or published: data, reference pages."""
