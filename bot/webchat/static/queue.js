// What the person sends goes one after another, and again with the same id until the server has stored it.

import * as store from "./store.js";
import { post } from "./wire.js";

const SLOWEST_MS = 30000;
let on = null;
let hint = () => "";
let busy = false;
let again = 0;
let failures = 0;

export function start(events, hinted) {
  on = events;
  hint = hinted;
  window.addEventListener("online", pump);
  document.addEventListener("visibilitychange", () => document.hidden || retry());
  pump();
}

export function add(body, urgent) {
  const entry = { id: store.newId(), at: new Date().toISOString(), urgent: Boolean(urgent), body };
  store.keep(entry);
  on.added(entry);
  pump();
}

// The server is there again: no need to wait any longer.
export function retry() {
  if (failures) pump();
}

async function pump() {
  clearTimeout(again);
  if (busy) return;
  busy = true;
  let waitMs = 0;
  try {
    for (let entry = store.unsent()[0]; entry && !waitMs; entry = store.unsent()[0]) waitMs = await deliver(entry);
  } catch {
    failures += 1;
    waitMs = Math.min(SLOWEST_MS, 500 * 2 ** failures) * (0.75 + Math.random() / 2);
    on.unreachable();
  } finally {
    busy = false;
  }
  if (waitMs) again = setTimeout(pump, waitMs);
}

// Returns after how many milliseconds to go on.
async function deliver(entry) {
  let token = store.token();
  if (!token) {
    const visit = await post("/chat/visit", { shared: store.isShared(), hint: hint() });
    if (visit.status !== 200) return slowDown(visit);
    token = visit.data.token;
    store.setToken(token);
    on.begun();
  }
  const reply = await post("/chat/messages", { id: entry.id, hint: hint(), ...entry.body }, token);
  if (reply.status === 202) {
    failures = 0;
    store.drop(entry.id);
    on.sent(entry.id);
    return 0;
  }
  if (reply.status === 401) {
    failures += 1;
    if (store.token() === token) on.ended();
    return failures > 2 ? 5000 : 0;
  }
  if (reply.status === 400 || reply.status === 413) {
    store.drop(entry.id);
    on.refused(entry.id, reply.status === 413);
    return 0;
  }
  return slowDown(reply);
}

function slowDown(reply) {
  if (reply.status !== 429) throw new Error("server");
  on.tooFast();
  return reply.waitMs;
}
