// Recording an answer: it goes into the form's own file field. Where the browser cannot record, that field is what there is.
import { canRecord, Recorder } from "./recorder.js";

const part = document.querySelector("[data-record]");
const picker = part.closest("form").elements.file;
const start = part.querySelector("[data-record-start]");
const stop = part.querySelector("[data-record-stop]");
const state = part.querySelector("[data-record-state]");
const clock = part.querySelector("[data-record-clock]");
const kind = part.dataset.record === "video" ? "video" : "audio";

function show(isRunning) {
  start.hidden = isRunning;
  stop.hidden = !isRunning;
  (isRunning ? stop : start).focus();
}

const recorder = new Recorder(kind, {
  began() {
    state.textContent = part.dataset.running;
    show(true);
  },
  ticked(time) {
    clock.textContent = time;
  },
  ended(file) {
    const files = new DataTransfer();
    files.items.add(file);
    picker.files = files.files;
    state.textContent = part.dataset.ready;
    show(false);
  },
  refused() {
    state.textContent = part.dataset.refused;
    picker.focus();
  },
});

if (canRecord(kind)) {
  start.addEventListener("click", () => recorder.start());
  stop.addEventListener("click", () => recorder.stop());
  part.hidden = false;
}
