// Tensors: see DESIGN.md, section 9.
