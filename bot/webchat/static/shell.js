// The words around the conversation, and in which direction they run.

import * as store from "./store.js";
import { words } from "./wire.js";

const REMARK_MS = 8000;
const data = JSON.parse(document.getElementById("words").textContent);
const page = document.documentElement;
const says = document.getElementById("says");
const languages = document.getElementById("language");
let shown = { lang: data.lang, words: data.words };
let wanted = data.lang;
let fades = 0;
let state = ""; // what lasts
let passing = ""; // what stands before it for a while

export const word = (name) => shown.words[name] || "";
export const language = () => wanted;
export async function speak(code) {
  if (!data.locales[code] || code === wanted) return;
  wanted = code;
  store.setLanguage(code);
  try {
    const fresh = await words(code);
    if (wanted === code) put(fresh);
  } catch {
    wanted = shown.lang; // offline: the words we have stay
  }
}

function put(fresh) {
  shown = fresh;
  page.lang = fresh.lang;
  page.dir = fresh.dir;
  languages.value = fresh.lang;
  const fill = (name, set) => {
    for (const node of document.querySelectorAll(`[data-${name}]`)) set(node, word(node.dataset[name]));
  };
  fill("word", (node, text) => { node.textContent = text; });
  fill("placeholder", (node, text) => { node.placeholder = text; });
  fill("label", (node, text) => node.setAttribute("aria-label", text));
  fill("title", (node, text) => { node.title = text; });
  refresh();
}

function refresh() {
  const text = word(passing || state);
  if (says.textContent !== text) says.textContent = text;
}

// A lasting state ("" for none), or a remark that goes by itself.
export function say(name) {
  state = name;
  refresh();
}

export function remark(name) {
  clearTimeout(fades);
  passing = name;
  refresh();
  fades = setTimeout(() => {
    passing = "";
    refresh();
  }, REMARK_MS);
}

const format = (options, code) => {
  const locale = (data.locales[code] || code).replace("_", "-");
  try {
    return new Intl.DateTimeFormat(`${locale}-u-ca-gregory-nu-latn`, options);
  } catch {
    return new Intl.DateTimeFormat(undefined, options);
  }
};

export const timeOf = (date) => format({ hour: "2-digit", minute: "2-digit", hour12: false }, "en").format(date);

export function dayOf(date) {
  const days = Math.round((midnight(new Date()) - midnight(date)) / 86400000);
  if (days === 0) return word("today");
  if (days === 1) return word("yesterday");
  const options = { weekday: "long", day: "numeric", month: "long" };
  if (date.getFullYear() !== new Date().getFullYear()) options.year = "numeric";
  return format(options, shown.lang).format(date);
}

const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());
