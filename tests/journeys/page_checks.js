// What a page owes to people who read it by ear, by keyboard or on a small window and what axe does not ask for. Gives the faults.
() => {
  const faults = [];
  const short = (one) => one.outerHTML.slice(0, 140);
  const seen = (one) => one.checkVisibility({ visibilityProperty: true });
  const all = (what) => [...document.querySelectorAll(what)];
  if (!/^zh/.test(document.documentElement.lang)) faults.push("the language of the page is not told");
  if (!document.title.replace("· 基层治理平台", "").trim()) faults.push("no title");
  const ones = all("h1").filter(seen);
  if (ones.length !== 1) faults.push(`${ones.length} first headings`);
  if (all("main").length !== 1) faults.push(`${all("main").length} main parts`);
  const skip = document.querySelector("a.skip");
  if (document.querySelector(".side") && (!skip || !document.querySelector(skip.getAttribute("href")))) faults.push("no way past the menu");
  let deep = 0;
  for (const one of all("main :is(h1, h2, h3, h4, h5, h6)").filter(seen)) {
    const level = Number(one.tagName[1]);
    if (level > deep + 1) faults.push(`heading ${level} after ${deep}: ${short(one)}`);
    deep = level;
  }
  for (const one of all("th")) if (!one.hasAttribute("scope")) faults.push(`a heading of a table without scope: ${short(one)}`);
  for (const one of all("table")) if (!one.querySelector("th")) faults.push(`a table without headings: ${short(one)}`);
  for (const one of all("nav")) if (all("nav").length > 1 && !one.getAttribute("aria-label") && !one.getAttribute("aria-labelledby")) faults.push(`navigation without a name: ${short(one)}`);
  for (const one of all("[tabindex]")) if (one.tabIndex > 0) faults.push(`order of focus forced: ${short(one)}`);
  for (const one of all(".field .wrong, .field .help")) {
    if (!one.id) { faults.push(`a field's words without id: ${short(one)}`); continue; }
    if (!document.querySelector(`[aria-describedby~="${CSS.escape(one.id)}"]`)) faults.push(`not tied to its field: ${short(one)}`);
  }
  for (const one of all("[aria-describedby], [aria-labelledby]")) {
    for (const id of [...(one.getAttribute("aria-describedby") || "").split(/\s+/), ...(one.getAttribute("aria-labelledby") || "").split(/\s+/)])
      if (id && !document.getElementById(id)) faults.push(`refers to nothing (${id}): ${short(one)}`);
  }
  const ids = new Set();
  for (const one of all("[id]")) { if (ids.has(one.id)) faults.push(`two of id ${one.id}`); ids.add(one.id); }
  return faults;
}
