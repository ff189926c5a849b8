// A message's words as page nodes. Words from anybody become text, never markup.

const COMMANDS = "start|menu|checklist|letter|ask|courses|mentors|events|person|language|mydata|privacy|export|delete|stop|help";
const LINK = "https://[^\\s<>\"'\\u2066-\\u2069]+";
const MAIL = "[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+";
const GAP = "[ \\u00a0]";
const PHONE = `\\+\\d{1,3}(?:${GAP}?\\d{1,4}){2,6}|0\\d{1,2}(?:${GAP}?\\d{2,4}){2,3}|116${GAP}\\d{3}|112|113`;
const PIECES = new RegExp(`(${LINK})|(${MAIL})|(${PHONE})|/(${COMMANDS})(?![\\w/])`, "g");
const STUCK_BEFORE = /[\w.,/+]$/;
const STUCK_AFTER = /^(?:[\d/]|[.,]\d|[ \u00a0]?(?:€|%|EUR\b))/;

export function node(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// Text with links, telephone numbers and commands that can be pressed.
export function lively(text) {
  const made = document.createDocumentFragment();
  let from = 0;
  PIECES.lastIndex = 0;
  for (let found = PIECES.exec(text); found; found = PIECES.exec(text)) {
    const [whole, link, mail, phone, command] = found;
    const before = text.slice(0, found.index);
    const after = text.slice(found.index + whole.length);
    if (!link && (STUCK_BEFORE.test(before) || (phone && STUCK_AFTER.test(after)))) continue;
    const shown = link ? link.replace(/[.,;:!?)\]]+$/, "") : whole;
    made.append(text.slice(from, found.index));
    made.append(link ? linkTo(shown) : mail ? mailTo(shown) : phone ? callTo(shown) : commandOf(shown, command));
    from = found.index + shown.length;
  }
  made.append(text.slice(from));
  return made;
}

export function linkTo(url, label, className) {
  const made = node("a", className || "link", label || url.replace(/^https:\/\//, "").replace(/\/$/, ""));
  made.href = url;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  if (!label) made.dir = "ltr";
  return made;
}

function mailTo(address) {
  const made = node("a", "link mail", address);
  made.href = `mailto:${address}`;
  made.dir = "ltr";
  return made;
}

function callTo(number) {
  const made = node("a", "tel", number);
  made.href = `tel:${number.replace(/[^\d+]/g, "")}`;
  made.dir = "ltr";
  return made;
}

function commandOf(text, name) {
  const made = node("button", "inline", text);
  made.type = "button";
  made.dir = "ltr";
  made.dataset.command = name;
  return made;
}

// Paragraphs, "- " lists and "1. " steps. A line that goes on without an empty one before it stays close.
export function paragraphs(text) {
  const made = document.createDocumentFragment();
  let block = null;
  for (const line of text.split("\n")) {
    const item = /^(?:[-•–]|(\d{1,2})[.)])\s+(.*)$/.exec(line.trim());
    const tag = !item ? "P" : item[1] ? "OL" : "UL";
    if (!line.trim()) {
      block = null;
      continue;
    }
    if (!item || !block || block.tagName !== tag) {
      block = made.appendChild(node(tag, block ? "close" : ""));
      if (tag === "OL") block.start = Number(item[1]);
    }
    if (item) block.append(node("li"));
    (item ? block.lastChild : block).append(lively(item ? item[2] : line));
    if (!item && block.firstElementChild && /^[\u2066-\u2069]?$/.test(block.firstChild.data || "")) lead(block);
  }
  return made;
}

// A line that begins with a telephone number: the number first, what it is for beside it.
function lead(line) {
  const number = line.firstElementChild;
  if (number.className !== "tel") return;
  const rest = node("span");
  while (number.nextSibling) rest.append(number.nextSibling);
  line.append(rest);
  line.classList.add("call");
}

// Buttons and links under a message.
export function rowsOf(rows, token) {
  const made = node("div", "rows");
  for (const row of rows) {
    const line = made.appendChild(node("div", "row"));
    for (const [label, url, index] of row) {
      if (/^https:\/\//.test(url)) {
        line.append(linkTo(url, label, "choice out"));
      } else if (token && index >= 0) {
        const button = line.appendChild(node("button", "choice", label));
        button.type = "button";
        button.dataset.token = token;
        button.dataset.index = index;
      }
    }
  }
  return made;
}
