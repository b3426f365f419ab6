// The form of a goal: a draft is kept while it is typed, and lines for steps are added.
import { say } from "./status.js";

const WAIT_MS = 1500;
const AGAIN_MS = 5000;
const STEPS_AT_MOST = 12;

function keepDraft(form) {
  let timer;
  let sending = null;

  async function send() {
    sending = new AbortController();
    try {
      const answer = await fetch(form.dataset.draftUrl, {
        method: "POST",
        body: new FormData(form),
        signal: sending.signal,
      });
      if (answer.status === 422) return;
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      if ((await answer.json()).saved) say(form.dataset.kept);
    } catch (error) {
      if (error.name === "AbortError") return;
      say(form.dataset.notKept, { state: "danger" });
      timer = setTimeout(send, AGAIN_MS);
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    sending?.abort();
    timer = setTimeout(send, WAIT_MS);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    sending?.abort();
  });
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
    text.setAttribute("aria-label", `${button.dataset.label} ${list.children.length + 1}`);
    list.append(line);
    text.focus();
    offer();
  });
  offer();
}

for (const form of document.querySelectorAll("form.goal-form")) {
  if (form.dataset.draftUrl) keepDraft(form);
  addSteps(form);
}
