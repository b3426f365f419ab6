// Ticking many cells of a wall: one tab stop, arrows, ranges with Shift, whole rows and columns.
import { say } from "./status.js";
import { startColumns } from "./wall-columns.js";

const form = document.querySelector("[data-levels]");
const table = form?.querySelector("table");
const set = form?.querySelector("[data-set]");
let from = null; // where a range begins

const grid = () => [...table.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td:not([hidden]) input")]);

function placeOf(lines, box) {
  const row = lines.findIndex((line) => line.includes(box));
  return [row, row < 0 ? -1 : lines[row].indexOf(box)];
}

function rove(box) {
  for (const other of table.querySelectorAll("input[tabindex='0']")) other.tabIndex = -1;
  box.tabIndex = 0;
}

/** Tick every cell of the rectangle between two cells. */
function tickRange(lines, [row, column], [lastRow, lastColumn]) {
  for (let y = Math.min(row, lastRow); y <= Math.max(row, lastRow); y += 1) {
    for (let x = Math.min(column, lastColumn); x <= Math.max(column, lastColumn); x += 1) lines[y][x].checked = true;
  }
  count();
}

/** Tick all of them, or none where all are ticked already. */
function toggle(boxes) {
  const on = boxes.some((box) => !box.checked);
  for (const box of boxes) box.checked = on;
  count();
}

function count() {
  const n = table.querySelectorAll("input:checked").length;
  const words = form.dataset;
  set.textContent = n === 0 ? words.none : n === 1 ? words.one : words.many.replace("%(n)s", n);
  say(n ? words.said.replace("%(n)s", n) : "");
}

const MOVES = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function press(event) {
  const box = event.target.closest("tbody input");
  if (!box || event.altKey || event.metaKey) return;
  const lines = grid();
  const [row, column] = placeOf(lines, box);
  if (event.key === " " && (event.shiftKey || event.ctrlKey)) {
    event.preventDefault();
    toggle(event.shiftKey ? lines[row] : lines.map((line) => line[column]));
    return;
  }
  if (!(event.key in MOVES) || event.ctrlKey) return;
  event.preventDefault();
  const [down, right] = MOVES[event.key];
  const along = document.dir === "rtl" ? -right : right;
  const y = Math.min(Math.max(row + down, 0), lines.length - 1);
  const x = Math.min(Math.max(column + along, 0), lines[0].length - 1);
  if (event.shiftKey) {
    from ??= [row, column];
    tickRange(lines, from, [y, x]);
  } else {
    from = null;
  }
  rove(lines[y][x]);
  lines[y][x].focus();
}

function point(event) {
  const box = event.target.closest("tbody label")?.querySelector("input");
  if (!box) return;
  const lines = grid();
  const here = placeOf(lines, box);
  if (event.shiftKey && from) {
    event.preventDefault();
    tickRange(lines, from, here);
    box.focus();
  } else {
    from = here;
  }
}

function start() {
  for (const box of table.querySelectorAll("tbody input")) box.tabIndex = -1;
  const first = table.querySelector("tbody input");
  if (first) first.tabIndex = 0;
  startColumns(table, document.querySelector("[data-one-standard]"), () => {
    const reached = table.querySelector("input[tabindex='0']");
    if (reached?.closest("td").hidden) rove(grid()[0][0]);
  });
  table.addEventListener("keydown", press);
  table.addEventListener("click", point);
  table.addEventListener("change", count);
  table.addEventListener("focusin", (event) => event.target.matches("tbody input") && rove(event.target));
  if (table.querySelector("input:checked")) count();
}

if (table) start();
