// Layers: see DESIGN.md, section 9.
