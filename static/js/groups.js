// The board of groups: pick up, drop by letter, arrow or drag; every step is sent at once and can be undone.
import { keysAreOff } from "./shell.js";
import { say } from "./status.js";

const board = () => document.querySelector("[data-board]");
const lines = () => [...board().querySelectorAll(".learner-line")];
const columns = () => [...board().querySelectorAll("[data-group]")];
const fill = (sentence, facts) => sentence.replace(/%\((\w+)\)s/g, (_all, name) => facts[name] ?? "");

let picked = null; // the id of the learner who is picked up
let pairing = null; // {act, first}: waiting for the second learner
let focusAfter = null;

const lineOf = (id) => board().querySelector(`.learner-line[data-learner="${id}"]`);
const groupOf = (line) => line.closest("[data-group]").dataset.group;
const nameOf = (group) => (group === "own" ? board().dataset.wordOwn : group);

function frame(line) {
  for (const other of lines()) {
    other.tabIndex = -1;
    delete other.dataset.state;
  }
  if (!line) return;
  line.tabIndex = 0;
  line.dataset.state = "framed";
}

async function send(act, facts) {
  const form = board().querySelector("#edit");
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  body.set("version", board().dataset.version);
  body.set("act", act);
  for (const [name, value] of Object.entries(facts)) body.set(name, value);
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true", "HX-Target": "groups" } });
  } catch {
    say(document.querySelector("[data-status]").dataset.unreachable ?? "", { state: "danger" });
    return false;
  }
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  board().replaceWith(page.querySelector("[data-board]"));
  window.htmx?.process(board());
  settle();
  return !board().dataset.said;
}

/** After a new board came: say what it says, and put the focus back on the learner who was moved. */
function settle() {
  const line = focusAfter && lineOf(focusAfter);
  frame(line || lines()[0]);
  line?.focus();
  if (board().dataset.said) say(board().dataset.said, { state: board().dataset.saidState });
}

async function move(id, to) {
  const line = lineOf(id);
  const name = line.dataset.name;
  drop();
  if (groupOf(line) === to) {
    say(fill(board().dataset.sayDropped, { name }));
    return;
  }
  focusAfter = id;
  if (await send("move", { learner: id, to })) say(fill(board().dataset.sayMoved, { name, to: nameOf(to) }));
}

function pick(line) {
  picked = line.dataset.learner;
  line.dataset.picked = "";
  say(fill(board().dataset.sayPicked, { name: line.dataset.name }));
}

function drop() {
  board().querySelector("[data-picked]")?.removeAttribute("data-picked");
  for (const column of columns()) delete column.dataset.state;
  picked = null;
  pairing = null;
}

function step(line, key) {
  const column = line.closest("[data-group]");
  const inside = [...column.querySelectorAll(".learner-line")];
  const at = inside.indexOf(line);
  if (key === "ArrowUp" || key === "ArrowDown") return inside[at + (key === "ArrowDown" ? 1 : -1)];
  const all = columns();
  const by = (key === "ArrowRight") === (document.dir !== "rtl") ? 1 : -1;
  for (let place = all.indexOf(column) + by; place >= 0 && place < all.length; place += by) {
    const there = [...all[place].querySelectorAll(".learner-line")];
    if (there.length) return there[Math.min(at, there.length - 1)];
  }
  return null;
}

function beside(line, key) {
  const all = columns();
  const by = (key === "ArrowRight" || key === "ArrowDown") === (document.dir !== "rtl") ? 1 : -1;
  return all[all.indexOf(line.closest("[data-group]")) + by]?.dataset.group;
}

document.addEventListener("keydown", (event) => {
  if (!board()?.dataset.version) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    board().querySelector("[data-accept]")?.click();
    return;
  }
  if (event.key === "Escape" && (picked || pairing)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    const line = lineOf(picked ?? pairing.first);
    drop();
    say(fill(board().dataset.sayDropped, { name: line.dataset.name }));
    return;
  }
  if (keysAreOff(event)) return;
  if (event.key === "u") {
    event.preventDefault();
    focusAfter = document.activeElement.closest(".learner-line")?.dataset.learner ?? focusAfter;
    send("undo", {});
    return;
  }
  const line = document.activeElement.closest?.(".learner-line");
  if (!line) return;
  if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    if (picked) {
      const to = beside(lineOf(picked), event.key);
      if (to) move(picked, to);
      return;
    }
    const next = step(line, event.key);
    if (next) {
      frame(next);
      next.focus();
    }
    return;
  }
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    if (pairing && pairing.first !== line.dataset.learner) {
      const { act, first } = pairing;
      drop();
      focusAfter = first;
      send(act, { first, second: line.dataset.learner });
    } else if (picked) {
      drop();
    } else {
      pick(line);
    }
    return;
  }
  if (picked) {
    const letter = event.key.toUpperCase();
    const to = letter === "O" ? "own" : letter;
    if (columns().some((column) => column.dataset.group === to)) {
      event.preventDefault();
      move(picked, to);
    }
    return;
  }
  const acts = {
    m: () => pick(line),
    p: () => send("move", { learner: line.dataset.learner, to: groupOf(line) }),
    x: () => startPair("apart", line),
    "+": () => startPair("together", line),
    a: () => {
      focusAfter = null;
      send("absent", { learner: line.dataset.learner });
    },
  };
  if (Object.hasOwn(acts, event.key)) {
    event.preventDefault();
    focusAfter = line.dataset.learner;
    acts[event.key]();
  }
}, true);

function startPair(act, line) {
  pairing = { act, first: line.dataset.learner };
  line.dataset.picked = "";
  say(board().dataset.saySecond);
}

document.addEventListener("focusin", (event) => {
  const line = event.target.closest?.(".learner-line");
  if (line) frame(line);
});

// Drag is extra: everything works by keys and buttons.

document.addEventListener("dragstart", (event) => {
  const line = event.target.closest?.(".learner-line");
  if (!line) return;
  event.dataTransfer.setData("text/plain", line.dataset.learner);
  event.dataTransfer.effectAllowed = "move";
});
document.addEventListener("dragover", (event) => {
  const column = event.target.closest?.("[data-group]");
  if (!column) return;
  event.preventDefault();
  for (const other of columns()) {
    if (other === column) other.dataset.state = "target";
    else delete other.dataset.state;
  }
});
document.addEventListener("dragend", () => columns().forEach((column) => delete column.dataset.state));
document.addEventListener("drop", (event) => {
  const column = event.target.closest?.("[data-group]");
  const id = event.dataTransfer?.getData("text/plain");
  if (!column || !id || !lineOf(id)) return;
  event.preventDefault();
  move(id, column.dataset.group);
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "groups" || event.target.id === "groups") settle();
});

if (board()) frame(lines()[0]);
