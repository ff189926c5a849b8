// The web chat: joins what the person does, what is stored, and what the server says.

import * as line from "./line.js";
import * as log from "./log.js";
import * as panel from "./panel.js";
import * as queue from "./queue.js";
import * as shell from "./shell.js";
import * as store from "./store.js";
import { fetchFile } from "./wire.js";

const MOST_CHARS = 4000;
const KEEP_FILE_MS = 60000; // until the browser has surely saved it
const HELP_AFTER_MS = 1000;
const byId = (id) => document.getElementById(id);
const field = byId("say");
const help = byId("help");
const address = new URL(window.location.href);
const title = document.title;
let picked = address.searchParams.get("lang") || "";
let payload = address.searchParams.get("start") || "";
let helpTimer = 0;

const hint = () => picked || store.language() || navigator.language || "";

function talkOrWelcome(talking) {
  byId("welcome").hidden = talking;
  byId("log").hidden = !talking;
}

// Words, buttons and commands all leave through here; a command looks like what its button says.
function send(body, urgent) {
  queue.add(body, urgent);
  talkOrWelcome(true);
}

function command(name, text) {
  panel.toggle(false);
  send({ command: [name, text || ""] }, name === "danger");
  if (name === "danger") offerNumbers();
}

function shownWords(body) {
  if (body.typed) return { text: body.typed };
  if (body.pressed) return { pressed: body.label };
  return { text: `/${body.command.filter(Boolean).join(" ")}` };
}

// The numbers stand in the page itself: without a connection at once, else if the answer takes too long.
function offerNumbers() {
  clearTimeout(helpTimer);
  helpTimer = setTimeout(() => { help.hidden = false; }, navigator.onLine ? HELP_AFTER_MS : 0);
}

function sendTyped() {
  const words = field.value.trim();
  if (!words) return;
  if ([...words].length > MOST_CHARS) {
    shell.remark("too_long");
    return;
  }
  field.value = "";
  fit();
  send({ typed: words });
}

function fit() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  // Written words decide their direction; an empty field has that of the page.
  if (field.value) field.dir = "auto";
  else field.removeAttribute("dir");
}

// The visit's token stays out of every address: the file is fetched with it and handed to the browser.
async function save(button) {
  button.disabled = true;
  try {
    const { status, blob } = await fetchFile(button.dataset.file, store.token());
    if (!blob) {
      shell.remark({ 404: "no_file", 429: "wait" }[status] || "failed");
      return;
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = button.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), KEEP_FILE_MS);
  } catch {
    shell.remark("offline");
  } finally {
    button.disabled = false;
  }
}

// Likewise a recording, which takes the place of its button.
async function play(button) {
  button.disabled = true;
  try {
    const { status, blob } = await fetchFile(button.dataset.sound, store.token());
    if (!blob) {
      shell.remark({ 404: "no_sound", 429: "wait" }[status] || "failed");
      return;
    }
    const player = document.createElement("audio");
    player.controls = true;
    player.preload = "none";
    player.className = "player";
    player.src = URL.createObjectURL(blob);
    player.setAttribute("aria-label", button.closest(".message").querySelector(".bubble").textContent);
    button.replaceWith(player);
    player.focus();
    player.play().catch(() => {}); // where the browser wants a press of its own, the player is there for it
  } catch {
    shell.remark("offline");
  } finally {
    button.disabled = false;
  }
}

function begin(code) {
  if (code) {
    picked = code;
    shell.speak(code);
  }
  command("start", payload);
  payload = "";
  byId("log").focus({ preventScroll: true });
}

function reset(name) {
  line.close();
  store.forgetToken();
  log.clear();
  document.title = title;
  talkOrWelcome(false);
  if (name) shell.remark(name);
}

function openLine() {
  talkOrWelcome(true);
  log.setBusy(true);
  setTimeout(() => log.setBusy(false), 2000);
  line.open();
}

const onQueue = {
  added(entry) {
    log.echo(entry, shownWords(entry.body));
    log.waitForAnswer(true);
  },
  sent(id) {
    log.setState(id, "sent");
    shell.say("");
  },
  begun: openLine,
  // The token is not good any more. What was not sent goes into a new conversation.
  ended() {
    reset("ended");
    const unsent = store.unsent();
    unsent.forEach((entry) => log.echo(entry, shownWords(entry.body)));
    talkOrWelcome(unsent.length > 0);
  },
  refused(id, tooLong) {
    log.setState(id, "unsent");
    log.waitForAnswer(false);
    shell.remark(tooLong ? "too_long" : "failed");
  },
  tooFast: () => shell.remark("wait"),
  unreachable,
};

function unreachable() {
  shell.say(store.unsent().length ? "kept" : "offline");
}

const onLine = {
  message(message, last) {
    log.show(message, last);
    if (last) log.setBusy(false);
    if (message.author === "person") return;
    if (message.content.tone === "danger") {
      clearTimeout(helpTimer);
      help.hidden = true;
    }
    if (document.hidden) document.title = `● ${title}`;
  },
  reached() {
    shell.say("");
    queue.retry();
  },
  language(code) {
    const changing = store.unsent().some(({ body }) => body.command && body.command[0] !== "danger");
    if (!changing) shell.speak(code);
  },
  anew: log.clear,
  // The last words stay to be read; the next message begins a new conversation.
  ended() {
    store.forgetToken();
    shell.remark("ended");
  },
  unreachable,
};

const onPanel = {
  resumed(token) {
    reset("");
    store.forget();
    store.setToken(token);
    openLine();
  },
  left() {
    store.forget();
    reset("");
  },
};

// Where the keyboard lies over the page instead of making it smaller. Whoever zooms in is left alone.
function fitAboveKeyboard() {
  const view = window.visualViewport;
  if (view.scale > 1.01) return;
  document.body.style.height = view.height < window.innerHeight - 1 ? `${view.height}px` : "";
  window.scrollTo(0, 0);
}

function listen() {
  if (window.visualViewport) window.visualViewport.addEventListener("resize", fitAboveKeyboard);
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    sendTyped();
    field.focus();
  });
  field.addEventListener("input", fit);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    sendTyped();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { token, index, lang, command: name, file, sound } = button.dataset;
    if (file) save(button);
    else if (sound) play(button);
    else if (token) send({ pressed: [token, Number(index)], label: button.textContent });
    else if (lang) begin(lang);
    else if (name) command(name);
  });
  byId("start").addEventListener("click", () => begin(""));
  byId("danger").addEventListener("click", () => command("danger"));
  byId("help-close").addEventListener("click", () => { help.hidden = true; });
  byId("language").addEventListener("change", (event) => {
    picked = event.target.value;
    shell.speak(picked);
    if (store.token()) command("language", picked);
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) document.title = title; });
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
  window.addEventListener("offline", unreachable);
}

function open() {
  document.documentElement.classList.add("ready");
  line.start(onLine);
  panel.start(onPanel);
  store.onOtherTab(() => window.location.reload());
  listen();
  if (!picked && store.language()) shell.speak(store.language());
  if (store.token()) openLine();
  store.unsent().forEach((entry) => log.echo(entry, shownWords(entry.body)));
  talkOrWelcome(Boolean(store.token()) || !log.isEmpty());
  if (payload && store.token()) begin("");
  address.searchParams.delete("start"); // to be done once, not at each reload
  window.history.replaceState(null, "", address.pathname + address.search);
  queue.start(onQueue, hint);
}

open();
