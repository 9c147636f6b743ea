// Reporting: see DESIGN.md, section 9.
