const GOODS = [
  { name: "Storm lantern", price: "€ 38", shape: "M20 6h8l4 8v22H16V14z M18 40h12" },
  { name: "Brass whistle", price: "€ 12", shape: "M8 20h22a8 8 0 1 1-8 8H8z" },
  { name: "Oilskin coat", price: "€ 140", shape: "M18 6h12l10 8-4 6v22H12V20l-4-6z" },
  { name: "Tide table", price: "€ 9", shape: "M10 8h28v34H10z M16 16h16 M16 24h16 M16 32h10" },
] as const;

/** The shop's front page; the wrong one has lost its goods and its basket. */
export function shopPage(wrong: boolean): string {
  const goods = GOODS.map(
    (item) => `<article><svg viewBox="0 0 48 48" aria-hidden="true"><path d="${item.shape}"/></svg>
<h2>${item.name}</h2><p>${item.price}</p><button type="button">Add to basket</button></article>`,
  ).join("\n");
  const body = wrong ? "<p>Nothing was found. The catalogue is empty.</p>" : `<section>${goods}</section>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Harbour goods</title><style>
body{font:16px/1.5 system-ui,sans-serif;margin:0;color:#1d2733;background:#f6f3ee}
header{background:#1f3a4d;color:#fff;padding:24px 32px}main{max-width:960px;margin:0 auto;padding:32px}
section{display:grid;grid-template-columns:repeat(auto-fill,minmax(200px,1fr));gap:24px}
article{background:#fff;border:1px solid #e2dcd2;border-radius:8px;padding:24px;text-align:center}
svg{width:64px;fill:none;stroke:#1f3a4d;stroke-width:2}h2{font-size:16px;margin:8px 0 0}p{margin:0 0 16px}
button{font:inherit;border:0;border-radius:6px;background:#1f3a4d;color:#fff;padding:8px 16px}
</style></head><body><header><h1>Harbour goods</h1><p>A sample shop, here to be watched and broken.</p></header>
<main>${body}</main></body></html>`;
}
