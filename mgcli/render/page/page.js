// The drawing, which stays still, and what is written into it at each step; all text enters by textContent.

const find = (id) => document.getElementById(id);
const drawing = find("drawing"), svg = find("graph"), controls = find("steps"), sentence = find("sentence");
const numbers = [...starts], texts = starts.map(String);
const rows = [], cells = [], wires = [];
// The nodes whose gradients a quiz still asks for: until there are none, the backward pass is closed.
const hidden = new Set();
const problem = "expected a number, such as pi/4";
let run, begin;
let position = 0, timer = 0, saving = 0;
const end = () => (hidden.size ? run.computed : run.steps.length);

function give(element, attributes) {
	for (const key in attributes) element.setAttribute(key, attributes[key]);
	return element;
}

function add(parent, kind, attributes, text = "") {
	const element = give(document.createElementNS(parent.namespaceURI, kind), attributes);
	element.textContent = text;
	return parent.appendChild(element);
}

give(svg, { viewBox: [-4, -30, ...size] });
svg.style = `min-width: ${size[0] * 0.55}px; max-width: ${size[0] * 2}px`;
paths.forEach((curves, index) => {
	wires[index] = curves.map((d) => add(svg, "path", { d }));
	const [cx, cy, rx] = ovals[index];
	if (!rx) return;
	wires[index].push(add(svg, "ellipse", { cx, cy, rx, ry: 18 }));
	add(svg, "text", { x: cx, y: cy + 5, class: "symbol" }, symbols[kinds[index]]);
});
const reading = (i, j) => boxes[i][0] - boxes[j][0] || boxes[i][1] - boxes[j][1];
for (const index of [...names.keys()].sort(reading)) {
	const [left, top, wide] = boxes[index], name = names[index];
	const group = add(svg, "g", { role: "img", transform: `translate(${left} ${top})` });
	const text = (x, y, kind, words) => add(group, "text", { x, y, class: kind }, words);
	const isNamed = varies[index] || isNaN(name), textLength = Math.min(name.length * 9, wide - 9 * digits - 64);
	const start = isNamed ? textLength + 17 : 8;
	add(group, "rect", { width: wide, height: 36, rx: 6 });
	add(group, "path", { d: `M${start} 18H${wide - 8}` });
	if (isNamed) give(text(8, 23, "name", name), { textLength, lengthAdjust: "spacingAndGlyphs" });
	if (varies[index]) text(start, 13, "word", "data");
	if (varies[index]) text(start, 31, "word", "grad");
	const data = text(wide - 8, 14, "data"), grad = text(wide - 8, 32, "grad");
	cells[index] = { group, start, data, grad, note: text(wide / 2, 49, "note") };
}
const label = add(svg, "text", { class: "local" });

function write(element, text) {
	if (element.textContent !== text) element.textContent = text;
	return text;
}

function paint() {
	const { steps, computed } = run, now = Math.min(position, end()), step = steps[now - 1], isBackward = now >= computed;
	const data = run.data.map((number, index) => (formulas[index] ? NaN : number));
	const grads = [], faults = [], parts = names.map(() => []);
	for (const { pass, index, into, number, part, fault } of isBackward && begin ? steps : steps.slice(0, now)) {
		(pass === "forward" ? data : grads)[into] = number;
		faults[index] ||= fault;
		if (part) parts[into].push(shown(part));
	}
	const isOver = now === steps.length && isFinite(run.data[root]);
	const text = (number) => (isFinite(number) ? shown(number) : "");
	names.forEach((name, index) => {
		const cell = cells[index], formula = formulas[index], fault = faults[index], terms = parts[index];
		const closed = isBackward && !run.open[index], isBlank = hidden.has(index);
		const value = write(cell.data, text(data[index]));
		const grad = write(cell.grad, isBlank ? "" : text(grads[index] ?? (isOver && varies[index] ? 0 : NaN)));
		const sum = terms[1] && !isBlank ? (terms[4] ? "… + " : "") + terms.slice(-4).join(" + ") : "";
		const words = [
			formula && formula !== name ? `${name} = ${formula}` : name, value && `data ${value}`, grad && `grad ${grad}`,
			write(cell.note, fault || (closed ? "not taken" : sum)),
		];
		const isWorking = step && (step.index === index || step.into === index);
		const look = `node ${closed ? "closed" : ""} ${fault ? "failed" : ""} ${isWorking ? "working" : ""}`;
		give(cell.group, { class: look, "aria-label": words.filter(Boolean).join(", ") });
		wires[index].forEach((wire, place) => {
			const isUsed = step?.index === index && ((step.place ?? place) === place || place >= operands[index].length);
			give(wire, { class: `wire ${closed ? "closed" : ""} ${isUsed ? step.pass : ""}` });
		});
	});
	const given = variables.map((index, place) => `${names[index]} = ${shown(numbers[place])}`);
	write(sentence, step ? step.said : given.join(", "));
	write(counter, `step ${now} of ${steps.length}`);
	range.max = end();
	range.value = now;
	write(label, step?.derivative ?? "");
	if (!step) return;
	const [x, y, half] = ovals[step.index], isBelow = step.place && step.place > operands[step.index].length - 2;
	if (step.derivative) give(label, { x: Math.min(x - half, size[0] - step.derivative.length * 8), y: y + (isBelow ? 33 : -23) });
	// What does not fit on the screen scrolls to the step.
	const [left, top, wide] = boxes[step.into], scale = svg.clientWidth / size[0];
	drawing.scrollTo((left + wide / 2) * scale - drawing.clientWidth / 2, top * scale - drawing.clientHeight / 2);
}

