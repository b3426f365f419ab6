// Today: j k move along the lines, Enter does what the framed one asks for, z puts it off until tomorrow.
import { keysAreOff } from "./shell.js";

const PLACE = "lrm-today-line";
const lines = [...document.querySelectorAll("[data-today] [data-line]")];
const current = () => document.activeElement?.closest?.("[data-line]") ?? null;

function frame(place) {
  lines[Math.min(Math.max(place, 0), lines.length - 1)]?.focus();
}

function move(step) {
  const at = lines.indexOf(current());
  frame(at < 0 ? (step > 0 ? 0 : lines.length - 1) : at + step);
}

function putOff() {
  const line = current();
  if (!line) return;
  sessionStorage.setItem(PLACE, String(lines.indexOf(line)));
  line.querySelector("[data-put-off]").click();
}

const keys = { j: () => move(1), k: () => move(-1), z: putOff };

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches?.("[data-line]")) {
    event.target.querySelector("[data-do]").click();
    return;
  }
  if (keysAreOff(event) || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

// After a line was put off by key, the one that takes its place is framed.
const place = sessionStorage.getItem(PLACE);
sessionStorage.removeItem(PLACE);
if (place !== null) frame(Number(place));
