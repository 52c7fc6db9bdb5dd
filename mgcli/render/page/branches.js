// Only for a graph with an operation that chooses.

// Why a branch is closed: x > 0 is false, or relu'(-2.0) = 0, or max(1.0, 2.0) takes y.
function reason(index, at, slopes) {
	const kind = kinds[index], condition = operands[index][0];
	if (closable[kind]) return `${names[condition]} is ${compares[kinds[condition]] ? !!at[0] : at[0] ? "not 0" : "0"}`;
	if (at.length < 2) return `${nouns[kind]}'(${shown(at[0])}) = 0`;
	return `${filled(kind, at)} takes ${operands[index].filter((_, place) => slopes[place]).map((operand) => names[operand]).join(" and ")}`;
}
