"""What a company sets: fields that all sections share, one section a process, and the whole."""
