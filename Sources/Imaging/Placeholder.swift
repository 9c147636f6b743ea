// Imaging: see DESIGN.md, section 9.
