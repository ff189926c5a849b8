// The open line to the server: what is new in the conversation arrives here, again after every cut.

import * as store from "./store.js";
import { canStream, follow, post } from "./wire.js";

const SLOWEST_MS = 20000;
const POLL_MS = 3000;
const ACK_MS = 400;
let on = null;
let seq = 0;
let acknowledged = 0;
let run = null;
let ackTimer = 0;
let wake = () => {};
let silent = 0; // tries in a row on which no byte came: something between holds streams back

export function start(events) {
  on = events;
  window.addEventListener("online", () => wake());
  document.addEventListener("visibilitychange", () => document.hidden || wake());
}

export function open() {
  close();
  seq = 0;
  acknowledged = 0;
  run = new AbortController();
  loop(run.signal);
}

export function close() {
  if (run) run.abort();
  run = null;
}

async function loop(signal) {
  for (let failures = 0; !signal.aborted;) {
    const polls = !canStream || silent > 1;
    let alive = false;
    let status = 0;
    try {
      status = await follow(store.token(), seq, polls, (name, data, last) => {
        alive = true;
        if (!signal.aborted) receive(name, data, last);
      }, signal);
    } catch {
      status = 0;
    }
    if (signal.aborted) return;
    if (status === 401) {
      on.ended();
      return;
    }
    silent = alive ? 0 : silent + 1;
    failures = alive ? 0 : failures + 1;
    if (!alive) on.unreachable();
    await pause(polls && alive ? POLL_MS : Math.min(SLOWEST_MS, 500 * 2 ** failures), signal);
  }
}

function receive(name, data, last) {
  if (name === "alive") {
    on.reached();
    acknowledge();
  } else if (name === "message") {
    if (data.seq <= seq) return; // seen before the line was cut
    seq = data.seq;
    on.message(data, last);
    acknowledge();
  } else if (name === "anew") {
    seq = 0;
    acknowledged = 0;
    on.anew();
  } else if (name === "language") {
    on.language(data.language);
  } else if (name === "gone") {
    close();
    on.ended();
  }
}

// Says how far this page has come: only then do the rows count as sent.
function acknowledge() {
  if (seq <= acknowledged) return;
  clearTimeout(ackTimer);
  ackTimer = setTimeout(async () => {
    const upTo = seq;
    try {
      const reply = await post("/chat/ack", { seq: upTo }, store.token());
      if (reply.status === 200) acknowledged = Math.max(acknowledged, upTo);
    } catch {
      // the next sign of life tries again
    }
  }, ACK_MS);
}

function pause(ms, signal) {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    wake = () => {
      clearTimeout(timer);
      done();
    };
    signal.addEventListener("abort", wake);
  });
}
