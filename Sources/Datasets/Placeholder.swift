// Datasets: see DESIGN.md, section 9.
