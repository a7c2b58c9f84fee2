/** The lines of a text as Python's `splitlines` gives them (`stdout_lines`). */
export function outputLines(text: string): string[] {
	const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
	if (lines.at(-1) === '') lines.pop();
	return lines;
}

/** `stdout`, `stderr` and their lines, as every module that runs something returns them. */
export function outputResult(stdout: string, stderr: string) {
	return {stdout, stdout_lines: outputLines(stdout), stderr, stderr_lines: outputLines(stderr)};
}
