// Models: see DESIGN.md, section 9.
