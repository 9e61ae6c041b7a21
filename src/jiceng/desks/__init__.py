"""What people come to do. Desks do not import one another."""
