// The form of a project: a draft is kept while it is typed, and lines for the plan are added.
import { say } from "./status.js";

const WAIT_MS = 1500;
const AGAIN_MS = 5000;

const form = document.querySelector("[data-project-form]");
const list = form.querySelector("[data-plan-lines]");
const button = form.querySelector("[data-add-line]");
let timer = null;
let sending = null;

async function keep() {
  const data = new FormData(form);
  data.set("do", "draft");
  sending = new AbortController();
  try {
    const answer = await fetch(location.href, { method: "POST", body: data, signal: sending.signal });
    if (answer.status === 422) return;
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    if ((await answer.json()).saved) say(form.dataset.kept);
  } catch (error) {
    if (error.name === "AbortError") return;
    say(form.dataset.notKept, { state: "danger" });
    timer = setTimeout(keep, AGAIN_MS);
  }
}

function stop() {
  clearTimeout(timer);
  sending?.abort();
}

if ("keeps" in form.dataset) {
  form.addEventListener("input", () => {
    stop();
    timer = setTimeout(keep, WAIT_MS);
  });
  form.addEventListener("submit", stop);
}

function offer() {
  button.hidden = list.children.length >= Number(list.dataset.most);
}

button.addEventListener("click", () => {
  const line = list.lastElementChild.cloneNode(true);
  for (const field of line.querySelectorAll("input")) {
    field.value = "";
    const label = field.dataset.label;
    if (label) field.setAttribute("aria-label", `${label} ${list.children.length + 1}`);
  }
  list.append(line);
  line.querySelector("[name=line_text]").focus();
  offer();
});
offer();
