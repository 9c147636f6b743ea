// Metrics: see DESIGN.md, section 9.
