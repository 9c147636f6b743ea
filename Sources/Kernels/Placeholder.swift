// Kernels: see DESIGN.md, section 9.
