// The quiz: gradients as fields. Until all are found, or shown, the backward pass is closed.

const answers = new Map();
const score = add(find("steps"), "span", { id: "score", role: "status" });
const open = () => [...answers.values()].filter(({ done }) => !done);

for (const index of graph.blanks) {
	const { group, start } = boxes[index], x = start + 24;
	give(group, { role: "group" });
	const holder = add(group, "foreignObject", { x, y: 19, width: nodes[index].box[2] - x - 3, height: 16 });
	const field = document.createElement("input");
	give(field, { "aria-label": ratio(title, nodes[index].name), autocomplete: "off" });
	field.onkeydown = (event) => {
		if (event.key !== "Enter") return;
		event.preventDefault();
		check(index);
	};
	holder.append(field);
	answers.set(index, { field, holder });
}

function check(index) {
	const answer = answers.get(index), { field } = answer;
	const number = read(field.value);
	if (!isFinite(number)) return write(find("sentence"), "expected a number, such as 2.5 or -1/3");
	const uses = run.steps.filter(({ pass, into }) => pass === "backward" && into === index);
	const size = uses.reduce((sum, { contribution }) => sum + Math.abs(contribution), 0);
	const gradient = index === root ? 1 : uses.at(-1)?.sum ?? 0;
	const right = Math.abs(number - gradient) <= 1e-3 * Math.abs(gradient) + 1e-12 * size;
	answer.tries += 1;
	answer.right = right;
	answer.done = right || answer.tries > 2;
	give(field, { "aria-invalid": !right });
	const factors = uses.map(({ incoming, local: { value } }) => `${shown(incoming)} * ${shown(value)}`).join(" + ");
	const whole = `${ratio(title, nodes[index].name)} = ${uses.map(product).join(" + ")} = ${factors}`;
	const slopes = uses.map(slope).join("; ");
	const hint = !uses.length ? "no open path leads there" : answer.tries > 1 ? whole : slopes;
	tell();
	const over = open().length ? "" : ". The quiz is over; the backward pass is open";
	const text = right ? `right: ${ratio(title, nodes[index].name)} = ${shown(gradient)}` : `not ${field.value}. ${hint}`;
	write(find("sentence"), text + (answer.done && !right ? ` = ${shown(gradient)}` : "") + over);
	if (answer.done) (open()[0]?.field ?? find("next")).focus();
}

function tell() {
	paint();
	for (const { holder, done } of answers.values()) holder.style.display = done || !isFinite(run.data[root]) ? "none" : "";
	const right = [...answers.values()].filter(({ right }) => right);
	const first = right.filter(({ tries }) => tries === 1);
	write(score, `score: ${right.length} of ${graph.blanks.length}, ${first.length} at the first try`);
}

quiz = {
	get open() {
		return open().length > 0;
	},
	hides: (index) => answers.get(index)?.done === false,
	// Other numbers are another quiz.
	begin() {
		for (const answer of answers.values()) {
			Object.assign(answer, { tries: 0, done: false, right: false });
			answer.field.value = "";
			answer.field.removeAttribute("aria-invalid");
		}
		position = run.computed;
		tell();
	},
};
