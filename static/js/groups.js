// The board of groups: pick up, drop by letter, arrow or drag; every step is sent at once and can be undone.
import { keysAreOff } from "./shell.js";
import { watchClass } from "./live.js";
import { say, sayKnown } from "./status.js";

const board = () => document.querySelector("[data-board]");
const lines = () => [...board().querySelectorAll(".learner-line")];
const columns = () => [...board().querySelectorAll("[data-group]")];
const fill = (sentence, facts) => sentence.replace(/%\((\w+)\)s/g, (_all, name) => facts[name] ?? "");
const FIRST_LOOK_SECONDS = 0.5;
const LONGEST_LOOK_SECONDS = 5;

let picked = null; // the id of the learner who is picked up
let pairing = null; // {act, first}: waiting for the second learner
let focusAfter = null;

const lineOf = (id) => board().querySelector(`.learner-line[data-learner="${id}"]`);
const groupOf = (line) => line.closest("[data-group]").dataset.group;
const nameOf = (group) => ({ own: board().dataset.wordOwn, none: board().dataset.wordNone })[group] ?? group;
const moverOf = (line) => line.querySelector(".learner-move"); // the letters of the groups, as buttons

/** The line that keys are about: the focused one, or the framed one while the focus is nowhere. */
function framed() {
  const active = document.activeElement;
  if (!active || active === document.body || active.id === "main") return lines().find((line) => line.dataset.state);
  return active.closest("[data-board] .learner-line");
}

/** One line is the tab stop of the board. */
function frame(line) {
  for (const other of lines()) {
    other.tabIndex = -1;
    delete other.dataset.state;
    moverOf(other).firstElementChild.tabIndex = -1;
  }
  if (!line) return;
  line.tabIndex = 0;
  moverOf(line).firstElementChild.tabIndex = 0;
  line.dataset.state = "framed";
}

// Sending

/** Send one step; resolves to whether it was taken. One at a time: each builds on the board that the last one made. */
let turn = Promise.resolve();
function send(act, facts, said) {
  turn = turn.then(() => post(act, facts)).then((taken) => {
    if (taken && said) say(`${said} ${board().dataset.said}`.trim());
    return taken;
  });
  return turn;
}

let stepsTaken = 0; // a page that was asked for before a step, or beside one, is older than the board

async function post(act, facts) {
  stepsTaken += 1;
  try {
    return await ask(act, facts);
  } finally {
    stepsTaken += 1;
  }
}

async function ask(act, facts) {
  const form = board().querySelector("#edit");
  if (!form) return false;
  const body = new FormData(form);
  body.set("act", act);
  for (const [name, value] of Object.entries(facts)) body.set(name, value);
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" }, redirect: "manual" });
  } catch {
    sayKnown("unreachable");
    return false;
  }
  if (answer.headers.get("HX-Refresh")) {
    location.reload();
    return false;
  }
  if (!answer.ok) {
    sayKnown(answer.status === 404 ? "gone" : answer.status >= 500 ? "refused" : "signedOut");
    return false;
  }
  replace(await answer.text());
  settle();
  return board().dataset.saidState !== "danger";
}

function replace(text) {
  board().replaceWith(new DOMParser().parseFromString(text, "text/html").querySelector("[data-board]"));
  window.htmx?.process(board());
}

/** After a new board came: its facts into the toolbar, what it says into the status, the focus back on the learner. */
function settle() {
  for (const [place, source] of [["[data-summary]", "[data-new-summary]"], ["[data-accept]", "[data-new-accept]"]]) {
    const part = document.querySelector(place);
    const fresh = board().querySelector(source);
    if (part && fresh) part.textContent = fresh.content.textContent.trim();
  }
  const accept = document.querySelector("[data-accept]");
  if (accept) accept.disabled = !columns().length;
  picked = pairing = null;
  const line = focusAfter && lineOf(focusAfter);
  frame(line || lines()[0]);
  if (line) line.focus();
  if (board().dataset.said) say(board().dataset.said, { state: board().dataset.saidState });
}

// Steps

