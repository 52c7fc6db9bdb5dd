// The drawing, which stays still, and what is written into it at each step; all text enters by textContent.

const { variables, size } = graph;
const find = (id) => document.getElementById(id);
const numbers = variables.map(({ value }) => value);
const texts = numbers.map(String);
const rows = [], boxes = [], wires = [];
let run, position = 0, timer = 0, saving = 0, quiz;
const end = () => (quiz?.open ? run.computed : run.steps.length);

function give(element, attributes) {
	for (const key in attributes) element.setAttribute(key, attributes[key]);
	return element;
}

function add(parent, kind, attributes, text = "") {
	const space = kind === "svg" || parent.namespaceURI.endsWith("svg") ? "2000/svg" : "1999/xhtml";
	const element = give(document.createElementNS(`http://www.w3.org/${space}`, kind), attributes);
	element.textContent = text;
	return parent.appendChild(element);
}

const drawing = find("drawing");
const svg = add(drawing, "svg", {
	viewBox: `-4 -30 ${size[0] + 8} ${size[1] + 60}`, role: "group", "aria-label": `Graph of ${title}`,
});
svg.style.minWidth = `${size[0] * 0.85}px`;
svg.style.maxWidth = `${size[0] * 2}px`;
nodes.forEach(({ paths = [], oval, operation }, index) => {
	wires[index] = paths.map((d) => add(svg, "path", { d }));
	if (!oval) return;
	wires[index].push(add(svg, "ellipse", { cx: oval[0], cy: oval[1], rx: oval[2], ry: 18 }));
	add(svg, "text", { x: oval[0], y: oval[1] + 5, class: "symbol" }, operations[operation].symbol);
});
const reading = (i, j) => nodes[i].box[0] - nodes[j].box[0] || nodes[i].box[1] - nodes[j].box[1];
for (const index of [...nodes.keys()].sort(reading)) {
	const { box, name, unnamed, varies } = nodes[index], wide = box[2];
	const group = add(svg, "g", { role: "img", transform: `translate(${box[0]} ${box[1]})` });
	const text = (x, y, kind, words) => add(group, "text", { x, y, class: kind }, words);
	const start = unnamed ? 8 : Math.min(name.length * 7.8 + 17, wide - 72);
	add(group, "rect", { width: wide, height: 36, rx: 6 });
	add(group, "path", { d: `M${start} 18H${wide - 8}` });
	text(9, 22, "name", unnamed ? "" : name);
	if (varies) text(start, 13, "word", "data");
	if (varies) text(start, 31, "word", "grad");
	const [data, grad] = [text(wide - 8, 14, "data"), text(wide - 8, 32, "grad")];
	boxes[index] = { group, start, data, grad, note: text(wide / 2, 48, "note") };
}
const local = add(svg, "text", { class: "local" });

function write(element, text) {
	if (element.textContent !== text) element.textContent = text;
	return text;
}

function paint() {
	const now = Math.min(position, end()), step = run.steps[now - 1], decided = now >= run.computed;
	const seen = nodes.map(({ formula, literal }, index) => ({ data: formula && !literal ? NaN : run.data[index], parts: [] }));
	for (const { pass, index, into = index, value, sum, contribution, fault } of run.steps.slice(0, decided && quiz ? Infinity : now)) {
		if (pass === "forward") seen[index].data = value;
		else seen[into].grad = sum;
		if (contribution) seen[into].parts.push(shown(contribution));
		if (fault) seen[index].fault = fault;
	}
	nodes.forEach(({ name, formula, varies }, index) => {
		const { data, parts, fault, grad = varies && now === run.steps.length && isFinite(run.data[root]) ? 0 : NaN } = seen[index];
		const box = boxes[index], closed = decided && !run.open[index], blank = quiz?.hides(index);
		const working = step && [step.index, step.into].includes(index);
		const said = [
			formula && formula !== name ? `${name} = ${formula}` : name,
			write(box.data, isFinite(data) ? shown(data) : "") && `data ${shown(data)}`,
			write(box.grad, isFinite(grad) && !blank ? shown(grad) : "") && `grad ${shown(grad)}`,
			write(box.note, fault || (closed ? "not taken" : parts[1] && !blank ? parts.slice(-4).join(" + ") : "")),
		];
		const look = `node ${closed ? "closed" : ""} ${fault ? "failed" : ""} ${working ? "working" : ""}`;
		give(box.group, { class: look, "aria-label": said.filter(Boolean).join(", ") });
		wires[index].forEach((wire, place) => {
			const used = step?.index === index && step.pass !== "seed"
				&& (step.pass === "forward" || place === step.place || place > wires[index].length - 3);
			give(wire, { class: `wire ${closed ? "closed" : ""} ${used ? step.pass : ""}` });
		});
	});
	const given = variables.map(({ name }, place) => `${name} = ${shown(numbers[place])}`).join(", ");
	write(find("sentence"), step ? sentence(step) : given);
	write(find("place"), `step ${now} of ${run.steps.length}`);
	Object.assign(find("range"), { max: end(), value: now });
	write(local, step?.local ? slope(step) : "");
	if (!step) return;
	const { operands, oval: [x, y, half] = [0, 0, 0] } = nodes[step.index], below = step.place && step.place > operands.length - 2;
	give(local, { x: Math.min(x - half, size[0] - local.textContent.length * 7), y: below ? y + 33 : y - 23 });
	// What does not fit on the screen scrolls to the step.
	const { box } = nodes[step.into ?? step.index], scale = svg.clientWidth / size[0];
	const left = (box[0] + box[2] / 2) * scale - drawing.clientWidth / 2, top = (box[1] + 48) * scale - drawing.clientHeight / 2;
	if (Math.abs(left - drawing.scrollLeft) > drawing.clientWidth / 5) drawing.scrollLeft = left;
	if (Math.abs(top - drawing.scrollTop) > drawing.clientHeight / 5) drawing.scrollTop = top;
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
	write(find("play"), "Pause");
	timer = setInterval(() => (position < to ? go(position + 1) : pause()), Math.max(250, Math.min(1500, 60000 / end())));
}

