// The quiz: gradients as fields. Until all are found, or shown, the backward pass is closed.

const score = add(controls, "span", { id: "score", role: "status" });
const fields = [], misses = [];

for (const index of blanks) {
	const { group, start } = cells[index], x = start + 26;
	give(group, { role: "group" });
	const holder = add(group, "foreignObject", { x, y: 19, width: boxes[index][2] - x - 3, height: 16 });
	const field = add(controls, "input", { "aria-label": ratio(title, names[index]), autocomplete: "off" });
	holder.append(field);
	fields[index] = field;
	field.onkeydown = (event) => {
		if (event.key !== "Enter") return;
		// The button that gets the focus is not to be pressed.
		event.preventDefault();
		check(index);
	};
}

function check(index) {
	const field = fields[index], number = read(field.value);
	if (!isFinite(number)) return write(sentence, problem);
	const uses = run.steps.filter(({ pass, into }) => pass === "backward" && into === index);
	const magnitude = uses.reduce((sum, { part }) => sum + Math.abs(part), 0);
	const gradient = uses.at(-1)?.number ?? 0;
	const isRight = Math.abs(number - gradient) <= 1e-3 * Math.abs(gradient) + 1e-12 * magnitude;
	if (!isRight) misses[index]++;
	const isDone = isRight || misses[index] > 2;
	if (isDone) hidden.delete(index);
	if (isRight) right.push(index);
	give(field, { "aria-invalid": !isRight });
	tell();
	// First the local derivatives, then the products, without what they come to.
	const hints = uses.map(({ derivative, said }) => misses[index] > 1 ? said.split(" = ", 2).join(" = ") : derivative);
	const verdict = isRight ? "right" : `not ${field.value}: ${hints.join("; ") || "no open path leads there"}`;
	const answer = isDone ? `; ${ratio(title, names[index])} = ${shown(gradient)}` : "";
	write(sentence, verdict + answer + (hidden.size ? "" : ". The backward pass is open"));
	if (!hidden.size) list();
	if (isDone) (hidden.size ? fields[[...hidden][0]] : buttons[3]).focus();
}

function tell() {
	paint();
	for (const index of blanks) fields[index].hidden = !hidden.has(index) || !isFinite(run.data[root]);
	const first = right.filter((index) => !misses[index]);
	write(score, `score: ${right.length} of ${blanks.length}, ${first.length} at the first try`);
}

// Other numbers are another quiz.
let right = [];
begin = () => {
	right = [];
	for (const index of blanks) {
		hidden.add(index);
		misses[index] = 0;
		fields[index].value = "";
		give(fields[index], { "aria-invalid": false });
	}
	position = run.computed;
	tell();
};