function move(id, to) {
  const line = lineOf(id);
  const { name } = line.dataset;
  drop();
  if (groupOf(line) === to) {
    say(fill(board().dataset.sayDropped, { name }));
    line.focus();
    return;
  }
  focusAfter = (groupOf(line) === "none" && besideIn(line)) || id; // whoever fills a board goes on to the next student
  send("move", { learner: id, to }, fill(board().dataset.sayMoved, { name, to: nameOf(to) }));
}

function pin(line) {
  const { learner, name } = line.dataset;
  const to = groupOf(line);
  send("move", { learner, to }, fill(board().dataset.sayPinned, { name, to: nameOf(to) }));
}

/** The learner after this one, else the one before: among all, or in the same place. */
function besideIn(line, all = [...line.closest("[data-group]").querySelectorAll(".learner-line")]) {
  const at = all.indexOf(line);
  return (all[at + 1] ?? all[at - 1])?.dataset.learner;
}

function absent(line) {
  const { learner, name } = line.dataset;
  focusAfter = besideIn(line, lines());
  send("absent", { learner }, fill(board().dataset.sayAbsent, { name }));
}

function pick(line) {
  picked = line.dataset.learner;
  line.dataset.picked = "";
  moverOf(line).open = true;
  say(fill(board().dataset.sayPicked, { name: line.dataset.name }));
}

function startPair(act, line) {
  pairing = { act, first: line.dataset.learner };
  line.dataset.picked = "";
  say(board().dataset.saySecond);
}

function endPair(line) {
  const { act, first } = pairing;
  drop();
  focusAfter = first;
  send(act, { first, second: line.dataset.learner }, board().dataset.sayWished);
}

function drop() {
  for (const line of board().querySelectorAll("[data-picked]")) {
    delete line.dataset.picked;
    moverOf(line).open = false;
  }
  for (const column of columns()) delete column.dataset.state;
  picked = pairing = null;
}

// Moving about

const forward = (key) => (key === "ArrowRight") === (document.dir !== "rtl");

function neighbour(line, key) {
  const column = line.closest("[data-group]");
  const inside = [...column.querySelectorAll(".learner-line")];
  const at = inside.indexOf(line);
  if (key === "ArrowUp" || key === "ArrowDown") return inside[at + (key === "ArrowDown" ? 1 : -1)];
  const all = columns();
  const by = forward(key) ? 1 : -1;
  for (let place = all.indexOf(column) + by; place >= 0 && place < all.length; place += by) {
    const there = [...all[place].querySelectorAll(".learner-line")];
    if (there.length) return there[Math.min(at, there.length - 1)];
  }
  return null;
}

/** The group beside; own path lies below all of them. */
function groupBeside(line, key) {
  const all = columns();
  if (key === "ArrowDown") return all.at(-1)?.dataset.group;
  if (key === "ArrowUp") return all[0]?.dataset.group;
  return all[all.indexOf(line.closest("[data-group]")) + (forward(key) ? 1 : -1)]?.dataset.group;
}

const ACTS = {
  m: pick,
  p: pin,
  x: (line) => startPair("apart", line),
  "+": (line) => startPair("together", line),
  a: absent,
};

/** A key on a learner's line; returns whether it had a meaning. */
function act(line, event) {
  const { key } = event;
  if (["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"].includes(key)) {
    if (picked) {
      const to = groupBeside(lineOf(picked), key);
      if (to) move(picked, to);
      return true;
    }
    if (document.activeElement !== line) line.focus();
    else neighbour(line, key)?.focus();
    return true;
  }
  if (key === "Enter" || key === " ") {
    if (document.activeElement !== line) return false;
    if (pairing && pairing.first !== line.dataset.learner) endPair(line);
    else if (picked) move(picked, groupOf(line));
    else if (!pairing) pick(line);
    return true;
  }
  if (picked) {
    const to = key.toUpperCase() === "O" ? "own" : key.toUpperCase();
    if (!columns().some((column) => column.dataset.group === to)) return false;
    move(picked, to);
    return true;
  }
  if (!Object.hasOwn(ACTS, key)) return false;
  focusAfter = line.dataset.learner;
  ACTS[key](line);
  return true;
}

