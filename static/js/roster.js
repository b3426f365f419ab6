// The class list by keys: x ticks the student in focus, m moves, w withdraws those that are ticked; Shift ticks a range.
import { keysAreOff } from "./shell.js";
import { say } from "./status.js";

const people = document.getElementById("people");
let last = null;

const boxes = () => [...people.querySelectorAll("tbody input[name=e]")];
const acts = () => people.querySelector("[data-people-acts]");

function told() {
  const n = boxes().filter((box) => box.checked).length;
  if (acts()) say(acts().dataset.told.replace("%(n)s", n));
}

function tick(box, on) {
  box.checked = on;
  last = box;
}

function tickRange(to) {
  const all = boxes();
  const [from, until] = [all.indexOf(last), all.indexOf(to)].sort((a, b) => a - b);
  if (from >= 0) for (const box of all.slice(from, until + 1)) box.checked = to.checked;
}

/** The row in focus; x then goes on to the next, so that pressing it again ticks a neighbor. */
function tickFocused() {
  const row = document.activeElement.closest("tr");
  const box = row?.querySelector("input[name=e]");
  if (!box) {
    boxes()[0]?.focus();
    return boxes().length > 0;
  }
  tick(box, !box.checked);
  (row.nextElementSibling?.querySelector("input[name=e]") ?? box).focus();
  told();
  return true;
}

function tickAll() {
  const on = boxes().some((box) => !box.checked);
  for (const box of boxes()) box.checked = on;
  told();
  return true;
}

function press(letter) {
  if (letter === "x") return tickFocused();
  if (letter === "a") return tickAll();
  const button = acts()?.querySelector(`button[data-act="${letter}"]`);
  button?.click();
  return Boolean(button);
}

function move(event) {
  const row = event.target.closest("tbody tr");
  const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  const next = step && event.target.matches("input[name=e]") && row?.[step]?.querySelector("input[name=e]");
  if (next) next.focus();
  return Boolean(next);
}

if (people) {
  document.addEventListener("keydown", (event) => {
    if (keysAreOff(event) || !acts()) return;
    if (move(event) || ("xmwa".includes(event.key) && event.key.length === 1 && press(event.key))) event.preventDefault();
  });
  people.addEventListener("click", (event) => {
    const box = event.target.closest("input[name=e]");
    if (box) {
      if (event.shiftKey && last) tickRange(box);
      tick(box, box.checked);
      told();
    }
    if (event.target.closest("button[data-act='a']")) tickAll();
  });
}
