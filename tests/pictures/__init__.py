"""Pictures of every application at the sizes it is sold for, of two versions side by side. `make pictures` takes them."""
