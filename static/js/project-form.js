// The form of a project: a draft is kept while it is typed, and lines for the plan are added.
import { keepTyping, post } from "./keep-typing.js";
import { say } from "./status.js";

const form = document.querySelector("[data-project-form]");
const list = form.querySelector("[data-plan-lines]");
const button = form.querySelector("[data-add-line]");

async function send(signal) {
  const data = new FormData(form);
  data.set("do", "draft");
  const answer = await post(location.href, data, { signal });
  if (answer.status === 422) return;
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  if ((await answer.json()).saved) say(form.dataset.kept);
}

if ("keeps" in form.dataset) keepTyping(form, send, () => say(form.dataset.notKept, { state: "danger" }));

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
