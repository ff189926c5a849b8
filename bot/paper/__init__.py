"""What the desk puts on paper: letters as PDF, later certificates; shaped right in every launch language's script."""
