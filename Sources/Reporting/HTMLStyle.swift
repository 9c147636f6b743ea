/// The page's style sheet.
let htmlStyle = """
  :root { --ink: #1f2933; --faint: #66727f; --line: #dde3e8; --accent: #0b5c8f; }
  * { box-sizing: border-box; }
  body { margin: 0; background: #f4f6f8; color: var(--ink); line-height: 1.5;
    font: 15px/1.5 system-ui, "Helvetica Neue", Arial, "Noto Sans CJK SC", sans-serif; }
  header { background: #12344d; color: #fff; padding: 1.6rem 2rem; }
  header h1 { margin: 0; font-size: 1.5rem; font-weight: 600; }
  header p { margin: .2rem 0 0; color: #b9cbd8; }
  main { max-width: 78rem; margin: 0 auto; padding: 1.2rem 2rem 3rem; }
  section { background: #fff; border: 1px solid var(--line); border-radius: 8px;
    padding: 1.2rem 1.5rem; margin: 1.2rem 0; }
  h2 { margin: 0; font-size: 1.2rem; }
  h3 { margin: 0 0 .6rem; font-size: 1.02rem; color: var(--accent); }
  h3 small { color: var(--faint); font-weight: 400; margin-left: .4em; }
  article { border-top: 1px solid var(--line); margin-top: 1.2rem; padding-top: 1rem; }
  .facts, .note { color: var(--faint); font-size: .87rem; margin: .3rem 0 .8rem; }
  .table { overflow-x: auto; margin: .6rem 0; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th, td { padding: .35rem .9rem .35rem 0; text-align: left; vertical-align: baseline; }
  th { border-bottom: 2px solid var(--ink); font-weight: 600; white-space: nowrap; }
  td { border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
  td:not(.number) { min-width: 9rem; }
  th.number, td.number { text-align: right; white-space: nowrap; padding: .35rem 0 .35rem 1.1rem; }
  td small { color: var(--faint); }
  tr.reference td { background: #f7f9fb; color: #4a5763; }
  sup { line-height: 0; }
  td strong { color: var(--accent); }
  tbody tr:hover { background: #f4f8fb; }
  .plots { display: flex; flex-wrap: wrap; gap: 1rem 2rem; align-items: flex-start; }
  figure { margin: 0; max-width: 100%; }
  figure svg, figure img { max-width: 100%; height: auto; display: block; }
  figcaption { color: var(--faint); font-size: .87rem; max-width: 66rem; margin: .3rem 0 .8rem; }
  details { margin: .5rem 0; font-size: .9rem; }
  summary { cursor: pointer; color: var(--accent); }
  ul { margin: .3rem 0; padding-left: 1.3rem; }
  @media print { body { background: #fff; } section { border: 0; padding: 0; } }

  """
