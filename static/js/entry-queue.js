// What was typed and is not saved yet. One request at a time; what cannot be sent stays and is tried again.

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;

/**
 * A queue of cells. `send(cells)` resolves to the outcomes of these cells, or rejects when the server cannot be reached.
 * `settle(cell, outcome)` hears of every cell; `changed(queue)` of every change of state.
 */
export class Queue {
  constructor({ send, settle, changed }) {
    this.send = send;
    this.settle = settle;
    this.changed = changed;
    this.waiting = new Map();
    this.flying = new Map();
    this.trouble = false;
    this.wait = FIRST_WAIT;
    this.timer = 0;
  }

  get size() {
    return new Set([...this.waiting.keys(), ...this.flying.keys()]).size;
  }

  /** The newest text of a cell counts; one that is under way goes again afterwards. */
  add(key, cell) {
    this.waiting.set(key, cell);
    this.changed(this);
    this.push();
  }

  drop(key) {
    this.waiting.delete(key);
    this.changed(this);
  }

  async push() {
    if (this.flying.size || !this.waiting.size) return;
    clearTimeout(this.timer);
    this.flying = this.waiting;
    this.waiting = new Map();
    this.changed(this);
    const keys = [...this.flying.keys()];
    const cells = [...this.flying.values()];
    let outcomes;
    try {
      outcomes = await this.send(cells);
    } catch {
      // Newer text for the same cell stays the one to send.
      for (const [key, cell] of this.flying) if (!this.waiting.has(key)) this.waiting.set(key, cell);
      this.flying = new Map();
      this.trouble = true;
      this.changed(this);
      this.timer = setTimeout(() => this.push(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
      return;
    }
    this.flying = new Map();
    this.trouble = false;
    this.wait = FIRST_WAIT;
    outcomes.forEach((outcome, place) => this.settle(keys[place], cells[place], outcome));
    this.changed(this);
    this.push();
  }

  /** The network is back: do not wait any longer. */
  hurry() {
    if (!this.trouble) return;
    this.wait = FIRST_WAIT;
    this.push();
  }
}
