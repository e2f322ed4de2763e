/** The style sheet of a report: one column to read, figures that may be wider, tables that scroll by themselves. */
import { pageColors } from "./palette.ts";

export const style: string = `${pageColors}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;background:var(--paper);color:var(--ink)}
body{margin:0;font:17px/1.55 Charter,"Bitstream Charter","Iowan Old Style","Source Serif 4",Cambria,Georgia,serif;
  font-kerning:normal;font-variant-numeric:oldstyle-nums proportional-nums;text-rendering:optimizeLegibility}
main{max-width:1064px;margin:0 auto;padding:56px 32px 96px}
header p.over{margin:0 0 6px;color:var(--muted);font:600 13px/1.4 var(--sans);letter-spacing:.06em;text-transform:uppercase}
:root{--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Liberation Sans",Arial,sans-serif;
  --mono:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace}
h1{margin:0 0 10px;font-size:36px;line-height:1.15;font-weight:600;letter-spacing:-.012em;text-wrap:balance}
h2{margin:64px 0 14px;font-size:23px;line-height:1.25;font-weight:600;letter-spacing:-.005em}
p,li,dd{max-width:70ch;text-wrap:pretty;hanging-punctuation:first;overflow-wrap:anywhere}
p{margin:0 0 14px}
.meta{color:var(--muted);font:14px/1.5 var(--sans);font-variant-numeric:tabular-nums}
dl.plain{margin:36px 0 0;display:grid;grid-template-columns:210px minmax(0,1fr);border-top:1px solid var(--rule)}
dl.plain dt,dl.plain dd{margin:0;padding:13px 0;border-bottom:1px solid var(--rule)}
dl.plain dt{font:600 14px/26px var(--sans);color:var(--muted);padding-right:20px}
dl.plain dd{font-size:18px;line-height:26px;max-width:none}
dl.plain dd::first-letter{font-variant-numeric:lining-nums}
figure{margin:0 0 30px;min-width:0}
figure svg{display:block;max-width:100%;height:auto;overflow:visible;font-family:var(--sans)}
svg[data-width=narrow]{display:none}
figcaption{margin-top:8px;color:var(--muted);font:14px/1.5 var(--sans);max-width:78ch;text-wrap:pretty}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:20px;align-items:start}
.pair>figure:only-child{grid-column:1/-1}
.scroll{overflow-x:auto;margin:0 0 18px;scrollbar-width:thin}
table{border-collapse:collapse;width:100%;font:14.5px/1.45 var(--sans);font-variant-numeric:lining-nums tabular-nums}
th,td{text-align:left;vertical-align:top;padding:8px 18px 8px 0;border-bottom:1px solid var(--rule)}
th:last-child,td:last-child{padding-right:0}
thead th{border-bottom:1.5px solid var(--ink);font-weight:600;white-space:nowrap;vertical-align:bottom}
thead th small{display:block;font-weight:400;color:var(--muted);font-size:12.5px}
td.n,th.n{text-align:right;white-space:nowrap}
td small{color:var(--muted);font-size:13px}
tr.winner td{font-weight:600}
tr.winner td small{font-weight:400}
tr.winner td:first-child::before{content:"";display:inline-block;width:7px;height:7px;margin-right:9px;border-radius:50%;background:var(--accent);vertical-align:1px}
pre{margin:0 0 14px;padding:14px 16px;overflow-x:auto;border:1px solid var(--rule);border-radius:6px;background:var(--panel);
  font:14px/1.55 var(--mono);font-variant-numeric:lining-nums tabular-nums}
ul{margin:0 0 14px;padding-left:1.15em}
li{margin:0 0 6px}
li::marker{color:var(--muted)}
ol.references{padding-left:1.6em;font-size:15.5px}
a{color:inherit}
footer{margin-top:64px;padding-top:14px;border-top:1px solid var(--rule)}
@media (max-width:820px){
  .pair{grid-template-columns:minmax(0,1fr);gap:0}
  svg[data-width=wide]{display:none}
  svg[data-width=narrow]{display:block;width:100%}
}
@media (max-width:560px){
  body{font-size:16px}
  main{padding:32px 24px 64px}
  h1{font-size:28px}
  h2{margin-top:48px;font-size:21px}
  dl.plain{grid-template-columns:minmax(0,1fr);margin-top:26px}
  dl.plain dt{padding:12px 0 0;border:0;line-height:20px}
  dl.plain dd{padding:2px 0 13px;font-size:17px;line-height:25px}
  table.cards thead{display:none}
  table.cards,table.cards tbody,table.cards tr,table.cards td{display:block}
  table.cards tr{padding:10px 0;border-bottom:1px solid var(--rule)}
  table.cards td{display:flex;justify-content:space-between;gap:16px;padding:2px 0;border:0;text-align:right;white-space:normal}
  table.cards td::before{content:attr(data-label);color:var(--muted);font-weight:400;text-align:left;white-space:nowrap}
  table.cards td:not(.n){display:block;text-align:left}
  table.cards td:not(.n)::before{margin-right:12px}
  table.cards td:empty,table.cards td:not(.n):empty{display:none}
  table.cards td[data-label=""]::before{content:none}
  table.cards td:first-child{display:block;text-align:left;font-weight:600}
  table.cards td:first-child[data-label]::before{content:none}
  table.cards tr.winner td:first-child::before{content:"";display:inline-block}
}
@media print{main{max-width:none;padding:0}figure,tr{break-inside:avoid}h2{break-after:avoid}}
`;