function pause() {
	clearInterval(timer);
	timer = 0;
	write(find("play"), "Play");
}

const actions = {
	first: ["Home", () => go(0)],
	back: ["ArrowLeft", () => go(Math.min(position, end()) - 1)],
	play: [" ", (playing) => playing || play(position < end() ? position + 1 : 0, end())],
	next: ["ArrowRight", () => go(position + 1)],
	last: ["End", () => go(end())],
	forward: ["f", () => play(1, run.computed)],
	backward: ["b", () => play(run.computed + 1, end())],
};
const act = (id) => {
	const playing = timer;
	pause();
	actions[id][1](playing);
};
for (const id in actions) Object.assign(find(id), { onclick: () => act(id), title: actions[id][0].trim() || "Space" });
find("range").oninput = (event) => {
	pause();
	go(Number(event.target.value));
};
onkeydown = (event) => {
	const { key } = event;
	const id = Object.keys(actions).find((each) => actions[each][0] === (key[1] ? key : key.toLowerCase()));
	if (!id || event.ctrlKey || event.altKey || event.metaKey) return;
	if (event.target.matches(key === " " ? "input, button, summary" : "input")) return;
	event.preventDefault();
	act(id);
};

// The address keeps the step and the values.
const address = () => new URLSearchParams([["step", position], ...variables.map(({ name }, place) => [name, texts[place]])]);
function save() {
	if (location.hash !== `#${address()}`) history.replaceState(null, "", `#${address()}`);
}
onhashchange = () => {
	const given = [...new URLSearchParams(location.hash.slice(1))];
	position = given[0]?.[0] === "step" ? Math.max(0, Math.trunc(given.shift()[1])) || 0 : 0;
	for (const [name, text] of given) {
		const place = variables.findIndex((variable) => variable.name === name);
		if (place >= 0) take(place, text);
	}
	compute();
};

function take(place, text) {
	const number = read(text), good = isFinite(number), { field, slider, message } = rows[place];
	if (field.value !== text) field.value = text;
	if (good) [numbers[place], texts[place]] = [number, text];
	if (!(Math.abs(numbers[place]) <= slider.max)) {
		const most = 2 * Math.abs(number) || 5, power = 10 ** Math.floor(Math.log10(most));
		const max = [1, 2, 5, 10].find((times) => times * power >= most) * power;
		give(slider, { min: -max, max, "step": max / 100 });
	}
	slider.value = numbers[place];
	give(field, { "aria-invalid": !good });
	write(message, good ? "" : "expected a number, such as 2.5 or pi/4");
}

function compute() {
	run = passes(numbers);
	quiz?.begin();
	repaint();
	find("all").replaceChildren();
	for (const step of run.steps.slice(0, end())) add(find("all"), "li", {}, sentence(step));
}

variables.forEach(({ name, value }, place) => {
	const row = add(find("variables"), "div");
	add(row, "label", { for: `v${place}` }, name);
	const field = add(row, "input", { id: `v${place}`, autocomplete: "off", "aria-describedby": `m${place}` });
	const slider = add(row, "input", { type: "range", max: -1, "aria-label": `${name}, slider` });
	const reset = add(row, "button", { "aria-label": `Reset ${name}` }, "Reset");
	rows.push({ field, slider, message: add(row, "span", { id: `m${place}`, role: "alert" }) });
	const change = (text) => {
		take(place, text);
		compute();
	};
	take(place, texts[place]);
	field.oninput = () => change(field.value);
	slider.oninput = () => change(`${Number(Number(slider.value).toPrecision(12))}`);
	reset.onclick = () => change(`${value}`);
});
document.title = `${title}: both passes`;
write(find("program"), graph.text);
document.addEventListener("DOMContentLoaded", onhashchange);
