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

function block(title, text) {
  const made = document.createDocumentFragment();
  if (text === null || text === undefined || text === "") return made;
  made.append(node("h3", "", title), node("pre", "", text));
  return made;
}

function body(sample) {
  const made = node("div", "body");
  made.append(block("Problem", sample.input), block("Right answer", sample.target));
  made.append(block("Answer read", sample.answer), block("Raw reply", sample.raw));
  made.append(block("Reasoning", sample.reasoning), block("Error", sample.error));
  made.append(block("Metadata", sample.metadata), node("p", "facts", sample.facts));
  return made;
}

function card(sample) {
  const made = node("details", `sample ${sample.outcome}`);
  const head = node("summary");
  const answer = sample.answer === null ? "none" : sample.answer;
  head.append(node("b", "", data.outcomes[sample.outcome]), node("span", "", `${sample.family}, level ${sample.level}`));
  if (data.runs.length > 1) head.append(node("span", `run${sample.run % 6}`, data.runs[sample.run]));
  head.append(node("span", "answers", `right: ${sample.target} · read: ${answer}`), node("small", "", sample.id));
  made.append(head);
  // The long texts are laid out only when someone opens the sample.
  made.addEventListener("toggle", () => made.children.length === 1 && made.append(body(sample)), { once: true });
  return made;
}

function show() {
  const samples = matches();
  start = Math.max(0, Math.min(start, Math.floor(Math.max(0, samples.length - 1) / PAGE) * PAGE));
  const end = Math.min(start + PAGE, samples.length);
  list.replaceChildren(...samples.slice(start, end).map(card));
  range.textContent = samples.length ? `${start + 1}–${end} of ${samples.length}` : "no sample matches";
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
