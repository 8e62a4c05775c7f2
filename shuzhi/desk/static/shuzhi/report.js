// The report beside its draft: step through the cards, accept a candidate with one key, look at the words in the text.
"use strict";
(() => {
  const beside = document.getElementById("beside");
  if (!beside) return;
  const cards = [...beside.querySelectorAll(".place-card")];
  const waiting = (card) => "waiting" in card.dataset;
  // Beside the text only the column moves; below it, on a narrow screen, the page.
  const show = (card) => {
    if (!card) return;
    card.focus({ preventScroll: true });
    const top = card.getBoundingClientRect().top - beside.getBoundingClientRect().top;
    if (beside.scrollHeight > beside.clientHeight) beside.scrollTop += top - beside.clientHeight / 4;
    else card.scrollIntoView({ block: "nearest" });
  };
  const here = () => cards.findIndex((card) => card.contains(document.activeElement));
  const next = (from, step, fits) => {
    for (let i = from + step; i >= 0 && i < cards.length; i += step) if (fits(cards[i])) return cards[i];
    return null;
  };
  const anchored = () => {
    const card = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    return card && cards.includes(card) ? card : null;
  };
  const words = (card) => {
    const at = card.dataset.text;
    const link = document.querySelector(`.draft [href="#${CSS.escape(card.id)}"]`);
    (link || document.getElementById(at) || card).scrollIntoView({ block: "center" });
    if (link) link.classList.add("lit");
    setTimeout(() => link && link.classList.remove("lit"), 1500);
  };
  const accept = (card, number) => {
    const buttons = card ? card.querySelectorAll("button[name=concept], button[name=text]") : [];
    if (buttons[number - 1] && !buttons[number - 1].disabled) buttons[number - 1].click();
  };
  // Physical keys, so that a Chinese input method does not swallow them.
  beside.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
    const at = here(), any = () => true;
    const acts = {
      KeyJ: () => show(next(at, 1, any)),
      KeyK: () => show(next(at < 0 ? cards.length : at, -1, any)),
      KeyN: () => show(next(at, 1, waiting) || cards.find(waiting)),
      KeyT: () => at >= 0 && words(cards[at]),
    };
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code);
    const act = digit ? () => accept(cards[at], Number(digit[1])) : acts[event.code];
    if (act) { event.preventDefault(); act(); }
  });
  addEventListener("hashchange", () => show(anchored()));
  if (anchored() || beside.scrollHeight > beside.clientHeight) show(anchored() || cards.find(waiting));
})();
