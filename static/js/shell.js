// What every page has: keys, the way back out of a panel, appearance, and the CSRF header of htmx.
import { startToasts } from "./status.js";

const KEYS = "lrm-keys";
const THEME = "lrm-theme";
const SECONDS_AFTER_G = 3; // for whoever types slowly, or on a machine that does

function remember(name, value) {
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    // Storage is closed to us: the choice holds for this page only.
  }
}

function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

let keysOn = recall(KEYS) !== "off";

const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

/** Whether this browser uses single keys at all. */
export const keysAreOn = () => keysOn;

/** True while a single key is text or belongs to an open dialog; every page's own keys ask this first. */
export function keysAreOff(event) {
  return (
    !keysOn ||
    event.defaultPrevented ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.isComposing ||
    event.target.closest?.(TYPING) !== null ||
    document.querySelector("dialog[open]") !== null
  );
}

// Keys

let sawG = 0;

function go(letter) {
  const link = document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
  link?.click();
  return Boolean(link);
}

const FIND = "#find";
const people = document.querySelector("[data-go='s']");

/** The field of this page, else the one of the students' page. */
function find() {
  const field = document.querySelector("[data-find]");
  if (field) field.focus();
  else if (people) location.assign(`${people.href}${FIND}`);
  return Boolean(field || people);
}

function openKeys() {
  const dialog = document.querySelector("[data-keys-dialog]");
  if (!dialog || dialog.open) return false;
  const opener = document.activeElement;
  dialog.addEventListener("close", () => opener?.focus(), { once: true });
  dialog.showModal();
  return true;
}

function undo() {
  const button = [...document.querySelectorAll("[data-toast] [data-undo]")].at(-1);
  button?.click();
  return Boolean(button);
}

/** From one subject of a homeroom to the next, on the same kind of page. */
function nextSubject() {
  const subjects = [...document.querySelectorAll("a[data-subject]")];
  const here = subjects.findIndex((subject) => subject.hasAttribute("aria-current"));
  if (here < 0 || subjects.length < 2) return false;
  subjects[(here + 1) % subjects.length].click();
  return true;
}

const single = { "?": openKeys, "/": find, u: undo, t: nextSubject };

/** True between g and the letter of the place to go to. */
export const awaitsPlace = () => Boolean(sawG) && performance.now() - sawG < SECONDS_AFTER_G * 1000;

/** Do what a key means on every page; returns whether it meant something. For pages whose fields take no text. */
export function pressKey(key) {
  if (awaitsPlace()) {
    sawG = 0;
    return go(key);
  }
  if (key === "g") {
    sawG = performance.now();
    return false;
  }
  return Object.hasOwn(single, key) && single[key]();
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (close(event)) event.preventDefault();
    return;
  }
  if (!keysAreOff(event) && pressKey(event.key)) event.preventDefault();
});

// Ways back

let opener = null;

/** Close what lies on top: an open menu, else the panel. Focus goes back to what opened it. */
function close(event) {
  const menu = event.target.closest?.("details.menu[open]") ?? document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
    return true;
  }
  if (event.target.matches?.(TYPING) && !event.target.closest(".panel")) return false;
  const way = document.querySelector(".panel [data-close]");
  if (!way) return false;
  way.click();
  return true;
}

// The way past the rail leaves nothing in the address: the page after a form would inherit it, and lose its own focus.
addEventListener("hashchange", () => {
  if (location.hash === "#main") history.replaceState(history.state, "", location.pathname + location.search);
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const way = event.target.closest(".panel button[data-close]");
  if (way) closePanel(way.closest(".panel"));
  if (event.target.closest("[data-opens-keys]")) openKeys();
  if (event.target.closest("[data-finds]")) find();
  const theme = event.target.closest("[data-theme-choice]");
  if (theme) chooseTheme(theme.dataset.themeChoice);
  if (event.target.closest("[data-keys-toggle]")) toggleKeys();
  const dialog = event.target.closest("[data-opens-dialog]");
  if (dialog) document.getElementById(dialog.dataset.opensDialog)?.showModal();
});

/** A close that is a button empties the panel; a close that is a link goes to the address without it. */
function closePanel(panel) {
  panel.replaceChildren();
  const address = panel.dataset.closedUrl;
  if (address) history.pushState(null, "", address);
  if (opener?.isConnected) opener.focus();
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const { target, elt } = event.detail;
  if (target?.matches?.(".panel") && !target.contains(elt)) opener = elt;
});

// The panel takes the focus only when somebody asked for it, never when it refreshes by itself.
document.addEventListener("htmx:afterSwap", (event) => {
  const { target, requestConfig } = event.detail;
  startToasts();
  if (target?.matches?.(".panel") && requestConfig?.triggeringEvent?.type === "click") {
    target.querySelector("[data-focus]")?.focus({ preventScroll: true });
  }
});

// A second click on the button of a form that is on its way sends nothing more. What scripts send themselves is theirs.

const SENT_MS = 4000; // after that it was a download, or nothing came: it may be sent again
const sent = new Set();

// On the window it is heard after every listener that may still keep the form here, and before a second click can be: where
// a page is busy, both clicks come before any timer.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  sent.add(form);
  if (form.matches(ONCE)) note({ ...noted(), leaving: here() });
  setTimeout(() => sent.delete(form), SENT_MS);
});

// Behind the Back button a browser puts words that were sent into their form again, which has a new id by then: pressed
// once more they would be there twice. So a form whose sending was taken is as the server gave it.

const ONCE = "form:has([name=uuid], [name=ticket])";
const STORE = "lrm-sent"; // {leaving: the address that a form just left, taken: addresses of forms that were taken}
const MOST = 20;
const here = () => location.pathname + location.search;

function noted() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE) ?? "{}");
  } catch {
    return {};
  }
}

function note(what) {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(what));
  } catch {
    // Storage is closed to us: Back shows what the browser remembers.
  }
}

// From pages that send their form by script, once it was taken.
document.addEventListener("lrm:sent", () => note({ ...noted(), leaving: here() }));

addEventListener("pageshow", () => {
  sent.clear();
  const [visit] = performance.getEntriesByType("navigation");
  const { leaving, taken = [] } = noted();
  const isTaken = leaving && visit?.type === "navigate" && (visit.responseStatus || 200) < 400;
  const others = taken.filter((address) => address !== here() && address !== leaving); // this one begins anew
  note({ taken: (isTaken ? [...others, leaving] : others).slice(-MOST) });
  if (visit?.type !== "back_forward" || !taken.includes(here())) return;
  for (const form of document.querySelectorAll(ONCE)) form.reset();
});

// Appearance and keys

function chooseTheme(choice) {
  if (choice === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  remember(THEME, choice === "system" ? null : choice);
  showChoices();
}

function toggleKeys() {
  keysOn = !keysOn;
  remember(KEYS, keysOn ? null : "off");
  showChoices();
}

function showChoices() {
  const theme = document.documentElement.dataset.theme ?? "system";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
  }
  for (const button of document.querySelectorAll("[data-keys-toggle]")) {
    button.setAttribute("aria-pressed", String(keysOn));
  }
}

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (token) event.detail.headers["X-CSRFToken"] = token;
});

for (const part of document.querySelectorAll("[data-needs-script], [data-opens-keys][hidden]")) part.hidden = false;
for (const part of document.querySelectorAll("[data-finds]")) part.hidden = !people && !document.querySelector("[data-find]");
if (location.hash === FIND) find();
showChoices();
startToasts();
