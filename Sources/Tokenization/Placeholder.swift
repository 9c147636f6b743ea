// Tokenization: see DESIGN.md, section 9.
