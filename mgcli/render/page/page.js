// The drawing, which stays still, and what is written into it at each step; all text enters by textContent.

const { variables, size: [width, height] } = graph;
const find = (id) => document.getElementById(id);
const numbers = variables.map(({ value }) => value);
const texts = numbers.map(String);
const fields = [], boxes = [], wires = [];
let run, position = 0, timer = 0, saving = 0, quiz = null;
const end = () => (quiz?.open ? run.forward : run.steps.length);

function add(parent, name, attributes = {}, text = "") {
	const space = name === "svg" || parent.namespaceURI.endsWith("svg") ? "2000/svg" : "1999/xhtml";
	const element = document.createElementNS(`http://www.w3.org/${space}`, name);
	for (const key in attributes) element.setAttribute(key, attributes[key]);
	element.textContent = text;
	return parent.appendChild(element);
}

function write(element, text) {
	if (element.textContent !== text) element.textContent = text;
}

const svg = add(find("drawing"), "svg", {
	viewBox: `-4 -30 ${width + 8} ${height + 60}`, role: "group", "aria-label": `Graph of ${title}`,
});
svg.style.minWidth = `${width * 0.85}px`;
svg.style.maxWidth = `${width * 2}px`;
nodes.forEach(({ paths = [], oval, operation }, index) => {
	wires[index] = paths.map((d) => add(svg, "path", { d }));
	if (!oval) return;
	const [cx, cy] = oval;
	wires[index].push(add(svg, "ellipse", { cx, cy, rx: 27, ry: 18 }));
	add(svg, "text", { x: cx, y: cy + 5, class: "symbol" }, operations[operation].symbol);
});
const inOrder = [...nodes.keys()].sort((i, j) => nodes[i].box[0] - nodes[j].box[0] || nodes[i].box[1] - nodes[j].box[1]);
for (const index of inOrder) {
	const { box: [x, y, wide], label = "", varies } = nodes[index];
	const group = add(svg, "g", { role: "img", transform: `translate(${x} ${y})` });
	const text = (x, y, name, text) => add(group, "text", { x, y, class: name }, text);
	add(group, "rect", { width: wide, height: 36, rx: 6 });
	text(9, 22, "name", label);
	const start = Math.min(label.length * 7.5 + 14, wide - 80);
	add(group, "path", { d: `M${label ? start : 8} 18H${wide - 8}` });
	if (varies) {
		text(start, 13, "word", "data");
		text(start, 31, "word", "grad");
	}
	boxes[index] = {
		group, start, data: text(wide - 8, 14, "data"), grad: text(wide - 8, 32, "grad"), note: text(wide / 2, 48, "note"),
	};
}
const local = add(svg, "g", { class: "local" });
const plate = add(local, "rect", { height: 22, rx: 5 });
const formula = add(local, "text", { y: 15 });

function paint() {
	const now = Math.min(position, end());
	const step = run.steps[now - 1];
	const decided = now >= run.forward;
	const seen = nodes.map(({ formula, literal }, index) => ({ data: formula && !literal ? NaN : run.data[index], parts: [] }));
	for (const { pass, index, target, value, sum, contribution, fault } of run.steps.slice(0, decided && quiz ? undefined : now)) {
		if (pass === "forward") seen[index].data = value;
		else seen[target].grad = sum;
		if (contribution) seen[target].parts.push(shown(contribution));
		if (fault) seen[index].fault = fault;
	}
	nodes.forEach(({ name, formula = name, varies }, index) => {
		const { data, parts, fault, grad = now === run.steps.length && varies ? 0 : NaN } = seen[index];
		const { group, ...texts } = boxes[index];
		const closed = decided && !run.open[index];
		const hidden = quiz?.hides(index) || !isFinite(run.data[root]);
		write(texts.data, isFinite(data) ? shown(data) : "");
		write(texts.grad, isFinite(grad) && !hidden ? shown(grad) : "");
		write(texts.note, fault || (closed ? "not taken" : parts[1] && !hidden ? parts.slice(-4).join(" + ") : ""));
		const working = step && [step.index, step.target].includes(index);
		group.setAttribute("class", `node ${closed ? "closed" : ""} ${fault ? "failed" : ""} ${working ? "working" : ""}`);
		const said = [name === formula ? name : `${name} = ${formula}`, texts.data.textContent && `data ${texts.data.textContent}`,
			texts.grad.textContent && `grad ${texts.grad.textContent}`, texts.note.textContent];
		group.setAttribute("aria-label", said.filter(Boolean).join(", "));
		wires[index].forEach((wire, place) => {
			const used = step?.pass !== "backward" || place === step.place || place >= wires[index].length - 2;
			const active = step?.index === index && step.pass !== "seed" && used;
			wire.setAttribute("class", `wire ${closed ? "closed" : ""} ${active ? step.pass : ""}`);
		});
	});
	write(find("sentence"), step ? sentence(step) : `${variables.map(({ name }, place) => `${name} = ${shown(numbers[place])}`).join(", ")}`);
	write(find("place"), `step ${now} of ${run.steps.length}`);
	Object.assign(find("range"), { max: end(), value: now });
	label(step);
}

