// What stands beside the conversation: the panel, return codes, the shared phone, the quick way out.

import * as store from "./store.js";
import { word } from "./shell.js";
import { post } from "./wire.js";

// A neutral page that anybody may have open.
const ELSEWHERE = "https://sl.wikipedia.org/";
const TWICE_MS = 1000;
const byId = (id) => document.getElementById(id);
const panel = byId("panel");
const more = byId("more");
let on = null;
let escaped = 0;

export function start(events) {
  on = events;
  more.addEventListener("click", () => toggle(!isOpen()));
  document.addEventListener("click", (event) => {
    if (isOpen() && !panel.contains(event.target) && !more.contains(event.target)) toggle(false);
  });
  document.addEventListener("keydown", onKey);
  byId("exit").addEventListener("click", leaveQuickly);
  for (const opener of panel.querySelectorAll("[data-opens]")) {
    opener.addEventListener("click", () => unfold(opener, byId(opener.dataset.opens).hidden));
  }
  for (const shared of document.querySelectorAll(".shared")) {
    shared.addEventListener("change", () => share(shared.checked));
  }
  byId("get-code").addEventListener("click", getCode);
  byId("copy").addEventListener("click", copyCode);
  byId("resume").addEventListener("submit", resume);
  byId("leave").addEventListener("click", leave);
  byId("stay").addEventListener("click", () => fold());
  window.addEventListener("pagehide", () => store.isShared() && letGo());
}

const isOpen = () => more.getAttribute("aria-expanded") === "true";

export function toggle(open) {
  if (open === isOpen()) return;
  more.setAttribute("aria-expanded", String(open));
  panel.classList.toggle("open", open);
  if (open) panel.querySelector("button").focus();
  else if (panel.contains(document.activeElement)) more.focus();
  if (!open) fold();
}

function unfold(opener, open) {
  fold();
  opener.setAttribute("aria-expanded", String(open));
  byId(opener.dataset.opens).hidden = !open;
}

function fold() {
  for (const opener of panel.querySelectorAll("[data-opens]")) {
    opener.setAttribute("aria-expanded", "false");
    byId(opener.dataset.opens).hidden = true;
  }
  showCode("");
  tell("");
}

function onKey(event) {
  if (event.key !== "Escape") return;
  if (Date.now() - escaped < TWICE_MS) leaveQuickly();
  escaped = Date.now();
  toggle(false);
}

// Clears what can be seen first: the next page may take long to come.
export function leaveQuickly() {
  document.body.textContent = "";
  document.title = word("close");
  if (store.isShared()) letGo();
  window.location.replace(ELSEWHERE);
}

// On a shared phone the conversation ends for this browser when the page does.
function letGo() {
  const token = store.token();
  store.wipe();
  if (token) post("/chat/leave", {}, token, true).catch(() => {});
}

function share(value) {
  store.setShared(value);
  for (const shared of document.querySelectorAll(".shared")) shared.checked = value;
}

const tell = (name) => {
  byId("code-says").textContent = name ? word(name) : "";
};

function showCode(code) {
  byId("new-code").textContent = code;
  byId("new-code").hidden = !code;
  byId("copy").hidden = !code || !navigator.clipboard;
}

async function getCode() {
  const token = store.token();
  if (!token) {
    tell("no_code");
    return;
  }
  try {
    const reply = await post("/chat/code", {}, token);
    if (reply.status === 200) showCode(reply.data.code);
    tell({ 200: "", 409: "no_code", 429: "wait" }[reply.status] || (reply.status === 200 ? "" : "failed"));
  } catch {
    tell("offline");
  }
}

async function copyCode() {
  try {
    await navigator.clipboard.writeText(byId("new-code").textContent);
    tell("copied");
  } catch {
    tell("failed");
  }
}

async function resume(event) {
  event.preventDefault();
  const code = byId("code").value.trim();
  if (!code) return;
  try {
    const former = store.token();
    const reply = await post("/chat/resume", { code, shared: store.isShared() });
    if (reply.status !== 200) {
      tell({ 404: "bad_code", 429: "wait" }[reply.status] || "failed");
      return;
    }
    if (former) post("/chat/leave", {}, former).catch(() => {});
    byId("code").value = "";
    toggle(false);
    fold();
    on.resumed(reply.data.token);
  } catch {
    tell("offline");
  }
}

function leave() {
  const token = store.token();
  if (token) post("/chat/leave", {}, token, true).catch(() => {});
  toggle(false);
  fold();
  on.left();
}
