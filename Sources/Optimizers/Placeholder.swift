// Optimizers: see DESIGN.md, section 9.
