// Comfort only: every page works without it. In a map the arrow keys go from cell to cell.
"use strict";
document.addEventListener("keydown", event => {
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
  const cell = event.target.closest?.(".map td");
  if (!step || !cell || event.altKey || event.ctrlKey || event.metaKey)
    return;
  const row = step[0] === 0 ? cell.parentElement : cell.parentElement[step[0] > 0 ? "nextElementSibling" : "previousElementSibling"];
  const link = row?.cells[Math.min(cell.cellIndex + step[1], row.cells.length - 1)]?.querySelector("a");
  if (link) {
    event.preventDefault();
    link.focus();
  }
});

// What the store has now comes in place of what it had, unless somebody is writing there. Where he was, he stays.
const main = document.querySelector("main[data-live]");
if (main) {
  let changes, isLoading;
  const load = async () => {
    if (isLoading || main.contains(document.activeElement?.closest("input, select, textarea")))
      return;
    isLoading = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const next = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
      if (next) {
        const place = main.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
        main.replaceChildren(...next.childNodes);
        if (place)
          main.querySelector(`a[href="${CSS.escape(place)}"]`)?.focus({ preventScroll: true });
      }
    } catch {
      // The next change tries again.
    } finally {
      isLoading = false;
    }
  };
  const watch = () => {
    if (document.hidden) {
      changes?.close();
      changes = null;
    } else if (!changes) {
      changes = new EventSource(main.dataset.live);
      changes.addEventListener("change", load);
    }
  };
  document.addEventListener("visibilitychange", () => { const wasAway = !changes; watch(); if (wasAway && !document.hidden) load(); });
  watch();
}