function go(step) {
	position = Math.max(0, Math.min(step, end()));
	repaint();
}

function repaint() {
	paint();
	clearTimeout(saving);
	saving = setTimeout(save, 200);
}

function play(from, to) {
	go(from);
	write(buttons[2], "Pause");
	timer = setInterval(() => (position < to ? go(position + 1) : pause()), Math.min(1500, 60000 / end()));
}

function pause() {
	clearInterval(timer);
	timer = 0;
	write(buttons[2], "Play");
}

// The label and the key of each button, and what it does.
const actions = [
	["First", "Home", () => go(0)],
	["Back", "ArrowLeft", () => go(Math.min(position, end()) - 1)],
	["Play", " ", (isPlaying) => isPlaying || play(position < end() ? position + 1 : 0, end())],
	["Forward", "ArrowRight", () => go(position + 1)],
	["Last", "End", () => go(end())],
	["Forward pass", "F", () => play(1, run.computed)],
	["Backward pass", "B", () => play(run.computed + 1, end())],
];
function act(action) {
	const isPlaying = timer;
	pause();
	action(isPlaying);
}
const buttons = actions.map(([text, key, action]) => {
	const button = add(controls, "button", { title: key.trim() || "Space" }, text);
	button.onclick = () => act(action);
	return button;
});
const range = add(controls, "input", { type: "range", "aria-label": "Step" }), counter = add(controls, "span", { id: "place" });
range.oninput = () => act(() => go(+range.value));
onkeydown = (event) => {
	const pressed = event.key, found = actions.find((action) => action[1] === (pressed[1] ? pressed : pressed.toUpperCase()));
	if (!found || event.ctrlKey || event.altKey || event.metaKey) return;
	if (event.target.matches(pressed === " " ? "input, button, summary" : "input")) return;
	event.preventDefault();
	act(found[2]);
};

// The address keeps the step and the values.
function save() {
	const state = [["step", position], ...variables.map((index, place) => [names[index], texts[place]])];
	history.replaceState(null, "", `#${new URLSearchParams(state)}`);
}
onhashchange = () => {
	const given = [...new URLSearchParams(location.hash.slice(1))];
	position = given[0]?.[0] === "step" ? Math.max(0, Math.trunc(given.shift()[1])) || 0 : 0;
	for (const [name, text] of given) {
		const place = variables.findIndex((index) => names[index] === name);
		if (place >= 0) take(place, text);
	}
	compute();
};

function take(place, text) {
	const number = read(text), isGood = isFinite(number), [field, slider, message] = rows[place];
	if (field.value !== text) field.value = text;
	if (isGood) [numbers[place], texts[place]] = [number, text];
	if (!(Math.abs(numbers[place]) <= slider.max)) {
		const max = +(2 * Math.abs(number)).toPrecision(1) || 5;
		give(slider, { min: -max, max, step: 10 ** Math.floor(Math.log10(max)) / 50 });
	}
	slider.value = numbers[place];
	give(field, { "aria-invalid": !isGood });
	write(message, isGood ? "" : problem);
}

function compute() {
	run = passes(numbers);
	begin?.();
	repaint();
	list();
}

function list() {
	find("all").replaceChildren();
	for (const { said } of run.steps.slice(0, end())) add(find("all"), "li", {}, said);
}

variables.forEach((index, place) => {
	const name = names[index], row = add(find("variables"), "div");
	add(row, "label", { for: `v${place}` }, name);
	const field = add(row, "input", { id: `v${place}`, autocomplete: "off", "aria-describedby": `m${place}` });
	const slider = add(row, "input", { type: "range", max: -1, "aria-label": `${name}, slider` });
	const reset = add(row, "button", { "aria-label": `Reset ${name}` }, "Reset");
	rows[place] = [field, slider, add(row, "span", { id: `m${place}`, role: "alert" })];
	const change = (text) => {
		take(place, text);
		compute();
	};
	take(place, texts[place]);
	field.oninput = () => change(field.value);
	slider.oninput = () => change(`${+(+slider.value).toPrecision(12)}`);
	reset.onclick = () => change(`${starts[place]}`);
});
document.title = `${title}: both passes`;
write(find("program"), source);
