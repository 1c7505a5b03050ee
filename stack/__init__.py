"""How the parts are run together: docker, native engines or embedded, and the supervisor that watches over them."""
