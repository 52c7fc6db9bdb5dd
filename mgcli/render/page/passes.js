// Both passes as steps, from the numbers of the variables; nothing here touches the document.
// A step has the keys of one of `mg explain --json`, and the indices of its nodes.

const { nodes, operations, title } = graph;
const root = nodes.length - 1;

function shown(number) {
	const x = Number(number.toPrecision(graph.digits));
	const size = Math.abs(x);
	if (size && (size < 1e-4 || size >= 1e16)) return x.toExponential().replace(/(e.)(\d)$/, "$10$2");
	const text = Object.is(x, -0) ? "-0" : `${x}`.toLowerCase();
	return Number.isInteger(x) ? `${text}.0` : text;
}

const differential = (name) => (/^[\p{XIDS}_]\p{XIDC}*$/u.test(name) ? `d${name}` : `d(${name})`);
const ratio = (above, below) => `${differential(above)}/${differential(below)}`;

// A form is the text of an operation; a number in it is an operand, and how tightly that must bind.
function filled({ form }, numbers) {
	let place = 0;
	return form.map((piece) => {
		if (typeof piece === "string") return piece;
		const text = shown(numbers[place++]);
		return piece > 3 && text.startsWith("-") ? `(${text})` : text;
	}).join("");
}

// JavaScript has an infinity both at a pole, which is at 0 or 1 or -1, and for what is too large.
function cause(operation, at, result) {
	const isPole = isNaN(result) || [-1, 0, 1].includes(at[operation.pole ?? 0]);
	const point = operation.called ? shown(at[0]) : filled(operation, at);
	return `${isPole ? "is not defined" : "overflows"} at ${point}`;
}

function whyClosed(index, at, slopes) {
	const { operation, operands } = nodes[index], kind = operations[operation];
	const named = (operand) => nodes[operand].name;
	if (at[1] === undefined) return `${kind.noun}'(${shown(at[0])}) = 0`;
	if (!kind.selects) return `${filled(kind, at)} takes ${operands.filter((_, place) => slopes[place]).map(named).join(" and ")}`;
	const compares = operations[nodes[operands[0]].operation]?.compares;
	return `${named(operands[0])} is ${compares ? Boolean(at[0]) : at[0] ? "not 0" : "0"}`;
}

function passes(numbers) {
	const [values, slopes, kinks] = recompute(...numbers);
	const data = [], known = [], open = [], sums = [], steps = [];
	const at = (index) => nodes[index].operands.map((operand) => data[operand]);
	nodes.forEach(({ operation, operands = [] }, index) => {
		const [condition, x, y] = operands;
		const needed = operations[operation]?.selects ? [condition, data[condition] ? x : y] : operands;
		known[index] = needed.every((operand) => isFinite(data[operand]));
		data[index] = known[index] && isFinite(values[index]) ? values[index] : NaN;
	});
	const isClosed = ({ chooses }, slope) => chooses && slope === 0;
	open[root] = true;
	for (let index = root; index >= 0; index--) {
		const { operation, operands = [] } = nodes[index], kind = operations[operation];
		if (open[index]) operands.forEach((operand, place) => {
			open[operand] ||= !isClosed(kind, slopes[index][place]) || kind.compares || (kind.selects && !place);
		});
	}
	nodes.forEach(({ operation, operands, name, formula, literal }, index) => {
		const kind = operations[operation], value = data[index], isFaulty = isNaN(value);
		if (!known[index] || !formula || literal || (isFaulty && !open[index])) return;
		const from = operands.map((operand) => ({ node: nodes[operand].name, value: data[operand] }));
		const fault = isFaulty && `${kind.noun} ${cause(kind, at(index), values[index])}`;
		steps.push({ pass: "forward", index, node: name, formula, operands: from, value, fault });
	});
	const computed = steps.length;
	if (nodes[root].varies && isFinite(data[root])) {
		sums[root] = 1;
		steps.push({ pass: "seed", index: root, into: root, sum: 1 });
	}
	for (let index = root; index >= 0; index--) {
		const { operation, operands = [], name, local } = nodes[index], kind = operations[operation];
		if (open[index]) operands.forEach((into, place) => {
			const slope = slopes[index][place], closed = isClosed(kind, slope);
			const incoming = sums[index], before = sums[into] ?? 0;
			if (!local[place] || !isFinite(incoming) || !isFinite(before)) return;
			const value = closed ? 0 : slope, contribution = closed ? 0 : incoming * value, sum = before + contribution;
			if (!closed) sums[into] = sum;
			const by = operands[1] === undefined ? "" : ` with respect to its ${["first", "second", "third"][place]} operand`;
			const fault = !isFinite(sum) && (isFinite(value) ? "the gradient overflows"
				: `the derivative of ${kind.noun}${by} ${cause(kind, at(index), value)}`);
			steps.push({
				pass: "backward", index, place, into, node: name, operand: nodes[into].name, local: { formula: [local[place]].flat()[0], value },
				factor: Array.isArray(local[place]) ? `(${local[place]})` : local[place],
				incoming, contribution, before, sum, fault, closed: closed && whyClosed(index, at(index), slopes[index]), kink: kinks[index],
			});
		});
	}
	return { data, steps, open, computed };
}

