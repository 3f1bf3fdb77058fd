"""The doors of edge and hub: what anybody at all may take of them before it is known who asks."""
