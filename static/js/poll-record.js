// Recording an answer: it goes into the form's own file field. Where the browser cannot record, that field is what there is.
const part = document.querySelector("[data-record]");
const picker = part.closest("form").elements.file;
const start = part.querySelector("[data-record-start]");
const stop = part.querySelector("[data-record-stop]");
const state = part.querySelector("[data-record-state]");
const isFilm = part.dataset.record === "video";
const clock = part.querySelector("[data-record-clock]");
const SHORTEST_S = 1; // in less a browser writes no picture and no sound
const LONGEST_S = 120;
const TYPES = isFilm ? ["video/webm", "video/mp4"] : ["audio/webm", "audio/mp4", "audio/ogg"];
const ENDINGS = { "audio/mp4": "m4a", "audio/ogg": "ogg", "audio/webm": "webm", "video/mp4": "mp4", "video/webm": "webm" };

const type = window.MediaRecorder && TYPES.find((each) => MediaRecorder.isTypeSupported(each));
let recorder = null;
let timer = null;
let since = 0;
let wantsEnd = false;

function show(isRunning) {
  start.hidden = isRunning;
  stop.hidden = !isRunning;
  (isRunning ? stop : start).focus();
}

function keep(parts, stream) {
  clearInterval(timer);
  for (const track of stream.getTracks()) track.stop();
  const files = new DataTransfer();
  files.items.add(new File(parts, `${part.dataset.record}.${ENDINGS[type]}`, { type }));
  picker.files = files.files;
  state.textContent = part.dataset.ready;
  show(false);
}

function look() {
  const seconds = Math.floor((Date.now() - since) / 1000);
  clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const isOver = seconds >= LONGEST_S || (wantsEnd && seconds >= SHORTEST_S);
  if (isOver && recorder.state === "recording") recorder.stop();
}

async function record() {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: isFilm });
  } catch {
    state.textContent = part.dataset.refused;
    picker.focus();
    return;
  }
  const parts = [];
  recorder = new MediaRecorder(stream, { mimeType: type });
  recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
  recorder.addEventListener("stop", () => keep(parts, stream));
  recorder.start();
  since = Date.now();
  wantsEnd = false;
  state.textContent = part.dataset.running;
  timer = setInterval(look, 200);
  show(true);
}

if (type && navigator.mediaDevices?.getUserMedia) {
  start.addEventListener("click", record);
  stop.addEventListener("click", () => {
    wantsEnd = true;
    look();
  });
  part.hidden = false;
}
