"""INTERIM."""

from mgcli.codegen.straight_line import Code

BIN = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
CMP = {"greater": ">", "less": "<", "equal": "===", "less_equal": "<=", "greater_equal": ">=", "not_equal": "!=="}


def recompute(code: Code) -> str:
    names = {t: f"x{i}" for i, t in enumerate(code.arguments)}
    lines = []
    head = f"function recompute({', '.join(names.values())}) {{"

    def text(t):
        return repr(t.number) if t.number is not None else names[t]

    for i, t in enumerate(code.steps):
        o = [text(x) for x in t.operands]
        f = t.function
        if f in BIN:
            e = f"{o[0]} {BIN[f]} {o[1]}"
        elif f in CMP:
            e = f"Number({o[0]} {CMP[f]} {o[1]})"
        elif f == "neg":
            e = f"-({o[0]})"
        elif f == "where":
            e = f"{o[0]} ? {o[1]} : {o[2]}"
        elif f == "both":
            e = f"{o[0]} && {o[1]}"
        else:
            e = f"Math.{f}({', '.join(o)})"
        names[t] = f"v{i}"
        lines.append(f"const v{i} = {e};")
    v = ", ".join(map(text, code.values))
    d = ", ".join("[" + ", ".join(map(text, r)) + "]" if r else "" for r in code.derivatives)
    k = ", ".join(map(text, code.also))
    return "\n".join([head, *lines, f"return [[{v}], [{d},], [{k}]];", "}"])
