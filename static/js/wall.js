// The wall: one tab stop, arrows inside, the legend as a filter, and new levels without moving focus or scroll.
import { keysAreOff } from "./shell.js";
import { say } from "./status.js";

const form = document.querySelector("[data-wall]");
const BUSY_SECONDS = 60;
const SLOW_SECONDS = 15;
const WASH_SECONDS = 2;

const cells = () => [...form.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("td > button")]);

function rove(button) {
  for (const other of form.querySelectorAll("tbody button[tabindex='0']")) other.tabIndex = -1;
  button.tabIndex = 0;
}

function startRoving() {
  const all = form.querySelectorAll("tbody td > button");
  for (const button of all) button.tabIndex = -1;
  const first = form.querySelector("tbody button[aria-current]") ?? all[0];
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

function move(event) {
  const button = event.target.closest("tbody td > button");
  if (!button || !(event.key in MOVES) || event.ctrlKey || event.metaKey || event.altKey) return;
  const grid = cells();
  let key = event.key;
  if (document.dir === "rtl" && key === "ArrowLeft") key = "ArrowRight";
  else if (document.dir === "rtl" && key === "ArrowRight") key = "ArrowLeft";
  const [row, column] = MOVES[key](...placeOf(grid, button));
  const line = grid[Math.min(Math.max(row, 0), grid.length - 1)];
  const next = line[Math.min(Math.max(column, 0), line.length - 1)];
  event.preventDefault();
  rove(next);
  next.focus();
}

// Receipts open beside the wall; without script the same button loads the page with its panel.

async function open(button, { focus = true } = {}) {
  const url = new URL(location.href);
  url.searchParams.set("at", button.value);
  const page = await fetchPage(url);
  if (!page) return;
  const panel = document.querySelector("#panel");
  panel.replaceChildren(...page.querySelector("#panel").childNodes);
  window.htmx?.process(panel);
  for (const other of form.querySelectorAll("tbody [aria-current]")) other.removeAttribute("aria-current");
  button.setAttribute("aria-current", "true");
  button.closest("tr").setAttribute("aria-current", "true");
  rove(button);
  history.replaceState(null, "", url);
  if (focus) panel.querySelector("[data-focus]")?.focus();
}

async function fetchPage(url) {
  let answer;
  try {
    answer = await fetch(url, { headers: { "X-Wall": "1" } });
  } catch {
    return null;
  }
  if (!answer.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function close() {
  const panel = document.querySelector("#panel");
  const current = form.querySelector("tbody button[aria-current]");
  panel.replaceChildren();
  for (const other of form.querySelectorAll("tbody [aria-current]")) other.removeAttribute("aria-current");
  const url = new URL(location.href);
  url.searchParams.delete("at");
  history.replaceState(null, "", url);
  current?.focus();
}

function step(by) {
  const grid = cells();
  const current = form.querySelector("tbody button[aria-current]");
  if (!current) return;
  const [row, column] = placeOf(grid, current);
  const next = grid[row]?.[column + by];
  if (next) open(next);
}

// Filter

function pressed() {
  return [...document.querySelectorAll("[data-legend] [aria-pressed='true']")].map((item) => item.dataset.show);
}

function shows(button, chosen) {
  if (!chosen.length) return true;
  return chosen.includes(button.dataset.level ?? "none") || (button.dataset.by === "teacher" && chosen.includes("teacher"));
}

function filter({ quiet = false } = {}) {
  const chosen = pressed();
  let shown = 0;
  for (const button of form.querySelectorAll("tbody td > button")) {
    const isIn = shows(button, chosen);
    if (isIn) shown += 1;
    if (isIn && button.dataset.state === "out") delete button.dataset.state;
    if (!isIn) button.dataset.state = "out";
  }
  if (!quiet) say(chosen.length ? form.dataset.shown.replace("%(n)s", shown) : "");
}

// New levels

let lastActive = performance.now();
let version = form?.dataset.version;
let timer = 0;

async function look() {
  clearTimeout(timer);
  if (document.visibilityState === "visible") {
    try {
      const answer = await fetch(form.dataset.versionUrl, { headers: { "If-None-Match": `"${version}"` }, cache: "no-store" });
      if (answer.status === 404) {
        location.reload();
        return;
      }
      if (answer.status === 200) {
        const now = await answer.text();
        if (now !== version && (await refresh())) version = now;
      }
    } catch {
      // The next look will tell; the wall stays as it was read.
    }
  }
  const busy = performance.now() - lastActive < BUSY_SECONDS * 1000;
  timer = setTimeout(look, (busy ? 1 : SLOW_SECONDS) * 1000);
}

/** Take over what changed, cell by cell, so that focus, scroll and the open receipt stay where they are. */
async function refresh() {
  const page = await fetchPage(location.href);
  if (!page) return false;
  const fresh = page.querySelector("[data-wall]");
  if (!fresh) {
    location.reload();
    return true;
  }
  let changed = 0;
  const old = new Map([...form.querySelectorAll("tbody td > button")].map((button) => [button.value, button]));
  const incoming = [...fresh.querySelectorAll("tbody td > button")];
  if (incoming.length !== old.size || incoming.some((button) => !old.has(button.value))) {
    location.reload();
    return true;
  }
  for (const button of incoming) {
    const mine = old.get(button.value);
    if (mine.ariaLabel === button.ariaLabel) continue;
    for (const name of ["data-level", "data-trend", "data-by", "aria-label"]) {
      if (button.hasAttribute(name)) mine.setAttribute(name, button.getAttribute(name));
      else mine.removeAttribute(name);
    }
    mine.textContent = button.textContent;
    mine.dataset.state = "updated";
    setTimeout(() => delete mine.dataset.state, WASH_SECONDS * 1000);
    changed += 1;
  }
  form.querySelector(".wall-summary").replaceWith(fresh.querySelector(".wall-summary"));
  for (const [name, selector] of [["b", "[data-legend]"], ["", ".as-of"]]) {
    const mine = document.querySelector(selector);
    const theirs = page.querySelector(selector);
    if (!mine || !theirs) continue;
    if (!name) mine.textContent = theirs.textContent;
    else [...mine.querySelectorAll(name)].forEach((count, place) => (count.textContent = theirs.querySelectorAll(name)[place].textContent));
  }
  const totals = new Map([...fresh.querySelectorAll("tbody tr")].map((row) => [row.querySelector("a")?.href, row]));
  for (const row of form.querySelectorAll("tbody tr")) {
    const theirs = totals.get(row.querySelector("a")?.href);
    if (theirs) row.querySelector(".wall-total").textContent = theirs.querySelector(".wall-total").textContent;
  }
  if (changed) {
    say(form.dataset.updated);
    const opened = form.querySelector("tbody button[aria-current][data-state='updated']");
    if (opened && !document.querySelector("#panel").contains(document.activeElement)) open(opened, { focus: false });
  }
  filter({ quiet: true });
  return true;
}

function sortByThisColumn() {
  const button = document.activeElement.closest?.("tbody td > button");
  if (!button) return false;
  const column = [...button.closest("tr").querySelectorAll("td > button")].indexOf(button);
  form.querySelectorAll("thead th[scope='col'] a")[column]?.click();
  return true;
}

const KEYS = {
  s: sortByThisColumn,
  f: () => document.querySelector("[data-legend] button")?.focus(),
  v: () => document.querySelector("[data-view-menu] summary")?.click(),
};

if (form) {
  startRoving();
  form.addEventListener("keydown", move);
  form.addEventListener("focusin", (event) => {
    const button = event.target.closest("tbody td > button");
    if (button) rove(button);
  });
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.name !== "at") return;
    event.preventDefault();
    open(button);
  });
  document.querySelector("[data-legend]")?.addEventListener("click", (event) => {
    const item = event.target.closest("button");
    if (!item) return;
    item.setAttribute("aria-pressed", String(item.getAttribute("aria-pressed") !== "true"));
    filter();
  });
  document.addEventListener("click", (event) => {
    const way = event.target.closest("#panel [data-close]");
    if (way) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
    const side = event.target.closest("#panel [data-step]");
    if (side) {
      event.preventDefault();
      step(Number(side.dataset.step));
    }
  }, true);
  document.addEventListener("keydown", (event) => {
    if (keysAreOff(event)) return;
    if (event.target.closest?.("#panel") && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      event.preventDefault();
      step(event.key === "ArrowRight" ? 1 : -1);
    } else if (Object.hasOwn(KEYS, event.key)) {
      event.preventDefault();
      KEYS[event.key]();
    }
  });
  for (const name of ["pointerdown", "keydown", "scroll"]) {
    addEventListener(name, () => (lastActive = performance.now()), { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  document.addEventListener("lrm:saved", look);
  look();
}
document.querySelector("[data-print]")?.addEventListener("click", () => print());
