/** The styles of the page at `/docs`, in the page itself: its Content-Security-Policy allows these and nothing else. */
export const pageStyles = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --dim: color-mix(in srgb, currentColor 68%, transparent); }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; display: grid; grid-template-columns: 17rem minmax(0, 60rem); gap: 0 3rem; }
header, main, footer { grid-column: 2; padding: 0 1.5rem 0 0; }
header { padding-top: 1.5rem; }
nav { grid-column: 1; grid-row: 1 / span 3; position: sticky; top: 0; max-height: 100vh; overflow: auto; padding: 1.5rem; border-inline-end: 1px solid var(--line); font-size: .875rem; }
nav ul { list-style: none; margin: 0 0 1rem; padding: 0; }
nav a { display: block; padding: .15rem 0; color: inherit; text-decoration: none; }
nav a:hover { text-decoration: underline; }
nav h2 { font-size: .75rem; letter-spacing: .06em; text-transform: uppercase; color: var(--dim); margin: 1rem 0 .25rem; }
h1 { margin: 0 0 .5rem; font-size: 1.75rem; }
h2 { margin: 2.5rem 0 0; }
article { border-top: 1px solid var(--line); padding: 1.25rem 0; scroll-margin-top: .5rem; }
article:target { border-top-color: currentColor; }
h3 { margin: 0 0 .25rem; font-size: 1.125rem; }
h4 { margin: 1rem 0 .25rem; font-size: .875rem; color: var(--dim); }
code, pre { font: .875em/1.5 ui-monospace, monospace; }
.route { overflow-wrap: anywhere; }
.method { display: inline-block; min-width: 4.5ch; font-weight: 700; }
.note { color: var(--dim); margin: .25rem 0; }
pre { margin: .25rem 0; padding: .75rem 1rem; overflow: auto; border: 1px solid var(--line); border-radius: .375rem; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
td, th { padding: .3rem .75rem .3rem 0; text-align: start; vertical-align: top; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; border-top: 0; color: var(--dim); font-size: .8125rem; }
summary { cursor: pointer; }
@media (max-width: 40rem) { tr { display: block; padding: .4rem 0; border-top: 1px solid var(--line); } td { display: block; border: 0; padding: 0; } }
@media (max-width: 60rem) { body { display: block; padding: 0 1rem; } nav { position: static; max-height: none; padding: 1rem 0; border: 0; } }
`;
