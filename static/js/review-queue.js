// The queue of goals: j k move, y says yes, r writes a line, q asks, l keeps for later, x chooses, u takes back.
// A key that says something goes on to the next card at once; its own card changes when the answer is there.
import { keysAreOff } from "./shell.js";

const lists = [...document.querySelectorAll("[data-review-list]")];
const cards = () => lists.flatMap((list) => [...list.querySelectorAll("[data-review-card]")]);
const current = () => document.activeElement?.closest?.("[data-review-card]") ?? null;
const isOpen = (card) => !["done", "sending"].includes(card.dataset.state) && card.querySelector("[data-line-field]:not([readonly])");
const acted = [];
const typedIn = new Map(); // card: the line that went with its act

function move(step) {
  const all = cards();
  if (!all.length) return;
  const at = all.indexOf(current());
  const to = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step));
  all[to].focus();
}

/** The first card after this one that waits for an answer, from the top again after the last. */
function nextOpen(from) {
  const all = cards();
  const at = all.indexOf(from);
  return [...all.slice(at + 1), ...all.slice(0, at + 1)].find(isOpen);
}

/** The card that a key speaks to: the framed one if it waits for an answer, else the next that does. */
function meant() {
  const card = current();
  return card && isOpen(card) ? card : nextOpen(card);
}

function say(kind) {
  const card = meant();
  card?.querySelector(`[data-${kind}]`)?.click();
  if (card) (nextOpen(card) ?? card).focus();
}

function write(asks) {
  const card = meant();
  const line = card?.querySelector("[data-line-field]");
  if (!line || (asks && !card.querySelector("[data-ask]"))) return;
  line.dataset.asks = asks ? "1" : "";
  line.focus();
}

function takeBack() {
  for (let id = acted.pop(); id; id = acted.pop()) {
    const button = document.getElementById(id)?.querySelector("[data-take-back]");
    if (button) return button.click();
  }
  document.querySelector("[data-take-back-all]")?.click();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  y: () => say("yes"),
  r: () => write(false),
  q: () => write(true),
  l: () => say("later"),
  x: () => current()?.querySelector("[data-choose]")?.click(),
  u: takeBack,
};

document.addEventListener("keydown", (event) => {
  const line = event.target.closest?.("[data-line-field]");
  if (line && event.key === "Escape") line.closest("[data-review-card]").focus();
  if (line && event.key === "Enter" && line.dataset.asks) {
    event.preventDefault();
    line.closest("[data-review-card]").querySelector("[data-ask]").click();
  }
  if (line || keysAreOff(event) || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const card = event.target.closest?.("[data-review-card]");
  if (!card) return;
  const takesBack = Boolean(card.querySelector("[data-take-back]"));
  card.dataset.state = "sending";
  if (takesBack) {
    card.dataset.takesBack = "";
    return;
  }
  acted.push(card.id);
  const line = card.querySelector("[data-line-field]").value;
  typedIn.set(card.id, line);
  if (event.detail.requestConfig.triggeringEvent?.submitter?.matches("[data-later]")) card.dataset.later = "";
  if (card.contains(document.activeElement)) (nextOpen(card) ?? card).focus();
});

// What could not be sent is open again; the page's status says why.
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    const card = event.target.closest?.("[data-review-card]");
    if (card?.dataset.state === "sending") delete card.dataset.state;
  });
}

// After taking back the same card has the focus. A refusal says itself (role=alert) and takes no focus away.
document.addEventListener("htmx:afterSwap", (event) => {
  const old = event.detail.target;
  if (!old?.matches?.("[data-review-card]")) return;
  const card = document.getElementById(old.id);
  if (!card) return;
  const line = card.querySelector("[data-line-field]");
  if ("takesBack" in old.dataset) {
    card.focus();
    if (line && !line.value) line.value = typedIn.get(card.id) ?? "";
  }
  if (!("later" in old.dataset)) keepLine(card.id, line?.value ?? "");
  remember(card);
  count();
});

// What a reload would lose: the way back from the last act, and lines that are typed and not sent. The lines stay in
// this window, for this account alone.

/** The address names the last act, so that the page comes back with its Undo. */
function remember(card) {
  const act = card.querySelector("[data-take-back]")?.form.elements.act.value;
  history.replaceState(history.state, "", act ? `?done=${act}` : location.pathname);
}

const kept = `goal-lines:${lists[0]?.dataset.keepAs}`;

function keptLines() {
  try {
    return JSON.parse(sessionStorage.getItem(kept) ?? "{}");
  } catch {
    return {};
  }
}

function keepLine(id, text) {
  const lines = keptLines();
  delete lines[id];
  if (text) lines[id] = text;
  try {
    sessionStorage.setItem(kept, JSON.stringify(lines));
  } catch {
    // Storage is closed to us: the line stands on the page alone.
  }
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-line-field]")) keepLine(event.target.closest("[data-review-card]").id, event.target.value);
});

for (const [id, text] of Object.entries(keptLines())) {
  const line = document.getElementById(id)?.querySelector("[data-line-field]:not([readonly])");
  if (line && !line.value) line.value = text;
  else if (!line) keepLine(id, "");
}

// One yes to many

const form = document.querySelector("[data-chosen-form]");
const boxes = () => [...document.querySelectorAll("[data-choose]")];

function count() {
  if (!form) return;
  const n = boxes().filter((box) => box.checked).length;
  const yes = form.querySelector("[data-yes-chosen]");
  yes.textContent = n === 1 ? form.dataset.one : form.dataset.many.replace("%(n)s", n);
  for (const button of form.querySelectorAll("[type=submit]")) button.hidden = n === 0;
  form.querySelector("[data-chosen-hint]").hidden = n > 0;
  const all = form.querySelector("[data-choose-all]");
  all.textContent = all.dataset.chooseAll.replace("%(n)s", boxes().length);
  form.hidden = boxes().length === 0;
  const waiting = document.querySelector("[data-waiting]");
  const { none, one, many } = waiting.dataset;
  waiting.textContent = [none, one][boxes().length] ?? many.replace("%(n)s", boxes().length);
}

if (form) {
  const all = form.querySelector("[data-choose-all]");
  all.hidden = false;
  all.addEventListener("click", () => {
    const to = boxes().some((box) => !box.checked);
    for (const box of boxes()) box.checked = to;
    count();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-choose]")) count();
  });
  // Each goes with its own line, where one is typed.
  form.addEventListener("formdata", (event) => {
    for (const box of boxes().filter((each) => each.checked)) {
      const line = box.closest("[data-review-card]").querySelector("[data-line-field]").value;
      if (line) event.formData.append(`line-${box.value.split("~")[0]}`, line);
    }
  });
  count();
}
