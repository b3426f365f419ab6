// The form of a goal: a draft is kept while it is typed, and lines for steps are added.
import { keepTyping, post } from "./keep-typing.js";
import { startStarters } from "./starters.js";
import { say } from "./status.js";

const STEPS_AT_MOST = 12;

function keepDraft(form) {
  async function send(signal) {
    const answer = await post(form.dataset.draftUrl, new FormData(form), { signal });
    if (answer.status === 422) return;
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    if ((await answer.json()).saved) say(form.dataset.kept);
  }

  keepTyping(form, send, () => say(form.dataset.notKept, { state: "danger" }));
}

function addSteps(form) {
  const list = form.querySelector("[data-step-lines]");
  const button = form.querySelector("[data-add-step]");
  const offer = () => {
    button.hidden = list.children.length >= STEPS_AT_MOST;
  };
  button.addEventListener("click", () => {
    const line = list.lastElementChild.cloneNode(true);
    const [id, text] = line.querySelectorAll("input");
    id.value = "";
    text.value = "";
    const number = list.children.length + 1;
    text.setAttribute("aria-label", `${button.dataset.label} ${number}`);
    for (const mover of line.querySelectorAll("[name=move]")) {
      mover.value = `${mover.dataset.way}-${number - 1}`;
      mover.setAttribute("aria-label", mover.dataset.label.replace("%(n)s", number));
    }
    list.append(line);
    text.focus();
    offer();
  });
  offer();
}

// Steps move by their buttons, and by Alt with an arrow while a step is typed; what stands in the lines changes places.
function moveSteps(form) {
  const list = form.querySelector("[data-step-lines]");

  function move(line, way) {
    const other = way === "up" ? line.previousElementSibling : line.nextElementSibling;
    if (!other) return null;
    const mine = line.querySelectorAll("input");
    const theirs = other.querySelectorAll("input");
    mine.forEach((input, place) => {
      [input.value, theirs[place].value] = [theirs[place].value, input.value];
    });
    form.dispatchEvent(new Event("input", { bubbles: true }));
    say(`${list.dataset.moved} ${[...list.children].indexOf(other) + 1}`);
    return other;
  }

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[name=move]");
    if (!button) return;
    event.preventDefault();
    const way = button.dataset.way;
    move(button.closest("li"), way)?.querySelector(`[data-way=${way}]`).focus();
  });
  list.addEventListener("keydown", (event) => {
    const way = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    if (!event.altKey || !way || !event.target.matches("[name=step_text]")) return;
    event.preventDefault();
    move(event.target.closest("li"), way)?.querySelector("[name=step_text]").focus();
  });
}

for (const form of document.querySelectorAll("form.goal-form")) {
  if (form.dataset.draftUrl) keepDraft(form);
  addSteps(form);
  moveSteps(form);
}
startStarters();
