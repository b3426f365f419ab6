// Photos and spoken notes that are not sent yet, kept in this browser for whoever took them: ids and the file, no names.
const MOST_FILES = 30;
const MOST_BYTES = 100 * 2 ** 20;
export const KEPT_DAYS = 14;

const DATABASE = "lrm-observe";
const STORE = "files";

let database = null;

const answered = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const ended = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });

function open() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "uuid" });
  return answered(request);
}

async function begin() {
  database ??= open();
  return (await database).transaction(STORE, "readwrite");
}

/**
 * one: {uuid, store, at, file, ...}, `store` beginning with the account and a point. Resolves to whether it is kept: not
 * where this account has too much here already, nor where the browser keeps nothing.
 */
export async function keep(one) {
  try {
    const transaction = await begin();
    const files = transaction.objectStore(STORE);
    const account = `${one.store.split(".")[0]}.`;
    const mine = (await answered(files.getAll())).filter((other) => other.store.startsWith(account));
    const bytes = mine.reduce((sum, other) => sum + other.file.size, one.file.size);
    if (mine.length >= MOST_FILES || bytes > MOST_BYTES) return false;
    files.put(one);
    await ended(transaction);
    return true;
  } catch {
    return false;
  }
}

/** What is kept here of whatever `store` begins so, oldest first; what is too old goes. */
export async function kept(start) {
  try {
    const files = (await begin()).objectStore(STORE);
    const oldest = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
    const found = await answered(files.getAll());
    for (const one of found) if (one.at <= oldest) files.delete(one.uuid);
    return found.filter((one) => one.at > oldest && one.store.startsWith(start)).sort((a, b) => a.at - b.at);
  } catch {
    return [];
  }
}

/** Take files out again. */
export async function drop(...uuids) {
  try {
    const transaction = await begin();
    for (const uuid of uuids) transaction.objectStore(STORE).delete(uuid);
    await ended(transaction);
  } catch {
    // Storage is closed to us: nothing was kept in it.
  }
}
