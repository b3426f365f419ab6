// Choose standards by code or words: a combobox over a listbox; what is chosen stands above it as boxes that can be taken out.

const WAIT_MS = 150;

class Picker {
  constructor(root) {
    this.root = root;
    this.name = root.dataset.name;
    this.query = root.querySelector("[data-query]");
    this.options = root.querySelector("[data-options]");
    this.chosen = root.querySelector("[data-chosen]");
    this.said = root.querySelector("[data-said]");
    this.active = -1;
    this.asked = "";
    root.querySelector("[data-find-without-script]").remove();
    this.query.removeAttribute("name");
    Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.options.id,
    }).forEach(([key, value]) => this.query.setAttribute(key, value));
    this.query.addEventListener("input", () => this.askSoon());
    this.query.addEventListener("keydown", (event) => this.press(event));
    this.query.addEventListener("blur", () => this.close());
    this.options.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the focus stays where the typing is
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    });
    root.addEventListener("change", (event) => this.change(event.target));
  }

  askSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT_MS);
  }

  async ask() {
    const words = this.query.value.trim();
    if (!words) {
      this.close();
      return;
    }
    this.asked = words;
    this.going?.abort();
    this.going = new AbortController();
    try {
      const address = `${this.root.dataset.url}?as=options&q=${encodeURIComponent(words)}`;
      const answer = await fetch(address, { signal: this.going.signal, headers: { "HX-Request": "true" } });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      const text = await answer.text();
      if (this.asked !== this.query.value.trim()) return;
      this.show(text);
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  show(text) {
    this.options.innerHTML = text;
    const taken = new Set(this.values());
    this.list().forEach((option, place) => {
      option.id = `${this.options.id}-${place}`;
      if (taken.has(option.dataset.value)) option.setAttribute("aria-selected", "true");
    });
    const count = this.list().length;
    if (!count) {
      const line = document.createElement("li");
      line.className = "picker-none";
      line.textContent = this.root.dataset.none;
      this.options.append(line);
    }
    this.options.hidden = false;
    this.query.setAttribute("aria-expanded", "true");
    this.move(count ? 0 : -1);
    this.say(count ? this.root.dataset.found.replace("{n}", count) : this.root.dataset.none);
  }

  list() {
    return [...this.options.querySelectorAll("[role=option]")];
  }

  values() {
    return [...this.root.querySelectorAll(`input[name="${this.name}"]:checked`)].map((box) => box.value);
  }

  move(place) {
    const list = this.list();
    list[this.active]?.removeAttribute("data-active");
    this.active = place;
    const option = list[place];
    if (option) {
      option.dataset.active = "";
      option.scrollIntoView({ block: "nearest" });
      this.query.setAttribute("aria-activedescendant", option.id);
    } else {
      this.query.removeAttribute("aria-activedescendant");
    }
  }

  press(event) {
    const count = this.list().length;
    const isOpen = !this.options.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) this.ask();
      else if (count) this.move((this.active + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
    } else if (event.key === "Enter") {
      if (!isOpen && !this.query.value.trim()) return;
      event.preventDefault();
      const option = this.list()[this.active];
      if (isOpen && option) this.take(option);
      else this.ask();
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Backspace" && !this.query.value) {
      const last = this.chosen.querySelector("li:last-child input");
      if (last) this.drop(last);
    }
  }

  take(option) {
    const { value, label } = option.dataset;
    const known = [...this.root.querySelectorAll(`input[name="${this.name}"]`)].find((box) => box.value === value);
    if (known) {
      known.checked = true;
      this.change(known);
    } else {
      this.add(value, label);
    }
    this.query.value = "";
    this.close();
    this.query.focus();
  }

  add(value, label) {
    const line = document.createElement("li");
    const choice = document.createElement("label");
    choice.className = "choice";
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", name: this.name, value, checked: true });
    const words = document.createElement("span");
    words.className = "ltr";
    words.textContent = label;
    choice.append(box, words);
    line.append(choice);
    if ("one" in this.root.dataset) this.chosen.replaceChildren();
    this.chosen.append(line);
    this.say(this.root.dataset.taken.replace("{label}", label));
    this.tell();
  }

  /** A box was ticked or cleared: offered ones move up when taken; one that was found goes when it is cleared. */
  change(box) {
    if (box.name !== this.name) return;
    const line = box.closest("li");
    if (box.checked && !this.chosen.contains(line)) {
      const hadFocus = document.activeElement === box;
      if ("one" in this.root.dataset) {
        for (const other of this.chosen.querySelectorAll("input")) this.drop(other);
      }
      line.dataset.offered = "";
      this.chosen.append(line);
      if (hadFocus) box.focus();
      this.say(this.root.dataset.taken.replace("{label}", line.textContent.trim()));
    } else if (!box.checked) {
      this.drop(box);
    }
  }

  drop(box) {
    const line = box.closest("li");
    const hadFocus = line.contains(document.activeElement);
    const offered = this.root.querySelector("[data-offered]");
    box.checked = false;
    if ("offered" in line.dataset && offered) offered.append(line);
    else line.remove();
    if (hadFocus) this.query.focus();
    this.say(this.root.dataset.gone.replace("{label}", line.textContent.trim()));
    this.tell();
  }

  /** Forms that keep drafts listen for input. */
  tell() {
    this.root.dispatchEvent(new Event("input", { bubbles: true }));
  }

  close() {
    clearTimeout(this.timer);
    this.going?.abort();
    this.options.hidden = true;
    this.options.replaceChildren();
    this.query.setAttribute("aria-expanded", "false");
    this.move(-1);
  }

  say(text) {
    this.said.textContent = text;
  }
}

export function start(root = document) {
  for (const picker of root.querySelectorAll("[data-picker]:not([data-started])")) {
    picker.dataset.started = "";
    new Picker(picker);
  }
}

start();
document.addEventListener("htmx:load", (event) => start(event.target));
