"""What reviewers ask and object, what the authors replied to each point, and whether it settles the point."""
