// The entry grid: arrows and Enter move, a block copied from Excel pastes as a block, changed cells show.
"use strict";
(() => {
  const form = document.getElementById("grid-form");
  if (!form) return;
  const table = form.querySelector("table");
  const told = document.getElementById("changed");
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].slice(2).map((cell) => cell.querySelector("input:not([type=hidden])")));
  const place = new Map();
  rows.forEach((cells, y) => cells.forEach((input, x) => input && place.set(input, [y, x])));
  // Digits typed with a Chinese input method arrive full-width; the office means the same number.
  const plain = (text) => text.trim().replace(/[０-９．－，]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/,/g, "");
  const count = () => {
    const changed = [...place.keys()].filter((input) => input.value !== input.dataset.was);
    place.forEach((_, input) => input.parentElement.classList.toggle("changed", input.value !== input.dataset.was));
    told.textContent = changed.length ? `改了 ${changed.length} 个数，尚未保存` : "";
    return changed.length;
  };
  const move = (input, down, right) => {
    let [y, x] = place.get(input);
    for (;;) {
      y += down; x += right;
      if (!rows[y] || x < 0 || x >= rows[y].length) return;
      if (rows[y][x]) { rows[y][x].focus(); rows[y][x].select(); return; }
    }
  };
  table.addEventListener("keydown", (event) => {
    if (!place.has(event.target) || event.isComposing) return;
    const input = event.target, from = input.selectionStart, to = input.selectionEnd, end = input.value.length;
    const all = from === 0 && to === end;
    const steps = { ArrowDown: [1, 0], ArrowUp: [-1, 0], Enter: [event.shiftKey ? -1 : 1, 0] };
    if (all || (from === 0 && to === 0)) steps.ArrowLeft = [0, -1];
    if (all || (from === end && to === end)) steps.ArrowRight = [0, 1];
    if (event.key === "Escape") { input.value = input.dataset.was; count(); input.select(); }
    const step = steps[event.key];
    if (step && !event.ctrlKey && !event.metaKey) { event.preventDefault(); move(input, ...step); }
  });
  const about = document.getElementById("about");
  table.addEventListener("focusin", (event) => {
    if (!place.has(event.target)) return;
    event.target.select();
    about.textContent = [event.target.dataset.about, event.target.dataset.note].filter(Boolean).join("。口径：");
  });
  table.addEventListener("paste", (event) => {
    if (!place.has(event.target)) return;
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!/[\t\n]/.test(text)) return;
    event.preventDefault();
    const [top, left] = place.get(event.target);
    let lost = 0;
    text.split("\n").forEach((line, dy) => line.split("\t").forEach((value, dx) => {
      const input = rows[top + dy] && rows[top + dy][left + dx];
      if (input) input.value = plain(value); else if (value.trim()) lost += 1;
    }));
    event.target.select();
    const changed = count();
    if (lost) told.textContent = `改了 ${changed} 个数，尚未保存；有 ${lost} 个数没有对应的格子，未粘贴`;
  });
  table.addEventListener("input", count);
  table.addEventListener("change", (event) => { if (place.has(event.target)) { event.target.value = plain(event.target.value); count(); } });
  count();
  let saving = false;
  form.addEventListener("submit", () => { saving = true; });
  window.addEventListener("beforeunload", (event) => { if (!saving && count()) event.preventDefault(); });
})();
