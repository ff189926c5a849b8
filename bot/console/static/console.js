// Live updates, keys and the sound of an alert. Every page works without this file too.
"use strict";

(() => {
  const body = document.body;
  const live = body.dataset.live;

  // Forms: once is enough, and a language is picked without a second press.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form === reply?.form) forget();
    else keep();
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });
  for (const button of document.querySelectorAll("[data-prints]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
  });

  // A long reply: writing keeps the session, and a session that ended all the same does not cost the words.
  const reply = document.querySelector("[data-stays] textarea");
  const draft = `draft:${location.pathname}`;
  let stayed = Date.now();
  const forget = () => sessionStorage.removeItem(draft);
  const keep = () => reply?.value.trim() && sessionStorage.setItem(draft, reply.value);
  if (reply) {
    const kept = sessionStorage.getItem(draft);
    if (kept && !reply.value) reply.value = kept;
    forget();
    reply.addEventListener("input", () => {
      if (Date.now() - stayed < 4 * 60_000) return;
      stayed = Date.now();
      fetch("/console/stay", { method: "POST", body: new URLSearchParams({ csrf: reply.form.csrf.value }) });
    });
  }
  const toLogIn = () => {
    keep();
    location.assign(`/console/login?note=ended&next=${encodeURIComponent(location.pathname)}`);
  };

  // Keys. By place on the keyboard, so that they work with Cyrillic and Arabic layouts too.
  document.addEventListener("keydown", (event) => {
    if (event.code === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (event.code === "Escape") {
      if (event.target === reply) reply.blur();
      for (const menu of document.querySelectorAll(".menu[open]")) menu.open = false;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    if (event.code === "KeyJ") step(1);
    else if (event.code === "KeyK") step(-1);
    else if (event.code === "KeyR" && reply) {
      event.preventDefault();
      reply.focus();
    }
  });
  const step = (by) => {
    const links = [...document.querySelectorAll("[data-keys] a")];
    const here = links.indexOf(document.activeElement);
    const next = here < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + by, 0), links.length - 1);
    links[next]?.focus();
  };

  // The sound of an alert: browsers allow it after the first press of a key or button.
  let audio = null;
  let ringing = 0;
  const beep = () => {
    if (audio?.state !== "running") return;
    for (const [pitch, after] of [[880, 0], [660, 0.25]]) {
      const tone = new OscillatorNode(audio, { frequency: pitch });
      const volume = new GainNode(audio, { gain: 0.15 });
      tone.connect(volume).connect(audio.destination);
      tone.start(audio.currentTime + after);
      tone.stop(audio.currentTime + after + 0.2);
    }
  };
  const wake = () => {
    audio ??= new AudioContext();
    audio.resume();
  };
  if (live) {
    if (navigator.userActivation?.hasBeenActive) wake();
    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, wake, { once: true });
  }
  const alarm = (on) => {
    if (on && !ringing) {
      beep();
      ringing = setInterval(beep, 5000);
    } else if (!on) {
      clearInterval(ringing);
      ringing = 0;
    }
  };

  // What the stream says: marks of what changed. Parts of the page whose mark differs fetch themselves anew,
  // but only while somebody looks, since each look at a case is noted.
  let last = null;
  const refresh = () => {
    if (!last || document.hidden) return;
    for (const part of document.querySelectorAll("[data-shows]")) {
      const shows = part.dataset.shows;
      const mark = shows === "desk" ? last.desk : (last.cases[shows] ?? "closed");
      if (part.dataset.mark !== mark) htmx.trigger(part, "refresh");
    }
  };
  const show = (state) => {
    last = state;
    document.title = (state.waiting ? `(${state.waiting}) ` : "") + body.dataset.title;
    alarm(state.ringing > 0);
    refresh();
  };
  document.addEventListener("visibilitychange", refresh);
  let atEnd = false;
  document.addEventListener("htmx:before:request", () => {
    atEnd = innerHeight + scrollY > document.documentElement.scrollHeight - 120;
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (atEnd && reply && event.target.id === "case") scrollTo({ top: document.documentElement.scrollHeight });
  });

  // One stream for all tabs of this browser: it has only six connections to a server.
  const offline = document.getElementById("offline");
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("desk") : null;
  const hear = (said) => {
    if (said.ended) toLogIn();
    else if (said.ask) last && tabs.postMessage({ state: last });
    else if (said.state) show(said.state);
    if (offline && "lost" in said) offline.hidden = !said.lost;
  };
  const tell = (said) => {
    hear(said);
    tabs?.postMessage(said);
  };
  const listen = () => {
    const stream = new EventSource(live);
    stream.addEventListener("changed", (event) => tell({ state: JSON.parse(event.data) }));
    stream.addEventListener("ended", () => {
      stream.close();
      tell({ ended: true });
    });
    stream.addEventListener("open", () => tell({ lost: false }));
    stream.addEventListener("error", () => {
      tell({ lost: true });
      if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
    });
  };
  if (live) {
    if (tabs) tabs.addEventListener("message", (event) => hear(event.data));
    if (tabs && navigator.locks) {
      navigator.locks.request("desk", () => {
        listen();
        return new Promise(() => {});
      });
      tabs.postMessage({ ask: true });
    } else {
      listen();
    }
    setInterval(() => {
      if (document.hidden) return;
      for (const part of document.querySelectorAll("[data-ages]")) htmx.trigger(part, "refresh");
    }, 60_000);
  }

  if (reply?.closest(".reply") && !location.hash) scrollTo({ top: document.documentElement.scrollHeight });
})();