// The local derivative at the edge that is at work.
function label(step) {
	local.style.display = step?.pass === "backward" ? "" : "none";
	if (local.style.display) return;
	const { index, place, local: { formula: text, value } } = step;
	const number = shown(value);
	write(formula, slope(step) + (text === number ? "" : ` = ${number}`));
	const wide = formula.getComputedTextLength() + 14;
	const [x, y] = nodes[index].oval;
	const above = !place || place < nodes[index].operands.length - 1;
	const left = Math.max(0, Math.min(x - wide / 2, width - wide));
	local.setAttribute("transform", `translate(${left} ${above ? y - 44 : y + 22})`);
	plate.setAttribute("width", wide);
	formula.setAttribute("x", wide / 2);
}

// On a small screen the drawing scrolls as far as it must.
function follow({ index }) {
	const view = find("drawing"), scale = svg.clientWidth / (width + 8);
	const [x, y, wide] = nodes[index].box;
	const [from] = nodes[index].oval ?? [x];
	view.scrollLeft = Math.min(Math.max(view.scrollLeft, (x + wide + 8) * scale - view.clientWidth), (from - 60) * scale);
	view.scrollTop = Math.min(Math.max(view.scrollTop, (y + 110) * scale - view.clientHeight), (y - 30) * scale);
}

function go(step) {
	position = Math.max(0, Math.min(step, end()));
	paint();
	if (position) follow(run.steps[position - 1]);
	clearTimeout(saving);
	saving = setTimeout(save, 200);
}

function play(from, to) {
	go(from);
	find("play").textContent = "Pause";
	timer = setInterval(() => (position < to ? go(position + 1) : pause()), Math.max(250, Math.min(1500, 60000 / end())));
}

function pause() {
	clearInterval(timer);
	timer = 0;
	find("play").textContent = "Play";
}

const actions = {
	first: ["Home", () => go(0)],
	back: ["ArrowLeft", () => go(position - 1)],
	play: [" ", (playing) => playing || play(position < end() ? position + 1 : 0, end())],
	next: ["ArrowRight", () => go(position + 1)],
	last: ["End", () => go(end())],
	forward: ["f", () => play(1, run.forward)],
	backward: ["b", () => play(run.forward + 1, end())],
};
function act(id) {
	const playing = timer;
	pause();
	actions[id][1](playing);
}
for (const id in actions) find(id).onclick = () => act(id);
find("range").oninput = ({ target }) => {
	pause();
	go(Number(target.value));
};
document.onkeydown = (event) => {
	const { key, target, ctrlKey, altKey, metaKey } = event;
	const id = Object.keys(actions).find((id) => actions[id][0] === (key[1] ? key : key.toLowerCase()));
	if (!id || ctrlKey || altKey || metaKey || target.matches(key === " " ? "input, button, summary" : "input")) return;
	event.preventDefault();
	act(id);
};

// The address keeps the step and the values.
function save() {
	const state = new URLSearchParams([["step", position], ...variables.map(({ name }, place) => [name, texts[place]])]);
	if (location.hash !== `#${state}`) history.replaceState(null, "", `#${state}`);
}
function restore() {
	const [first = [], ...given] = new URLSearchParams(location.hash.slice(1));
	for (const [name, text] of given) {
		const place = variables.findIndex((variable) => variable.name === name);
		if (place >= 0) take(place, text);
	}
	position = first[0] === "step" ? Math.trunc(first[1]) || 0 : 0;
	compute();
}

function take(place, text) {
	const number = read(text), good = isFinite(number);
	const { field, slider, message } = fields[place];
	if (field.value !== text) field.value = text;
	if (good) {
		[numbers[place], texts[place]] = [number, text];
		if (Math.abs(number) > slider.max) widen(slider, number);
		slider.value = number;
	}
	field.setAttribute("aria-invalid", !good);
	write(message, good ? "" : "expected a number, such as 2.5 or pi/4");
}

function widen(slider, number) {
	const size = 2 * Math.abs(number) || 5, power = 10 ** Math.floor(Math.log10(size));
	const max = [1, 2, 5, 10].find((times) => times * power >= size) * power;
	Object.assign(slider, { min: -max, max, step: max / 100 });
}

function compute() {
	run = passes(numbers);
	quiz?.begin();
	go(position);
	find("all").replaceChildren();
	for (const step of run.steps.slice(0, end())) add(find("all"), "li", {}, sentence(step));
}

variables.forEach(({ name, value }, place) => {
	const row = add(find("variables"), "div");
	add(row, "label", { for: `v${place}` }, name);
	const field = add(row, "input", { id: `v${place}`, autocomplete: "off", "aria-describedby": `m${place}` });
	const slider = add(row, "input", { type: "range", "aria-label": `${name}, slider` });
	const reset = add(row, "button", { "aria-label": `Reset ${name}` }, "Reset");
	fields.push({ field, slider, message: add(row, "span", { id: `m${place}`, role: "alert" }) });
	widen(slider, value);
	take(place, texts[place]);
	const change = (text) => {
		take(place, text);
		compute();
	};
	field.oninput = () => change(field.value);
	slider.oninput = () => change(`${Number(Number(slider.value).toPrecision(12))}`);
	reset.onclick = () => change(`${value}`);
});

onhashchange = restore;
document.addEventListener("DOMContentLoaded", () => {
	document.title = `${title}: both passes`;
	write(find("program"), graph.text);
	restore();
});
