// Drawing an answer: what is drawn goes into the form's own file field, as a picture, when the form is sent. Until it has
// arrived it waits in this browser, under who drew it: a page that was closed or an expired session loses no line.
const part = document.querySelector("[data-drawing]");
const canvas = part.querySelector("canvas");
const form = part.closest("form");
const picker = form.elements.file;
const pen = canvas.getContext("2d");
const THIN = 4;
const THICK = 16;
const KEPT_MS = 24 * 3600 * 1000;
const STORE = `lrm-drawing.${part.dataset.store}`;
const ARRIVED = "#kept";

const lines = recall();
let line = null;
let width = THIN;

function redraw() {
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.strokeStyle = "black";
  pen.fillStyle = "black";
  pen.lineCap = "round";
  pen.lineJoin = "round";
  for (const each of lines) {
    pen.lineWidth = each.width;
    pen.beginPath();
    pen.moveTo(...each.points[0]);
    for (const point of each.points) pen.lineTo(...point);
    pen.stroke();
  }
}

function recall() {
  try {
    if (location.hash === ARRIVED) localStorage.removeItem(STORE);
    const kept = JSON.parse(localStorage.getItem(STORE) ?? "{}");
    return kept.at > Date.now() - KEPT_MS ? kept.lines : [];
  } catch {
    return [];
  }
}

function keep() {
  try {
    if (lines.length) localStorage.setItem(STORE, JSON.stringify({ at: Date.now(), lines }));
    else localStorage.removeItem(STORE);
  } catch {
    // Storage is closed to us or full: it is kept while the page is open.
  }
}

function placeOf(event) {
  const box = canvas.getBoundingClientRect();
  return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height].map(Math.round);
}

canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  line = { width, points: [placeOf(event)] };
  lines.push(line);
  redraw();
  event.preventDefault();
});
canvas.addEventListener("pointermove", (event) => {
  if (!line) return;
  line.points.push(placeOf(event));
  redraw();
});
for (const end of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(end, () => {
    line = null;
    keep();
  });
}

part.addEventListener("click", (event) => {
  const button = event.target.closest("[data-draw]");
  if (!button) return;
  if (button.dataset.draw === "undo") lines.pop();
  if (button.dataset.draw === "clear") lines.length = 0;
  if (button.dataset.draw === "thick") {
    width = width === THIN ? THICK : THIN;
    button.setAttribute("aria-pressed", String(width === THICK));
  }
  redraw();
  keep();
});

// A picture that was picked counts before an empty field; what was drawn counts before both.
let isReady = false;
form.addEventListener("submit", (event) => {
  if (isReady || !lines.length) return;
  event.preventDefault();
  canvas.toBlob((blob) => {
    const files = new DataTransfer();
    files.items.add(new File([blob], "drawing.png", { type: "image/png" }));
    picker.files = files.files;
    isReady = true;
    form.requestSubmit(event.submitter ?? undefined);
  }, "image/png");
});
window.addEventListener("pageshow", () => {
  isReady = false;
});

redraw();
part.hidden = false;
