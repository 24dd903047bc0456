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
