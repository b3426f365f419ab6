// Putting steps in order by dragging; the buttons up and down do the same by keyboard and without script.
import { say } from "./status.js";

let dragged = null;

const listOf = (element) => element?.closest?.("[data-path]") ?? null;

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest?.("[data-path] .step-kind");
  const step = handle?.closest("[data-step]:not([data-fixed])");
  if (step) step.draggable = true;
});

document.addEventListener("dragstart", (event) => {
  const step = event.target.closest?.("[data-step]");
  if (!step?.draggable) return;
  dragged = step;
  step.dataset.dragged = "";
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", step.dataset.step);
});

document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.("[data-step]");
  if (!dragged || !over || over.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  const box = over.getBoundingClientRect();
  if (over !== dragged) over[event.clientY < box.top + box.height / 2 ? "before" : "after"](dragged);
});

document.addEventListener("drop", (event) => {
  if (dragged) event.preventDefault();
});

document.addEventListener("dragend", async () => {
  if (!dragged) return;
  const step = dragged;
  const list = listOf(step);
  dragged = null;
  delete step.dataset.dragged;
  step.draggable = false;
  await send(list, step);
});

async function send(list, step) {
  const steps = [...list.querySelectorAll("[data-step]")];
  const data = new FormData();
  data.set("version", list.dataset.version);
  for (const row of steps) data.append("step", row.dataset.step);
  const token = document.querySelector("meta[name=csrf-token]").content;
  try {
    const answer = await fetch(list.dataset.orderUrl, { method: "POST", body: data, headers: { "X-CSRFToken": token } });
    const told = await answer.json();
    if (!answer.ok) return refuse(list, told.why);
    list.dataset.version = told.version;
    say(`${list.dataset.moved} ${steps.indexOf(step) + 1}`);
  } catch {
    refuse(list);
  }
}

// Says why the order was not taken; without a reason the path was changed elsewhere.
function refuse(list, why) {
  const problem = list.closest("section").querySelector("[data-order-problem]");
  if (why) problem.firstElementChild.textContent = `${why} ${problem.dataset.asBefore}`;
  problem.hidden = false;
}

// A moved or ticked step keeps the focus on the button that was pressed, if that can still be pressed.
document.addEventListener("htmx:afterSettle", (event) => {
  const id = event.detail.requestConfig?.triggeringEvent?.submitter?.id;
  const button = id && document.getElementById(id);
  if (!button) return;
  if (button.getAttribute("aria-disabled") === "true") button.parentElement.querySelector("button:not([aria-disabled])")?.focus();
  else button.focus();
});

document.body.dataset.drags = "";
