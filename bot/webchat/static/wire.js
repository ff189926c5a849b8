// Talking to the server: small posts, and the conversation as a stream.

const POST_MS = 20000;
const SILENT_MS = 40000; // the server beats every 15 seconds

export async function post(path, body, token, keepalive) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers["X-Visit"] = token;
  const cut = new AbortController();
  const timer = setTimeout(() => cut.abort(), POST_MS);
  try {
    const reply = await fetch(path, {
      method: "POST", headers, body: JSON.stringify(body), cache: "no-store", keepalive: Boolean(keepalive),
      signal: cut.signal,
    });
    const data = await reply.json();
    return { status: reply.status, data, waitMs: 1000 * (Number(reply.headers.get("Retry-After")) || 2) };
  } finally {
    clearTimeout(timer);
  }
}

export async function words(code) {
  const reply = await fetch(`/chat/words?lang=${encodeURIComponent(code)}`, { cache: "no-store" });
  if (!reply.ok) throw new Error("words");
  return reply.json();
}

// A file of the conversation; `blob` is null where there is none.
export async function fetchFile(seq, token) {
  const reply = await fetch(`/chat/document?seq=${seq}`, { headers: { "X-Visit": token }, cache: "no-store" });
  return { status: reply.status, blob: reply.ok ? await reply.blob() : null };
}

export const canStream = typeof ReadableStream === "function" && "body" in Response.prototype;

// Calls `on(name, data)` for each event and resolves to the HTTP status when the stream ends.
export async function follow(token, after, once, on, signal) {
  const cut = new AbortController();
  const stop = () => cut.abort();
  signal.addEventListener("abort", stop);
  let timer = setTimeout(stop, SILENT_MS);
  try {
    const reply = await fetch(`/chat/events?after=${after}${once ? "&once=1" : ""}`, {
      headers: { "X-Visit": token }, cache: "no-store", signal: cut.signal,
    });
    if (!reply.ok) return reply.status;
    const read = reader(on);
    if (!canStream) {
      read(await reply.text());
      return reply.status;
    }
    const body = reply.body.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const { value, done } = await body.read();
      if (done) return reply.status;
      clearTimeout(timer);
      timer = setTimeout(stop, SILENT_MS);
      read(decoder.decode(value, { stream: true }));
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

// Takes pieces of text/event-stream as they come; an event counts once its empty line is there.
function reader(on) {
  let rest = "";
  return (piece) => {
    const blocks = (rest + piece).split("\n\n");
    rest = blocks.pop();
    on("alive", null);
    const events = blocks.map(parse).filter(Boolean);
    events.forEach(([name, data], index) => on(name, data, index === events.length - 1));
  };
}

function parse(block) {
  let name = "";
  let data = "";
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) name = line.slice(7);
    if (line.startsWith("data: ")) data = line.slice(6);
  }
  return name && [name, JSON.parse(data)];
}
