// What a page must be for everybody: labelled, named, legible, and no wider than the window. Returns what is wrong.
() => {
  const wrong = [];
  const say = (text, element) => wrong.push(`${text}: ${element ? element.outerHTML.slice(0, 120) : ""}`);
  if (document.documentElement.lang !== "zh-CN") say("lang");
  if (document.querySelectorAll("h1").length !== 1) say(`h1 × ${document.querySelectorAll("h1").length}`);
  if (!document.title.trim()) say("title");
  if (document.querySelectorAll("main").length !== 1) say("main");
  if (document.documentElement.scrollWidth > window.innerWidth) say(`wider than the window by ${document.documentElement.scrollWidth - window.innerWidth}`);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  ids.filter((id, at) => ids.indexOf(id) !== at).forEach((id) => say(`id twice: ${id}`));
  document.querySelectorAll("input:not([type=hidden]), select, textarea").forEach((input) => {
    if (!(input.labels && input.labels.length) && !input.getAttribute("aria-label")) say("no label", input);
  });
  document.querySelectorAll("a[href], button").forEach((element) => {
    if (!element.textContent.trim() && !element.getAttribute("aria-label")) say("no name", element);
  });
  document.querySelectorAll("table th").forEach((head) => { if (!head.scope) say("th without scope", head); });
  const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).slice(0, 3).map((value) => { const v = value / 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let here = element; here; here = here.parentElement) {
      const colour = getComputedStyle(here).backgroundColor, alpha = parts(colour)[3];
      if (alpha === undefined || alpha > 0.99) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  document.querySelectorAll("body *").forEach((element) => {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const style = getComputedStyle(element);
    if (!own || element.disabled || element.offsetParent === null || element.tagName === "OPTION") return;
    const [a, b] = [light(style.color), light(behind(element))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) say(`contrast ${((a + 0.05) / (b + 0.05)).toFixed(2)}`, element);
  });
  return wrong;
}
