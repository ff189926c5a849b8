// What this browser keeps: in localStorage, or on a shared phone only in memory.

const PREFIX = "starting-point.";
const VISIT = "visit";
const SHELL = "language";
const UNSENT = "unsent.";
const memory = new Map();
let shared = false;
let last = "";
let count = 0;

function disk() {
  if (shared) return null;
  try {
    return window.localStorage;
  } catch {
    return null; // storage is forbidden: then this page's memory has to do
  }
}

function get(name) {
  const kept = disk();
  const value = kept ? kept.getItem(PREFIX + name) : null;
  return value === null ? memory.get(name) || null : value;
}

function put(name, value) {
  try {
    const kept = disk();
    if (!kept) throw new Error("memory");
    kept.setItem(PREFIX + name, value);
    memory.delete(name);
  } catch {
    memory.set(name, value); // no storage, or it is full
  }
}

function remove(name) {
  memory.delete(name);
  const kept = disk();
  if (kept) kept.removeItem(PREFIX + name);
}

function names() {
  const found = new Set(memory.keys());
  const kept = disk();
  for (let i = 0; kept && i < kept.length; i += 1) {
    const name = kept.key(i);
    if (name.startsWith(PREFIX)) found.add(name.slice(PREFIX.length));
  }
  return [...found];
}

export const isShared = () => shared;

export function setShared(value) {
  if (value === shared) return;
  const all = names().map((name) => [name, get(name)]);
  if (value) all.forEach(([name]) => remove(name));
  shared = value;
  memory.clear();
  all.forEach(([name, text]) => put(name, text));
}

export const token = () => get(VISIT);
export const setToken = (value) => put(VISIT, value);
export const language = () => get(SHELL);
export const setLanguage = (code) => put(SHELL, code);

export function forget() {
  names().filter((name) => name !== SHELL).forEach(remove);
}

export function wipe() {
  names().forEach(remove);
}

export const forgetToken = () => remove(VISIT);

// Ids sort in the order in which they were made, also when the phone's clock is set back.
export function newId() {
  const random = [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0"));
  const now = Date.now().toString(36);
  if (now > last) {
    last = now;
    count = 0;
  }
  count += 1;
  return `${last}-${count.toString(36).padStart(4, "0")}-${random.join("")}`;
}

// Each message has a name of its own, so that two tabs never overwrite each other's.
export const keep = (entry) => put(UNSENT + entry.id, JSON.stringify(entry));
export const drop = (id) => remove(UNSENT + id);

export function unsent() {
  const found = [];
  for (const name of names()) {
    if (name.startsWith(UNSENT)) {
      try {
        found.push(JSON.parse(get(name)));
      } catch {
        remove(name);
      }
    }
  }
  const rank = (entry) => (entry.urgent ? "0" : "1") + entry.id;
  return found.sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
}

export function onOtherTab(act) {
  window.addEventListener("storage", (event) => {
    if (!shared && (event.key === PREFIX + VISIT || event.key === null)) act();
  });
}
