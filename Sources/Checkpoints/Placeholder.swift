// Checkpoints: see DESIGN.md, section 9.
