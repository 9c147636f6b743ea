// Evaluation: see DESIGN.md, section 9.
