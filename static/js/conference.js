// Notes of a meeting are saved while they are typed; what another window has saved is never written over unseen.
import { post, whenLeft } from "./keep-typing.js";

const WAIT_MS = 1200;
const AGAIN_MS = 5000;

for (const form of document.querySelectorAll("[data-conference-notes]")) {
  const said = form.querySelector("[data-kept]");
  let timer;
  let isSending = false;
  let isUnsent = false;

  async function save() {
    clearTimeout(timer);
    if (isSending) {
      timer = setTimeout(save, WAIT_MS);
      return;
    }
    isSending = true;
    isUnsent = false;
    const data = new FormData(form);
    data.set("by", "script");
    try {
      const answer = await post(form.action, data, { redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.status === 403) said.textContent = said.dataset.signedOut;
      else if (answer.status === 409) said.textContent = said.dataset.changed;
      else if (!answer.ok) throw new Error(String(answer.status));
      else {
        form.elements.version.value = (await answer.json()).version;
        said.textContent = said.dataset.saved;
      }
    } catch {
      isUnsent = true;
      said.textContent = said.dataset.notSaved;
      timer = setTimeout(save, AGAIN_MS);
    } finally {
      isSending = false;
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    said.textContent = "";
    isUnsent = true;
    timer = setTimeout(save, WAIT_MS);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    isUnsent = false;
  });
  whenLeft(() => isUnsent && save());
}
