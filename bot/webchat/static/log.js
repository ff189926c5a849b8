// The list of messages: what the server has, then what is still on its way to it.

import { node, paragraphs, rowsOf } from "./nodes.js";
import { dayOf, timeOf, word } from "./shell.js";

const NEAR_PX = 160;
const WRITING_MS = 20000;
const log = document.getElementById("log");
const scroll = document.getElementById("scroll");
const newer = document.getElementById("newer");
const writing = document.getElementById("writing");
const kept = log.appendChild(node("div", "kept"));
const leaving = log.appendChild(node("div", "leaving"));
leaving.setAttribute("aria-live", "off");
let day = "";
let speaker = "";
let withPerson = false;
let anchor = null; // the person's newest message, or what came after one without words: read from there
let follows = null; // whether the view goes along with the messages that are just arriving
let quiet = 0;

newer.addEventListener("click", () => {
  scroll.scrollTop = scroll.scrollHeight;
  document.getElementById("say").focus();
});
scroll.addEventListener("scroll", () => isNear() && (newer.hidden = true), { passive: true });

const isNear = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_PX;

export function clear() {
  kept.textContent = "";
  leaving.textContent = "";
  day = "";
  speaker = "";
  withPerson = false;
  anchor = null;
  follows = null;
  waitForAnswer(false);
}

export const isEmpty = () => !kept.firstChild && !leaving.firstChild;

// How the person's own words are shown; null for what is no words at all.
export function ownWords(content) {
  if (content.pressed) return typeof content.pressed === "string" ? content.pressed : "";
  const text = content.text || "";
  const command = /^\/(\w+)(?:\s+(.*))?$/.exec(text);
  if (!command) return text;
  if (command[1] === "start") return null;
  return ["menu", "person", "danger", "language", "privacy", "delete"].includes(command[1]) ? word(command[1]) : text;
}

// Something the person has just sent, shown before the server has it.
export function echo(entry, content) {
  const words = ownWords(content);
  if (words === null) {
    anchor = null;
    return;
  }
  const message = own(words, new Date(entry.at));
  message.dataset.id = entry.id;
  message.dataset.words = words;
  leaving.append(message);
  setState(entry.id, "sending");
  age();
  anchor = message;
  scroll.scrollTop = scroll.scrollHeight;
}

export function setState(id, name) {
  const message = find(id);
  if (!message) return;
  message.dataset.state = name;
  const state = message.querySelector(".state");
  state.dataset.word = name;
  state.textContent = word(name);
}

const find = (id) => [...leaving.children].find((message) => message.dataset.id === id);

// A message of the conversation as the server has it.
export function show(message, last) {
  if (follows === null) follows = isNear() || log.getAttribute("aria-busy") === "true";
  const date = new Date(message.at);
  if (message.author === "person") {
    const words = ownWords(message.content);
    settle(message.content.client, words);
    age();
    if (words !== null) separate(date);
    anchor = words === null ? null : kept.appendChild(own(words, date));
    speaker = "";
  } else {
    separate(date);
    const shown = kept.appendChild(theirs(message, date));
    if (!anchor) anchor = shown;
    if (message.content.tone === "danger") follows = true;
    withPerson = message.content.tone === "staff";
    waitForAnswer(false);
  }
  if (!last) return;
  if (follows) lookAtAnchor();
  else if (message.author !== "person") newer.hidden = false;
  follows = null;
}

// As far down as can be without the beginning of what is new leaving the view.
function lookAtAnchor() {
  const bottom = scroll.scrollHeight - scroll.clientHeight;
  scroll.scrollTop = Math.min(bottom, anchor.offsetTop - scroll.offsetTop - 12);
}

function settle(client, words) {
  const sent = [...leaving.children];
  const same = client ? find(client) : sent.find((one) => one.dataset.words === words && one.dataset.state === "sent");
  if (same) same.remove();
}

function separate(date) {
  const label = dayOf(date);
  if (label === day) return;
  day = label;
  speaker = "";
  kept.append(node("p", "day", label));
}

// Buttons of what was said before step back.
function age() {
  for (const rows of log.querySelectorAll(".rows:not(.old)")) rows.classList.add("old");
}

function own(words, date) {
  const made = node("div", "message person");
  made.append(node("span", "unseen", `${word("you")}: `));
  const bubble = made.appendChild(node("div", "bubble"));
  bubble.dir = "auto";
  bubble.append(node("p", "", words));
  const meta = made.appendChild(node("p", "meta"));
  meta.append(stamp(date), node("span", "state"));
  return made;
}

function theirs({ content, token, author, seq }, date) {
  const tone = /^[a-z]+$/.test(content.tone || "") ? content.tone : "bot";
  const made = node("div", `message ${author} ${tone}`);
  const sender = content.sender || document.title;
  made.append(node("p", content.sender && sender !== speaker ? "sender" : "unseen", sender));
  speaker = sender;
  const bubble = made.appendChild(node("div", "bubble"));
  bubble.lang = content.language || "";
  bubble.dir = content.direction || "auto";
  if (content.title) bubble.append(node("h3", "title", content.title));
  bubble.append(paragraphs(content.text || ""));
  if (tone !== "info") made.appendChild(node("p", "meta")).append(stamp(date));
  if (content.document) made.append(/\.ogg$/.test(content.document) ? soundOf(seq) : fileOf(content.document, seq));
  if (content.rows && content.rows.length) {
    const rows = made.appendChild(rowsOf(content.rows, token));
    rows.lang = bubble.lang;
    rows.dir = bubble.dir;
  }
  return made;
}

// Not bound to a question: it can be pressed until the file is gone.
function fileOf(name, seq) {
  const made = node("button", "file");
  made.type = "button";
  made.dataset.file = seq;
  made.dataset.name = name;
  const label = made.appendChild(node("span", "", word("download")));
  label.dataset.word = "download";
  const shown = made.appendChild(node("span", "name", name));
  shown.dir = "ltr";
  return made;
}

// Fetched when somebody wants to hear it: a button until then, a player afterwards.
function soundOf(seq) {
  const made = node("button", "file sound");
  made.type = "button";
  made.dataset.sound = seq;
  const label = made.appendChild(node("span", "", word("listen")));
  label.dataset.word = "listen";
  return made;
}

function stamp(date) {
  const made = node("time", "", timeOf(date));
  made.dateTime = date.toISOString();
  made.dir = "ltr";
  return made;
}

// Nobody is announced to be writing while a person of the desk has the conversation: they answer when they can.
export function waitForAnswer(on) {
  clearTimeout(quiet);
  writing.hidden = !on || withPerson;
  if (writing.hidden) return;
  scroll.scrollTop = scroll.scrollHeight;
  quiet = setTimeout(() => waitForAnswer(false), WRITING_MS);
}

export function setBusy(on) {
  log.setAttribute("aria-busy", String(on));
}
