// Both passes as steps, from the numbers of the variables; nothing here touches the document.
// The constants that are not declared here are the columns of the graph: names, formulas, operands and so on, by node,
// and symbols, nouns, forms and so on, by kind of operation.

const root = names.length - 1;

function shown(number) {
	const x = +number.toPrecision(digits);
	const size = Math.abs(x);
	if (size && (size < 1e-4 || size >= 1e16)) return x.toExponential().replace(/(e.)(\d)$/, "$10$2");
	if (Object.is(x, -0)) return "-0.0";
	return x % 1 ? `${x}` : x.toFixed(1).toLowerCase();
}

const differential = (name) => (/\P{XIDC}/u.test(name) ? `d(${name})` : `d${name}`);
const ratio = (above, below) => `${differential(above)}/${differential(below)}`;

// A form is the text of an operation; a number in it is an operand, and how tightly that must bind.
function filled(kind, numbers) {
	let place = 0;
	return forms[kind].map((piece) => {
		if (piece.at) return piece;
		const text = shown(numbers[place++]);
		return piece > 3 && text[0] === "-" ? `(${text})` : text;
	}).join("");
}

// JavaScript has an infinity both at a pole, which is at 0 or 1 or -1, and for what is too large.
function cause(kind, at, result) {
	const isPole = isNaN(result) || [-1, 0, 1].includes(at[poles[kind]]);
	return `${isPole ? "is not defined" : "overflows"} at ${called[kind] ? shown(at[0]) : filled(kind, at)}`;
}

// What a step says is `said`; the number that it computes goes to the node `into`.
function passes(numbers) {
	const [values, slopes, kinks] = recompute(...numbers);
	const data = [], open = [], sums = [], steps = [];
	const isClosed = (index, place) => place >= closable[kinds[index]] && slopes[index][place] === 0;
	const at = (index) => operands[index].map((operand) => data[operand]);
	open[root] = true;
	for (let index = root; index >= 0; index--) {
		if (open[index]) operands[index].forEach((operand, place) => {
			open[operand] ||= !isClosed(index, place);
		});
	}
	names.forEach((name, index) => {
		const kind = kinds[index], formula = formulas[index], value = values[index], point = at(index);
		const needed = closable[kind] === 1 ? [point[0], point[point[0] ? 1 : 2]] : point;
		const isKnown = needed.every(isFinite), isGood = isKnown && isFinite(value);
		data[index] = isGood ? value : NaN;
		if (!isKnown || !formula || !(isGood || open[index])) return;
		const opening = name === formula ? name : `${name} = ${formula}`;
		const fault = isGood ? "" : `${nouns[kind]} ${cause(kind, point, value)}`;
		const said = opening + (isGood ? ` = ${filled(kind, point)} = ${shown(value)}` : `: ${fault}`);
		steps.push({ pass: "forward", index, into: index, number: value, fault, said });
	});
	const computed = steps.length;
	if (varies[root] && isFinite(data[root])) {
		sums[root] = 1;
		steps.push({ pass: "seed", index: root, into: root, number: 1, said: `${ratio(title, title)} = 1.0` });
	}
	for (let index = root; index >= 0; index--) {
		operands[index].forEach((into, place) => {
			const incoming = sums[index], before = sums[into] ?? 0, local = locals[index][place];
			if (!local || !isFinite(incoming) || !isFinite(before)) return;
			const kind = kinds[index], closed = isClosed(index, place), slope = closed ? 0 : slopes[index][place];
			const part = closed ? 0 : incoming * slope, sum = before + part;
			if (!closed) sums[into] = sum;
			const product = `${names[into]}: ${ratio(title, names[index])} * ` + (local.map ? `(${local})` : local);
			const by = at(index)[1] === undefined ? "" : ` with respect to its ${["first", "second", "third"][place]} operand`;
			const fault = isFinite(sum) ? "" : isFinite(slope) ? "the gradient overflows"
				: `the derivative of ${nouns[kind]}${by} ${cause(kind, at(index), slope)}`;
			const said = product + (fault ? `: ${fault}` : ` = ${shown(incoming)} * ${shown(slope)} = ${shown(part)}`
				+ (closed ? `, since ${reason(index, at(index), slopes[index])}` : "")
				+ (before || sum !== part ? `; ${shown(before)} so far, + ${shown(part)} = ${shown(sum)}` : "")
				+ (kinks[index] ? "; at a kink, by convention" : ""));
			const formula = +local === slope ? "" : `${local} = `;
			const derivative = `${ratio(names[index], names[into])} = ${formula}${shown(slope)}`;
			steps.push({ pass: "backward", index, place, into, number: sum, part, fault, said, derivative });
		});
	}
	return { data, steps, open, computed };
}

// A number as mg reads it, pi/4 or 2**-1 or sqrt(2); nan if it is none.
function read(text) {
	const signs = { "−": "-", "×": "*", "÷": "/", "^": "**", π: "pi" };
	const plain = text.replace(/[−×÷^π]/g, (sign) => signs[sign]);
	const tokens = plain.match(/[\d.][\d_.]*(e[+-]?\d+)?|\w+|\*\*|\S/gi) ?? [];
	const binding = { "+": 1, "-": 1, "*": 2, "/": 2, "%": 2, "**": 4 };
	const inside = () => {
		const given = [];
		do given.push(part(0));
		while (tokens[0] === "," && tokens.shift());
		return tokens.shift() === ")" ? given : [];
	};
	const single = (token) => {
		if (/^[\d.]/.test(token)) return +token.replaceAll("_", "");
		if (token === "-") return -part(3);
		if (token === "+") return part(3);
		const call = token === "(" ? (x) => x : Math[token === "ln" ? "log" : token];
		if (call?.length && (token === "(" || tokens.shift() === "(")) {
			const given = inside();
			return given.length === call.length ? call(...given) : NaN;
		}
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
	const number = tokens.length < 999 ? part(0) : NaN;
	return tokens.length ? NaN : +number;
}
