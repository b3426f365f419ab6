// Signing out empties this browser. What was observed and is not sent yet is asked about first; what a colleague has not
// sent stays for that colleague.
import { drop, kept } from "./kept-files.js";

const HASH = "#sign-out";
const SEEN = "lrm-observe.";
const dialog = document.querySelector("dialog[data-not-sent]");

/** [{place: "account.section", n, uuids}] of all that waits in this browser. */
async function waiting() {
  const found = new Map();
  const at = (place) => found.get(place) ?? found.set(place, { place, n: 0, uuids: [] }).get(place);
  try {
    for (const key of Object.keys(localStorage).filter((each) => each.startsWith(SEEN))) {
      at(key.slice(SEEN.length)).n += JSON.parse(localStorage.getItem(key)).length;
    }
  } catch {
    // Storage is closed to us: nothing can wait in it.
  }
  for (const { store, uuid } of await kept("")) {
    const here = at(store);
    here.n += 1;
    here.uuids.push(uuid);
  }
  return [...found.values()];
}

const isOf = (account) => ({ place }) => place.startsWith(`${account}.`);

function ask(n) {
  dialog.querySelector("[data-count]").textContent = dialog.dataset.text.replace("%(n)s", n);
  dialog.showModal();
}

/** What is somebody else's here stays, and the server is told so; where nothing is, it empties the browser itself. */
async function leave(form, all) {
  const isMine = isOf(form.dataset.signsOut);
  if (all.some((one) => !isMine(one))) {
    const theirs = new Set(all.filter((one) => !isMine(one)).map((one) => SEEN + one.place));
    sessionStorage.clear();
    for (const key of Object.keys(localStorage)) if (!theirs.has(key)) localStorage.removeItem(key);
    await drop(...all.filter(isMine).flatMap((one) => one.uuids));
    const spares = document.createElement("input");
    Object.assign(spares, { type: "hidden", name: "spares", value: "1" });
    form.append(spares);
  }
  form.submit();
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-signs-out]");
  if (!form) return;
  event.preventDefault();
  const all = await waiting();
  const mine = all.filter(isOf(form.dataset.signsOut));
  if (!mine.length || dialog?.contains(form)) {
    leave(form, all);
    return;
  }
  const here = mine.find(({ place }) => place.split(".")[1] === dialog?.dataset.section);
  if (here) ask(here.n);
  else location.assign(form.dataset.sends.replace("/0/", `/${mine[0].place.split(".")[1]}/`) + HASH); // there it can be sent
});

async function goOn() {
  if (location.hash !== HASH) return;
  history.replaceState(history.state, "", location.pathname + location.search);
  const mine = (await waiting()).filter(isOf(dialog.dataset.account));
  const here = mine.find(({ place }) => place.split(".")[1] === dialog.dataset.section);
  if (here) ask(here.n);
}

if (dialog) {
  dialog.querySelector("[data-send-first]").addEventListener("click", () => {
    dialog.close();
    dispatchEvent(new Event("online")); // whoever waits for the network tries again
  });
  goOn();
}