function press(event) {
  if (!board()?.dataset.version) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    document.querySelector("[data-accept]")?.click();
    return;
  }
  if (keysAreOff(event)) return;
  const line = framed();
  if (event.key === "u") {
    event.preventDefault();
    focusAfter = line?.dataset.learner ?? focusAfter;
    send("undo", {}, board().dataset.sayUndone);
    return;
  }
  if (line && act(line, event)) event.preventDefault();
}

/** Esc first puts down what is picked up; only then it means what it means everywhere. */
function putDown(event) {
  if (event.key !== "Escape" || !(picked || pairing)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const line = lineOf(picked ?? pairing.first);
  drop();
  say(fill(board().dataset.sayDropped, { name: line.dataset.name }));
}

// By pointer: "Move" picks up, the letters put down.

function pickByPointer(event) {
  const summary = event.target.closest?.("[data-board] .learner-move > summary");
  if (!summary) return;
  event.preventDefault();
  const line = summary.closest(".learner-line");
  const wasPicked = picked === line.dataset.learner;
  drop();
  if (!wasPicked) pick(line);
}

function putDownByButton(event) {
  const line = event.target.closest?.(".learner-move")?.closest(".learner-line");
  if (!line) return;
  event.preventDefault();
  const { name, value } = event.submitter;
  focusAfter = line.dataset.learner;
  if (name === "act") absent(line);
  else if (value === groupOf(line)) pin(line);
  else move(line.dataset.learner, value);
}

// Drag is extra: everything works by keys and buttons.

function startDrag() {
  document.addEventListener("dragstart", (event) => {
    const line = event.target.closest?.("[data-board] .learner-line");
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
}

// New results: the board follows, but never under somebody's hands.

let nextLook = 0;
let patience = FIRST_LOOK_SECONDS;
const isInHand = () => picked || pairing || board().querySelector("details[open], :is(input, select):focus");

/** Look again while results are being worked in: soon at first, for they mostly take less than a second. */
function follow() {
  clearTimeout(nextLook);
  if (!board().hasAttribute("data-working")) {
    patience = FIRST_LOOK_SECONDS;
    return;
  }
  nextLook = setTimeout(() => readAgain().catch(() => null).then((read) => read ?? follow()), patience * 1000);
  patience = Math.min(1.5 * patience, LONGEST_LOOK_SECONDS);
}

/** The page as it is now; resolves to where to ask for changes after it, null where it was not taken over. */
async function readAgain() {
  const before = stepsTaken;
  const answer = await fetch(location.href, { redirect: "manual" });
  if (!answer.ok) return null;
  const text = await answer.text();
  if (isInHand() || stepsTaken !== before || stepsTaken % 2) return null;
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.querySelector("[data-board]");
  const [is, was] = [fresh.dataset, board().dataset];
  if (!("working" in is) && Boolean(is.version) !== Boolean(was.version)) {
    location.reload(); // the first board of all, or none any more: the toolbar is another one
    return null;
  }
  const isNew = is.version !== was.version;
  if (isNew || "working" in is || "working" in was) {
    focusAfter = framed()?.dataset.learner ?? null;
    replace(text);
    settle();
    follow();
    if (isNew) say(board().dataset.sayNews);
  }
  return page.querySelector("[data-changes]").dataset;
}

if (board()) {
  document.addEventListener("keydown", putDown, true);
  document.addEventListener("keydown", press);
  document.addEventListener("focusin", (event) => {
    const line = event.target.closest?.("[data-board] .learner-line");
    if (line) frame(line);
  });
  document.addEventListener("htmx:afterSettle", (event) => event.target.id === "groups" && settle());
  document.addEventListener("click", pickByPointer);
  document.addEventListener("submit", putDownByButton);
  startDrag();
  frame(lines()[0]);
  follow();
  watchClass(document.querySelector("[data-changes]").dataset, readAgain);
}
