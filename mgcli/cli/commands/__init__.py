"""One module for each subcommand; each holds `command`."""

SUMMARIES = {
    "check": "Check every gradient, or a derivative found by hand.",
    "code": "Write the function and its gradient in another language.",
    "completion": "Print the script that completes arguments in a shell.",
    "descend": "Run gradient descent from the values given.",
    "diff": "Print the derivative as an expression.",
    "draw": "Draw the graph of an expression.",
    "eval": "Print the value of an expression.",
    "explain": "Show the forward pass and the backward pass, step by step.",
    "functions": "List all functions, or describe the ones named.",
    "grad": "Print the value and the gradient of every variable and name.",
    "help": "Print a page of the manual.",
    "hessian": "Print the matrix of second derivatives.",
    "plot": "Plot the curves of expressions over a range.",
    "slope": "Print the slope over a small step.",
    "table": "Add value and gradient to every row of a table.",
    "uncertainty": "Print the result with its uncertainty, and where it comes from.",
}
"""The subcommands, each with its summary, so that listing them loads none."""
