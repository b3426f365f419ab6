// Signing out empties this browser. What was observed and is not sent yet is asked about first.
const HASH = "#sign-out";
const dialog = document.querySelector("[data-not-sent]");

/** {section: how many} of what this account has waiting here. */
function waiting(prefix) {
  const found = new Map();
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(prefix)) found.set(key.slice(prefix.length), JSON.parse(localStorage.getItem(key)).length);
    }
  } catch {
    // Storage is closed to us: nothing can wait in it.
  }
  return found;
}

function ask(n) {
  dialog.querySelector("[data-count]").textContent = dialog.dataset.text.replace("%(n)s", n);
  dialog.showModal();
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-signs-out]");
  if (!form || dialog?.contains(form)) return;
  const here = waiting(form.dataset.waits);
  const [section] = dialog && here.has(dialog.dataset.section) ? [dialog.dataset.section] : here.keys();
  if (!section) return;
  event.preventDefault();
  if (section === dialog?.dataset.section) ask(here.get(section));
  else location.assign(form.dataset.signsOut.replace("/0/", `/${section}/`) + HASH); // there it can be sent
});

if (dialog) {
  dialog.querySelector("[data-send-first]").addEventListener("click", () => {
    dialog.close();
    dispatchEvent(new Event("online")); // whoever waits for the network tries again
  });
  if (location.hash === HASH) {
    history.replaceState(history.state, "", location.pathname + location.search);
    const n = waiting(dialog.dataset.waits).get(dialog.dataset.section);
    if (n) ask(n);
  }
}
