// The queue of goals: j k move, a agrees or confirms, r writes a line, u takes back what was done last.
import { keysAreOff } from "./shell.js";

const list = document.querySelector("[data-review-list]");
const cards = () => [...(list?.querySelectorAll("[data-review-card]") ?? [])];
const current = () => document.activeElement?.closest?.("[data-review-card]") ?? null;
let lastDone = null;

function move(step) {
  const all = cards();
  if (!all.length) return;
  const at = all.indexOf(current());
  const to = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step));
  all[to].focus();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  a: () => current()?.querySelector("[data-yes]")?.click(),
  r: () => current()?.querySelector("[data-line-field]")?.focus(),
  u: () => (lastDone && document.getElementById(lastDone)?.querySelector("[data-take-back]"))?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches?.("[data-line-field]")) {
    event.target.closest("[data-review-card]").focus();
    return;
  }
  if (keysAreOff(event) || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

// After an act the next open card takes the focus; after taking back, the same one; after a refusal, its line.
list?.addEventListener("htmx:afterSwap", () => {
  const changed = [...list.querySelectorAll("[data-review-card]")].find((card) => card.id === acted);
  if (!changed) return;
  if (changed.dataset.state === "done") {
    lastDone = changed.id;
    const all = cards();
    const after = [...all.slice(all.indexOf(changed) + 1), ...all].find((card) => card.dataset.state !== "done");
    (after ?? changed).focus();
  } else if (changed.querySelector("[role=alert]")) {
    changed.querySelector("[data-line-field]").focus();
  } else {
    changed.focus();
  }
});

let acted = "";
list?.addEventListener("htmx:beforeRequest", (event) => {
  acted = event.target.closest("[data-review-card]")?.id ?? "";
});
