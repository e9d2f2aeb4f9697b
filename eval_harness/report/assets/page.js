"use strict";
// The browser of samples. Everything a model wrote goes through textContent: it is never read as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const PAGE = 20;
const list = document.getElementById("samples");
const range = document.getElementById("range");
const filters = ["run", "family", "level", "outcome", "search"].map((name) => document.getElementById(name));
let start = 0;

function node(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function options(select, values, name) {
  for (const value of values) {
    const option = node("option", "", name(value));
    option.value = String(value);
    select.append(option);
  }
}

function distinct(field) {
  return [...new Set(data.samples.map((sample) => sample[field]))].sort();
}

function matches() {
  const [run, family, level, outcome, search] = filters.map((input) => input.value);
  const words = search.toLowerCase();
  return data.samples.filter(
    (sample) =>
      (run === "" || String(sample.run) === run) &&
      (family === "" || sample.family === family) &&
      (level === "" || String(sample.level) === level) &&
      (outcome === "" || sample.outcome === outcome || (outcome === "not-correct" && sample.outcome !== "correct")) &&
      (words === "" || sample.searched.includes(words)),
  );
}

function block(title, ...parts) {
  const made = document.createDocumentFragment();
  if (parts.every((part) => part === null || part === undefined || part === "")) return made;
  const text = node("pre");
  text.append(...parts);
  made.append(node("h3", "", title), text);
  return made;
}

// What was sent, turn by turn; the problem itself stands out from what is said around it.
function prompt(sample) {
  const made = document.createDocumentFragment();
  const frame = data.prompts[sample.prompt];
  if (!frame) {
    made.append(block("Problem (the run does not hold the prompt around it)", sample.input));
    return made;
  }
  for (const [role, content] of frame.turns) made.append(block(`Prompt as sent: ${role}`, content));
  const title = `Prompt as sent${frame.turns.length ? ": user" : ""}`;
  made.append(block(title, frame.before, node("span", "problem", sample.input), frame.after));
  return made;
}

function reply(sample) {
  const found = sample.rejected;
  if (!found || found.start === null) return block("Raw reply", sample.raw);
  const end = found.start + found.text.length;
  const mark = node("mark", "", sample.raw.slice(found.start, end));
  return block("Raw reply", sample.raw.slice(0, found.start), mark, sample.raw.slice(end));
}

function body(sample) {
  const made = node("div", "body");
  const found = sample.rejected;
  made.append(prompt(sample), block("Right answer", sample.target), block("Answer read", sample.answer));
  if (found) made.append(block(`No answer (by the rule “${found.source}”; expected: ${found.expected})`, found.text));
  made.append(reply(sample), block("Reasoning", sample.reasoning), block("Error", sample.error));
  made.append(block("Metadata", sample.metadata), node("p", "facts", sample.facts));
  return made;
}

function card(sample) {
  const made = node("details", `sample ${sample.outcome}`);
  const head = node("summary");
  const read = sample.rejected ? `none, rejected: ${sample.rejected.text}` : "none";
  const answer = sample.answer === null ? read : sample.answer;
  head.append(node("b", "", data.outcomes[sample.outcome]), node("span", "", `${sample.family}, level ${sample.level}`));
  if (data.runs.length > 1) head.append(node("span", `run${sample.run % 6}`, data.runs[sample.run]));
  head.append(node("span", "answers", `right: ${sample.target} · read: ${answer}`), node("small", "", sample.id));
  made.append(head);
  // The long texts are laid out only when someone opens the sample.
  made.addEventListener("toggle", () => made.children.length === 1 && made.append(body(sample)), { once: true });
  return made;
}

// How many samples the runs hold that the filters let through, the search left aside.
function total() {
  const [run, family, level, outcome] = filters.map((input) => input.value);
  return data.counts
    .filter((cell) => run === "" || String(cell[0]) === run)
    .filter((cell) => family === "" || cell[1] === family)
    .filter((cell) => level === "" || String(cell[2]) === level)
    .filter((cell) => outcome === "" || cell[3] === outcome || (outcome === "not-correct" && cell[3] !== "correct"))
    .reduce((sum, cell) => sum + cell[4], 0);
}

function found(samples, end) {
  const all = total();
  const aside = samples.length < all && filters[4].value === "" ? ` here, of ${all} in results.jsonl` : "";
  return samples.length ? `${start + 1}–${end} of ${samples.length}${aside}` : `no sample matches${aside}`;
}

function show() {
  const samples = matches();
  start = Math.max(0, Math.min(start, Math.floor(Math.max(0, samples.length - 1) / PAGE) * PAGE));
  const end = Math.min(start + PAGE, samples.length);
  list.replaceChildren(...samples.slice(start, end).map(card));
  range.textContent = found(samples, end);
  document.getElementById("back").disabled = start === 0;
  document.getElementById("next").disabled = end === samples.length;
}

for (const sample of data.samples) {
  sample.searched = [sample.id, sample.input, sample.target, sample.answer, sample.raw, sample.reasoning, sample.error]
    .join("\n")
    .toLowerCase();
}
options(filters[0], data.runs.keys(), (run) => data.runs[run]);
options(filters[1], distinct("family"), String);
options(filters[2], distinct("level"), String);
options(filters[3], ["not-correct", ...distinct("outcome")], (outcome) => data.outcomes[outcome] || "all but correct");
for (const input of filters) {
  input.addEventListener("input", () => {
    start = 0;
    show();
  });
}
document.getElementById("back").addEventListener("click", () => {
  start -= PAGE;
  show();
});
document.getElementById("next").addEventListener("click", () => {
  start += PAGE;
  show();
});
show();
