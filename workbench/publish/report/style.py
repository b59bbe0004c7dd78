"""Style: how a report looks, on a light and on a dark screen, and on paper."""

from workbench.publish.figures.svg import STYLE as FIGURES

STYLE = (
    """
:root{color-scheme:light dark;--page:#fff;--ink:#182030;--soft:#556070;--rule:#dfe4ec;
--tint:#f4f6f9;--accent:#3257d6;--warn:#9a4b00}
@media(prefers-color-scheme:dark){:root{--page:#12161f;--ink:#e8ecf4;--soft:#a5afbf;
--rule:#2b3342;--tint:#1a202c;--accent:#8aa6ff;--warn:#ffb066}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
main{max-width:52rem;margin:0 auto;padding:3rem 1.25rem 5rem}
h1{font-size:2rem;line-height:1.2;margin:0 0 .3rem;letter-spacing:-.01em;text-wrap:balance}
h2{font-size:1.3rem;margin:3rem 0 .75rem;padding-top:1.2rem;border-top:1px solid var(--rule)}
h3{font-size:1.05rem;margin:2rem 0 .5rem}
p{margin:.6rem 0}.soft,figcaption,caption{color:var(--soft);font-size:.9rem}
.answer{font-size:1.15rem;line-height:1.5;margin:1.2rem 0;padding:.9rem 1.1rem;
background:var(--tint);border-left:4px solid var(--accent);border-radius:4px}
.warn{color:var(--warn)}
figure{margin:1.4rem 0}figure svg{width:100%;height:auto;display:block}
figcaption{margin-top:.4rem}
.scroll{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums}
caption{text-align:left;padding-bottom:.4rem}
th,td{padding:.38rem .7rem;border-bottom:1px solid var(--rule);text-align:left;vertical-align:top}
th{white-space:nowrap}thead th{border-bottom:2px solid var(--rule);font-weight:600}
.n{text-align:right;white-space:nowrap}
td.long{overflow-wrap:break-word}
code,pre{font:.86rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:var(--tint);padding:.9rem 1rem;border-radius:6px;overflow-x:auto}
dl{margin:0}dt{font-weight:600;margin-top:.9rem}dd{margin:.1rem 0 0}
@media print{main{padding:0}h2{break-after:avoid}figure,table{break-inside:avoid}}
"""
    + FIGURES
)
