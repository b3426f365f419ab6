// The wall: one tab stop, arrows inside, receipts beside it, the legend as a filter, one standard at a time on a phone.
import { keysAreOff } from "./shell.js";
import { say, sayKnown } from "./status.js";
import { startColumns } from "./wall-columns.js";
import { watch } from "./wall-refresh.js";

const wall = document.querySelector("[data-wall]");
const table = wall?.querySelector("table");
const panel = document.querySelector("#panel");
const CELL = "tbody td > a";

const cells = () => [...table.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td > a")]);
/** "learner.standard" of a cell. */
const placed = (cell) => new URLSearchParams(cell.search).get("at");
const opened = () => table.querySelector("td > a[aria-current]");

// One tab stop

function rove(button) {
  for (const other of table.querySelectorAll("td > a[tabindex='0']")) other.tabIndex = -1;
  button.tabIndex = 0;
}

function startRoving() {
  for (const button of table.querySelectorAll(CELL)) button.tabIndex = -1;
  const first = opened() ?? table.querySelector(CELL);
  if (first) first.tabIndex = 0;
}

function placeOf(grid, button) {
  const row = grid.findIndex((line) => line.includes(button));
  return [row, row < 0 ? -1 : grid[row].indexOf(button)];
}

const MOVES = {
  ArrowUp: (row, column) => [row - 1, column],
  ArrowDown: (row, column) => [row + 1, column],
  ArrowLeft: (row, column) => [row, column - 1],
  ArrowRight: (row, column) => [row, column + 1],
  Home: (row) => [row, 0],
  End: (row) => [row, Infinity],
};
const MIRRORED = { ArrowLeft: "ArrowRight", ArrowRight: "ArrowLeft" };
const inDirection = (key) => (document.dir === "rtl" && MIRRORED[key]) || key;

function move(event) {
  const button = event.target.closest(CELL);
  if (button && event.key === " ") {
    event.preventDefault();
    button.click(); // as a button would
  }
  if (!button || !(event.key in MOVES) || event.ctrlKey || event.metaKey || event.altKey) return;
  const grid = cells().map((line) => line.filter((other) => !other.closest("td").hidden));
  const [row, column] = MOVES[inDirection(event.key)](...placeOf(grid, button));
  const line = grid[Math.min(Math.max(row, 0), grid.length - 1)];
  const next = line[Math.min(Math.max(column, 0), line.length - 1)];
  event.preventDefault();
  rove(next);
  next.focus();
}

// Receipts; without script the same cell loads the page with its panel.

let asked = 0;

/** Show the receipt of a cell. focus: put the focus into it, unless it only follows new results. */
async function open(button, { focus = true } = {}) {
  const turn = ++asked;
  const [learner, standard] = placed(button).split(".");
  const address = new URL(location.href);
  const query = new URLSearchParams({ section: wall.dataset.section, sort: address.searchParams.get("sort") ?? "most" });
  if (wall.dataset.asOf) query.set("as_of", wall.dataset.asOf);
  let answer;
  try {
    const route = wall.dataset.receiptUrl.replace("/0/", `/${learner}/`).replace("/0/", `/${standard}/`);
    answer = await fetch(`${route}?${query}`, { headers: { "HX-Request": "true" }, redirect: "manual" });
  } catch {
    sayKnown("unreachable");
    return;
  }
  if (!answer.ok) {
    sayKnown(answer.status === 404 ? "gone" : "signedOut");
    return;
  }
  const text = await answer.text();
  if (turn !== asked) return; // another cell was opened meanwhile
  const held = panel.contains(document.activeElement);
  panel.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
  window.htmx?.process(panel);
  mark(button);
  address.searchParams.set("at", placed(button));
  history.replaceState(null, "", address);
  if (focus || held) focusPanel();
}

function focusPanel() {
  panel.querySelector("[data-focus]")?.focus({ preventScroll: true });
}

function mark(button) {
  for (const other of table.querySelectorAll("tbody [aria-current]")) other.removeAttribute("aria-current");
  if (!button) return;
  button.setAttribute("aria-current", "true");
  button.closest("tr").setAttribute("aria-current", "true");
  rove(button);
}

function close() {
  const current = opened();
  asked += 1;
  panel.replaceChildren();
  mark(null);
  const address = new URL(location.href);
  address.searchParams.delete("at");
  history.replaceState(null, "", address);
  current?.focus();
}

/** The receipt of the next cell of the row. */
function step(by) {
  const grid = cells();
  const current = opened();
  if (!current) return;
  const [row, column] = placeOf(grid, current);
  const next = grid[row]?.[column + by];
  if (next) open(next);
}

/** New results have come: an open receipt follows, unless somebody is writing in it. */
function follow() {
  const current = opened();
  const reason = panel.querySelector("[name=reason]");
  if (current && !reason?.value && document.activeElement !== reason) open(current, { focus: false });
}

// Filter

function shows(button, chosen) {
  if (!chosen.length) return true;
  return chosen.includes(button.dataset.level ?? "none") || (button.dataset.by === "teacher" && chosen.includes("teacher"));
}

/** Cells that no pressed item of the legend asks for step back. quiet: after new results nothing is said. */
function filter({ quiet = false } = {}) {
  const chosen = [...document.querySelectorAll("[data-legend] [aria-pressed='true']")].map((item) => item.dataset.show);
  let shown = 0;
  for (const button of table.querySelectorAll(CELL)) {
    const isIn = shows(button, chosen);
    if (isIn) shown += 1;
    if (!isIn) button.dataset.state = "out";
    else if (button.dataset.state === "out") delete button.dataset.state;
  }
  if (!quiet) say(chosen.length ? wall.dataset.shown.replace("%(n)s", shown) : "");
}

// Keys

function sortByThisColumn() {
  const button = document.activeElement.closest?.(CELL);
  if (!button) return false;
  const column = placeOf(cells(), button)[1];
  table.querySelectorAll("thead th[scope='col'] a")[column]?.click();
  return true;
}

const KEYS = {
  s: sortByThisColumn,
  f: () => document.querySelector("[data-legend] button")?.focus(),
  l: () => document.querySelector("[data-set-levels]")?.click(),
  v: () => {
    const summary = document.querySelector("[data-view-menu] summary");
    summary?.focus();
    summary?.click();
  },
};

function press(event) {
  if (keysAreOff(event)) return;
  const key = inDirection(event.key);
  const isPicking = event.target.closest?.("input, select, textarea");
  if (panel.contains(event.target) && !isPicking && (key === "ArrowLeft" || key === "ArrowRight")) {
    event.preventDefault();
    step(key === "ArrowRight" ? 1 : -1);
  } else if (Object.hasOwn(KEYS, event.key)) {
    event.preventDefault();
    KEYS[event.key]();
  }
}

function start() {
  startRoving();
  const showColumns = startColumns(table, document.querySelector("[data-one-standard]"));
  wall.addEventListener("keydown", move);
  wall.addEventListener("focusin", (event) => {
    const button = event.target.closest(CELL);
    if (button) rove(button);
  });
  wall.addEventListener("click", (event) => {
    const cell = event.target.closest(CELL);
    if (!cell || event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab of its own
    event.preventDefault();
    open(cell);
  });
  document.querySelector("[data-legend]").addEventListener("click", (event) => {
    const item = event.target.closest("button");
    if (!item) return;
    item.setAttribute("aria-pressed", String(item.getAttribute("aria-pressed") !== "true"));
    filter();
  });
  panel.addEventListener("click", (event) => {
    const side = event.target.closest("[data-step]");
    if (side) step(Number(side.dataset.step));
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault();
    close();
  });
  document.addEventListener("htmx:afterSwap", (event) => event.detail.target === panel && focusPanel());
  document.addEventListener("keydown", press);
  // A closed day stands still.
  if (!wall.dataset.asOf) {
    watch(wall, {
      changed() {
        filter({ quiet: true });
        showColumns();
        follow();
      },
    });
  }
  document.querySelector("[data-print]").addEventListener("click", () => print());
}

if (table) start();
else if (wall) watch(wall, {});