function slope({ node, operand, local: { formula, value } }) {
	const opening = Number(formula) === value ? "" : `${formula} = `;
	return `${ratio(node, operand)} = ${opening}${shown(value)}`;
}

const product = ({ node, factor }) => `${ratio(title, node)} * ${factor}`;

function sentence(step) {
	const { pass, index, node, formula, operands, value, fault, local, incoming, contribution, before, sum } = step;
	if (pass === "seed") return `${ratio(title, title)} = ${shown(sum)}`;
	const text = pass === "backward" ? `${step.operand}: ${product(step)}` : node === formula ? node : `${node} = ${formula}`;
	if (fault) return `${text}: ${fault}`;
	if (pass === "forward") {
		const numbers = operands.map((operand) => operand.value);
		return `${text} = ${filled(operations[nodes[index].operation], numbers)} = ${shown(value)}`;
	}
	const first = before === 0 && sum === contribution;
	return `${text} = ${shown(incoming)} * ${shown(local.value)} = ${shown(contribution)}`
		+ (step.closed ? `, since ${step.closed}` : "")
		+ (first ? "" : `; ${shown(before)} so far, + ${shown(contribution)} = ${shown(sum)}`)
		+ (step.kink ? "; at a kink, by convention" : "");
}

// A number as mg reads it, pi/4 or 2**-1 or sqrt(2); nan if it is none.
function read(text) {
	const signs = { "−": "-", "×": "*", "÷": "/", "^": "**", π: "pi" };
	const plain = text.replace(/[−×÷^π]/g, (sign) => signs[sign]);
	const tokens = plain.match(/[\d.][\d_.]*(e[+-]?\d+)?|\w+|\*\*|\S/gi) ?? [];
	const binding = { "+": 1, "-": 1, "*": 2, "/": 2, "%": 2, "**": 4 };
	const inside = () => {
		const operands = [];
		do operands.push(part(0));
		while (tokens[0] === "," && tokens.shift());
		return tokens.shift() === ")" ? operands : [NaN];
	};
	const single = (token) => {
		if (/^[\d.]/.test(token)) return Number(token.replaceAll("_", ""));
		if (token === "-") return -part(3);
		if (token === "+") return part(3);
		if (token === "(") return inside().reduce(() => NaN);
		if (tokens[0] === "(" && tokens.shift()) return Math[token]?.(...inside());
		return { pi: Math.PI, tau: 2 * Math.PI }[token];
	};
	const part = (least) => {
		let x = single(tokens.shift());
		while (binding[tokens[0]] > least) {
			const sign = tokens.shift(), y = part(sign === "**" ? 2 : binding[sign]);
			x = { "+": x + y, "-": x - y, "*": x * y, "/": x / y, "%": x - y * Math.floor(x / y), "**": x ** y }[sign];
		}
		return x;
	};
	const number = part(0);
	return tokens.length || typeof number !== "number" ? NaN : number;
}
